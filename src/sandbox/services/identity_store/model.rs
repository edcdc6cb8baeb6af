//! What a directory keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sandbox::ids::uuid;

/// The users and groups of Identity Center, by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Directory {
    pub(in crate::sandbox) users: BTreeMap<String, User>,
    pub(in crate::sandbox) groups: BTreeMap<String, Group>,
    pub(in crate::sandbox) memberships: BTreeMap<String, Membership>,
    /// How many ids were given out.
    pub(in crate::sandbox) sequence: u64,
}

/// A person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct User {
    pub(in crate::sandbox) name: String,
    /// What else the user was created with, as the API names it: `DisplayName`, `Name`, `Emails` …
    pub(in crate::sandbox) attributes: Map<String, Value>,
    pub(in crate::sandbox) external_ids: Vec<ExternalId>,
}

/// A group of users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Group {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) external_ids: Vec<ExternalId>,
}

/// What an identity provider that synchronizes the directory calls a user or group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct ExternalId {
    pub(in crate::sandbox) issuer: String,
    pub(in crate::sandbox) id: String,
}

/// A user in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Membership {
    pub(in crate::sandbox) group: String,
    pub(in crate::sandbox) user: String,
}

impl Directory {
    /// Whether there is a `USER` or a `GROUP` with this id.
    pub(in crate::sandbox) fn has(&self, kind: &str, id: &str) -> bool {
        if kind == "USER" { self.users.contains_key(id) } else { self.groups.contains_key(id) }
    }

    /// The ids of the groups that a user is in.
    pub(in crate::sandbox) fn groups_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a String> {
        self.memberships.values().filter(move |membership| membership.user == user).map(|membership| &membership.group)
    }

    /// A new id. The same calls give the same ids.
    pub(super) fn new_id(&mut self) -> String {
        self.sequence += 1;
        uuid(&format!("directory {}", self.sequence))
    }
}
