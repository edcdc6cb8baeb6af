//! What is known of kinds by the values that are of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::kinds::KINDS;
use crate::model::{Address, Change, Desired, Found, InventoryItem, KindInfo, Role, Wanted};

/// Of a kind that this version does not know: a plan file may be of a later one.
static UNKNOWN: KindInfo = KindInfo::of(Role::Other);

/// What the kind of this name says of itself.
#[must_use]
pub fn kind_info(kind_name: &str) -> &'static KindInfo {
    static NATURES: LazyLock<BTreeMap<&str, &KindInfo>> =
        LazyLock::new(|| KINDS.iter().map(|kind| (kind.name(), kind.kind_info())).collect());
    NATURES.get(kind_name).copied().unwrap_or(&UNKNOWN)
}

/// What the kind says of itself whose resources have addresses like this.
#[must_use]
pub fn kind_info_at(address: &Address) -> &'static KindInfo {
    KINDS.iter().find(|kind| kind.has_address(address)).map_or(&UNKNOWN, |kind| kind.kind_info())
}

/// The name of the kind with this role; empty where several have it.
#[must_use]
pub fn name_of(role: Role) -> &'static str {
    let mut such = KINDS.iter().filter(|kind| kind.kind_info().role == role);
    match (such.next(), such.next()) {
        (Some(kind), None) => kind.name(),
        _ => "",
    }
}

/// What the blueprint wants of the kind with this role, in the order of addresses.
pub fn of_role(desired: &Desired, role: Role) -> impl Iterator<Item = &Wanted> {
    desired.resources.values().filter(move |wanted| wanted.is_a(role))
}

/// A value that is of a kind.
pub trait OfKind {
    /// The name of its kind.
    fn kind_name(&self) -> &str;

    /// What its kind says of itself.
    fn kind_info(&self) -> &'static KindInfo {
        kind_info(self.kind_name())
    }

    /// Whether its kind has this role.
    fn is_a(&self, role: Role) -> bool {
        self.kind_info().role == role
    }
}

impl OfKind for Change {
    fn kind_name(&self) -> &str {
        &self.kind
    }
}

impl OfKind for Wanted {
    fn kind_name(&self) -> &str {
        &self.kind
    }
}

impl OfKind for Found {
    fn kind_name(&self) -> &str {
        &self.kind
    }
}

impl OfKind for InventoryItem {
    fn kind_name(&self) -> &str {
        &self.kind
    }
}

#[cfg(test)]
mod tests;
