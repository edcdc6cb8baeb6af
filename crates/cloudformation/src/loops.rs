//! `Fn::ForEach`, which the transform AWS::LanguageExtensions expands.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html>

use serde_json::{Map, Value};

use super::deployed::Version;

/// What the key of a loop begins with; the loop's name follows.
pub(super) const LOOP: &str = "Fn::ForEach::";

/// A loop of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// Its name.
    pub name: String,
    /// What it goes through: a list, or a function that gives one.
    pub collection: Value,
    /// What it makes of each, by a name that holds its variable.
    pub body: Value,
}

impl Loop {
    /// The loop that stands under `key`, if one does.
    #[must_use]
    pub fn read(key: &str, value: &Value) -> Option<Loop> {
        let (_, collection, body) = parts(value)?;
        Some(Loop { name: key.strip_prefix(LOOP)?.to_owned(), collection: collection.clone(), body: body.clone() })
    }
}

/// The resources of a template and those that its loops make, each once whatever the loop goes through.
pub(super) fn resources_and_bodies(template: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut open: Vec<&Map<String, Value>> = template.get("Resources").and_then(Value::as_object).into_iter().collect();
    while let Some(map) = open.pop() {
        for (key, value) in map {
            match parts(value).filter(|_| key.starts_with(LOOP)) {
                Some((_, _, body)) => open.extend(body.as_object()),
                None => found.push(value),
            }
        }
    }
    found
}

/// Whether a template has a loop anywhere.
pub(super) fn has_loops(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| key.starts_with(LOOP) || has_loops(value)),
        Value::Array(items) => items.iter().any(has_loops),
        _ => false,
    }
}

impl Version<'_> {
    /// A value with every loop replaced by what it makes, as far as parameters decide what it goes through. A loop of which
    /// they do not stays as it is.
    pub(super) fn expand(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                Value::Object(map.iter().flat_map(|(key, value)| self.expanded(key, value)).collect())
            }
            Value::Array(items) => items.iter().map(|item| self.expand(item)).collect(),
            plain => plain.clone(),
        }
    }

    fn expanded(&self, key: &str, value: &Value) -> Map<String, Value> {
        let made = key.strip_prefix(LOOP).and_then(|_| parts(value)).and_then(|(variable, collection, body)| {
            let items = self.items(collection)?;
            let each = items.iter().map(|item| self.expand(&put(body, variable, item)));
            Some(each.filter_map(|it| it.as_object().cloned()).flatten().collect())
        });
        made.unwrap_or_else(|| Map::from_iter([(key.to_owned(), self.expand(value))]))
    }

    /// What a loop goes through, where that is known.
    fn items(&self, collection: &Value) -> Option<Vec<String>> {
        let resolved = self.resolve(collection)?;
        let text = |item: &Value| match item {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        resolved.as_array()?.iter().map(text).collect()
    }
}

/// The variable, the collection and the body of a loop.
fn parts(value: &Value) -> Option<(&str, &Value, &Value)> {
    match value.as_array()?.as_slice() {
        [variable, collection, body] if body.is_object() => Some((variable.as_str()?, collection, body)),
        _ => None,
    }
}

/// `body` for one round: `${Variable}` in keys and texts, `&{Variable}` without what is no letter or digit, and
/// `Ref: Variable` become `item`.
fn put(body: &Value, variable: &str, item: &str) -> Value {
    let plain: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
    let text =
        |text: &str| text.replace(&format!("${{{variable}}}"), item).replace(&format!("&{{{variable}}}"), &plain);
    match body {
        Value::String(own) => Value::String(text(own)),
        Value::Array(items) => items.iter().map(|it| put(it, variable, item)).collect(),
        Value::Object(map) if is_variable(map, variable) => Value::from(item),
        Value::Object(map) => map.iter().map(|(key, value)| (text(key), put(value, variable, item))).collect(),
        other => other.clone(),
    }
}

fn is_variable(map: &Map<String, Value>, variable: &str) -> bool {
    map.len() == 1 && map.get("Ref").is_some_and(|name| name == variable)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn expanded(template: &Value, parameters: &[(&str, &str)]) -> Value {
        let given: BTreeMap<String, String> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Version::new(template, &given).expand(&template["Resources"])
    }

    fn template(collection: Value) -> Value {
        json!({
            "Transform": "AWS::LanguageExtensions",
            "Parameters": {"Names": {"Type": "CommaDelimitedList"}},
            "Resources": {
                "Fn::ForEach::Topics": ["T", collection, {"Topic${T}": {
                    "Type": "AWS::SNS::Topic",
                    "Properties": {"TopicName": {"Fn::Sub": "t-${T}-${AWS::Region}"}, "DisplayName": {"Ref": "T"}},
                }}],
            },
        })
    }

    #[test]
    fn a_loop_becomes_what_it_makes() {
        let topic = |name: &str| {
            json!({"Type": "AWS::SNS::Topic", "Properties": {
                "TopicName": {"Fn::Sub": format!("t-{name}-${{AWS::Region}}")}, "DisplayName": name,
            }})
        };
        let both = json!({"TopicAlpha": topic("Alpha"), "TopicBeta": topic("Beta")});
        assert_eq!(expanded(&template(json!(["Alpha", "Beta"])), &[]), both);
        assert_eq!(expanded(&template(json!({"Ref": "Names"})), &[("Names", "Alpha, Beta")]), both);
    }

    #[test]
    fn loops_lie_in_loops_and_leave_what_no_name_can_hold() {
        let template = json!({"Resources": {"Fn::ForEach::Outer": ["A", ["a.1"], {
            "Fn::ForEach::Inner": ["B", ["x", "y"], {"It&{A}${B}": {"Type": "T", "Properties": {"P": "${A}-${B}"}}}],
        }]}});
        assert_eq!(
            expanded(&template, &[]),
            json!({"Ita1x": {"Type": "T", "Properties": {"P": "a.1-x"}}, "Ita1y": {"Type": "T", "Properties": {"P": "a.1-y"}}})
        );
    }

    #[test]
    fn a_loop_over_what_only_cloudformation_knows_stays() {
        let open = template(json!({"Fn::GetAZs": ""}));
        assert_eq!(expanded(&open, &[]), open["Resources"]);
        let key = "Fn::ForEach::Topics";
        let read = Loop::read(key, &open["Resources"][key]).expect("it is a loop");
        assert_eq!((read.name.as_str(), &read.collection), ("Topics", &json!({"Fn::GetAZs": ""})));
        assert!(read.body.get("Topic${T}").is_some());
        assert_eq!(Loop::read("Topics", &open["Resources"][key]), None);
        assert_eq!(Loop::read(key, &json!({"Type": "T"})), None);
        assert!(has_loops(&open));
        assert!(!has_loops(&json!({"Resources": {"A": {"Type": "T"}}})));
    }
}
