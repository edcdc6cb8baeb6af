//! What is alike is shown once: resources that are the same in several places, regions of one account, accounts and units of
//! one parent.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::{Apart, apart, generic};
use super::sentence::count;
use super::tree::{Hidden, Node, Shown};
use crate::model::{Action, Address, Change, Risk};

/// A change stands beside the tree where at least so many places have the same.
const SAME: usize = 3;

/// The same change in several places.
#[derive(Debug)]
pub(super) struct Alike<'p> {
    pub changes: Vec<&'p Change>,
    /// Their names, places and regions, in the same order.
    pub aparts: Vec<Apart>,
    /// What it is like in all of them.
    pub generic: Change,
}

/// Folds as little as makes a screenful or a few.
pub(super) fn fold<'p>(mut shown: Shown<'p>) -> Shown<'p> {
    let mut changes = Vec::new();
    each(&shown.tree, &mut |node| changes.extend(node.change));
    let alike = alike(&changes, SAME);
    let lifted: BTreeSet<&Address> =
        alike.iter().flat_map(|alike| &alike.changes).map(|change| &change.address).collect();
    take(&mut shown.tree, &lifted);
    join_regions(&mut shown.tree);
    shown.alike = alike;
    for limits in LIMITS {
        let rows = rows(&shown.tree);
        if rows > ROWS {
            shown.tree = folded(shown.tree, limits);
        }
    }
    shown
}

/// Changes that are the same in at least so many places, in the order of the first of each.
pub(super) fn alike<'p>(changes: &[&'p Change], least: usize) -> Vec<Alike<'p>> {
    let mut candidates: BTreeMap<_, Vec<(&'p Change, Apart)>> = BTreeMap::new();
    for change in changes {
        let mut apart = apart(change);
        if apart.place.is_none() {
            // What is only adopted is alike under any name.
            if change.action != Action::Adopt || !change.fields.is_empty() {
                continue;
            }
            apart.name = String::new();
        }
        let key = (change.kind.as_str(), change.action, change.risk, apart.name.clone());
        candidates.entry(key).or_default().push((change, apart));
    }
    let mut alike: Vec<Alike<'p>> = Vec::new();
    for group in candidates.into_values().filter(|group| group.len() >= least) {
        let mut kept: BTreeMap<String, Alike<'p>> = BTreeMap::new();
        for (change, apart) in group {
            let generic = generic(change, &apart);
            let own = kept.entry(print(&generic)).or_insert_with(|| Alike {
                changes: Vec::new(),
                aparts: Vec::new(),
                generic,
            });
            own.changes.push(change);
            own.aparts.push(apart);
        }
        alike.extend(kept.into_values().filter(|it| number_of_places(it) >= least));
    }
    alike.sort_by_key(|it| it.generic.action);
    alike
}

/// What makes changes of one kind the same.
fn print(generic: &Change) -> String {
    let Change { fields, reason, unseen, changed_by, .. } = without_bodies(generic);
    // Values of JSON are written as they are; what cannot be written is like nothing else.
    serde_json::to_string(&(fields, reason, unseen, changed_by)).unwrap_or_else(|_| generic.address.to_string())
}

fn number_of_places(alike: &Alike<'_>) -> usize {
    let of = |(change, apart): (&'_ &Change, &'_ Apart)| apart.place.clone().unwrap_or_else(|| change.address.clone());
    alike.changes.iter().zip(&alike.aparts).map(of).collect::<BTreeSet<Address>>().len()
}

fn each<'p>(nodes: &[Node<'p>], see: &mut impl FnMut(&Node<'p>)) {
    for node in nodes {
        see(node);
        each(&node.children, see);
    }
}

/// Takes changes out of the tree, and what then has no change in or below it.
fn take(nodes: &mut Vec<Node<'_>>, lifted: &BTreeSet<&Address>) {
    for node in nodes.iter_mut() {
        node.change = node.change.filter(|change| !lifted.contains(&change.address));
        take(&mut node.children, lifted);
    }
    nodes.retain(|node| node.change.is_some() || !node.children.is_empty());
}

/// One node for what an account has in several regions.
fn join_regions<'p>(nodes: &mut Vec<Node<'p>>) {
    let mut joined: Vec<Node<'p>> = Vec::new();
    let mut first_of: BTreeMap<_, usize> = BTreeMap::new();
    for mut node in std::mem::take(nodes) {
        join_regions(&mut node.children);
        let first = in_any_region(&node).map(|alike| *first_of.entry(alike).or_insert(joined.len()));
        match first.and_then(|nth| joined.get_mut(nth)) {
            Some(first) => first.also.extend(node.change),
            None => joined.push(node),
        }
    }
    *nodes = joined;
}

/// What is the same of a resource in each of its regions; none where it is in no region, or more is below it.
fn in_any_region<'p>(node: &Node<'p>) -> Option<(String, &'p str, Action, Risk, String)> {
    let change = node.change.filter(|_| node.children.is_empty())?;
    let apart = apart(change);
    apart.region.as_ref()?;
    let print = print(&generic(change, &apart));
    Some((apart.name, change.kind.as_str(), change.action, change.risk, print))
}

/// A new stack may be made otherwise in the region that records what is global; it is the same stack.
fn without_bodies(change: &Change) -> Change {
    let is_body = |path: &str| change.action == Action::Create && matches!(path, "template" | "parameters");
    let fields = change.fields.iter().filter(|field| !is_body(&field.path)).cloned().collect();
    Change { fields, ..change.clone() }
}

/// So many rows of the tree are few enough.
const ROWS: usize = 90;

/// Of siblings that are alike, the first few are shown where there are more than so many.
#[derive(Clone, Copy)]
struct Limits {
    accounts: usize,
    units: usize,
    shown: usize,
}

/// From loose to tight.
const LIMITS: [Limits; 3] = [
    Limits { accounts: 6, units: 12, shown: 3 },
    Limits { accounts: 3, units: 4, shown: 1 },
    Limits { accounts: 1, units: 2, shown: 0 },
];

fn rows(nodes: &[Node<'_>]) -> usize {
    nodes.iter().map(|node| 1 + rows(&node.children)).sum()
}

fn folded<'p>(nodes: Vec<Node<'p>>, limits: Limits) -> Vec<Node<'p>> {
    let mut nodes: Vec<Node<'p>> = nodes
        .into_iter()
        .map(|mut node| {
            node.children = folded(std::mem::take(&mut node.children), limits);
            node
        })
        .collect();
    let mut groups: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
    for (nth, node) in nodes.iter().enumerate() {
        if let Some(shape) = shape(node) {
            groups.entry((node.address.is_unit(), shape)).or_default().push(nth);
        }
    }
    let mut hidden: BTreeMap<usize, Option<Hidden>> = BTreeMap::new();
    for ((are_units, _), group) in groups {
        let most = if are_units { limits.units } else { limits.accounts };
        if group.len() <= most {
            continue;
        }
        let rest = &group[limits.shown..];
        let own = rest.iter().map(|nth| own_hidden(&nodes[*nth]));
        let all = own.fold(Hidden::default(), Hidden::and);
        hidden.extend(rest.iter().map(|nth| (*nth, None)));
        if let Some(first) = rest.first() {
            hidden.insert(*first, Some(all));
        }
    }
    let mut nth = 0;
    nodes.retain_mut(|node| {
        let own = hidden.remove(&nth);
        nth += 1;
        match own {
            None => true,
            Some(None) => false,
            Some(Some(all)) => {
                node.children.clear();
                node.also.clear();
                node.hidden = Some(all);
                true
            }
        }
    });
    nodes
}

/// What a node and all below it stand for when it is not shown.
fn own_hidden(node: &Node<'_>) -> Hidden {
    let below = node.children.iter().map(own_hidden).fold(Hidden::default(), Hidden::and);
    let own = node.hidden.clone().unwrap_or_else(|| Hidden {
        accounts: usize::from(node.address.is_any_account()),
        units: usize::from(node.address.is_unit()),
        names: vec![node.address.name()],
    });
    Hidden { accounts: own.accounts + below.accounts, units: own.units + below.units, names: own.names }
}

/// What is alike among siblings: accounts and units that are all changed in the same way without a risk, and so is all that is
/// in them.
fn shape(node: &Node<'_>) -> Option<String> {
    let change = node.change.filter(|_| node.address.is_account() || node.address.is_unit())?;
    let mut shapes = BTreeSet::new();
    inner(node, &mut shapes).then_some(())?;
    let own = format!("{:?}", change.action);
    Some(shapes.into_iter().fold(own, |own, shape| own + " " + &shape))
}

fn inner(node: &Node<'_>, shapes: &mut BTreeSet<String>) -> bool {
    node.children.iter().all(|child| {
        let Some(change) = child.change else { return false };
        let name =
            if child.address.is_any_account() || child.address.is_unit() { String::new() } else { apart(change).name };
        shapes.insert(format!("{} {:?} {name}", change.kind, change.action));
        is_harmless(change) && inner(child, shapes)
    }) && node.change.is_some_and(is_harmless)
}

fn is_harmless(change: &Change) -> bool {
    change.risk == Risk::None
}

impl Hidden {
    fn and(self, other: Hidden) -> Hidden {
        Hidden {
            accounts: self.accounts + other.accounts,
            units: self.units + other.units,
            names: self.names.into_iter().chain(other.names).collect(),
        }
    }

    /// `7 more OUs with 700 accounts`, or by name where nothing of the sort is shown.
    pub fn text(&self, is_more: bool) -> String {
        let more = if is_more { "more " } else { "" };
        let accounts = |more: &str| count(self.accounts, &format!("{more}account"), &format!("{more}accounts"));
        match (self.units, self.accounts) {
            (0, _) => accounts(more),
            (units, 0) => count(units, &format!("{more}OU"), &format!("{more}OUs")),
            (units, _) => {
                format!("{} with {}", count(units, &format!("{more}OU"), &format!("{more}OUs")), accounts(""))
            }
        }
    }
}

#[cfg(test)]
mod tests;
