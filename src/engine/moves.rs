//! What an account that goes to another unit finds there, and what it leaves behind.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Look;
use crate::hierarchy::full_access;
use crate::kinds::read::TargetsOf;
use crate::kinds::{Cover, OfKind, kind};
use crate::model::{Action, Address, Body, Change, Desired, Observed, Risk, Role};

/// Writes into the changes of accounts that move what they gain and lose by it. A move by which an account loses what
/// someone may be using is destructive.
pub(super) fn explain_moves(changes: &mut [Change], desired: &Desired, observed: &Observed, look: &Look<'_>) {
    let is_used = |change: &Change| change.action != Action::Delete && observed.has_open(&change.address);
    let moving = changes.iter().enumerate().filter(|(_, change)| is_used(change));
    let moves: Vec<(usize, Address, Address)> =
        moving.filter_map(|(nth, change)| Some((nth, from(change)?, to(change)?))).collect();
    if moves.is_empty() {
        return;
    }
    let before = Coverage::before(observed, look);
    let after = before.after(changes, desired, observed);
    for (nth, from, to) in moves {
        let change = &mut changes[nth];
        let had = before.of(&change.address, &from);
        let has = after.of(&change.address, &to);
        change.gains = has.keys().filter(|what| !had.contains_key(*what)).map(|what| (*what).clone()).collect();
        change.loses = had.keys().filter(|what| !has.contains_key(*what)).map(|what| (*what).clone()).collect();
        let taken = change.loses.iter().filter(|what| had[what]).map(ToString::to_string).collect::<Vec<_>>();
        if !taken.is_empty() {
            change.risk = change.risk.max(Risk::Destructive);
            change.reason = format!("{}; the move takes {} from it", change.reason, taken.join(", "));
        }
    }
}

fn from(change: &Change) -> Option<Address> {
    Some(Address::parse(parent(change)?.before.as_str()?))
}

fn to(change: &Change) -> Option<Address> {
    Some(Address::parse(parent(change)?.after.as_str()?))
}

fn parent(change: &Change) -> Option<&crate::model::FieldChange> {
    change.field("parent").filter(|_| change.address.is_account())
}

/// All that holds for accounts by their places, by the address of what it comes from.
#[derive(Clone)]
struct Coverage(BTreeMap<Address, Cover>);

impl Coverage {
    fn before(observed: &Observed, look: &Look<'_>) -> Coverage {
        let found = observed.found.values().filter_map(|found| {
            let cover = covers(observed, &found.kind, &found.address, &found.body)?;
            Some((found.address.clone(), cover))
        });
        let mut coverage = Coverage(found.collect());
        // Policies of others are not looked into, but they hold as well.
        for policy in observed.found.values().filter(|found| found.is_a(Role::Policy)) {
            for target in look.at(TargetsOf(policy.id.clone())).into_iter().flatten() {
                let Some(target) = observed.bindings.address(target) else { continue };
                let cover = Cover::of(policy.address.clone(), target.clone());
                coverage.0.entry(policy.address.at(target)).or_insert(cover);
            }
        }
        coverage
    }

    fn after(&self, changes: &[Change], desired: &Desired, observed: &Observed) -> Coverage {
        let mut after = self.clone();
        for change in changes {
            let wanted = desired.get(&change.address);
            let wanted = wanted.filter(|_| change.action != Action::Delete);
            let cover = wanted.and_then(|wanted| {
                covers(observed, &wanted.kind, &wanted.address, &observed.bindings.resolve(&wanted.body))
            });
            match cover {
                Some(cover) => after.0.insert(change.address.clone(), cover),
                None => after.0.remove(&change.address),
            };
        }
        after
    }

    /// What an account has under `parent`, and whether it would be missed.
    fn of(&self, account: &Address, parent: &Address) -> BTreeMap<&Address, bool> {
        let places: BTreeSet<Address> = parent.path().into_iter().chain([account.clone()]).collect();
        let here = self.0.values().filter(|cover| cover.places.iter().any(|place| places.contains(place)));
        here.map(|cover| (&cover.what, cover.is_taken_away)).collect()
    }
}

/// FullAWSAccess is on every account itself and on every new unit, so that no move gives or takes it; where an allow-list takes
/// its place, that is what is gained or lost.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
fn covers(observed: &Observed, kind_name: &str, address: &Address, body: &Body) -> Option<Cover> {
    let cover = kind(kind_name)?.covers(address, body, &observed.bindings)?;
    (cover.what != full_access()).then_some(cover)
}

#[cfg(test)]
mod tests;
