//! What pages are made of.

use crate::kinds::{OfKind, kind_info, kind_info_at};
use crate::model::{Address, Inventory, InventoryItem, KindInfo, Role};
use crate::report::graph::View;

/// An inventory, and what it shows the organization as.
pub(super) struct World<'i> {
    pub inventory: &'i Inventory,
    pub view: View,
}

impl<'i> World<'i> {
    /// Everything of a role, and whether it stays.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (&'i Address, &'i InventoryItem, bool)> {
        self.inventory.all().filter(move |(_, item, _)| item.is_a(role))
    }

    /// Why what is there of such kinds is not known, where it is not.
    pub fn unknown(&self, is_such: impl Fn(&KindInfo) -> bool) -> Option<String> {
        let mut kinds = self.inventory.unknown.iter().filter(|(kind, _)| is_such(kind_info(kind)));
        kinds.next().map(|(_, why)| why.clone())
    }

    /// Why not all is known of such resources of one account.
    pub fn unread(&self, account: &Address, is_such: impl Fn(&KindInfo) -> bool) -> Option<String> {
        let of = |address: &Address| Address::account(&address.parts().into_iter().next().unwrap_or_default());
        let is_of = |address: &Address| {
            let of = of(address);
            let is_management = of.name() == *Address::management().as_str() && self.inventory.is_management(account);
            self.inventory.is_same_account(&of, account) || is_management
        };
        let mut unread = self.inventory.unread.iter();
        unread.find(|(address, _)| is_such(kind_info_at(address)) && is_of(address)).map(|(_, why)| why.clone())
    }

    /// The accounts that something at this place reaches. Service and resource control policies, and stack sets, never reach
    /// the management account.
    pub fn accounts(&self, place: &Address, with_management: bool) -> Vec<Address> {
        let mut accounts = self.inventory.accounts_in(place, |item| item.is_a(Role::Account));
        accounts.retain(|account| with_management || !self.inventory.is_management(account));
        accounts
    }
}
