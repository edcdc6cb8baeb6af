//! Where two JSON values differ, as drift shows it.

use serde_json::{Value, json};

/// A difference between what is expected and what is: PropertyDifference in the API reference.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    /// A JSON pointer.
    path: String,
    expected: Option<Value>,
    actual: Option<Value>,
}

impl Difference {
    pub(super) fn show(&self) -> Value {
        let kind = match (&self.expected, &self.actual) {
            (None, _) => "ADD",
            (_, None) => "REMOVE",
            _ => "NOT_EQUAL",
        };
        let text = |value: &Option<Value>| match value {
            None => "null".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        json!({
            "PropertyPath": self.path,
            "ExpectedValue": text(&self.expected),
            "ActualValue": text(&self.actual),
            "DifferenceType": kind,
        })
    }
}

/// Every place in which the values differ, as deep as both go.
pub(super) fn differences(expected: &Value, actual: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    descend(String::new(), Some(expected), Some(actual), &mut found);
    found
}

fn descend(path: String, expected: Option<&Value>, actual: Option<&Value>, found: &mut Vec<Difference>) {
    match (expected, actual) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                descend(format!("{path}/{name}"), before.get(name), after.get(name), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for index in 0..before.len().max(after.len()) {
                descend(format!("{path}/{index}"), before.get(index), after.get(index), found);
            }
        }
        (expected, actual) if expected == actual => {}
        (expected, actual) => {
            found.push(Difference { path, expected: expected.cloned(), actual: actual.cloned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_as_deep_as_they_are() {
        let found = differences(&json!({"a": {"b": 1, "c": [1, 2]}}), &json!({"a": {"b": 2, "c": [1]}, "d": "x"}));
        let shown: Vec<Value> = found.iter().map(|difference| difference.show()["PropertyPath"].clone()).collect();
        assert_eq!(shown, ["/a/b", "/a/c/1", "/d"]);
        assert_eq!(found[1].show()["DifferenceType"], "REMOVE");
        assert_eq!(found[2].show()["DifferenceType"], "ADD");
    }
}
