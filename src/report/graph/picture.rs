//! The organization as pictures show it: units in units, accounts in them, and what holds for each.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::{Holding, Holdings, holdings};
use crate::kinds::OfKind;
use crate::model::{Action, Address, Inventory, InventoryItem, Role};
use crate::report::clean::clean;

/// What a picture shows the organization as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// As the blueprint says, whatever is there.
    Declared,
    /// As it is.
    Found,
    /// As the plan leaves it; what is new and what changes is marked.
    Planned,
}

impl View {
    /// In words, after a title.
    pub(in crate::report) fn words(self) -> &'static str {
        match self {
            View::Declared => "as the blueprint says",
            View::Found => "as it is",
            View::Planned => "as the plan leaves it",
        }
    }
}

/// A picture of an organization, to be written in one of several formats.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What it is headed by: the blueprint's name, or the organization's id.
    pub(super) title: String,
    pub(super) view: View,
    pub(super) root: Place,
    /// The management account, which stands outside: no service or resource control policy binds it.
    pub(super) management: Place,
}

/// The root, a unit or an account.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub address: Address,
    pub name: String,
    /// An account's number, where it is known.
    pub id: Option<String>,
    pub mark: Option<Action>,
    /// What is said of this place itself.
    pub holds: Vec<Holding>,
    pub accounts: Vec<Place>,
    pub units: Vec<Place>,
}

impl Picture {
    /// Puts everything in its place. Without a title the organization's id takes that place.
    #[must_use]
    pub fn of(inventory: &Inventory, title: &str, view: View) -> Picture {
        let mut held = holdings(inventory);
        let management = management(inventory, &mut held);
        let mut children = children(inventory);
        let root = grow(&Address::root(), inventory, &mut children, &mut held);
        let id = inventory.organization.as_deref().unwrap_or("organization");
        let title = clean(if title.is_empty() { id } else { title });
        Picture { title, view, root, management }
    }

    /// What it shows in a sentence, for who cannot see it.
    pub(super) fn summary(&self) -> String {
        let (units, accounts) = (self.root.all_units(), self.root.all_accounts());
        let number = |number: usize, one: &str, more: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {more}"),
        };
        let units = number(units, "organizational unit", "organizational units");
        let accounts = number(accounts, "account", "accounts");
        format!(
            "The organization {} {}: {units} with {accounts}, beside the management account",
            self.title,
            self.view.words()
        )
    }

    /// All that holds somewhere, for legends.
    pub(super) fn all_holdings(&self) -> Vec<&Holding> {
        let mut all: Vec<&Holding> = self.management.holds.iter().collect();
        self.root.collect(&mut all);
        all
    }

    /// Whether anything is new or changes.
    pub(super) fn is_marked(&self) -> bool {
        self.management.is_marked() || self.root.is_marked()
    }
}

impl Place {
    /// Units below this place.
    pub fn all_units(&self) -> usize {
        self.units.iter().map(|unit| 1 + unit.all_units()).sum()
    }

    /// Accounts at or below this place.
    pub fn all_accounts(&self) -> usize {
        self.accounts.len() + self.units.iter().map(Place::all_accounts).sum::<usize>()
    }

    /// Whether there is more to say of it than its name.
    pub fn is_special(&self) -> bool {
        self.mark.is_some() || !self.holds.is_empty()
    }

    /// The accounts to show where there is room for `room` of them, those first of which there is most to say; in the order of
    /// their names.
    pub fn first_accounts(&self, room: usize) -> Vec<&Place> {
        let mut order: Vec<(bool, usize)> =
            self.accounts.iter().enumerate().map(|(nth, account)| (!account.is_special(), nth)).collect();
        order.sort_unstable();
        let shown: BTreeSet<usize> = order.into_iter().take(room).map(|(_, nth)| nth).collect();
        shown.into_iter().map(|nth| &self.accounts[nth]).collect()
    }

    fn collect<'p>(&'p self, all: &mut Vec<&'p Holding>) {
        all.extend(&self.holds);
        self.accounts.iter().chain(&self.units).for_each(|place| place.collect(all));
    }

    fn is_marked(&self) -> bool {
        let below = || self.accounts.iter().chain(&self.units).any(Place::is_marked);
        self.mark.is_some() || self.holds.iter().any(|holding| holding.mark.is_some()) || below()
    }
}

fn management(inventory: &Inventory, held: &mut Holdings) -> Place {
    let item = inventory.management.as_ref().and_then(|address| inventory.items.get(address));
    let name = inventory.management.as_ref().map_or_else(|| "Management account".to_owned(), |it| clean(&it.name()));
    let own = held.remove(&Address::management()).unwrap_or_default();
    Place {
        address: Address::management(),
        name,
        id: item.and_then(|item| item.id.clone()),
        mark: item.and_then(|item| item.mark),
        holds: own.into_values().collect(),
        accounts: Vec::new(),
        units: Vec::new(),
    }
}

/// The units and accounts by what they are in.
fn children(inventory: &Inventory) -> BTreeMap<Address, BTreeSet<Address>> {
    let mut children: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
    for (address, item) in &inventory.items {
        match item.kind_info().role {
            Role::Account if inventory.management.as_ref() != Some(address) => {
                let parent = item.parent.clone().unwrap_or_else(Address::root);
                add_unit(&parent, &mut children);
                children.entry(parent).or_default().insert(address.clone());
            }
            Role::Unit => add_unit(address, &mut children),
            _ => {}
        }
    }
    children
}

/// A unit, and those that it lies in.
fn add_unit(unit: &Address, children: &mut BTreeMap<Address, BTreeSet<Address>>) {
    for step in unit.path().windows(2) {
        children.entry(step[0].clone()).or_default().insert(step[1].clone());
    }
}

fn grow(
    address: &Address,
    inventory: &Inventory,
    children: &mut BTreeMap<Address, BTreeSet<Address>>,
    held: &mut Holdings,
) -> Place {
    let item: Option<&InventoryItem> = inventory.items.get(address);
    let within = children.remove(address).unwrap_or_default();
    let places = within.iter().map(|child| grow(child, inventory, children, held));
    let (accounts, units) = places.collect::<Vec<_>>().into_iter().partition(|it| it.address.is_account());
    Place {
        name: if *address == Address::root() { "Root".to_owned() } else { clean(&address.name()) },
        id: item.and_then(|item| item.id.clone()).filter(|_| address.is_account()),
        // What the plan does to the root itself is in what it holds.
        mark: item.and_then(|item| item.mark).filter(|_| *address != Address::root()),
        holds: held.remove(address).unwrap_or_default().into_values().collect(),
        address: address.clone(),
        accounts,
        units,
    }
}
