//! What a directory keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::uuid;

/// The users and groups of Identity Center, by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Directory {
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) memberships: BTreeMap<String, Membership>,
    /// How many ids were given out.
    pub(crate) sequence: u64,
}

/// A person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct User {
    pub(crate) name: String,
    /// What else the user was created with, as the API names it: `DisplayName`, `Name`, `Emails` …
    pub(crate) attributes: Map<String, Value>,
    pub(crate) external_ids: Vec<ExternalId>,
}

/// A group of users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) external_ids: Vec<ExternalId>,
}

/// What an identity provider that synchronizes the directory calls a user or group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ExternalId {
    pub(crate) issuer: String,
    pub(crate) id: String,
}

/// A user in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Membership {
    pub(crate) group: String,
    pub(crate) user: String,
}

impl Directory {
    /// Whether there is a `USER` or a `GROUP` with this id.
    pub(crate) fn has(&self, kind: &str, id: &str) -> bool {
        if kind == "USER" { self.users.contains_key(id) } else { self.groups.contains_key(id) }
    }

    /// The ids of the groups that a user is in.
    pub(crate) fn groups_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a String> {
        self.memberships.values().filter(move |membership| membership.user == user).map(|membership| &membership.group)
    }

    /// A new id. The same calls give the same ids.
    pub(crate) fn new_id(&mut self) -> String {
        self.sequence += 1;
        uuid(&format!("directory {}", self.sequence))
    }
}
