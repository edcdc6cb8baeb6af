//! What Organizations keeps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::readiness::{LateService, Readiness};
use super::watched::{IndexedMap, Watch};
use crate::ids::{characters, digits};
use crate::tags::Tags;

/// An organization and its resources, by their ids.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) partition: String,
    /// The management account's id.
    pub(crate) management: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub(crate) feature_set: String,
    /// Whether it still answers FinalizingOrganizationException.
    pub(crate) finalizing: bool,
    /// Whether it still refuses accounts for which it has places.
    pub(crate) without_places: bool,
    pub(crate) root: String,
    /// The policy types enabled in the root.
    pub(crate) policy_types: BTreeSet<String>,
    /// Those being enabled or disabled: `PENDING_ENABLE`, `PENDING_DISABLE`.
    pub(crate) pending_policy_types: BTreeMap<String, String>,
    pub(crate) units: BTreeMap<String, Unit>,
    pub(crate) accounts: IndexedMap<Account>,
    pub(crate) creations: IndexedMap<Creation>,
    pub(crate) handshakes: BTreeMap<String, Handshake>,
    pub(crate) policies: BTreeMap<String, Policy>,
    /// The organization's own resource policy.
    pub(crate) resource_policy: Option<ResourcePolicy>,
    /// Services with trusted access, and since when.
    pub(crate) trusted_services: BTreeMap<String, u64>,
    /// Services with trusted access that switched it themselves, and so are ready to use it.
    pub(crate) integrated_services: BTreeSet<String>,
    /// Services of these that are not ready to use it yet.
    pub(crate) onboarding_services: BTreeSet<String>,
    /// Features of central root access that IAM has switched on.
    pub(crate) root_access: BTreeSet<String>,
    /// Delegated administrators by account: their services, and since when.
    pub(crate) delegated: BTreeMap<String, BTreeMap<String, u64>>,
    /// Tags by the id of the root, unit, account, policy or resource policy.
    pub(crate) tags: BTreeMap<String, Tags>,
    /// What is wrong with effective policies, as the API shows it: by type and account.
    pub(crate) invalid_policies: BTreeMap<String, BTreeMap<String, Vec<serde_json::Value>>>,
    /// When accounts were closed, for the quota of closures.
    pub(crate) closures: Vec<u64>,
    /// How many ids were given out.
    pub(crate) sequence: u64,
}

/// An organizational unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) parent: String,
}

/// A member account or the management account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
    /// As the API names it: `ACTIVE`, `PENDING_CLOSURE`, `SUSPENDED` …
    pub(crate) state: String,
    /// `CREATED` or `INVITED`.
    pub(crate) joined_method: String,
    pub(crate) joined: u64,
    pub(crate) parent: String,
    /// How far it can be used.
    pub(crate) readiness: Readiness,
    /// What does not know yet that it is a member.
    pub(crate) unknown_to: BTreeSet<LateService>,
    /// Whether reads do not show it yet.
    pub(crate) unseen: bool,
}

/// A request to create an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Creation {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) tags: Tags,
    /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub(crate) state: String,
    pub(crate) requested: u64,
    pub(crate) completed: Option<u64>,
    /// Whether reads do not show the request yet.
    pub(crate) unseen: bool,
    pub(crate) account: Option<String>,
    pub(crate) failure: Option<String>,
}

pub(crate) const PENDING_CLOSURE: &str = "PENDING_CLOSURE";
pub(crate) const IN_PROGRESS: &str = "IN_PROGRESS";

impl Watch for Account {
    fn is_open(&self) -> bool {
        let is_new = self.readiness != Readiness::Ready || !self.unknown_to.is_empty() || self.unseen;
        is_new || self.state == PENDING_CLOSURE
    }

    /// No two accounts have one address.
    fn name(&self) -> Option<String> {
        Some(self.email.to_ascii_lowercase())
    }
}

impl Watch for Creation {
    fn is_open(&self) -> bool {
        self.state == IN_PROGRESS || self.unseen
    }
}

/// An invitation to an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Handshake {
    /// `INVITE` or `ENABLE_ALL_FEATURES`.
    pub(crate) action: String,
    /// The account that is invited.
    pub(crate) account: String,
    /// `ACCOUNT` or `EMAIL`: how the invitation named the account; `ORGANIZATION` where the management account answers.
    pub(crate) party: String,
    /// `OPEN`, `CANCELED`, `ACCEPTED`, `DECLINED` or `EXPIRED`.
    pub(crate) state: String,
    pub(crate) requested: u64,
    pub(crate) notes: Option<String>,
    pub(crate) tags: Tags,
}

/// A policy of any type.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) description: String,
    /// As the API names it, such as `SERVICE_CONTROL_POLICY`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) content: String,
    pub(crate) aws_managed: bool,
    /// The ids of the root, units and accounts that it is attached to.
    pub(crate) targets: BTreeSet<String>,
}

/// The resource policy of an organization.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ResourcePolicy {
    pub(crate) id: String,
    pub(crate) content: String,
}

impl Organization {
    /// A new id: `prefix` and `length` characters. The same calls give the same ids.
    pub(crate) fn new_id(&mut self, prefix: &str, length: usize) -> String {
        self.sequence += 1;
        format!("{prefix}{}", characters(&format!("{}/{}", self.id, self.sequence), length))
    }

    /// A new account id, which no account of the organization has. It comes from the email, so that accounts that are asked
    /// for at once have the same ids every time.
    pub(crate) fn new_account_id(&mut self, email: &str) -> String {
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
    pub(crate) fn is_parent(&self, id: &str) -> bool {
        id == self.root || self.units.contains_key(id)
    }

    /// Whether policies can be attached there.
    pub(crate) fn is_target(&self, id: &str) -> bool {
        self.is_parent(id) || self.accounts.contains_key(id)
    }

    /// The root, every unit and every account.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.root).chain(self.units.keys()).chain(self.accounts.keys())
    }

    /// The parent of a unit or an account.
    pub(crate) fn parent(&self, id: &str) -> Option<&str> {
        let unit = self.units.get(id).map(|unit| unit.parent.as_str());
        unit.or_else(|| self.accounts.get(id).map(|account| account.parent.as_str()))
    }

    /// How many units lie between the root and `id`, itself included; 0 for the root.
    pub(crate) fn depth(&self, id: &str) -> usize {
        std::iter::successors(self.units.get(id), |unit| self.units.get(&unit.parent)).count()
    }

    /// Puts a new account or unit into the organization's care: while policies of a type are enabled, AWS attaches
    /// its full-access policy to everything new.
    pub(crate) fn attach_full_access(&mut self, target: &str) {
        let enabled = &self.policy_types;
        let managed = self.policies.values_mut().filter(|policy| policy.aws_managed && enabled.contains(&policy.kind));
        for policy in managed {
            policy.targets.insert(target.to_owned());
        }
    }

    /// Takes all trace of a unit or an account that is gone: attachments and tags.
    pub(crate) fn forget(&mut self, id: &str) {
        self.tags.remove(id);
        for policy in self.policies.values_mut() {
            policy.targets.remove(id);
        }
    }

    /// How many policies of a type are attached to a target.
    pub(crate) fn attached(&self, kind: &str, target: &str) -> usize {
        let attached = |policy: &&Policy| policy.kind == kind && policy.targets.contains(target);
        self.policies.values().filter(attached).count()
    }
}

impl Organization {
    /// Gives a service trusted access by the service's own call, which also makes it ready.
    pub(crate) fn integrate(&mut self, service: &str, now: u64) {
        self.trusted_services.entry(service.to_owned()).or_insert(now);
        self.integrated_services.insert(service.to_owned());
    }

    /// The same, where it takes the service a while to be ready.
    pub(crate) fn onboard(&mut self, service: &str, now: u64) {
        if !self.integrated_services.contains(service) {
            self.onboarding_services.insert(service.to_owned());
        }
        self.integrate(service, now);
    }

    /// Takes a service's trusted access. AWS does not say what becomes of its delegated administrators; here they go
    /// with it.
    pub(crate) fn part(&mut self, service: &str) {
        self.trusted_services.remove(service);
        self.integrated_services.remove(service);
        self.onboarding_services.remove(service);
        for services in self.delegated.values_mut() {
            services.remove(service);
        }
        self.delegated.retain(|_, services| !services.is_empty());
    }
}
