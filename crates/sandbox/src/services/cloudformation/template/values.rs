//! What values are: plain, or only known when a change is made.

use serde_json::Value;

/// How a change set shows what is only known when it is executed.
pub(crate) const KNOWN_AFTER_APPLY: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// A text, number or flag as text.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether a value itself, or an item of it, will only be known when the change is made.
pub(super) fn is_unknown(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(KNOWN_AFTER_APPLY),
        Value::Array(rows) => rows.iter().any(is_unknown),
        _ => false,
    }
}

/// Whether a value, or any part of it, will only be known when the change is made.
pub(crate) fn is_known_later(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(is_known_later),
        Value::Array(rows) => rows.iter().any(is_known_later),
        other => is_unknown(other),
    }
}
