//! How a template is read.

use landing_cloudformation::{Duplicates, Mistake, Unreadable, read};
use serde_json::{Map, Value};

use super::model::{Output, Resource, Template};
use super::parameters::Parameter;
use super::{check, references};

impl Template {
    /// Reads a template in JSON or in YAML with short-form functions.
    ///
    /// # Errors
    /// What CloudFormation's ValidationError says of it.
    pub(crate) fn parse(body: &str) -> Result<Self, String> {
        let mut document = document(body)?;
        check::sections(&document)?;
        let mut template = Self {
            description: text(&document, "Description"),
            metadata: document.remove("Metadata"),
            mappings: section(&mut document, "Mappings")?,
            conditions: section(&mut document, "Conditions")?,
            ..Self::default()
        };
        for (name, value) in section(&mut document, "Parameters")? {
            template.parameters.insert(name.clone(), Parameter::parse(&name, value)?);
        }
        for (name, value) in section(&mut document, "Resources")? {
            template.resources.insert(name.clone(), resource(&name, value)?);
        }
        for (name, value) in section(&mut document, "Outputs")? {
            template.outputs.insert(name.clone(), output(&name, value)?);
        }
        check::check(&template)?;
        references::sort(&mut template)?;
        Ok(template)
    }
}

/// The template's members. CloudFormation lets the last of two keys win.
fn document(body: &str) -> Result<Map<String, Value>, String> {
    match read(body, Duplicates::LastWins) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) | Err(Mistake::Structure(_)) => Err("Template format error: unsupported structure.".into()),
        Err(Mistake::Alias(_)) => {
            Err("Template error: YAML aliases are not allowed in CloudFormation templates".into())
        }
        Err(Mistake::Json(place)) => Err(not_well_formed("JSON", &place)),
        Err(Mistake::Yaml(place)) => Err(not_well_formed("YAML", &place)),
    }
}

fn not_well_formed(language: &str, Unreadable { line, column, .. }: &Unreadable) -> String {
    let place = if *line == 0 { String::new() } else { format!(" (line {line}, column {column})") };
    format!("Template format error: {language} not well-formed.{place}")
}

fn section(document: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, String> {
    match document.remove(name) {
        None => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(format!("Template format error: {name} member must be an object.")),
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn resource(name: &str, value: Value) -> Result<Resource, String> {
    const ATTRIBUTES: [&str; 9] = [
        "Type",
        "Properties",
        "Condition",
        "DependsOn",
        "DeletionPolicy",
        "UpdateReplacePolicy",
        "Metadata",
        "UpdatePolicy",
        "CreationPolicy",
    ];
    let Value::Object(mut members) = value else {
        return Err("Template format error: Any Resources member must be an object.".into());
    };
    let unknown: Vec<&str> = members.keys().map(String::as_str).filter(|key| !ATTRIBUTES.contains(key)).collect();
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        return Err(format!("Invalid template resource property '{unknown}'"));
    }
    let missing =
        || format!("Template format error: [/Resources/{name}] Every Resources object must contain a Type member.");
    Ok(Resource {
        kind: text(&members, "Type").ok_or_else(missing)?,
        condition: text(&members, "Condition"),
        depends_on: names(members.get("DependsOn")),
        deletion_policy: text(&members, "DeletionPolicy"),
        update_replace_policy: text(&members, "UpdateReplacePolicy"),
        metadata: members.remove("Metadata"),
        properties: members.remove("Properties").unwrap_or_else(|| Value::Object(Map::new())),
    })
}

/// A name or a list of names.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn output(name: &str, value: Value) -> Result<Output, String> {
    let Value::Object(mut members) = value else {
        return Err("Template format error: Every Outputs member must be an object.".into());
    };
    let missing =
        || format!("Template format error: Every Outputs member must contain a Value object. [/Outputs/{name}]");
    Ok(Output {
        value: members.remove("Value").ok_or_else(missing)?,
        description: text(&members, "Description"),
        export: members.get("Export").and_then(|export| export.get("Name")).cloned(),
        condition: text(&members, "Condition"),
    })
}
