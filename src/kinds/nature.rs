//! What is known of kinds by the values that are of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::kinds::KINDS;
use crate::model::{Address, Change, Desired, Found, Nature, Role, Thing, Wanted};

/// Of a kind that this version does not know: a plan file may be of a later one.
static UNKNOWN: Nature = Nature::of(Role::Other);

/// What the kind of this name says of itself.
#[must_use]
pub fn nature(kind_name: &str) -> &'static Nature {
    static NATURES: LazyLock<BTreeMap<&str, &Nature>> =
        LazyLock::new(|| KINDS.iter().map(|kind| (kind.name(), kind.nature())).collect());
    NATURES.get(kind_name).copied().unwrap_or(&UNKNOWN)
}

/// What the kind says of itself whose resources have addresses like this.
#[must_use]
pub fn nature_at(address: &Address) -> &'static Nature {
    KINDS.iter().find(|kind| kind.has_address(address)).map_or(&UNKNOWN, |kind| kind.nature())
}

/// The name of the kind with this role; empty where several have it.
#[must_use]
pub fn name_of(role: Role) -> &'static str {
    let mut such = KINDS.iter().filter(|kind| kind.nature().role == role);
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
    fn nature(&self) -> &'static Nature {
        nature(self.kind_name())
    }

    /// Whether its kind has this role.
    fn is_a(&self, role: Role) -> bool {
        self.nature().role == role
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

impl OfKind for Thing {
    fn kind_name(&self) -> &str {
        &self.kind
    }
}

#[cfg(test)]
mod tests;
