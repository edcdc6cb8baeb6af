//! What makes a template invalid, in the words of CloudFormation's ValidationError.

use serde_json::{Map, Value};

use super::model::Template;
use super::references::{Reference, WRONG_ATTRIBUTE, attributes_are_named, references};

const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
    "Transform",
    "Rules",
];

/// The sections that there are; `Transform` and `Rules` are not simulated.
pub(super) fn sections(document: &Map<String, Value>) -> Result<(), String> {
    let unknown: Vec<&str> = document.keys().map(String::as_str).filter(|key| !SECTIONS.contains(key)).collect();
    if !unknown.is_empty() {
        return Err(format!("Invalid template property or properties [{}]", unknown.join(", ")));
    }
    if let Some(section) = ["Transform", "Rules"].iter().find(|section| document.contains_key(**section)) {
        return Err(format!("not simulated: the template section {section}"));
    }
    let version = document.get("AWSTemplateFormatVersion").and_then(Value::as_str);
    if version.is_some_and(|version| version != "2010-09-09") {
        return Err("Template format error: Unsupported template version.".into());
    }
    let resources = document.get("Resources").and_then(Value::as_object);
    if resources.is_none_or(Map::is_empty) {
        return Err("Template format error: At least one Resources member must be defined.".into());
    }
    Ok(())
}

/// Whether names are well formed and every reference leads somewhere.
pub(super) fn check(template: &Template) -> Result<(), String> {
    for (section, names) in [
        ("Resources", template.resources.keys().collect::<Vec<_>>()),
        ("Outputs", template.outputs.keys().collect()),
        ("Parameters", template.parameters.keys().collect()),
    ] {
        check_names(section, &names)?;
    }
    for (name, resource) in &template.resources {
        check_references(template, &resource.properties, "Resources")?;
        check_condition(template, resource.condition.as_deref())?;
        if let Some(unknown) = resource.depends_on.iter().find(|need| !template.resources.contains_key(*need)) {
            return Err(unresolved(unknown, "Resources"));
        }
        check_policy(name, resource.deletion_policy.as_deref())?;
    }
    for output in template.outputs.values() {
        check_references(template, &output.value, "Outputs")?;
        check_condition(template, output.condition.as_deref())?;
    }
    template.conditions.keys().try_for_each(|name| check_circle(template, name, &mut Vec::new()))
}

fn check_names(section: &str, names: &[&String]) -> Result<(), String> {
    let wrong = names.iter().find(|name| name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    match wrong {
        None => Ok(()),
        Some(name) => Err(format!("Template format error: {section} name {name} is non alphanumeric.")),
    }
}

fn unresolved(name: &str, section: &str) -> String {
    format!("Template format error: Unresolved resource dependencies [{name}] in the {section} block of the template")
}

fn check_references(template: &Template, value: &Value, section: &str) -> Result<(), String> {
    if !attributes_are_named(value) {
        return Err(WRONG_ATTRIBUTE.into());
    }
    for reference in references(value) {
        let target = reference.target();
        let resource = template.resources.contains_key(target);
        match reference {
            Reference::Attribute(..) if !resource => {
                return Err(format!("Template error: instance of Fn::GetAtt references undefined resource {target}"));
            }
            Reference::Name(_)
                if !resource && !template.parameters.contains_key(target) && !target.starts_with("AWS::") =>
            {
                return Err(unresolved(target, section));
            }
            _ => {}
        }
    }
    conditions_of(value).iter().try_for_each(|name| check_condition(template, Some(name)))
}

/// The conditions that `Fn::If` and `Condition` name in a value.
fn conditions_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(rows) => rows.iter().flat_map(conditions_of).collect(),
        Value::Object(members) => {
            let own = members.iter().filter_map(|(name, argument)| match name.as_str() {
                "Fn::If" => argument.get(0).and_then(Value::as_str),
                _ => None,
            });
            own.chain(members.values().flat_map(conditions_of)).collect()
        }
        _ => Vec::new(),
    }
}

fn check_condition(template: &Template, name: Option<&str>) -> Result<(), String> {
    match name {
        Some(name) if !template.conditions.contains_key(name) => Err(format!(
            "Template format error: Unresolved condition dependency {name} in the Resources block of the template"
        )),
        _ => Ok(()),
    }
}

/// Conditions that need each other in a circle, or one that is not there.
fn check_circle<'a>(template: &'a Template, name: &'a str, above: &mut Vec<&'a str>) -> Result<(), String> {
    if above.contains(&name) {
        return Err(format!("Template format error: Circular dependencies for condition {name}"));
    }
    let Some(condition) = template.conditions.get(name) else {
        return check_condition(template, Some(name));
    };
    above.push(name);
    named_conditions(condition).into_iter().try_for_each(|next| check_circle(template, next, above))?;
    above.pop();
    Ok(())
}

/// The conditions that a condition builds on.
fn named_conditions(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(rows) => rows.iter().flat_map(named_conditions).collect(),
        Value::Object(members) => {
            let own = members.get("Condition").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(named_conditions)).collect()
        }
        _ => Vec::new(),
    }
}

fn check_policy(name: &str, policy: Option<&str>) -> Result<(), String> {
    const POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
    match policy {
        Some(policy) if !POLICIES.contains(&policy) => {
            Err(format!("Template error: resource {name} has an unrecognized DeletionPolicy {policy}"))
        }
        _ => Ok(()),
    }
}
