//! What there is in an organization: by a blueprint alone, as found, or as a plan leaves it.

mod people;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::plan::{Draft, PlanError};
use crate::cloud::Cloud;
use crate::facts::{Facts, read_until_complete};
use crate::kinds::{OfKind, expand, kind, observe};
use crate::model::{
    Action, Address, Bindings, Body, Change, DEFAULT_ACCESS_ROLE, Desired, Found, Inventory, InventoryItem, Observed,
    Presence, Role, Wanted,
};
pub use whole::{declared_whole, look_at_whole};

/// What a blueprint says by itself, without what others have in the organization.
#[must_use]
pub fn declared(desired: &Desired) -> Inventory {
    let bindings = Bindings::default();
    let present = desired.resources.values().filter(|it| it.presence == Presence::Present);
    let mut inventory = Inventory::default();
    for it in present {
        inventory.items.insert(it.address.clone(), of_wanted(it, &bindings));
    }
    for (address, item) in people::declared(desired) {
        inventory.items.insert(address, item);
    }
    inventory
}

/// Reads what exists, regardless of who owns it, and gives it as it is once the changes of the draft are made. Of an organization that
/// is only looked at, the draft is of no blueprint and has no changes.
///
/// # Errors
/// When AWS refuses a read.
pub async fn look_at_inventory(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    draft: &Draft,
) -> Result<Inventory, PlanError> {
    let surveying = surveying(desired);
    let observed = read_until_complete(cloud, facts, |look| observe(&surveying, look)).await?;
    Ok(after(&observed, &expand(desired, &observed), &draft.plan.changes))
}

/// The blueprint, for looking at what others own as well.
fn surveying(desired: &Desired) -> Desired {
    let mut surveying = desired.clone();
    surveying.settings.surveys = true;
    if surveying.settings.access_role.is_empty() {
        surveying.settings.access_role = DEFAULT_ACCESS_ROLE.into();
    }
    surveying
}

/// What is found, and what the changes make of it.
fn after(observed: &Observed, desired: &Desired, changes: &[Change]) -> Inventory {
    let management = observed.bindings.id(&Address::management()).and_then(|id| observed.bindings.address(id));
    let mut inventory = Inventory {
        organization: observed.bindings.id(&Address::organization()).map(str::to_owned),
        management: management.filter(|it| it.is_account()).cloned(),
        ..Inventory::default()
    };
    for found in observed.found.values().filter(|it| !people::is_one(&it.address)) {
        let item = InventoryItem { source: source(desired, &found.address), ..of_found(found, &observed.bindings) };
        inventory.items.insert(found.address.clone(), item);
    }
    for change in changes.iter().filter(|it| !people::is_one(&it.address)) {
        make(change, desired, observed, &mut inventory);
    }
    for (address, item) in people::after(observed, desired, changes) {
        inventory.items.insert(address, item);
    }
    inventory
}

fn make(change: &Change, desired: &Desired, observed: &Observed, inventory: &mut Inventory) {
    if observed.closed.contains_key(&change.address) {
        return;
    }
    if change.action == Action::Delete {
        // An account that is released stays where it is.
        if !change.is_a(Role::Account) || change.field("state").is_some() {
            let gone = inventory.items.remove_entry(&change.address);
            let marked = |item| InventoryItem { mark: Some(change.action), ..item };
            inventory.gone.extend(gone.map(|(address, item)| (address, marked(item))));
        }
        return;
    }
    if let Some(wanted) = desired.get(&change.address) {
        let was = inventory.items.remove(&change.address);
        let (id, before, owner) = was.map_or((None, None, None), |was| (was.id, Some(was.body), was.owner));
        let made = of_wanted(wanted, &observed.bindings);
        inventory
            .items
            .insert(change.address.clone(), InventoryItem { id, before, owner, mark: Some(change.action), ..made });
    }
}

/// The line of the blueprint that says something.
fn source(desired: &Desired, address: &Address) -> Option<String> {
    desired.get(address)?.source.clone()
}

fn of_wanted(wanted: &Wanted, bindings: &Bindings) -> InventoryItem {
    let body = bindings.resolve(&wanted.body);
    InventoryItem {
        parent: wanted.parent.clone(),
        source: wanted.source.clone(),
        template: wanted.template.clone(),
        ..of_body(&wanted.kind, &wanted.address, body, bindings)
    }
}

fn of_found(found: &Found, bindings: &Bindings) -> InventoryItem {
    InventoryItem {
        id: Some(found.id.clone()),
        parent: found.parent.clone(),
        owner: Some(found.owner.clone()),
        ..of_body(&found.kind, &found.address, found.body.clone(), bindings)
    }
}

fn of_body(kind_name: &str, address: &Address, body: Body, bindings: &Bindings) -> InventoryItem {
    InventoryItem {
        kind: kind_name.to_owned(),
        covers: covers(kind_name, address, &body, bindings),
        except: kind(kind_name).map(|kind| kind.leaves_out(&body)).unwrap_or_default(),
        regions: regions(kind_name, &body),
        body,
        ..InventoryItem::default()
    }
}

fn covers(kind_name: &str, address: &Address, body: &Body, bindings: &Bindings) -> BTreeSet<Address> {
    kind(kind_name).and_then(|kind| kind.covers(address, body, bindings)).map(|cover| cover.places).unwrap_or_default()
}

fn regions(kind_name: &str, body: &Body) -> BTreeMap<Address, BTreeSet<String>> {
    kind(kind_name).map(|kind| kind.regions(body)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
