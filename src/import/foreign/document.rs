//! Policies' documents, compared by what they say.

use serde_json::Value;

/// How many differences of one document are reported.
const NAMED: usize = 3;

/// Where two documents differ; empty where they say the same. One text and a list of it are the same, as IAM has it
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).
pub(super) fn differences(said: &Value, live: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(said, live, String::new(), &mut found);
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("{more} more"));
    }
    found
}

fn compare(said: &Value, live: &Value, path: String, found: &mut Vec<String>) {
    match (said, live) {
        (Value::Object(said), Value::Object(live)) => {
            let only_live = live.keys().filter(|key| !said.contains_key(*key));
            for key in said.keys().chain(only_live) {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(said.get(key).unwrap_or(&Value::Null), live.get(key).unwrap_or(&Value::Null), at, found);
            }
        }
        (Value::Array(said), Value::Array(live)) if said.len() == live.len() => {
            for (nth, (said, live)) in said.iter().zip(live).enumerate() {
                compare(said, live, format!("{path}[{nth}]"), found);
            }
        }
        (Value::Array(items), one) | (one, Value::Array(items)) if !one.is_array() && items.len() == 1 => {
            compare(&items[0], one, path, found);
        }
        _ if text(said) == text(live) => {}
        _ => found.push(if path.is_empty() { "all of it".into() } else { path }),
    }
}

/// A condition's `true` and `"true"` are the same.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A document that stands in a text; `None` where it is none.
pub(super) fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok().filter(Value::is_object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_that_say_the_same_have_no_differences() {
        let said = json!({"Statement": [{"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"a": "true"}}}], "Version": "1"});
        let live = json!({"Version": "1", "Statement": {"Action": ["s3:*"], "Condition": {"Bool": {"a": true}}, "Effect": "Deny"}});
        assert_eq!(differences(&said, &live), Vec::<String>::new());
    }

    #[test]
    fn the_places_of_differences_are_reported_and_the_rest_is_counted() {
        let said = json!({"a": 1, "b": [1, 2], "c": {"d": 1}, "e": 1, "f": 1});
        let live = json!({"a": 2, "b": [1], "c": {"d": 2}, "e": 1, "g": 1});
        assert_eq!(differences(&said, &live), ["a", "b", "c.d", "2 more"]);
        assert_eq!(differences(&json!(1), &json!(2)), ["all of it"]);
    }
}
