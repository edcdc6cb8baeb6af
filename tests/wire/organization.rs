//! What boto3 reads of an organization, and what is expected of it.

use serde_json::Value;

use super::landing::file;
use super::python::{self, Environment};

/// The organization at `url`, names in the place of ids.
pub fn read(environment: &Environment, url: &str) -> Value {
    without_not_action(python::json(environment.script("read_organization.py").arg(url)))
}

/// What the blueprint in `tests/wire/medium` makes.
pub fn medium() -> Value {
    let text = std::fs::read_to_string(file("tests/wire/medium/organization.json")).expect("it is part of the tests");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Fails showing the lines that differ. The order of keys means nothing.
pub fn assert_same(expected: &Value, found: &Value) {
    let [expected, found] = [expected, found].map(|value| {
        let mut value = value.clone();
        value.sort_all_objects();
        format!("{value:#}\n")
    });
    let differences = similar::TextDiff::from_lines(&expected, &found);
    assert!(expected == found, "{}", differences.unified_diff().header("expected", "found"));
}

/// Which services have no region is the matter of the built-in template, and grows with AWS.
fn without_not_action(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(key, _)| key != "NotAction")
            .map(|(key, it)| (key, without_not_action(it)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_not_action).collect(),
        other => other,
    }
}
