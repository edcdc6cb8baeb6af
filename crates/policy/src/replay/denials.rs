//! The denied calls in CloudTrail's logs, with all that the events report them.

use std::borrow::Cow;

use super::event::Event;
use super::log::{LogError, Opened, Record, for_each_record, open};
use super::policies::ReplayPolicies;
use super::request::{EventKey, Source};
use super::{needs_by_parameters, written_by_cloudtrail};
use crate::denied::{Denied, message_of_event};
use crate::services::{Need, Needs, services};

/// How many are kept.
const MOST: usize = 10_000;

/// The condition keys that events report.
const KEYS: [&str; 20] = [
    "aws:PrincipalArn",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:userid",
    "aws:username",
    "aws:MultiFactorAuthPresent",
    "aws:ViaAWSService",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceIp",
    "aws:VpcSourceIp",
    "aws:SourceVpce",
    "aws:SourceVpc",
    "aws:VpceAccount",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:UserAgent",
    "aws:SecureTransport",
];

/// The denied calls of a log, compressed or not, in every form that replay reads, and how many events it has.
///
/// # Errors
/// When it has no event.
pub(crate) fn denials_of_log(log: &[u8]) -> Result<(Vec<Denied>, usize), LogError> {
    let (mut denied, mut events, mut unknown) = (Vec::new(), 0, None);
    let mut count = |text: &str| {
        let Some(event) = written_by_cloudtrail(text) else { return false };
        events += 1;
        if denied.len() < MOST {
            denied.extend(denial(&event));
        }
        true
    };
    let ended = for_each_record(log, &mut |record| match record {
        Record::Unknown(what) => drop(unknown.get_or_insert(what)),
        Record::Json(text) if count(text) => {}
        Record::Json(text) => open(text).into_iter().for_each(|opened| match opened {
            Opened::Event(text) => drop(count(&text)),
            Opened::Skipped(_) => {}
            Opened::Unknown(what) => drop(unknown.get_or_insert(what)),
        }),
    });
    match (events, ended) {
        (0, Err(error)) => Err(error),
        (0, Ok(())) => Err(unknown.map_or(LogError::Empty, LogError::Unknown)),
        _ => Ok((denied, events)),
    }
}

/// The call, if it was denied.
fn denial(event: &Event<'_>) -> Option<Denied> {
    let message = event.error_message.get().unwrap_or_default();
    let code = event.error_code.get().unwrap_or_default();
    if !is_denial(&code) {
        return None;
    }
    let reported = message_of_event(&message);
    let nothing = ReplayPolicies::default();
    let source = Source { event, policies: &nothing };
    let actions = actions(event, reported.as_ref());
    let first = actions.first().map(|need| need.action.as_str()).unwrap_or_default();
    let resource = source.resource(first).or_else(|| reported.as_ref()?.resource.clone());
    let (context, unknown) = keys(source);
    let reported = reported.unwrap_or_default();
    Some(Denied {
        principal: Some(event.principal().into_owned()).filter(|principal| !principal.is_empty()),
        resource,
        region: event.aws_region.get().map(Cow::into_owned),
        context,
        unknown,
        actions,
        event: event.event_id.get().map(Cow::into_owned),
        assumed: Vec::new(),
        ..reported
    })
}

/// Services have several names for it: `AccessDenied`, `Client.UnauthorizedOperation`, `AuthorizationErrorException` …
fn is_denial(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    ["accessdenied", "unauthorizedoperation", "notauthorized", "authorizationerror", "forbidden"]
        .iter()
        .any(|word| code.contains(word))
}

/// The action that the message names, else those that the event's name says.
fn actions(event: &Event<'_>, reported: Option<&Denied>) -> Vec<Need> {
    if let Some(reported) = reported.filter(|reported| !reported.actions.is_empty()) {
        return reported.actions.clone();
    }
    let (source, name) = (event.event_source.get().unwrap_or_default(), event.event_name.get().unwrap_or_default());
    let needs = needs_by_parameters(event, &source, &name).map(Needs::Actions);
    match needs.unwrap_or_else(|| services().needs_of_event(&source, &name)) {
        Needs::Actions(needs) => needs,
        Needs::Nothing | Needs::Unknown => {
            vec![Need { action: format!("{}:{name}", services().prefix_of_source(&source)), is_certain: false }]
        }
    }
}

/// What is reported in the keys, and those of which nothing is.
fn keys(source: Source<'_>) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for key in KEYS {
        match source.held(&key.to_lowercase()) {
            EventKey::Value(value) => known.push((key.to_owned(), vec![value.into_owned()])),
            EventKey::Absent => known.push((key.to_owned(), Vec::new())),
            EventKey::Foreign(_) | EventKey::Nothing => unknown.push(key.to_owned()),
        }
    }
    if let Some(account) = source.event.resource_account() {
        known.push(("aws:ResourceAccount".to_owned(), vec![account.into_owned()]));
    }
    (known, unknown)
}
