use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Address, Change, Desired, Observed};

/// Which account is where, before and after the plan.
pub(super) struct Places {
    pub before: BTreeMap<Address, Address>,
    pub after: BTreeMap<Address, Address>,
    management: Option<Address>,
    /// Where each policy, permission set, group or stack set has a hold, before or after.
    targets: BTreeMap<Address, BTreeSet<Address>>,
}

impl Places {
    pub fn new(desired: &Desired, observed: &Observed) -> Places {
        let (before, after) = (observed.accounts.clone(), observed.accounts_after(desired));
        let management =
            observed.bindings.id(&Address::management()).and_then(|id| observed.bindings.address(id)).cloned();
        let mut targets: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
        let wanted = desired.resources.values().map(|it| (&it.address, &it.needs));
        let found = observed.found.values().map(|it| (&it.address, &it.hangs_on));
        for (address, on) in wanted.chain(found) {
            if address.prefix() == STACK_SET {
                targets.entry(address.clone()).or_default().extend(units(on).cloned());
            }
            let Some((_, target)) = address.hanging() else { continue };
            for what in on.iter().filter(|what| **what != target) {
                targets.entry(what.clone()).or_default().insert(target.clone());
            }
        }
        Places { before, after, management, targets }
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
        self.after.iter().filter(|(_, parent)| parent.is_below(place)).map(|(account, _)| account).collect()
    }

    /// The accounts that a change reaches.
    pub fn reached(&self, change: &Change) -> BTreeSet<&Address> {
        let never_reach_management = ["scp", "rcp", STACK_SET];
        let unbound = |account: &&Address| {
            !(self.is_management(account) && never_reach_management.contains(&change.address.prefix()))
        };
        let places = self.touched(change);
        places.iter().flat_map(|place| self.within(place)).filter(unbound).collect()
    }

    fn touched(&self, change: &Change) -> Vec<Address> {
        if let Some((_, target)) = change.address.hanging() {
            return vec![target];
        }
        if matches!(change.kind.as_str(), "policy" | "permission-set" | "group" | STACK_SET) {
            return self.targets.get(&change.address).into_iter().flatten().cloned().collect();
        }
        match (change.address.prefix(), &change.parent) {
            ("account" | "ou", _) => vec![change.address.clone()],
            (_, Some(parent)) if parent.prefix() == "account" => vec![parent.clone()],
            (_, Some(parent)) if *parent == Address::management() => self.management.iter().cloned().collect(),
            _ => vec![Address::root()],
        }
    }
}

/// The kind of what makes stacks in units, and what its addresses begin with.
pub(super) const STACK_SET: &str = "stack-set";

/// Those of a stack set's needs, or of what it hangs on, whose accounts get stacks.
pub(super) fn units<'a>(needs: impl IntoIterator<Item = &'a Address>) -> impl Iterator<Item = &'a Address> {
    needs.into_iter().filter(|need| matches!(need.prefix(), "ou" | "root"))
}

#[cfg(test)]
mod tests;
