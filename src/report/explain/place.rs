//! Where resources come from.

use crate::model::{Address, Inventory, InventoryItem};

/// Those places of a resource by which it is for `subject`, each with whether it lies above that.
pub(super) fn origins(item: &InventoryItem, subject: &Address, inventory: &Inventory) -> Vec<(Address, bool)> {
    if item.except.iter().any(|excluded| inventory.is_same_account(excluded, subject)) {
        return Vec::new();
    }
    let places = item.covers.iter().filter(|place| inventory.is_for(place, subject));
    places.map(|place| (place.clone(), !inventory.is_same_account(place, subject))).collect()
}
