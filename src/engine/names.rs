//! Names that change hands in a circle. AWS takes no name twice beside each other, so one of a circle goes first, and anyone who
//! has its new name is called by a temporary one for a while.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, Names, Note};

/// The changes that take a name which is still in use: one of each circle. The kind's write makes room for them.
pub(super) fn first_in_circles(changes: &[Change]) -> BTreeSet<Address> {
    circles(changes).into_iter().map(|circle| circle.first).collect()
}

/// What a reader should know of names that are in use only for a while.
pub(super) fn notes(changes: &[Change]) -> Vec<Note> {
    let note = |circle: Circle| Note {
        what: format!(
            "names change in a circle: {} has a temporary name, landing-temporary-…, until its own is free",
            circle.moves_aside
        ),
        about: vec![circle.first, circle.moves_aside.clone()],
        address: Some(circle.moves_aside),
    };
    circles(changes).into_iter().map(note).collect()
}

struct Circle {
    first: Address,
    moves_aside: Address,
}

/// A name where it must be the only one.
type Slot<'a> = (&'a str, Option<&'a Address>, &'a str, &'a str);

/// Whose name each change takes, where another change frees it.
pub(super) fn holders(changes: &[Change]) -> BTreeMap<&Address, &Address> {
    let freed: BTreeMap<Slot<'_>, &Address> =
        changes.iter().filter_map(|change| Some((slot(change, Side::Before)?, &change.address))).collect();
    changes.iter().filter_map(|change| Some((&change.address, *freed.get(&slot(change, Side::After)?)?))).collect()
}

fn circles(changes: &[Change]) -> Vec<Circle> {
    let taken_from = holders(changes);
    let mut seen = BTreeSet::new();
    taken_from.keys().filter_map(|start| circle(start, &taken_from, &mut seen)).collect()
}

enum Side {
    Before,
    After,
}

/// Accounts may share a name; units beside each other and policies of one type may not.
fn slot(change: &Change, side: Side) -> Option<Slot<'_>> {
    let renames = change.action != Action::Delete && change.kind_info().names == Names::Exchangeable;
    let field = change.field("name").filter(|_| renames)?;
    let name = match side {
        Side::Before => &field.before,
        Side::After => &field.after,
    };
    Some((&change.kind, change.parent.as_ref(), change.address.prefix(), name.as_str()?))
}

/// The circle that `start` is the first of, in the order of addresses.
fn circle<'a>(
    start: &&'a Address,
    taken_from: &BTreeMap<&'a Address, &'a Address>,
    seen: &mut BTreeSet<&'a Address>,
) -> Option<Circle> {
    let mut at = *start;
    let mut path = BTreeSet::new();
    while path.insert(at) {
        at = taken_from.get(at)?;
    }
    let is_new = at == *start && path.is_disjoint(seen);
    seen.extend(path);
    let moves_aside = (*taken_from.get(at)?).clone();
    is_new.then(|| Circle { first: at.clone(), moves_aside })
}

#[cfg(test)]
mod tests;
