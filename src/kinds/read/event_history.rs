use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::cloud::{APP_NAME, AccountAccess, AwsError, Cloud, Request, Service, utc};
use crate::model::Author;

/// One event of CloudTrail's event history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Who, when and by which call.
    pub author: Author,
    /// Whether the call was refused, so that nothing came of it.
    pub is_refused: bool,
    /// Every text in what was asked and answered, with its key: the ids of what it is about are among them.
    pub texts: BTreeSet<(String, String)>,
}

/// Events, newest first, and the token by which AWS goes on, where there are more.
#[derive(Debug, Default)]
pub struct Page {
    /// The events.
    pub events: Vec<RecordedEvent>,
    /// The token.
    pub next: Option<String>,
}

/// The events of this name in an account and region, of the last 90 days, fifty at a time.
///
/// They are asked for by the event's name, not by the resource's: CloudTrail knows the resources of an event only for the types
/// that it supports, and the ids of Organizations are in what was asked.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
///
/// # Errors
/// When AWS refuses it.
pub async fn events_named(
    cloud: &Cloud,
    (access, region): (&AccountAccess, &str),
    name: &str,
    token: Option<&str>,
) -> Result<Page, AwsError> {
    let mut input =
        json!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}], "MaxResults": 50});
    if let Some(token) = token {
        input["NextToken"] = json!(token);
    }
    let request = Request::new(Service::CLOUDTRAIL, "LookupEvents", input);
    let reply = cloud.call(access, region, request).await?;
    let events = reply["Events"].as_array().into_iter().flatten().filter_map(RecordedEvent::of).collect();
    let next = reply["NextToken"].as_str().filter(|token| !token.is_empty()).map(str::to_owned);
    Ok(Page { events, next })
}

impl RecordedEvent {
    /// Reads one as LookupEvents has it; nothing where its record cannot be read.
    pub fn of(event: &Value) -> Option<RecordedEvent> {
        let record: Value = serde_json::from_str(event["CloudTrailEvent"].as_str()?).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let user_agent = text(&record["userAgent"]);
        let mut texts = BTreeSet::new();
        for part in ["requestParameters", "responseElements", "serviceEventDetails"] {
            gather(part, &record[part], &mut texts);
        }
        texts.extend(own_account(&record));
        Some(RecordedEvent {
            is_refused: record["errorCode"].is_string(),
            texts,
            author: Author {
                principal: principal(&record["userIdentity"]),
                time: text(&record["eventTime"]).or_else(|| time(&event["EventTime"]))?,
                event: text(&event["EventName"]).or_else(|| text(&record["eventName"]))?,
                event_id: text(&event["EventId"]).or_else(|| text(&record["eventID"]))?,
                source_ip: text(&record["sourceIPAddress"]),
                is_landing: user_agent.as_deref().is_some_and(is_landing),
                user_agent,
            },
        })
    }
}

/// Seconds since 1970, with parts of a second in JSON.
fn time(value: &Value) -> Option<String> {
    let since = Duration::try_from_secs_f64(value.as_f64()?).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(since).map(utc)
}

/// The SDK puts the program's name into the user agent.
fn is_landing(user_agent: &str) -> bool {
    user_agent.split(' ').any(|word| word.strip_prefix("app/") == Some(APP_NAME))
}

fn gather(key: &str, value: &Value, texts: &mut BTreeSet<(String, String)>) {
    match value {
        Value::String(text) => {
            texts.insert((key.to_owned(), text.clone()));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(key, item, texts)),
        Value::Object(members) => members.iter().for_each(|(key, member)| gather(key, member, texts)),
        _ => {}
    }
}

/// AWS Account Management is not reported which account, where that is the caller's own.
/// <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html>
fn own_account(record: &Value) -> Option<(String, String)> {
    let is_own = record["eventSource"] == "account.amazonaws.com" && record["requestParameters"]["accountId"].is_null();
    let account = record["recipientAccountId"].as_str().filter(|_| is_own)?;
    Some(("recipientAccountId".to_owned(), account.to_owned()))
}

/// Who called. <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
fn principal(identity: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (arn, invoked_by) = (text(&identity["arn"]), text(&identity["invokedBy"]));
    match identity["type"].as_str().unwrap_or_default() {
        "Root" => "the root user".into(),
        "IAMUser" => format!("IAM user {}", text(&identity["userName"])),
        "AssumedRole" => {
            let session = arn.rsplit('/').next().unwrap_or_default();
            format!("{session} as role {}", text(&identity["sessionContext"]["sessionIssuer"]["userName"]))
        }
        "AWSService" => format!("AWS service {invoked_by}"),
        _ if !arn.is_empty() => arn,
        _ if !invoked_by.is_empty() => format!("AWS service {invoked_by}"),
        _ => format!("account {}", text(&identity["accountId"])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(record: &Value) -> RecordedEvent {
        let event = json!({"EventId": "e", "EventName": "UpdatePolicy", "EventTime": 1_795_953_600.25, "CloudTrailEvent": record.to_string()});
        RecordedEvent::of(&event).unwrap()
    }

    #[test]
    fn a_principal_is_reported_by_its_sort() {
        for (identity, reported) in [
            (json!({"type": "Root", "arn": "arn:aws:iam::1:root"}), "the root user"),
            (json!({"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::1:user/alice"}), "IAM user alice"),
            (
                json!({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Admin/al@x.org",
                    "sessionContext": {"sessionIssuer": {"userName": "Admin"}}}),
                "al@x.org as role Admin",
            ),
            (json!({"type": "AWSService", "invokedBy": "ram.amazonaws.com"}), "AWS service ram.amazonaws.com"),
            (json!({"accountId": "1", "invokedBy": "AWS Internal"}), "AWS service AWS Internal"),
            (json!({"type": "AWSAccount", "accountId": "1"}), "account 1"),
        ] {
            assert_eq!(principal(&identity), reported);
        }
    }

    #[test]
    fn an_event_has_the_texts_of_what_was_asked_and_answered() {
        let read = event(&json!({
            "userIdentity": {"type": "Root"},
            "userAgent": "aws-sdk-rust/1 app/landing",
            "requestParameters": {"policyId": "p-1", "tags": [{"key": "k"}]},
            "responseElements": {"policy": {"id": "p-2"}},
            "errorCode": "AccessDenied",
        }));
        let texts: Vec<_> = read.texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        assert_eq!(texts, [("id", "p-2"), ("key", "k"), ("policyId", "p-1")]);
        assert!(read.is_refused && read.author.is_landing);
        assert_eq!(read.author.time, "2026-11-29T12:00:00Z");
        let read = event(&json!({"eventTime": "2026-11-01T00:00:00Z", "userAgent": "app/landing-page"}));
        assert!(!read.is_refused && !read.author.is_landing);
        assert_eq!(read.author.time, "2026-11-01T00:00:00Z");
    }

    #[test]
    fn account_management_is_about_the_callers_account_where_it_is_not_reported_another() {
        let about = |source: &str, asked: Value| {
            let record = json!({"eventSource": source, "requestParameters": asked, "recipientAccountId": "1"});
            event(&record).texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(about("account.amazonaws.com", json!({"alternateContactType": "BILLING"})), ["BILLING", "1"]);
        assert_eq!(about("account.amazonaws.com", json!({"accountId": "2"})), ["2"]);
        assert_eq!(about("organizations.amazonaws.com", json!({"resourceId": "2"})), ["2"]);
    }
}
