use std::collections::{BTreeMap, BTreeSet};

use crate::model::Address;

/// Why a change needs another one. Of several reasons the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DependencyReason {
    /// The other one is a stack, and an output of it is used.
    Output,
    /// The other one takes over what this one denies or gives.
    Denial,
    /// The other one has the name now.
    Name,
    /// It cannot be made without the other one.
    Requirement,
}

/// Which changes come before which.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    needs: BTreeMap<Address, BTreeMap<Address, DependencyReason>>,
    after: BTreeMap<Address, BTreeSet<Address>>,
}

impl Sequence {
    /// `change` is made only once `other` has succeeded.
    pub fn need(&mut self, change: &Address, other: Address, because: DependencyReason) {
        if *change != other {
            let reason = self.needs.entry(change.clone()).or_default().entry(other).or_insert(because);
            *reason = because.min(*reason);
        }
    }

    /// `change` is made only once `other` has ended.
    pub fn follow(&mut self, change: &Address, other: Address) {
        if *change != other {
            self.after.entry(change.clone()).or_default().insert(other);
        }
    }

    /// What a change needs, and what else it comes after.
    pub fn of(&self, change: &Address) -> (Vec<Address>, Vec<Address>) {
        let needs: Vec<Address> = self.needs.get(change).into_iter().flat_map(BTreeMap::keys).cloned().collect();
        let after = self.after.get(change).into_iter().flatten().filter(|it| !needs.contains(it)).cloned().collect();
        (needs, after)
    }

    /// Every change that waits for another one.
    pub fn waiting(&self) -> BTreeSet<&Address> {
        self.needs.keys().chain(self.after.keys()).collect()
    }

    /// What a change waits for directly, and why, where it needs that.
    pub fn awaited(&self, change: &Address) -> impl Iterator<Item = (&Address, Option<DependencyReason>)> {
        let needs = self.needs.get(change).into_iter().flatten().map(|(other, because)| (other, Some(*because)));
        let after = self.after.get(change).into_iter().flatten().map(|other| (other, None));
        needs.chain(after)
    }

    /// Whether `change` waits for `other`, directly or through others.
    pub fn waits_for(&self, change: &Address, other: &Address) -> bool {
        let (mut open, mut seen) = (vec![change], BTreeSet::new());
        while let Some(at) = open.pop() {
            if at == other {
                return true;
            }
            if seen.insert(at) {
                open.extend(self.awaited(at).map(|(next, _)| next));
            }
        }
        false
    }
}
