//! Events in what other programs and services put around them.

use serde_json::{Map, Value};

use super::{LISTS, flat};
use crate::replay::Skipped;

/// What was found in a record that is no event itself.
#[derive(Debug, PartialEq)]
pub(in crate::replay) enum Opened {
    /// An event, as JSON.
    Event(String),
    /// What is written by CloudTrail and is no call.
    Skipped(Skipped),
    /// Something else, and what it looks like.
    Unknown(String),
}

/// Members that hold a whole event as a text or an object: of `lookup-events`, Splunk, Elastic, logs of CloudWatch and
/// results of CloudTrail Lake.
pub(super) const WHOLE_EVENTS: [&str; 9] = [
    "CloudTrailEvent",
    "_raw",
    "event.original",
    "message",
    "@message",
    "eventJson",
    "cloudtrail_event",
    "body",
    "Message",
];
/// Members in which the above stand: a search of Elastic, a search of Splunk, an event of Splunk's collector.
const WRAPPERS: [&str; 4] = ["_source", "result", "event", "fields"];
/// How deep envelopes may stand in one another.
const MOST_NESTED: usize = 8;

/// All that is in a record.
pub(in crate::replay) fn open(record: &str) -> Vec<Opened> {
    let mut found = Vec::new();
    match serde_json::from_str(record) {
        Ok(value) => open_value(&value, MOST_NESTED, &mut found),
        Err(_) => found.push(Opened::Unknown("JSON that is damaged".to_owned())),
    }
    found
}

fn open_value(value: &Value, nesting: usize, found: &mut Vec<Opened>) {
    match value {
        _ if nesting == 0 => found.push(Opened::Unknown("JSON that is nested too deep".to_owned())),
        Value::Object(members) => open_object(members, nesting - 1, found),
        Value::Array(items) => match columns(items) {
            Some(row) => open_object(&row, nesting - 1, found),
            None => items.iter().for_each(|item| open_value(item, nesting - 1, found)),
        },
        Value::String(text) => match serde_json::from_str(text.trim_start()) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => open_value(&inner, nesting - 1, found),
            _ => found.push(Opened::Unknown(super::looks::text(text))),
        },
        other => found.push(Opened::Unknown(format!("the JSON value {other}"))),
    }
}

fn open_object(members: &Map<String, Value>, nesting: usize, found: &mut Vec<Opened>) {
    if let Some(skipped) = skipped(members) {
        return found.push(Opened::Skipped(skipped));
    }
    if let Some(what) = named(members) {
        return found.push(Opened::Unknown(what));
    }
    if let Some(inner) = inner(members) {
        return open_value(inner, nesting, found);
    }
    let event = flat::event(members);
    if let Some(skipped) = event.as_ref().and_then(Value::as_object).and_then(skipped) {
        return found.push(Opened::Skipped(skipped));
    }
    found.push(match event {
        Some(event) if event["userIdentity"].is_object() => Opened::Event(event.to_string()),
        Some(_) => Opened::Unknown("an event without userIdentity, which says who made the call".to_owned()),
        None => Opened::Unknown(described(members)),
    });
}

/// Digests of logs and events about the rate of calls are no calls
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference.html>).
fn skipped(members: &Map<String, Value>) -> Option<Skipped> {
    let is_insight = members.get("eventType").is_some_and(|kind| kind == "AwsCloudTrailInsight")
        || members.get("insightDetails").is_some_and(|details| !details.is_null());
    match () {
        () if members.contains_key("digestStartTime") => Some(Skipped::Digest),
        () if is_insight => Some(Skipped::Insight),
        () => None,
    }
}

/// The part in which events stand, if there is one.
fn inner(members: &Map<String, Value>) -> Option<&Value> {
    let is_written = |value: &&Value| {
        value.is_object() || value.as_str().is_some_and(|text| text.trim_start().starts_with(['{', '[']))
    };
    let member = |name: &&str| members.get(*name).filter(is_written);
    let bridged = members.get("detail").filter(|_| members.contains_key("detail-type"));
    let original = members.get("event").and_then(|event| event.get("original")).filter(is_written);
    let list = || LISTS.iter().find_map(|name| members.get(*name).filter(|list| list.is_array()));
    let hits = || members.get("hits").and_then(|hits| hits.get("hits"));
    let whole = bridged.or(original).or_else(|| WHOLE_EVENTS.iter().find_map(member));
    whole.or_else(list).or_else(hits).or_else(|| {
        let is_event = |value: &&Value| value.is_object() || is_written(value);
        WRAPPERS.iter().find_map(|name| members.get(*name).filter(is_event))
    })
}

/// A row that is a list: of columns, one a member (CloudTrail Lake), or of fields with their values (CloudWatch).
fn columns(items: &[Value]) -> Option<Map<String, Value>> {
    let column = |item: &Value| {
        let members = item.as_object()?;
        match (members.get("field").and_then(Value::as_str), members.get("value")) {
            (Some(name), Some(value)) => Some((name.to_owned(), value.clone())),
            _ if members.len() == 1 => members.iter().next().map(|(name, value)| (name.clone(), value.clone())),
            _ => None,
        }
    };
    let row = items.iter().map(column).collect::<Option<Map<_, _>>>()?;
    // Where names come twice, it is a list of rows.
    (!row.is_empty() && row.len() == items.len()).then_some(row)
}

/// What is known and cannot be read.
fn named(members: &Map<String, Value>) -> Option<String> {
    let has = |name: &str| members.contains_key(name);
    let has_original =
        members.get("event").is_some_and(|event| event.get("original").is_some()) || has("event.original");
    let is_elastic = members.get("aws").is_some_and(|aws| aws.get("cloudtrail").is_some())
        || members.keys().any(|name| name.starts_with("aws.cloudtrail."));
    let source = members.get("eventSource").and_then(Value::as_str).unwrap_or_default();
    let what = match () {
        () if source.starts_with("aws:") => "a notification of a service, such as S3's of new objects",
        () if has("s3Bucket") && has("s3ObjectKey") => {
            "CloudTrail's notification of a new log; the log is in the bucket"
        }
        () if has("class_uid") && has("metadata") => {
            "events in OCSF, as Security Lake has, which lack parts of the call"
        }
        () if is_elastic && !has_original => "events in Elastic's common schema without event.original",
        () if has("UserIdentityType") || has("UserIdentityArn") => {
            "a table of Microsoft Sentinel, which lacks parts of the call"
        }
        () if has("EventSource") && has("EventName") && !has("CloudTrailEvent") => {
            "lookup-events without CloudTrailEvent; leave out --query"
        }
        () if has("ResultSet") => "the answer of athena get-query-results; take the result's CSV file from the bucket",
        () if has("Statement") => "a policy",
        () if members.get("messageType").is_some_and(|kind| kind == "CONTROL_MESSAGE") => {
            "a control message of CloudWatch Logs"
        }
        () => return None,
    };
    Some(what.to_owned())
}

fn described(members: &Map<String, Value>) -> String {
    const NAMED: usize = 5;
    let names: Vec<&str> = members.keys().take(NAMED).map(String::as_str).collect();
    match (names.as_slice(), members.len() > NAMED) {
        ([], _) => "an empty object".to_owned(),
        (names, true) => format!("JSON with {} …", names.join(", ")),
        (names, false) => format!("JSON with {}", names.join(", ")),
    }
}
