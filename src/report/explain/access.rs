//! Who has which permission set where.

use super::called::principal_noun;
use super::page::{Entry, Section};
use super::place::origins;
use super::world::World;
use crate::model::{Address, InventoryItem, Role};

/// An assignment, by the place that it is given for.
pub(super) struct Held<'i> {
    pub set: Address,
    pub principal: Address,
    pub place: Address,
    pub item: &'i InventoryItem,
    pub stays: bool,
}

impl Held<'_> {
    /// The accounts in which someone has the set by it.
    pub fn accounts(&self, world: &World<'_>) -> Vec<Address> {
        let mut accounts = world.accounts(&self.place, true);
        accounts.retain(|account| !origins(self.item, account, world.inventory).is_empty());
        accounts
    }

    /// An entry with its end, its line and what the plan does.
    pub fn entry(&self, what: String, text: String) -> Entry {
        let until = self.item.body.get("until").and_then(serde_json::Value::as_str);
        let text = until.map_or(text.clone(), |until| format!("{text}, until {until}"));
        let entry = Entry { text, source: self.item.source.clone(), ..Entry::of(what) };
        let entry = entry.data("permission_set", self.set.name()).data("principal", self.principal.as_str());
        entry.data("until", until).marked(self.item, self.stays)
    }
}

/// Everything that someone has.
pub(super) fn held<'i>(world: &World<'i>) -> Vec<Held<'i>> {
    let all = world.of_role(Role::Assignment).filter_map(|(address, item, stays)| {
        let (set, principal, place) = address.assigned()?;
        Some(Held { set, principal, place, item, stays })
    });
    all.collect()
}

/// Why not all of it is known.
pub(super) fn unknown(world: &World<'_>) -> Option<String> {
    world.unknown(|kind_info| matches!(kind_info.role, Role::Assignment | Role::PermissionSet))
}

/// Who may work at a place.
pub(super) fn section(subject: &Address, world: &World<'_>) -> Section {
    let mut section = Section { unknown: unknown(world), ..Section::new("access", "Access") };
    for held in held(world) {
        for from in origins(held.item, subject, world.inventory) {
            let text = format!("by the {} {}", principal_noun(&held.principal), held.principal.name());
            let entry = held.entry(held.set.name(), text);
            section.entries.push(Entry { from: Some(from), ..entry });
        }
    }
    section
}
