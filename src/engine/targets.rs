//! What `--target` leaves of a plan: what is at or below the addresses, and what that needs.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::Differences;
use super::names::holders;
use crate::model::{Action, Address, Change, Desired, Manual, Observed, Owner};

/// A target at and below which there is nothing that the blueprint wants or landing has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The address as it was given.
    pub target: Address,
    /// The addresses that there are, in order.
    pub known: Vec<Address>,
}

/// Leaves of the differences what is meant, and says how many changes that leaves out.
pub(super) fn limit(
    differences: &mut Differences,
    targets: &[Address],
    desired: &Desired,
    observed: &Observed,
) -> usize {
    if targets.is_empty() {
        return 0;
    }
    let all = differences.changes.len();
    let meant = meant(&differences.changes, targets, desired, observed);
    differences.changes.retain(|change| meant.contains(&change.address));
    let place = Place { targets, desired };
    differences.waiting.retain(|waiting| place.holds_change(&waiting.change));
    differences.unchanged.retain(|(address, parent)| place.holds(address, parent.as_ref()));
    all - differences.changes.len()
}

/// What a person must do for what is meant.
pub(super) fn manual(
    manual: Vec<Manual>,
    differences: &Differences,
    targets: &[Address],
    desired: &Desired,
) -> Vec<Manual> {
    if targets.is_empty() {
        return manual;
    }
    let causes: BTreeSet<&Address> = differences.waiting.iter().map(|waiting| &waiting.waits_for).collect();
    let place = Place { targets, desired };
    let is_meant = |address: &Address| {
        let parent = desired.get(address).and_then(|wanted| wanted.parent.as_ref());
        causes.contains(address) || place.holds(address, parent)
    };
    manual.into_iter().filter(|manual| manual.address.as_ref().is_none_or(is_meant)).collect()
}

/// The targets that nothing is at or below, each with what exists.
pub(super) fn unmatched(targets: &[Address], desired: &Desired, observed: &Observed) -> Vec<Unmatched> {
    let wanted = desired.resources.values().map(|it| (&it.address, it.parent.as_ref()));
    let ours = observed.found.values().filter(|found| matches!(found.owner, Owner::This { .. }));
    let known: Vec<(&Address, Option<&Address>)> =
        wanted.chain(ours.map(|found| (&found.address, found.parent.as_ref()))).collect();
    let is_empty = |target: &&Address| {
        let place = Place { targets: std::slice::from_ref(target), desired };
        !known.iter().any(|(address, parent)| place.holds(address, *parent))
    };
    let names = || known.iter().flat_map(|(address, parent)| std::iter::once(*address).chain(*parent));
    let names = || names().cloned().collect::<BTreeSet<Address>>().into_iter().collect();
    targets.iter().filter(is_empty).map(|target| Unmatched { target: target.clone(), known: names() }).collect()
}

/// The changes that are meant, with all that they need.
fn meant(changes: &[Change], targets: &[Address], desired: &Desired, observed: &Observed) -> BTreeSet<Address> {
    let by_address: BTreeMap<&Address, &Change> = changes.iter().map(|change| (&change.address, change)).collect();
    let place = Place { targets, desired };
    let holders = holders(changes);
    let mut kept = BTreeSet::new();
    let mut open: Vec<Address> =
        changes.iter().filter(|change| place.holds_change(change)).map(|change| change.address.clone()).collect();
    while let Some(address) = open.pop() {
        let Some(change) = by_address.get(&address).filter(|_| kept.insert(address.clone())) else { continue };
        if change.action == Action::Delete {
            let attached = observed.found.values().filter(|found| found.attached_to.contains(&address));
            open.extend(attached.map(|found| found.address.clone()));
        }
        // A name is free once anyone who has it has another.
        open.extend(holders.get(&address).map(|holder| (*holder).clone()));
        if let Some(wanted) = desired.get(&address) {
            open.extend(wanted.needs.iter().chain(&wanted.parent).cloned());
        }
    }
    kept
}

/// What is at or below some addresses.
struct Place<'a> {
    targets: &'a [Address],
    desired: &'a Desired,
}

impl Place<'_> {
    fn holds_change(&self, change: &Change) -> bool {
        self.holds(&change.address, change.parent.as_ref())
    }

    /// Whether something is at a target or lies below one in the tree: a unit's accounts, what is attached to them and their
    /// contacts too.
    fn holds(&self, address: &Address, parent: Option<&Address>) -> bool {
        let mut place = Some(address);
        let mut above = parent;
        while let Some(at) = place {
            if self.targets.iter().any(|target| at.is_within(target)) {
                return true;
            }
            place = above;
            above = place.and_then(|place| self.desired.get(place)?.parent.as_ref());
        }
        false
    }
}
