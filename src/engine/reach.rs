use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::{OfKind, kind};
use crate::model::{Address, Body, Change, Desired, Observed, Reach, Role};

/// Which account is where, before and after the plan.
pub(super) struct Places {
    pub before: BTreeMap<Address, Address>,
    pub after: BTreeMap<Address, Address>,
    /// The accounts after the plan, by what they are in.
    inside: BTreeMap<Address, Vec<Address>>,
    management: Option<Address>,
    /// Where each policy, permission set, group or stack set has a hold, before or after.
    targets: BTreeMap<Address, BTreeSet<Address>>,
    /// The accounts that stack sets leave out, before and after.
    left_out: BTreeMap<Address, BTreeSet<Address>>,
}

impl Places {
    pub fn new(desired: &Desired, observed: &Observed) -> Places {
        let (before, after) = (observed.accounts.clone(), observed.accounts_after(desired));
        let management =
            observed.bindings.id(&Address::management()).and_then(|id| observed.bindings.address(id)).cloned();
        let mut targets: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
        let wanted = desired.resources.values().map(|it| (&it.address, &it.needs));
        let found = observed.found.values().map(|it| (&it.address, &it.attached_to));
        for (address, on) in wanted.chain(found) {
            if address.is_stack_set() {
                targets.entry(address.clone()).or_default().extend(units(on).cloned());
            }
            let Some((_, target)) = address.split_target() else { continue };
            for what in on.iter().filter(|what| **what != target) {
                targets.entry(what.clone()).or_default().insert(target.clone());
            }
        }
        let mut inside: BTreeMap<Address, Vec<Address>> = BTreeMap::new();
        for (account, parent) in &after {
            inside.entry(parent.clone()).or_default().push(account.clone());
        }
        Places { before, after, inside, management, targets, left_out: left_out(desired, observed) }
    }

    /// Whether this is the management account, which no service control policy binds.
    pub fn is_management(&self, account: &Address) -> bool {
        self.management.as_ref() == Some(account)
    }

    /// The management account, once the organization is there.
    pub fn management(&self) -> Option<&Address> {
        self.management.as_ref()
    }

    /// The accounts at or below `place` after the plan.
    pub fn within(&self, place: &Address) -> BTreeSet<&Address> {
        if let Some((account, _)) = self.after.get_key_value(place) {
            return BTreeSet::from([account]);
        }
        if place.is_root() || place.is_organization() {
            return self.after.keys().collect();
        }
        let below = format!("{place}/");
        let units =
            self.inside.range(Address::parse(&below)..).take_while(|(unit, _)| unit.as_str().starts_with(&below));
        self.inside.get(place).into_iter().chain(units.map(|(_, accounts)| accounts)).flatten().collect()
    }

    /// The accounts that a change reaches.
    pub fn reached(&self, change: &Change) -> BTreeSet<&Address> {
        let spares_management = change.address.is_control_policy() || change.is_a(Role::StackSet);
        let unbound = |account: &&Address| !(spares_management && self.is_management(account));
        let places = self.touched(change);
        let left_out = self.left_out.get(&change.address);
        let is_in = |account: &&Address| left_out.is_none_or(|left_out| !left_out.contains(*account));
        places.iter().flat_map(|place| self.within(place)).filter(unbound).filter(is_in).collect()
    }

    /// Whether a change is one of a policy, and no account is where it applies, before or after the plan: nothing that runs can
    /// notice it.
    pub fn binds_no_account(&self, change: &Change) -> bool {
        if !change.is_a(Role::Policy) && !change.is_a(Role::Attachment) || !self.reached(change).is_empty() {
            return false;
        }
        let places = self.touched(change);
        let was_there = |(account, parent): (&Address, &Address)| {
            let spared = change.address.is_control_policy() && self.is_management(account);
            !spared && places.iter().any(|place| account == place || parent.is_below(place))
        };
        !self.before.iter().any(was_there)
    }

    fn touched(&self, change: &Change) -> Vec<Address> {
        if let Some((_, target)) = change.address.split_target() {
            return vec![target];
        }
        match change.kind_info().reach {
            Reach::Targets => self.targets.get(&change.address).into_iter().flatten().cloned().collect(),
            Reach::Itself => vec![change.address.clone()],
            Reach::Container => self.around(change),
        }
    }

    fn around(&self, change: &Change) -> Vec<Address> {
        match &change.parent {
            Some(parent) if parent.is_account() => vec![parent.clone()],
            Some(parent) if parent.is_management() => self.management.iter().cloned().collect(),
            _ => vec![Address::root()],
        }
    }
}

/// The accounts that stack sets neither have stacks in nor are to have.
fn left_out(desired: &Desired, observed: &Observed) -> BTreeMap<Address, BTreeSet<Address>> {
    let of = |name: &str, body: &Body| kind(name).map(|kind| kind.leaves_out(body)).unwrap_or_default();
    let wanted = desired.resources.values().filter(|wanted| wanted.address.is_stack_set());
    let mut left_out: BTreeMap<Address, BTreeSet<Address>> =
        wanted.map(|wanted| (wanted.address.clone(), of(&wanted.kind, &wanted.body))).collect();
    for found in observed.found.values().filter(|found| found.address.is_stack_set()) {
        let before = of(&found.kind, &found.body);
        left_out
            .entry(found.address.clone())
            .and_modify(|after| after.retain(|it| before.contains(it)))
            .or_insert(before);
    }
    left_out
}

/// Those of a stack set's needs, or of what it hangs on, whose accounts get stacks.
pub(super) fn units<'a>(needs: impl IntoIterator<Item = &'a Address>) -> impl Iterator<Item = &'a Address> {
    needs.into_iter().filter(|need| need.is_root_or_unit())
}

#[cfg(test)]
mod tests;
