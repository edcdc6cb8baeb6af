//! Who changed what is not as the blueprint says: what CloudTrail records of changes, and what is told of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Bindings};

/// Which of CloudTrail's events tell of changes of a kind's resources, as the kind says it of itself.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// Where the events are.
    pub recorded: Recorded,
    /// The texts that an event about the resource at an address names, all of them; nothing where one is not known. AWS's id of
    /// the resource is given where it is known.
    pub marks: fn(&Address, Option<&str>, &Bindings) -> Option<Vec<String>>,
    /// The events.
    pub traces: &'static [Trace],
}

/// The region of the management account whose event history has the events of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recorded {
    /// The partition's global one: those of Organizations.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>
    Globally,
    /// That of Identity Center's instance.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/logging-using-cloudtrail.html>
    WithIdentityCenter,
}

/// An event, and which differences it explains.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// Its name, that of the API's operation as a rule.
    pub event: &'static str,
    /// What it does to a resource.
    pub does: Does,
}

/// What an event does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Makes it.
    Make,
    /// Ends the making of it, which an event of this name began: that one says who asked for it.
    EndMaking(&'static str),
    /// Deletes it.
    Delete,
    /// Puts it elsewhere.
    Move,
    /// Changes fields that begin so.
    Change(&'static [&'static str]),
}

impl History {
    /// Of a kind whose changes are not looked for.
    pub const NONE: History = History { recorded: Recorded::Globally, marks: by_id, traces: &[] };
}

/// AWS's id, by which most events name a resource.
fn by_id(_: &Address, id: Option<&str>, _: &Bindings) -> Option<Vec<String>> {
    Some(vec![id?.to_owned()])
}

/// Who made a change, as CloudTrail has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// `IAM user alice`, `alice@example.com as role Admin`, `the root user`.
    pub principal: String,
    /// When, in UTC: `2026-11-29T12:00:00Z`.
    pub time: String,
    /// The event's name: `UpdatePolicy`.
    pub event: String,
    /// The event's id.
    pub event_id: String,
    /// Where the call came from: an address, or the name of a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// The program that made the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Whether the call was landing's own: no later call changed it, so that the blueprint has changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_landing: bool,
}

/// What is known of who made a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ChangedBy {
    /// The newest event that explains it.
    Author(Author),
    /// No such event.
    NotKnown {
        /// Why.
        not_known: String,
    },
}

/// Who made what is there and in no blueprint, where the event history says so.
pub type Makers = BTreeMap<Address, Author>;
