//! Who changed what is not as the blueprint says, as it is reported.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Address;

/// Who made a change, as CloudTrail has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
