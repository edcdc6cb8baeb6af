//! YAML templates: the short form of intrinsic functions becomes the full one.

use serde_json::{Map, Value, json};
use serde_yaml::Value as Yaml;

/// A YAML document as JSON, `!Sub x` as `{"Fn::Sub": "x"}`.
pub(super) fn parse(body: &str) -> Result<Value, String> {
    let document: Yaml = serde_yaml::from_str(body).map_err(|error| {
        let place = error.location().map(|place| format!(" (line {}, column {})", place.line(), place.column()));
        format!("Template format error: YAML not well-formed.{}", place.unwrap_or_default())
    })?;
    convert(document)
}

fn convert(value: Yaml) -> Result<Value, String> {
    Ok(match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => serde_json::to_value(number).map_err(|error| error.to_string())?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(rows) => Value::Array(rows.into_iter().map(convert).collect::<Result<_, _>>()?),
        Yaml::Mapping(members) => {
            let member = |(key, value)| Ok((name(convert(key)?), convert(value)?));
            Value::Object(members.into_iter().map(member).collect::<Result<Map<_, _>, String>>()?)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            function(tag.trim_start_matches('!'), convert(tagged.value)?)
        }
    })
}

/// A key that YAML took for a number or a flag is a name all the same.
fn name(key: Value) -> String {
    match key {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn function(name: &str, argument: Value) -> Value {
    match (name, argument) {
        ("Ref" | "Condition", argument) => json!({name: argument}),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((&path, ""));
            json!({"Fn::GetAtt": [resource, attribute]})
        }
        (_, argument) => json!({format!("Fn::{name}"): argument}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_functions_become_full_ones() {
        let text =
            "a: !Sub 'x-${B}'\nb: !GetAtt Role.Arn\nc: !Join ['', [!Ref P, z]]\nd: !If [C, 1, !Ref AWS::NoValue]";
        let expected = json!({
            "a": {"Fn::Sub": "x-${B}"},
            "b": {"Fn::GetAtt": ["Role", "Arn"]},
            "c": {"Fn::Join": ["", [{"Ref": "P"}, "z"]]},
            "d": {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]},
        });
        assert_eq!(parse(text), Ok(expected));
    }

    #[test]
    fn a_version_date_stays_a_text() {
        assert_eq!(parse("Version: 2012-10-17"), Ok(json!({"Version": "2012-10-17"})));
    }
}
