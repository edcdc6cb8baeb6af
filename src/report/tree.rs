use std::collections::BTreeMap;

use super::fold::Alike;
use crate::kinds::{OfKind, kind_info};
use crate::model::{Address, Change, Desired, Plan};

/// One resource in the organization's tree, with its change if it has one.
#[derive(Debug)]
pub(super) struct Node<'p> {
    pub address: Address,
    pub change: Option<&'p Change>,
    /// The same in other regions.
    pub also: Vec<&'p Change>,
    pub children: Vec<Node<'p>>,
    /// Where it stands for several that are alike: what they are.
    pub hidden: Option<Hidden>,
}

/// Accounts and units that are not shown one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    pub accounts: usize,
    pub units: usize,
    /// Of those that stand directly here.
    pub names: Vec<String>,
}

/// Changes of one sort that have no place in the tree.
#[derive(Debug)]
pub(super) struct Group<'p> {
    pub title: String,
    pub changes: Vec<&'p Change>,
}

/// A plan's changes as they are shown.
#[derive(Debug)]
pub(super) struct Shown<'p> {
    pub tree: Vec<Node<'p>>,
    pub groups: Vec<Group<'p>>,
    /// What is the same in several places, taken out of the tree.
    pub alike: Vec<Alike<'p>>,
}

/// Puts every change in its place. `desired` shows where unchanged accounts are; what it does not know stands at the
/// top of the tree.
pub(super) fn arrange<'p>(plan: &'p Plan, desired: Option<&Desired>) -> Shown<'p> {
    let (grouped, hung): (Vec<&Change>, Vec<&Change>) = plan.changes.iter().partition(|change| is_grouped(change));
    let mut by_parent: BTreeMap<Option<Address>, BTreeMap<Address, Option<&Change>>> = BTreeMap::new();
    let changes: BTreeMap<&Address, &Change> = hung.iter().map(|change| (&change.address, *change)).collect();
    for change in &hung {
        let mut at = Some(change.address.clone());
        while let Some(address) = at {
            let own = changes.get(&address).copied();
            let above = parent(&address, own, desired).filter(|above| is_shown(above, &changes));
            by_parent.entry(above.clone()).or_default().insert(address, own);
            at = above;
        }
    }
    Shown { tree: grow(&None, &mut by_parent), groups: groups(&grouped), alike: Vec::new() }
}

fn is_grouped(change: &Change) -> bool {
    let is_of_the_tree = change.address.is_organization() || change.address.is_place();
    change.kind_info().heading.is_some() || (change.parent.is_none() && !is_of_the_tree)
}

/// The organization itself is a node only where it changes: else it would only push everything to the right.
fn is_shown(address: &Address, changes: &BTreeMap<&Address, &Change>) -> bool {
    *address != Address::organization() || changes.contains_key(address)
}

fn parent(address: &Address, change: Option<&Change>, desired: Option<&Desired>) -> Option<Address> {
    if let Some((_, target)) = address.split_target() {
        return Some(target);
    }
    let said = || {
        let wanted = || desired.and_then(|desired| desired.get(address)?.parent.clone());
        change.and_then(|change| change.parent.clone()).or_else(wanted)
    };
    match address {
        _ if address.is_organization() => None,
        _ if address.is_root() => Some(Address::organization()),
        _ if address.is_management() => Some(Address::root()),
        _ if address.is_unit() => Some(address.parent_unit()),
        _ => said(),
    }
}

type ByParent<'p> = BTreeMap<Option<Address>, BTreeMap<Address, Option<&'p Change>>>;

fn grow<'p>(above: &Option<Address>, by_parent: &mut ByParent<'p>) -> Vec<Node<'p>> {
    let Some(children) = by_parent.remove(above) else { return Vec::new() };
    let mut nodes: Vec<Node<'p>> = children
        .into_iter()
        .map(|(address, change)| {
            let children = grow(&Some(address.clone()), by_parent);
            Node { address, change, also: Vec::new(), children, hidden: None }
        })
        .collect();
    nodes.sort_by_key(|node| rank(&node.address));
    nodes
}

/// What hangs on a resource comes before what is in it, accounts before units.
fn rank(address: &Address) -> u8 {
    match address {
        _ if address.split_target().is_some() => 0,
        _ if address.is_any_account() => 2,
        _ if address.is_organization() || address.is_root_or_unit() => 3,
        _ => 1,
    }
}

fn groups<'p>(changes: &[&'p Change]) -> Vec<Group<'p>> {
    let mut by_kind: BTreeMap<(u8, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let order = change.kind_info().heading.map_or(u8::MAX, |heading| heading.order);
        by_kind.entry((order, &change.kind)).or_default().push(change);
    }
    by_kind.into_iter().map(|((_, kind), changes)| Group { title: title(kind), changes }).collect()
}

fn title(kind: &str) -> String {
    kind_info(kind).heading.map_or_else(|| kind.replace('-', " "), |heading| heading.title.to_owned())
}
