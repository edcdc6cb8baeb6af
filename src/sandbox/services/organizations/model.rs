//! What Organizations keeps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::readiness::{Readiness, Unaware};
use crate::sandbox::ids::{characters, digits};
use crate::sandbox::tags::Tags;

/// An organization and everything in it. Things are kept by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Organization {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) partition: String,
    /// The management account's id.
    pub(in crate::sandbox) management: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub(in crate::sandbox) feature_set: String,
    /// Whether it still answers FinalizingOrganizationException.
    pub(in crate::sandbox) finalizing: bool,
    /// Whether it still refuses accounts for which it has places.
    pub(in crate::sandbox) without_places: bool,
    pub(in crate::sandbox) root: String,
    /// The policy types enabled in the root.
    pub(in crate::sandbox) policy_types: BTreeSet<String>,
    /// Those being enabled or disabled: `PENDING_ENABLE`, `PENDING_DISABLE`.
    pub(in crate::sandbox) pending_policy_types: BTreeMap<String, String>,
    pub(in crate::sandbox) units: BTreeMap<String, Unit>,
    pub(in crate::sandbox) accounts: BTreeMap<String, Account>,
    pub(in crate::sandbox) creations: BTreeMap<String, Creation>,
    pub(in crate::sandbox) handshakes: BTreeMap<String, Handshake>,
    pub(in crate::sandbox) policies: BTreeMap<String, Policy>,
    /// Services with trusted access, and since when.
    pub(in crate::sandbox) trusted_services: BTreeMap<String, u64>,
    /// Services with trusted access that switched it themselves, and so are ready to use it.
    pub(in crate::sandbox) integrated_services: BTreeSet<String>,
    /// Services of these that are not ready to use it yet.
    pub(in crate::sandbox) onboarding_services: BTreeSet<String>,
    /// Features of central root access that IAM has switched on.
    pub(in crate::sandbox) root_access: BTreeSet<String>,
    /// Delegated administrators by account: their services, and since when.
    pub(in crate::sandbox) delegated: BTreeMap<String, BTreeMap<String, u64>>,
    /// Tags by the id of the root, unit, account or policy.
    pub(in crate::sandbox) tags: BTreeMap<String, Tags>,
    /// What is wrong with effective policies, as the API shows it: by type and account.
    pub(in crate::sandbox) invalid_policies: BTreeMap<String, BTreeMap<String, Vec<serde_json::Value>>>,
    /// When accounts were closed, for the quota of closures.
    pub(in crate::sandbox) closures: Vec<u64>,
    /// How many ids were given out.
    pub(in crate::sandbox) sequence: u64,
}

/// An organizational unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Unit {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) parent: String,
}

/// A member account or the management account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Account {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) email: String,
    /// As the API names it: `ACTIVE`, `PENDING_CLOSURE`, `SUSPENDED` …
    pub(in crate::sandbox) state: String,
    /// `CREATED` or `INVITED`.
    pub(in crate::sandbox) joined_method: String,
    pub(in crate::sandbox) joined: u64,
    pub(in crate::sandbox) parent: String,
    /// How far it can be used.
    pub(in crate::sandbox) readiness: Readiness,
    /// What does not know yet that it is a member.
    pub(in crate::sandbox) unknown_to: BTreeSet<Unaware>,
    /// Whether reads do not show it yet.
    pub(in crate::sandbox) unseen: bool,
}

/// A request to create an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Creation {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) email: String,
    pub(in crate::sandbox) role: String,
    pub(in crate::sandbox) tags: Tags,
    /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub(in crate::sandbox) state: String,
    pub(in crate::sandbox) requested: u64,
    pub(in crate::sandbox) completed: Option<u64>,
    /// Whether reads do not show the request yet.
    pub(in crate::sandbox) unseen: bool,
    pub(in crate::sandbox) account: Option<String>,
    pub(in crate::sandbox) failure: Option<String>,
}

/// An invitation to an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Handshake {
    /// `INVITE` or `ENABLE_ALL_FEATURES`.
    pub(in crate::sandbox) action: String,
    /// The account that is invited.
    pub(in crate::sandbox) account: String,
    /// `ACCOUNT` or `EMAIL`: how the invitation named the account; `ORGANIZATION` where the management account answers.
    pub(in crate::sandbox) party: String,
    /// `OPEN`, `CANCELED`, `ACCEPTED`, `DECLINED` or `EXPIRED`.
    pub(in crate::sandbox) state: String,
    pub(in crate::sandbox) requested: u64,
    pub(in crate::sandbox) notes: Option<String>,
    pub(in crate::sandbox) tags: Tags,
}

/// A policy of any type.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Policy {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: String,
    /// As the API names it, such as `SERVICE_CONTROL_POLICY`.
    #[serde(rename = "type")]
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) content: String,
    pub(in crate::sandbox) aws_managed: bool,
    /// The ids of the root, units and accounts that it is attached to.
    pub(in crate::sandbox) targets: BTreeSet<String>,
}

impl Organization {
    /// A new id: `prefix` and `length` characters. The same calls give the same ids.
    pub(super) fn new_id(&mut self, prefix: &str, length: usize) -> String {
        self.sequence += 1;
        format!("{prefix}{}", characters(&format!("{}/{}", self.id, self.sequence), length))
    }

    /// A new account id, which no account of the organization has. It comes from the email, so that accounts that are asked
    /// for at once have the same ids every time.
    pub(super) fn new_account_id(&mut self, email: &str) -> String {
        let mut seed = format!("{}/{}", self.id, email.to_lowercase());
        loop {
            self.sequence += 1;
            let id = format!("2{}", digits(&seed, 11));
            if !self.accounts.contains_key(&id) {
                return id;
            }
            seed.push('/');
        }
    }

    /// Whether accounts and units can be put there.
    pub(super) fn is_parent(&self, id: &str) -> bool {
        id == self.root || self.units.contains_key(id)
    }

    /// Whether policies can be attached there.
    pub(super) fn is_target(&self, id: &str) -> bool {
        self.is_parent(id) || self.accounts.contains_key(id)
    }

    /// The root, every unit and every account.
    pub(super) fn targets(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.root).chain(self.units.keys()).chain(self.accounts.keys())
    }

    /// The parent of a unit or an account.
    pub(in crate::sandbox) fn parent(&self, id: &str) -> Option<&str> {
        let unit = self.units.get(id).map(|unit| unit.parent.as_str());
        unit.or_else(|| self.accounts.get(id).map(|account| account.parent.as_str()))
    }

    /// How many units lie between the root and `id`, itself included; 0 for the root.
    pub(super) fn depth(&self, id: &str) -> usize {
        std::iter::successors(self.units.get(id), |unit| self.units.get(&unit.parent)).count()
    }

    /// Puts a new account or unit into the organization's care: while policies of a type are enabled, AWS attaches
    /// its full-access policy to everything new.
    pub(super) fn attach_full_access(&mut self, target: &str) {
        let enabled = &self.policy_types;
        let managed = self.policies.values_mut().filter(|policy| policy.aws_managed && enabled.contains(&policy.kind));
        for policy in managed {
            policy.targets.insert(target.to_owned());
        }
    }

    /// Takes all trace of a unit or an account that is gone: attachments and tags.
    pub(super) fn forget(&mut self, id: &str) {
        self.tags.remove(id);
        for policy in self.policies.values_mut() {
            policy.targets.remove(id);
        }
    }

    /// How many policies of a type are attached to a target.
    pub(super) fn attached(&self, kind: &str, target: &str) -> usize {
        let attached = |policy: &&Policy| policy.kind == kind && policy.targets.contains(target);
        self.policies.values().filter(attached).count()
    }
}
