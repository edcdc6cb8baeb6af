//! Which service and resource control policies hold where, before and after a plan.

use std::collections::BTreeSet;

use landing_policy::{AccountPolicies, PolicyType, ReplayPolicies, Sides};

use super::reach::Places;
use crate::facts::Look;
use crate::hierarchy::{Hierarchy, full_access};
use crate::kinds::read::{PolicyContent, TargetsOf};
use crate::kinds::{OfKind, of_role};
use crate::model::{Action, Address, Change, Desired, Observed, Role, body_content};

/// The organization as it is and as it will be.
#[derive(Clone, Debug)]
pub struct Hierarchies {
    /// As it is.
    pub before: Hierarchy,
    /// As it will be once every change is made.
    pub after: Hierarchy,
}

impl Hierarchies {
    /// `None` while something of it is being asked: what every policy says and what it is attached to, others' too, and where
    /// FullAWSAccess is.
    pub(super) fn look(
        desired: &Desired,
        observed: &Observed,
        places: &Places,
        changes: &[Change],
        look: &Look<'_>,
    ) -> Option<Hierarchies> {
        let management = places.management().cloned();
        let mut before = Hierarchy::new(desired, places.before.clone(), management.clone(), observed.bindings.clone());
        before.found_identity_center(observed.identity_center_region.clone());
        attach_found(&mut before, observed, look)?;
        for place in without_full_access(desired, observed, look)? {
            before.detach(&full_access(), &place);
        }
        // What is new has FullAWSAccess, what was there has what it had, until changes are made.
        let mut after = Hierarchy::new(desired, places.after.clone(), management, observed.bindings.clone());
        after.found_identity_center(observed.identity_center_region.clone());
        after.attached_as(&before);
        for change in changes {
            make(change, desired, observed, &mut after);
        }
        Some(Hierarchies { before, after })
    }
}

impl Hierarchies {
    /// The same for every account that is there, as logs are replayed.
    #[must_use]
    pub fn to_replay(&self) -> ReplayPolicies {
        let policies = |account: &Address| {
            let sides = |policy_type| {
                Sides::new(self.before.levels(account, policy_type), self.after.levels(account, policy_type))
            };
            let scps = sides(PolicyType::ServiceControl);
            let path = self
                .after
                .organization_path(account)
                .filter(|after| self.before.organization_path(account).as_ref() == Some(after));
            let rcps = sides(PolicyType::ResourceControl);
            (self.before.id(account).to_owned(), AccountPolicies { scps, rcps, path })
        };
        let management = self.before.accounts().find(|account| self.before.is_management(account));
        let management = management.map(|account| self.before.id(account).to_owned());
        let accounts = self.before.accounts().map(policies).collect();
        ReplayPolicies::new(management, accounts).of_organization(self.before.organization())
    }
}

fn attach_found(hierarchy: &mut Hierarchy, observed: &Observed, look: &Look<'_>) -> Option<()> {
    let policies =
        observed.found.values().filter(|found| found.is_a(Role::Policy) && found.address.is_control_policy());
    // All is looked for before any of it is waited for, so that it is asked at once.
    let asked: Vec<_> = policies
        .map(|found| (found, look.at(TargetsOf(found.id.clone())), look.at(PolicyContent(found.id.clone()))))
        .collect();
    for (found, targets, content) in asked {
        hierarchy.learn(&found.address, content?);
        for target in targets?.iter().filter_map(|id| observed.bindings.address(id)) {
            hierarchy.attach(found.address.clone(), target.clone());
        }
    }
    Some(())
}

/// FullAWSAccess is everywhere unless it is known to be missing.
pub(super) fn without_full_access(
    desired: &Desired,
    observed: &Observed,
    look: &Look<'_>,
) -> Option<BTreeSet<Address>> {
    let hangs = |address: &Address| address.split_target().filter(|(policy, _)| *policy == full_access());
    let missing = of_role(desired, Role::Attachment).map(|wanted| &wanted.address);
    let missing = missing.filter(|address| !observed.found.contains_key(*address)).filter_map(hangs);
    let mut without: BTreeSet<Address> =
        missing.map(|(_, target)| target).filter(|it| is_there(it, observed)).collect();
    let enabled = observed.found.contains_key(&Address::policy_type(PolicyType::ServiceControl.api_name()));
    if let Some(id) = observed.bindings.id(&full_access()).filter(|_| enabled) {
        let targets: BTreeSet<&str> = look.at(TargetsOf(id.to_owned()))?.iter().map(String::as_str).collect();
        let places = observed.bindings.iter().filter(|(place, _)| place.is_place());
        without.extend(places.filter(|(_, id)| !targets.contains(id)).map(|(place, _)| place.clone()));
    }
    Some(without)
}

/// What is still to be made gets FullAWSAccess when it is made.
fn is_there(place: &Address, observed: &Observed) -> bool {
    observed.bindings.id(place).is_some()
}

fn make(change: &Change, desired: &Desired, observed: &Observed, after: &mut Hierarchy) {
    if let Some((policy, target)) = change.address.split_target() {
        return match change.action {
            Action::Delete => after.detach(&policy, &target),
            _ => after.attach(policy, target),
        };
    }
    let wanted = desired.get(&change.address).filter(|_| change.action != Action::Delete && change.is_a(Role::Policy));
    if let Some(content) = wanted.and_then(|wanted| body_content(&wanted.body)) {
        after.learn(&change.address, &observed.bindings.resolve_value(content));
    }
}

#[cfg(test)]
mod tests;
