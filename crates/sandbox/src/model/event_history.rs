//! What CloudTrail records of calls that change something, by account and region.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::aws_error::Answer;

/// The newest events, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EventHistory {
    kept: VecDeque<Event>,
    /// How many there have been, for their ids.
    count: u64,
}

/// One event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) identity: Value,
    pub(crate) agent: String,
    pub(crate) input: Value,
    pub(crate) output: Value,
    pub(crate) error: Option<String>,
    /// Seconds since 1970.
    pub(crate) time: u64,
    /// When LookupEvents shows it.
    pub(crate) shown_from: u64,
}

/// How long AWS keeps an event, in seconds: 90 days.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html>
const KEPT_SECONDS: u64 = 90 * 24 * 60 * 60;

/// The longest text of an event, in characters, so that a state with templates in it stays small. AWS leaves out what was asked
/// altogether where it is longer than 100 KB.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
const LONGEST: usize = 256;

impl EventHistory {
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Records a call with what came of it; `most` are kept.
    pub(crate) fn add(&mut self, event: Event, result: &Answer, most: usize) {
        self.count += 1;
        let id = format!("e7e27000-0000-4000-8000-{:012x}", self.count);
        let (output, error) = match result {
            Ok(output) => (output.clone(), None),
            Err(error) => (Value::Null, Some(error.code.clone())),
        };
        let since = event.time.saturating_sub(KEPT_SECONDS);
        let (input, output) = (shortened(event.input), shortened(output));
        self.kept.push_back(Event { id, input, output, error, ..event });
        while self.kept.len() > most || self.kept.front().is_some_and(|oldest| oldest.time < since) {
            self.kept.pop_front();
        }
    }

    /// Those of an account and region that are shown by now, newest first. Requests to services that are in one region are signed
    /// for it, and are recorded there.
    pub(crate) fn newest(&self, account: &str, region: &str, now: u64) -> impl Iterator<Item = &Event> {
        let of_site = move |event: &&Event| event.account == account && event.region == region;
        self.kept.iter().rev().filter(of_site).filter(move |event| event.shown_from <= now)
    }
}

impl Event {
    /// Whether a lookup attribute is for it.
    pub(crate) fn has(&self, attribute: &Value) -> bool {
        let value = attribute["AttributeValue"].as_str().unwrap_or_default();
        match attribute["AttributeKey"].as_str().unwrap_or_default() {
            "EventId" => self.id == value,
            "EventName" => self.name == value,
            "EventSource" => self.source == value,
            "ReadOnly" => value == "false",
            "Username" => self.username() == value,
            _ => false,
        }
    }

    fn username(&self) -> &str {
        let arn = self.identity["arn"].as_str().unwrap_or_default();
        arn.rsplit('/').next().unwrap_or_default()
    }

    /// As LookupEvents has it.
    pub(crate) fn show(&self) -> Value {
        json!({
            "EventId": self.id,
            "EventName": self.name,
            "ReadOnly": "false",
            "EventTime": self.time,
            "EventSource": self.source,
            "Username": self.username(),
            "Resources": [],
            "CloudTrailEvent": self.record().to_string(),
        })
    }

    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
    fn record(&self) -> Value {
        let mut record = json!({
            "eventVersion": "1.11",
            "userIdentity": self.identity,
            "eventSource": self.source,
            "eventName": self.name,
            "awsRegion": self.region,
            "sourceIPAddress": "203.0.113.10",
            "userAgent": self.agent,
            "requestParameters": in_small(&self.input),
            "responseElements": in_small(&self.output),
            "eventID": self.id,
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
        });
        if let Some(error) = &self.error {
            record["errorCode"] = json!(error);
        }
        record
    }
}

/// A value with its long texts cut.
fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            let cut: String = text.chars().take(LONGEST).collect();
            Value::String(cut + "…")
        }
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, shortened(value))).collect(),
        Value::Array(items) => items.into_iter().map(shortened).collect(),
        other => other,
    }
}

/// Members begin with small letters in events.
fn in_small(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let small = members.iter().map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                (first.into_iter().chain(letters).collect(), in_small(value))
            });
            Value::Object(small.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(in_small).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: u64) -> Event {
        Event { account: "1".into(), region: "r".into(), time: days * 24 * 60 * 60, ..Event::default() }
    }

    fn kept(history: &EventHistory) -> Vec<u64> {
        history.newest("1", "r", u64::MAX).map(|event| event.time / (24 * 60 * 60)).collect()
    }

    #[test]
    fn the_newest_events_of_ninety_days_are_kept() {
        let mut history = EventHistory::default();
        for days in [100, 101, 150, 190] {
            history.add(at(days), &Ok(Value::Null), 10);
        }
        assert_eq!(kept(&history), [190, 150, 101, 100]);
        history.add(at(191), &Ok(Value::Null), 10);
        assert_eq!(kept(&history), [191, 190, 150, 101], "one is older than 90 days");
        history.add(at(191), &Ok(Value::Null), 2);
        assert_eq!(kept(&history), [191, 191]);
    }

    #[test]
    fn long_texts_are_cut() {
        let mut history = EventHistory::default();
        let input = json!({"PolicyId": "p-1", "Content": ["\u{e9}".repeat(LONGEST + 1)]});
        history.add(Event { input, ..at(1) }, &Ok(Value::Null), 10);
        let event = &history.kept[0];
        assert_eq!(event.input["PolicyId"], "p-1");
        assert_eq!(event.input["Content"][0], "\u{e9}".repeat(LONGEST) + "\u{2026}");
    }
}
