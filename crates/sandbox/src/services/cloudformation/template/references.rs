//! What the parts of a template refer to, and the order that follows from it.

use indexmap::IndexMap;
use serde_json::Value;

use super::model::{Resource, Template};

/// What an intrinsic function refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// A parameter, a pseudo parameter or a resource.
    Name(String),
    /// An attribute of a resource.
    Attribute(String, String),
}

impl Reference {
    /// The parameter or resource that it leads to.
    pub(crate) fn target(&self) -> &str {
        match self {
            Self::Name(name) | Self::Attribute(name, _) => name,
        }
    }
}

/// A piece of `Fn::Sub`'s text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// What stands between `${` and `}`.
    Variable(&'a str),
}

/// The pieces of a text for `Fn::Sub`; `${!x}` stands for the text `${x}`.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        pieces.push(Piece::Text(&rest[..start]));
        let inner = &rest[start + 2..start + length];
        match inner.strip_prefix('!') {
            Some(literal) => pieces.extend([Piece::Text("${"), Piece::Text(literal), Piece::Text("}")]),
            None => pieces.push(Piece::Variable(inner.trim())),
        }
        rest = &rest[start + length + 1..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// A variable of `Fn::Sub` as a reference: `Name` or `Resource.Attribute`.
pub(super) fn variable(text: &str) -> Reference {
    match text.split_once('.') {
        Some((resource, attribute)) => Reference::Attribute(resource.into(), attribute.into()),
        None => Reference::Name(text.into()),
    }
}

/// What CloudFormation says of an argument of `Fn::GetAtt` that is not what [`attribute`] reads.
pub(super) const WRONG_ATTRIBUTE: &str = "Template error: every Fn::GetAtt object requires two non-empty parameters, the \
                                          resource name and the resource attribute";

/// The argument of `Fn::GetAtt`: a list of resource and attribute, or both in one text.
pub(super) fn attribute(argument: &Value) -> Option<(String, Value)> {
    let (resource, attribute) = match argument {
        Value::String(path) => path.split_once('.').map(|(resource, attribute)| (resource, attribute.into()))?,
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(resource), attribute] => (resource.as_str(), attribute.clone()),
            _ => return None,
        },
        _ => return None,
    };
    (!resource.is_empty() && attribute != "").then(|| (resource.to_owned(), attribute))
}

/// Whether every `Fn::GetAtt` of a value names a resource and an attribute.
pub(super) fn attributes_are_named(value: &Value) -> bool {
    match value {
        Value::Array(rows) => rows.iter().all(attributes_are_named),
        Value::Object(members) => members.iter().all(|(name, argument)| {
            (name != "Fn::GetAtt" || attribute(argument).is_some()) && attributes_are_named(argument)
        }),
        _ => true,
    }
}

/// Everything that a value refers to, in order.
pub(crate) fn references(value: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<Reference>) {
    match value {
        Value::Array(rows) => rows.iter().for_each(|row| collect(row, found)),
        Value::Object(members) => {
            for (name, argument) in members {
                match (name.as_str(), argument) {
                    ("Ref", Value::String(target)) => found.push(Reference::Name(target.clone())),
                    ("Fn::GetAtt", argument) => found.extend(attribute_reference(argument)),
                    ("Fn::Sub", argument) => substituted(argument, found),
                    (_, argument) => collect(argument, found),
                }
            }
        }
        _ => {}
    }
}

fn attribute_reference(argument: &Value) -> Option<Reference> {
    let (resource, attribute) = attribute(argument)?;
    Some(Reference::Attribute(resource, attribute.as_str().unwrap_or_default().to_owned()))
}

fn substituted(argument: &Value, found: &mut Vec<Reference>) {
    let none = Value::Null;
    let (text, own) = match argument {
        Value::String(text) => (text.as_str(), &none),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(text), own] => (text.as_str(), own),
            _ => return,
        },
        _ => return,
    };
    for piece in pieces(text) {
        if let Piece::Variable(name) = piece
            && own.get(name).is_none()
        {
            found.push(variable(name));
        }
    }
    collect(own, found);
}

/// The resources that a resource needs first.
fn needs<'a>(resource: &Resource, template: &'a Template) -> Vec<&'a str> {
    let referred = references(&resource.properties);
    let names = referred.iter().map(Reference::target).chain(resource.depends_on.iter().map(String::as_str));
    names.filter_map(|name| template.resources.get_key_value(name)).map(|(name, _)| name.as_str()).collect()
}

/// Puts every resource after those that it needs, and otherwise leaves the template's order.
///
/// # Errors
/// When resources need each other in a circle.
pub(super) fn sort(template: &mut Template) -> Result<(), String> {
    let needs: Vec<(&str, Vec<&str>)> =
        template.resources.iter().map(|(name, resource)| (name.as_str(), needs(resource, template))).collect();
    let mut sorted: Vec<String> = Vec::new();
    while sorted.len() < needs.len() {
        let waits = |(name, _): &&(&str, Vec<&str>)| !sorted.iter().any(|done| done == name);
        let ready = |(_, needs): &&(&str, Vec<&str>)| needs.iter().all(|need| sorted.iter().any(|done| done == need));
        let Some((next, _)) = needs.iter().filter(waits).find(ready) else {
            let circle: Vec<&str> = needs.iter().filter(waits).map(|(name, _)| *name).collect();
            return Err(format!("Circular dependency between resources: [{}]", circle.join(", ")));
        };
        sorted.push((*next).to_owned());
    }
    let mut resources: IndexMap<String, Resource> = std::mem::take(&mut template.resources);
    let moved = sorted.into_iter().filter_map(|name| resources.swap_remove(&name).map(|resource| (name, resource)));
    template.resources = moved.collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_substitution_has_texts_variables_and_literals() {
        let found = pieces("a${B.C}d${!E}");
        let expected = [
            Piece::Text("a"),
            Piece::Variable("B.C"),
            Piece::Text("d"),
            Piece::Text("${"),
            Piece::Text("E"),
            Piece::Text("}"),
            Piece::Text(""),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn references_are_found_in_every_function_but_not_a_substitutions_own_names() {
        let value = json!({
            "A": {"Fn::Join": ["", [{"Ref": "P"}, {"Fn::GetAtt": ["R", "Arn"]}]]},
            "B": {"Fn::Sub": ["${own}-${Q.Id}", {"own": {"Ref": "S"}}]},
        });
        let name = |name: &str| Reference::Name(name.into());
        let attribute = |name: &str, of: &str| Reference::Attribute(name.into(), of.into());
        assert_eq!(references(&value), [name("P"), attribute("R", "Arn"), attribute("Q", "Id"), name("S")]);
    }
}
