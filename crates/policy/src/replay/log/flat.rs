//! Events whose members went through a table: names in lower case or joined by dots, structures written as texts.

use serde_json::{Map, Value};

/// The names of an event's members and those of its identity, as CloudTrail writes them
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>).
const NAMES: [&str; 42] = [
    "accessKeyId",
    "accountId",
    "additionalEventData",
    "apiVersion",
    "arn",
    "attributes",
    "awsRegion",
    "cipherSuite",
    "clientProvidedHostHeader",
    "creationDate",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "identityProvider",
    "insightDetails",
    "invokedBy",
    "managementEvent",
    "mfaAuthenticated",
    "principalId",
    "readOnly",
    "recipientAccountId",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionContext",
    "sessionIssuer",
    "sharedEventID",
    "sourceIPAddress",
    "tlsDetails",
    "tlsVersion",
    "userAgent",
    "userIdentity",
    "userName",
    "vpcEndpointId",
];

/// The members that are structures of CloudTrail's own, so that names within them are written as CloudTrail does.
const STRUCTURES: [&str; 6] =
    ["userIdentity", "sessionContext", "sessionIssuer", "attributes", "resources", "tlsDetails"];
/// The members that are structures of the service that was called.
const OPAQUE: [&str; 3] = ["requestParameters", "responseElements", "additionalEventData"];

/// The event that these members are of, as CloudTrail writes it. Nothing if they do not say what was called.
pub(super) fn event(members: &Map<String, Value>) -> Option<Value> {
    let event = Value::Object(structured(nested(members), false));
    let is_text = |name: &str| event[name].as_str().is_some_and(|text| !text.is_empty());
    (is_text("eventSource") && is_text("eventName")).then_some(event)
}

/// `userIdentity.arn` and `useridentity_arn` become `arn` in `userIdentity`.
fn nested(members: &Map<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value) in members {
        let joined = name.to_lowercase().strip_prefix("useridentity_").map(|rest| format!("userIdentity.{rest}"));
        let joined = joined.map(|name| {
            STRUCTURES.iter().fold(name, |name, structure| {
                let structure = structure.to_lowercase();
                name.replace(&format!("{structure}_"), &format!("{structure}."))
            })
        });
        let parts: Vec<String> =
            joined.as_deref().unwrap_or(name).split('.').map(|part| written(part).to_owned()).collect();
        insert(&mut all, &parts, value.clone());
    }
    all
}

fn insert(all: &mut Map<String, Value>, parts: &[String], value: Value) {
    match parts {
        [] => {}
        [name] => drop(all.insert(name.clone(), value)),
        [name, rest @ ..] => {
            let inner = all.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// The members with their names as CloudTrail writes them; texts that hold structures are read, and what is empty is left
/// out: a table has no other way to say that something is not there.
fn structured(members: Map<String, Value>, is_resource: bool) -> Map<String, Value> {
    let present = |value: &Value| !matches!(value.as_str(), Some("" | "null" | "-")) && !value.is_null();
    let member = |(name, value): (String, Value)| {
        let name = if is_resource && name.eq_ignore_ascii_case("arn") { "ARN" } else { written(&name) }.to_owned();
        let is_structure = STRUCTURES.contains(&name.as_str());
        let value = if is_structure || OPAQUE.contains(&name.as_str()) { read(value) } else { value };
        let value = if is_structure { within(value, name == "resources") } else { value };
        (name, value)
    };
    members.into_iter().filter(|(_, value)| present(value)).map(member).collect()
}

fn within(value: Value, is_resource: bool) -> Value {
    match value {
        Value::Object(members) => Value::Object(structured(nested(&members), is_resource)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| within(item, is_resource)).collect()),
        other => other,
    }
}

fn written(name: &str) -> &str {
    NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)).copied().unwrap_or(name)
}

/// A structure that is written as a text: as JSON, or as Athena writes rows, `{type=Role, arn=…}`.
fn read(value: Value) -> Value {
    let Value::String(text) = &value else { return value };
    if let Ok(read) = serde_json::from_str(text) {
        return read;
    }
    let mut rest = text.trim();
    if rest.starts_with(['{', '[']) { row(&mut rest, MOST_NESTED) } else { value }
}

/// How deep rows may be nested in one another; an identity has four levels.
const MOST_NESTED: usize = 16;

/// A part of a row: a structure, a list, or a text up to the next name or the end of what it stands in.
fn row(rest: &mut &str, nesting: usize) -> Value {
    match rest.chars().next() {
        Some('{') if nesting > 0 => Value::Object(fields(rest, nesting)),
        Some('[') if nesting > 0 => Value::Array(items(rest, nesting)),
        _ => {
            let (text, after) = rest.split_at(text_length(rest));
            *rest = after;
            if text.trim() == "null" { Value::Null } else { Value::String(text.trim().to_owned()) }
        }
    }
}

fn fields(rest: &mut &str, nesting: usize) -> Map<String, Value> {
    let mut fields = Map::new();
    *rest = &rest[1..];
    while let Some((name, after)) = rest.trim_start_matches([',', ' ']).split_once('=') {
        if name.contains(['}', '{', ']', '[']) {
            break;
        }
        *rest = after;
        fields.insert(name.trim().to_owned(), row(rest, nesting - 1));
    }
    close(rest, '}');
    fields
}

fn items(rest: &mut &str, nesting: usize) -> Vec<Value> {
    let mut items = Vec::new();
    *rest = &rest[1..];
    while !rest.is_empty() && !rest.starts_with(']') {
        let before = rest.len();
        items.push(row(rest, nesting - 1));
        *rest = rest.trim_start_matches([',', ' ']);
        if rest.len() == before {
            break;
        }
    }
    close(rest, ']');
    items
}

fn close(rest: &mut &str, bracket: char) {
    *rest = rest.trim_start_matches([',', ' ']);
    *rest = rest.strip_prefix(bracket).unwrap_or(rest);
}

/// How long a text without quotes is: up to a bracket that closes, or up to a comma behind which a name follows.
fn text_length(rest: &str) -> usize {
    let is_end = |(at, character): &(usize, char)| match character {
        '}' | ']' => true,
        ',' => names_follow(&rest[at + 1..]),
        _ => false,
    };
    rest.char_indices().find(is_end).map_or(rest.len(), |(at, _)| at)
}

fn names_follow(rest: &str) -> bool {
    let name = rest.trim_start().split('=').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && rest.contains('=')) || rest.trim_start().starts_with(['{', '['])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event_of(members: Value) -> Option<Value> {
        event(members.as_object().expect("an object"))
    }

    #[test]
    fn an_event_says_what_was_called_and_of_whom() {
        let whole = json!({"eventsource": "s3.amazonaws.com", "eventname": "PutObject"});
        assert_eq!(event_of(whole), Some(json!({"eventSource": "s3.amazonaws.com", "eventName": "PutObject"})));
        assert_eq!(event_of(json!({"eventSource": "s3.amazonaws.com"})), None);
        assert_eq!(event_of(json!({"eventName": "PutObject"})), None);
        assert_eq!(event_of(json!({"eventSource": "s3.amazonaws.com", "eventName": ""})), None);
    }

    /// Levels that are structures or lists, and what stands in the innermost.
    fn depth(value: &Value) -> (usize, &Value) {
        let inner = match value {
            Value::Object(members) => members.values().next(),
            Value::Array(items) => items.first(),
            _ => None,
        };
        inner.map_or((0, value), |inner| (depth(inner).0 + 1, depth(inner).1))
    }

    #[test]
    fn rows_are_read_to_sixteen_levels_and_what_is_deeper_stays_text() {
        for (open, close) in [("{a=", "}"), ("[", "]")] {
            let text = format!("{}x{}", open.repeat(20), close.repeat(20));
            let row = read(Value::from(text));
            let (levels, inner) = depth(&row);
            assert_eq!(levels, 16, "{row}");
            assert!(inner.as_str().is_some_and(|text| text.starts_with(open)), "{inner}");
        }
    }
}
