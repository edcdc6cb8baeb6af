use std::collections::BTreeMap;

use crate::model::{Address, Change, Desired, Plan};

/// One thing in the organization's tree, with its change if it has one.
#[derive(Debug)]
pub(super) struct Node<'p> {
    pub address: Address,
    pub change: Option<&'p Change>,
    pub children: Vec<Node<'p>>,
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
}

/// Kinds that are shown beside the tree, in this order, and what their group is called.
const GROUPS: [(&str, &str); 7] = [
    ("policy", "Policies"),
    ("stack-set", "Stack sets"),
    ("permission-set", "Permission sets"),
    ("group", "Groups"),
    ("policy-type", "Policy types"),
    ("trusted-access", "Trusted access"),
    ("delegated-administrator", "Delegated administrators"),
];

/// Puts every change in its place. `desired` tells where unchanged accounts are; what it does not know stands at the
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
    Shown { tree: grow(&None, &mut by_parent), groups: groups(&grouped) }
}

fn is_grouped(change: &Change) -> bool {
    GROUPS.iter().any(|(kind, _)| *kind == change.kind)
        || (change.parent.is_none() && !matches!(change.address.prefix(), "organization" | "root" | "account" | "ou"))
}

/// The organization itself is a node only where it changes: else it would only push everything to the right.
fn is_shown(address: &Address, changes: &BTreeMap<&Address, &Change>) -> bool {
    *address != Address::organization() || changes.contains_key(address)
}

fn parent(address: &Address, change: Option<&Change>, desired: Option<&Desired>) -> Option<Address> {
    if let Some((_, target)) = address.hanging() {
        return Some(target);
    }
    let said = || {
        let wanted = || desired.and_then(|desired| desired.get(address)?.parent.clone());
        change.and_then(|change| change.parent.clone()).or_else(wanted)
    };
    match address.prefix() {
        "organization" => None,
        "root" => Some(Address::organization()),
        "management" => Some(Address::root()),
        "ou" => Some(address.parent_unit()),
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
            Node { address, change, children }
        })
        .collect();
    nodes.sort_by_key(|node| rank(&node.address));
    nodes
}

/// What hangs on a thing comes before what is in it, accounts before units.
fn rank(address: &Address) -> u8 {
    match address.prefix() {
        _ if address.hanging().is_some() => 0,
        "account" | "management" => 2,
        "organization" | "root" | "ou" => 3,
        _ => 1,
    }
}

fn groups<'p>(changes: &[&'p Change]) -> Vec<Group<'p>> {
    let mut by_kind: BTreeMap<(usize, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let place = GROUPS.iter().position(|(kind, _)| *kind == change.kind).unwrap_or(GROUPS.len());
        by_kind.entry((place, &change.kind)).or_default().push(change);
    }
    by_kind
        .into_iter()
        .map(|((place, kind), changes)| {
            let title = GROUPS.get(place).map_or_else(|| kind.replace('-', " "), |(_, title)| (*title).to_owned());
            Group { title, changes }
        })
        .collect()
}
