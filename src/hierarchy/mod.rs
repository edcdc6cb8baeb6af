//! The organization's tree with the service and resource control policies on it: what decides for each account.
//!
//! A value of the model's addresses and of `policy`'s documents; where it comes from, a blueprint, the live organization
//! or a plan, is not its business.

mod expectation;
mod identity_center;
mod question;

use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{AttachedPolicy, Level, Policy, PolicyType};
use serde_json::Value;

use crate::model::{Address, Bindings, Desired, Presence, body_content};

pub use expectation::{Broken, because, broken};
pub use question::is_of_any_account;

/// Who is where, and which policies hold there.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    /// Each account's unit, or the root.
    accounts: BTreeMap<Address, Address>,
    management: Option<Address>,
    policies: BTreeMap<Address, AttachedPolicy>,
    /// What is attached to the root, a unit or an account.
    on: BTreeMap<Address, BTreeSet<Address>>,
    bindings: Bindings,
    partition: String,
    home_region: String,
    global_region: String,
    identity_center: identity_center::Region,
}

impl Hierarchy {
    /// The tree alone: FullAWSAccess is everywhere, nothing else is attached. Accounts that have no id yet, and the
    /// organization itself, get one that stands for it.
    #[must_use]
    pub fn new(
        desired: &Desired,
        accounts: BTreeMap<Address, Address>,
        management: Option<Address>,
        mut bindings: Bindings,
    ) -> Hierarchy {
        let new = accounts.keys().filter(|account| bindings.id(account).is_none()).cloned().collect::<Vec<_>>();
        for (nth, account) in new.into_iter().enumerate() {
            bindings.bind(account, format!("{:012}", nth + 1));
        }
        for (address, stands_for) in [
            (Address::organization(), "o-organization"),
            (Address::root(), "r-root"),
            (Address::management(), "0".repeat(12).as_str()),
        ] {
            if bindings.id(&address).is_none() {
                bindings.bind(address, stands_for);
            }
        }
        bind_units(desired, &accounts, &mut bindings);
        let settings = &desired.settings;
        let mut hierarchy = Hierarchy {
            accounts,
            management,
            bindings,
            partition: settings.partition().into(),
            home_region: settings.home_region.clone(),
            global_region: settings.global_region().into(),
            ..Hierarchy::default()
        };
        let everything = serde_json::json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        hierarchy.learn(&full_access(), &everything);
        let mut places: BTreeSet<Address> = hierarchy.accounts.keys().cloned().collect();
        places.extend(hierarchy.accounts.values().flat_map(Address::path));
        let known = hierarchy.bindings.iter().map(|(place, _)| place);
        let wanted = desired.of(Address::is_unit).map(|unit| &unit.address);
        places.extend(known.chain(wanted).filter(|place| place.is_root_or_unit()).cloned());
        for place in places {
            hierarchy.attach(full_access(), place);
        }
        hierarchy
    }

    /// What a blueprint says by itself, without what others attach.
    #[must_use]
    pub fn declared(desired: &Desired) -> Hierarchy {
        Hierarchy::declared_as(desired, Bindings::default())
    }

    /// The same, where the ids of some resources are known.
    #[must_use]
    pub fn declared_as(desired: &Desired, bindings: Bindings) -> Hierarchy {
        let accounts = desired.of(Address::is_account).filter(|wanted| wanted.presence == Presence::Present);
        let accounts = accounts.map(|it| (it.address.clone(), it.parent.clone().unwrap_or_else(Address::root)));
        let mut hierarchy = Hierarchy::new(desired, accounts.collect(), None, bindings);
        for policy in desired.of(|address| address.is_control_policy() && address.split_target().is_none()) {
            hierarchy.learn(&policy.address, body_content(&policy.body).unwrap_or(&Value::Null));
        }
        for attachment in desired.of(|address| address.split_target().is_some() && address.assigned().is_none()) {
            let Some((policy, target)) = attachment.address.split_target() else { continue };
            match attachment.presence {
                Presence::Present => hierarchy.attach(policy, target),
                Presence::Absent => hierarchy.detach(&policy, &target),
            }
        }
        hierarchy
    }

    /// Says what a policy says, its references resolved. One that cannot be read by the rules cannot be decided by them
    /// either, and AWS would not take it.
    pub fn learn(&mut self, policy: &Address, content: &Value) {
        if policy_type(policy).is_none() {
            return;
        }
        if let Ok(read) = Policy::read(&self.bindings.resolve_value(content)) {
            self.identity_center.note(content);
            self.policies.insert(policy.clone(), AttachedPolicy { name: policy.to_string(), policy: read });
        }
    }

    /// Says where Identity Center's instance was found.
    pub fn found_identity_center(&mut self, region: Option<String>) {
        self.identity_center.found(region);
    }

    /// Attaches a policy.
    pub fn attach(&mut self, policy: Address, target: Address) {
        self.on.entry(target).or_default().insert(policy);
    }

    /// Detaches a policy.
    pub fn detach(&mut self, policy: &Address, target: &Address) {
        if let Some(on) = self.on.get_mut(target) {
            on.remove(policy);
        }
    }

    /// Takes over from `other` what its policies say and what is attached to its places.
    pub fn attached_as(&mut self, other: &Hierarchy) {
        self.identity_center.extend(&other.identity_center);
        self.policies.extend(other.policies.clone());
        self.on.extend(other.on.clone());
    }

    /// The same where `after` is wanted in place of `before`: policies that say something else, and other attachments.
    #[must_use]
    pub fn rewritten(&self, before: &Desired, after: &Desired) -> Hierarchy {
        let mut hierarchy = self.clone();
        let is_policy = |address: &Address| address.is_control_policy() && address.split_target().is_none();
        for policy in after.of(is_policy) {
            let content = body_content(&policy.body).unwrap_or(&Value::Null);
            if before.get(&policy.address).and_then(|it| body_content(&it.body)) != Some(content) {
                hierarchy.learn(&policy.address, content);
            }
        }
        let attachments = |desired: &Desired| -> BTreeSet<(Address, Address)> {
            let present = desired.resources.values().filter(|wanted| wanted.presence == Presence::Present);
            let policies = present.filter(|wanted| wanted.address.is_control_policy());
            policies.filter_map(|wanted| wanted.address.split_target()).collect()
        };
        let (old, new) = (attachments(before), attachments(after));
        new.difference(&old).for_each(|(policy, target)| hierarchy.attach(policy.clone(), target.clone()));
        old.difference(&new).for_each(|(policy, target)| hierarchy.detach(policy, target));
        hierarchy
    }

    /// A policy with its references resolved, if it can be read by the rules.
    #[must_use]
    pub fn read(&self, content: &Value) -> Option<Policy> {
        Policy::read(&self.bindings.resolve_value(content)).ok()
    }

    /// What a policy says, its references resolved.
    #[must_use]
    pub fn policy(&self, address: &Address) -> Option<&Policy> {
        self.policies.get(address).map(|attached| &attached.policy)
    }

    /// The resource that AWS knows by this id.
    #[must_use]
    pub fn called(&self, id: &str) -> Option<&Address> {
        self.bindings.address(id)
    }

    /// AWS's id of a resource, if it is known.
    #[must_use]
    pub fn known_id(&self, address: &Address) -> Option<&str> {
        self.bindings.id(address)
    }

    /// Every account of the organization.
    pub fn accounts(&self) -> impl Iterator<Item = &Address> {
        self.accounts.keys()
    }

    /// The unit of an account, or the root; a unit itself.
    fn unit_of<'a>(&'a self, place: &'a Address) -> Option<&'a Address> {
        self.accounts.get(place).or(Some(place).filter(|place| place.is_root_or_unit()))
    }

    /// The accounts at or below a place: the root, a unit, an account, or `management`.
    #[must_use]
    pub fn within(&self, place: &Address) -> Vec<&Address> {
        if *place == Address::management() {
            return self.management.iter().collect();
        }
        let is_there = |(account, parent): &(&Address, &Address)| *account == place || parent.is_below(place);
        self.accounts.iter().filter(is_there).map(|(account, _)| account).collect()
    }

    /// The places that a text may mean: `root`, `management`, an address, the path of a unit, the name or the id of an account.
    #[must_use]
    pub fn places_called(&self, text: &str) -> Vec<Address> {
        if *text == *Address::management().as_str() {
            return vec![Address::management()];
        }
        let is_called = |place: &Address| {
            let path = place.as_str().split_once('/').map(|(_, path)| path);
            place.as_str() == text || path == Some(text) || place.name() == text && place.is_account()
        };
        let by_id = self.account(text);
        let called = self.on.keys().filter(|place| is_called(place));
        called.chain(by_id).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The root, every unit that is known and every account.
    pub fn places(&self) -> impl Iterator<Item = &Address> {
        self.on.keys()
    }

    /// An account's id, or what stands for it; that of any account in a unit.
    #[must_use]
    pub fn id<'a>(&'a self, account: &'a Address) -> &'a str {
        self.bindings.id(account).unwrap_or(account.as_str())
    }

    /// The organization's id, or what stands for it.
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        self.bindings.id(&Address::organization()).map(str::to_owned)
    }

    /// The names of accounts by their ids.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, String> {
        self.accounts.keys().map(|account| (self.id(account).to_owned(), account.name())).collect()
    }

    /// The account with this id, if it is in the organization.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Address> {
        self.bindings.address(id).filter(|address| self.accounts.contains_key(*address))
    }

    /// Whether this is the management account, whose principals and resources no such policy binds.
    #[must_use]
    pub fn is_management(&self, account: &Address) -> bool {
        self.management.as_ref() == Some(account)
    }

    /// The policies of a type on the way from the root to an account, the places called by their addresses; for a unit, on
    /// the way to any account that may come there. Nothing for an account that is not in the organization.
    #[must_use]
    pub fn levels(&self, account: &Address, policy_type: PolicyType) -> Vec<Level> {
        let Some(unit) = self.unit_of(account) else { return Vec::new() };
        let mut places = unit.path();
        if unit != account {
            places.push(account.clone());
        }
        let prefix = policy_type.address_prefix();
        let level = |place: &Address| {
            let on = self.on.get(place).into_iter().flatten().filter(|policy| policy.prefix() == prefix);
            Level {
                id: place.to_string(),
                policies: on.filter_map(|policy| self.policies.get(policy).cloned()).collect(),
            }
        };
        places.iter().map(level).collect()
    }
}

/// Units that have no id yet get one that stands for it: policies may name them by their paths.
fn bind_units(desired: &Desired, accounts: &BTreeMap<Address, Address>, bindings: &mut Bindings) {
    let wanted = desired.of(Address::is_unit).map(|unit| unit.address.clone());
    let units: BTreeSet<Address> = accounts.values().flat_map(Address::path).chain(wanted).collect();
    for unit in units.into_iter().filter(Address::is_unit) {
        if bindings.id(&unit).is_none() {
            bindings.bind(unit.clone(), unit.to_string());
        }
    }
}

/// AWS's own policy that is on every target unless an allow-list takes its place.
#[must_use]
pub fn full_access() -> Address {
    Address::new(PolicyType::ServiceControl.address_prefix(), ["FullAWSAccess"])
}

/// The type of a policy that decides about requests.
fn policy_type(policy: &Address) -> Option<PolicyType> {
    let known = PolicyType::from_address_prefix(policy.prefix());
    known.filter(|it| matches!(it, PolicyType::ServiceControl | PolicyType::ResourceControl))
}

#[cfg(test)]
mod tests;
