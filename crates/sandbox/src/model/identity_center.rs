//! What Identity Center keeps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::watched::{IndexedMap, Watch};
use crate::ids::{hexadecimal, uuid};
use crate::tags::Tags;

/// The organization's instance of Identity Center. Which people and groups there are is the directory's business.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct IdentityCenter {
    /// Whether someone enabled it, which only the console can.
    pub(crate) enabled: bool,
    /// The region in which it was enabled. While nothing was ever made in it, it is found wherever it is looked for,
    /// so that a new sandbox fits any home region.
    pub(crate) region: Option<String>,
    /// By the last part of their ARNs, `ps-…`.
    pub(crate) permission_sets: BTreeMap<String, PermissionSet>,
    /// Assignments and provisionings that were asked for, by request id.
    pub(crate) operations: IndexedMap<Operation>,
    /// How many ids were given out.
    pub(crate) sequence: u64,
}

impl Default for IdentityCenter {
    fn default() -> Self {
        Self {
            enabled: true,
            region: None,
            permission_sets: BTreeMap::new(),
            operations: IndexedMap::default(),
            sequence: 0,
        }
    }
}

/// A permission set and the accounts in which it is provisioned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PermissionSet {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// In ISO 8601, such as `PT1H`.
    pub(crate) session_duration: String,
    pub(crate) relay_state: Option<String>,
    pub(crate) created: u64,
    /// AWS's managed policies, by ARN.
    pub(crate) managed_policies: BTreeSet<String>,
    /// Policies that must exist in every account.
    pub(crate) customer_managed_policies: BTreeSet<PolicyReference>,
    pub(crate) inline_policy: Option<String>,
    pub(crate) permissions_boundary: Option<Boundary>,
    pub(crate) tags: Tags,
    /// Counts the changes, so that accounts with an older one are known.
    pub(crate) revision: u64,
    /// Where it is provisioned, by account.
    pub(crate) accounts: BTreeMap<String, Provisioned>,
}

/// A customer managed policy by its name and path.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PolicyReference {
    pub(crate) name: String,
    pub(crate) path: String,
}

/// The policy that bounds a permission set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Boundary {
    /// One of AWS's, by ARN.
    Managed(String),
    /// One that must exist in every account.
    CustomerManaged(PolicyReference),
}

/// A permission set in one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Provisioned {
    /// The permission set's revision that the account's role has.
    pub(crate) revision: u64,
    /// Who may use it there.
    pub(crate) principals: BTreeSet<Principal>,
}

/// A user or a group of the directory, which may be gone since.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Principal {
    /// `USER` or `GROUP`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) id: String,
}

/// What Identity Center answers before it is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Operation {
    pub(crate) task: Task,
    /// The permission set's id.
    pub(crate) permission_set: String,
    /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub(crate) status: String,
    pub(crate) failure: Option<String>,
    pub(crate) created: u64,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    Assign {
        account: String,
        principal: Principal,
    },
    Unassign {
        account: String,
        principal: Principal,
    },
    /// Without an account it is for all in which the permission set is provisioned.
    Provision {
        account: Option<String>,
    },
}

pub(crate) const IN_PROGRESS: &str = "IN_PROGRESS";

impl Watch for Operation {
    fn is_open(&self) -> bool {
        self.in_progress()
    }
}

impl Operation {
    pub(crate) fn in_progress(&self) -> bool {
        self.status == IN_PROGRESS
    }
}

impl PermissionSet {
    /// Whether the account has the latest revision.
    pub(crate) fn is_latest_in(&self, account: &str) -> bool {
        self.accounts.get(account).is_some_and(|provisioned| provisioned.revision == self.revision)
    }

    /// The role that stands for the permission set in an account.
    pub(crate) fn role(&self, id: &str, account: &str) -> String {
        format!("{ROLE_PREFIX}{}_{}", self.name, hexadecimal(&format!("{id}/{account}"), 16))
    }
}

/// What the names of Identity Center's roles begin with.
pub(crate) const ROLE_PREFIX: &str = "AWSReservedSSO_";

impl IdentityCenter {
    /// A new id of a permission set. The same calls give the same ids.
    pub(crate) fn new_permission_set_id(&mut self) -> String {
        self.sequence += 1;
        format!("ps-{}", hexadecimal(&format!("permission set {}", self.sequence), 16))
    }

    /// A new id of a request.
    pub(crate) fn new_request_id(&mut self) -> String {
        self.sequence += 1;
        uuid(&format!("identity center {}", self.sequence))
    }
}

/// The last part of the instance's ARN, given the management account.
pub(crate) fn instance_id(management: &str) -> String {
    format!("ssoins-{}", hexadecimal(&format!("instance {management}"), 16))
}

/// The id of the instance's directory, given the management account.
pub(crate) fn identity_store_id(management: &str) -> String {
    format!("d-{}", hexadecimal(&format!("directory {management}"), 10))
}
