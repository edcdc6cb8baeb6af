//! Requests that AWS denied, as error messages, CloudTrail's events and AWS's own explanations say it.
//!
//! The forms of messages are those of
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>; what tools put around them is taken off.

mod details;
mod forms;
mod message;
mod unwrapped;

use std::fmt;
use std::io::Read;

use serde_json::Value;

use super::Need;
use super::replay::{LogError, denials_of_log};
pub use forms::DenyingPolicy;

/// How many denials of one text are read at most.
const MOST: usize = 1_000;

/// A request that was denied, as far as it is reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denied {
    /// The principal's ARN, that of a role's session where no more is reported; or a service.
    pub principal: Option<String>,
    /// The actions that the request needed.
    pub actions: Vec<Need>,
    /// The resource's ARN, or `*`.
    pub resource: Option<String>,
    /// The region that was called.
    pub region: Option<String>,
    /// Condition keys and their values; without values, the request did not have the key.
    pub context: Vec<(String, Vec<String>)>,
    /// Condition keys that are not known, though others would follow them from the principal.
    pub unknown: Vec<String>,
    /// What AWS says about the policy.
    pub said: Option<ReportedPolicy>,
    /// What is taken to be so, as AWS does not say it.
    pub assumed: Vec<Assumed>,
    /// The id by which AWS explains this denial for a day, and the region to ask.
    pub authorization: Option<Authorization>,
    /// What only AWS can decode.
    pub encoded: Option<String>,
    /// CloudTrail's id of the event.
    pub event: Option<String>,
}

/// What AWS says about the policy that denied a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportedPolicy {
    /// Its type, where that is reported.
    pub policy_type: Option<DenyingPolicy>,
    /// Whether a `Deny` statement matched; if not, no policy of the type allows the action.
    pub explicit: bool,
    /// The policy through which a VPC endpoint's denied: `transitively through a service control policy`.
    pub through: Option<DenyingPolicy>,
    /// The policy's ARN.
    pub policy: Option<String>,
    /// The `Sid`s of the statements that matched.
    pub sids: Vec<String>,
}

/// What is taken to be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumed {
    /// The role of a session has no path: the ARN of a session does not show it.
    RoleWithoutPath,
    /// The resource, which is called by its name alone, has no path.
    ResourceWithoutPath,
}

/// The id by which AWS explains a denial
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied-authorization-id.html>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The id.
    pub id: String,
    /// The region that is to be asked, where the message names it.
    pub region: Option<String>,
}

/// Why a text reports no denial.
#[derive(Debug)]
pub enum NoDenial {
    /// It is empty.
    Empty,
    /// It is a message that only AWS can decode, with nothing else in it.
    Encoded(String),
    /// It says that something was denied, and not what or to whom.
    Incomplete,
    /// It has so many events of CloudTrail, and none was denied.
    Events(usize),
    /// It is a log that cannot be read.
    Log(LogError),
    /// It is something else.
    Unknown,
}

impl fmt::Display for NoDenial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::Encoded(_) => f.write_str("it is encoded, and only AWS can decode it"),
            Self::Incomplete => f.write_str("it does not say which principal was denied which action"),
            Self::Events(1) => f.write_str("its event was not denied"),
            Self::Events(number) => write!(f, "none of its {number} events was denied"),
            Self::Log(error) => error.fmt(f),
            Self::Unknown => f.write_str("it is no access-denied message and no CloudTrail event"),
        }
    }
}

impl std::error::Error for NoDenial {}

/// Reads the denials that a text reports: messages, with whatever tools put around them; events of CloudTrail in every form
/// that replay reads; what `aws sts decode-authorization-message` and `aws iam-toolbox
/// get-request-authorization-details` print. Each is read once, 1,000 at most.
///
/// # Errors
/// When it reports none.
pub fn read_denied(text: &[u8]) -> Result<Vec<Denied>, NoDenial> {
    let written = String::from_utf8_lossy(text);
    let written = written.trim_start_matches('\u{feff}').trim();
    if written.is_empty() {
        return Err(NoDenial::Empty);
    }
    let value: Option<Value> = serde_json::from_str(written).ok();
    if let Some(denied) = value.as_ref().and_then(details::read) {
        return Ok(denied);
    }
    let log = denials_of_log(text);
    if let Ok((denied, _)) = &log
        && !denied.is_empty()
    {
        return Ok(each_once(denied.clone()));
    }
    match (message::read(written), log) {
        (found, _) if !found.is_empty() => Ok(each_once(found)),
        (_, Ok((_, events))) => Err(NoDenial::Events(events)),
        (_, Err(error)) => Err(why(written, error)),
    }
}

/// As [`read_denied`], of what is read from a file or a pipe.
///
/// # Errors
/// When it cannot be read, and as [`read_denied`].
pub fn read_denied_from(mut input: impl Read) -> Result<Vec<Denied>, NoDenial> {
    /// As many bytes as CloudTrail's files have at most, and more.
    const LONGEST: u64 = 256 << 20;
    let mut text = Vec::new();
    input.by_ref().take(LONGEST).read_to_end(&mut text).map_err(|error| NoDenial::Log(error.into()))?;
    read_denied(&text)
}

/// What the message of an event says; nothing where it has not that form.
pub(crate) fn message_of_event(message: &str) -> Option<Denied> {
    let encoded = || Some(Denied { encoded: Some(message::encoded(message)?), ..Denied::default() });
    message::read(message).into_iter().next().or_else(encoded)
}

fn why(text: &str, error: LogError) -> NoDenial {
    if let Some(encoded) = message::encoded(text) {
        return NoDenial::Encoded(encoded);
    }
    let looks_like_json = text.starts_with(['{', '[']);
    match error {
        _ if message::says_denied(text) => NoDenial::Incomplete,
        error if looks_like_json => NoDenial::Log(error),
        _ => NoDenial::Unknown,
    }
}

fn each_once(mut denied: Vec<Denied>) -> Vec<Denied> {
    let mut kept: Vec<Denied> = Vec::new();
    denied.truncate(MOST);
    for one in denied {
        let is_new = !kept.iter().any(|known| known.is_alike(&one));
        kept.extend(is_new.then_some(one));
    }
    kept
}

impl Denied {
    /// Whether both are denied for the same reasons, as far as that is reported: their times, addresses and ids may differ.
    fn is_alike(&self, other: &Denied) -> bool {
        let asked = |denied: &Denied| {
            (denied.principal.clone(), denied.actions.clone(), denied.resource.clone(), denied.region.clone())
        };
        asked(self) == asked(other) && self.said == other.said
    }
}

#[cfg(test)]
mod tests;
