//! What Identity Center keeps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::sandbox::ids::{hexadecimal, uuid};
use crate::sandbox::tags::Tags;

/// The organization's instance of Identity Center. Which people and groups there are is the directory's business.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct IdentityCenter {
    /// Whether somebody enabled it, which only the console can.
    pub(in crate::sandbox) enabled: bool,
    /// The region in which it was enabled. While nothing was ever made in it, it is found wherever it is looked for,
    /// so that a new sandbox fits any home region.
    pub(in crate::sandbox) region: Option<String>,
    /// By the last part of their ARNs, `ps-…`.
    pub(in crate::sandbox) permission_sets: BTreeMap<String, PermissionSet>,
    /// Assignments and provisionings that were asked for, by request id.
    pub(in crate::sandbox) operations: BTreeMap<String, Operation>,
    /// How many ids were given out.
    pub(in crate::sandbox) sequence: u64,
}

impl Default for IdentityCenter {
    fn default() -> Self {
        Self { enabled: true, region: None, permission_sets: BTreeMap::new(), operations: BTreeMap::new(), sequence: 0 }
    }
}

/// A permission set and the accounts in which it is provisioned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct PermissionSet {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: Option<String>,
    /// In ISO 8601, such as `PT1H`.
    pub(in crate::sandbox) session_duration: String,
    pub(in crate::sandbox) relay_state: Option<String>,
    pub(in crate::sandbox) created: u64,
    /// AWS's managed policies, by ARN.
    pub(in crate::sandbox) managed_policies: BTreeSet<String>,
    /// Policies that must exist in every account.
    pub(in crate::sandbox) customer_managed_policies: BTreeSet<PolicyReference>,
    pub(in crate::sandbox) inline_policy: Option<String>,
    pub(in crate::sandbox) permissions_boundary: Option<Boundary>,
    pub(in crate::sandbox) tags: Tags,
    /// Counts the changes, so that accounts with an older one are known.
    pub(in crate::sandbox) revision: u64,
    /// Where it is provisioned, by account.
    pub(in crate::sandbox) accounts: BTreeMap<String, Provisioned>,
}

/// A customer managed policy by its name and path.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct PolicyReference {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) path: String,
}

/// The policy that bounds a permission set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum Boundary {
    /// One of AWS's, by ARN.
    Managed(String),
    /// One that must exist in every account.
    CustomerManaged(PolicyReference),
}

/// A permission set in one account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Provisioned {
    /// The permission set's revision that the account's role has.
    pub(in crate::sandbox) revision: u64,
    /// Who may use it there.
    pub(in crate::sandbox) principals: BTreeSet<Principal>,
}

/// A user or a group of the directory, which may be gone since.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Principal {
    /// `USER` or `GROUP`.
    #[serde(rename = "type")]
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) id: String,
}

/// What Identity Center answers before it is done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::sandbox) struct Operation {
    pub(in crate::sandbox) task: Task,
    /// The permission set's id.
    pub(in crate::sandbox) permission_set: String,
    /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub(in crate::sandbox) status: String,
    pub(in crate::sandbox) failure: Option<String>,
    pub(in crate::sandbox) created: u64,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum Task {
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

pub(super) const IN_PROGRESS: &str = "IN_PROGRESS";

impl Operation {
    pub(super) fn in_progress(&self) -> bool {
        self.status == IN_PROGRESS
    }
}

impl PermissionSet {
    /// Whether the account has the latest revision.
    pub(super) fn is_latest_in(&self, account: &str) -> bool {
        self.accounts.get(account).is_some_and(|provisioned| provisioned.revision == self.revision)
    }

    /// The role that stands for the permission set in an account.
    pub(super) fn role(&self, id: &str, account: &str) -> String {
        format!("{ROLE_PREFIX}{}_{}", self.name, hexadecimal(&format!("{id}/{account}"), 16))
    }
}

/// What the names of Identity Center's roles begin with.
pub(in crate::sandbox) const ROLE_PREFIX: &str = "AWSReservedSSO_";

impl IdentityCenter {
    /// A new id of a permission set. The same calls give the same ids.
    pub(super) fn new_permission_set_id(&mut self) -> String {
        self.sequence += 1;
        format!("ps-{}", hexadecimal(&format!("permission set {}", self.sequence), 16))
    }

    /// A new id of a request.
    pub(super) fn new_request_id(&mut self) -> String {
        self.sequence += 1;
        uuid(&format!("identity center {}", self.sequence))
    }
}

/// The last part of the instance's ARN, given the management account.
pub(super) fn instance_id(management: &str) -> String {
    format!("ssoins-{}", hexadecimal(&format!("instance {management}"), 16))
}

/// The id of the instance's directory, given the management account.
pub(in crate::sandbox) fn identity_store_id(management: &str) -> String {
    format!("d-{}", hexadecimal(&format!("directory {management}"), 10))
}
