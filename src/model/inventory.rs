use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Action, Address, Body, Change, Owner};

/// Everything that there is in an organization: as a blueprint says by itself, as it was found, or as a plan leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// `o-…`, where it is known.
    pub organization: Option<String>,
    /// The management account where it is one of the accounts below, by its address.
    pub management: Option<Address>,
    /// All resources by their addresses. Who has a permission set is here by the place that it is given for: a unit stands
    /// for the accounts in it.
    pub items: BTreeMap<Address, InventoryItem>,
    /// What the plan deletes, detaches or unassigns.
    pub gone: BTreeMap<Address, InventoryItem>,
    /// Accounts that are closed, which AWS keeps for 90 days.
    pub closed: BTreeMap<Address, InventoryItem>,
    /// The root, units and accounts without FullAWSAccess, once the changes are made. Empty where it was not looked for.
    pub without_full_access: BTreeSet<Address>,
    /// The changes of the plan.
    pub changes: Vec<Change>,
    /// Why what is there of a kind is not known, by the kind's name: a read was denied, or a snapshot does not answer it.
    pub unknown: BTreeMap<String, String>,
    /// Why no plan could be made, so that no changes are known.
    pub unplanned: Option<String>,
    /// The policies of types that AWS merges, as they come to be in the account that is asked about, by the type; or why that is
    /// not known. As AWS has them, before the changes.
    pub effective: BTreeMap<String, Result<Value, String>>,
    /// Single resources that could not be looked at, and why: the service is not trusted, the account cannot be entered.
    pub unread: BTreeMap<Address, String>,
}

/// One resource of an inventory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InventoryItem {
    /// The name of its kind: `organizational-unit`.
    pub kind: String,
    /// AWS's id, where it has one already.
    pub id: Option<String>,
    /// How it is, in its kind's fields.
    pub body: Body,
    /// Where it is: an account's unit, the account of a stack.
    pub parent: Option<Address>,
    /// The units and accounts that have something of it by being where they are: a policy's target, the units of a stack
    /// set, those that a stack shares subnets with.
    pub covers: BTreeSet<Address>,
    /// The accounts at these places that it is not for.
    pub except: BTreeSet<Address>,
    /// The regions in which each of these places has it, for a stack set.
    pub regions: BTreeMap<Address, BTreeSet<String>>,
    /// Whose it is, where it was found.
    pub owner: Option<Owner>,
    /// The blueprint's line: `landing.yaml:12`.
    pub source: Option<String>,
    /// The built-in template that the blueprint makes it of.
    pub template: Option<String>,
    /// What the plan does to it; absent where it is and stays as it is, and where there is no plan.
    pub mark: Option<Action>,
    /// How it was before, where the plan changes it.
    pub before: Option<Body>,
}

impl Inventory {
    /// What is at an address, closed accounts and what the plan deletes included.
    #[must_use]
    pub fn get(&self, address: &Address) -> Option<&InventoryItem> {
        self.items.get(address).or_else(|| self.gone.get(address)).or_else(|| self.closed.get(address))
    }

    /// All of it: what is or will be there, and after that what the plan deletes.
    pub fn all(&self) -> impl Iterator<Item = (&Address, &InventoryItem, bool)> {
        let stays = self.items.iter().map(|(address, item)| (address, item, true));
        stays.chain(self.gone.iter().map(|(address, item)| (address, item, false)))
    }

    /// Whether this is the management account, by its name or as such.
    #[must_use]
    pub fn is_management(&self, account: &Address) -> bool {
        account.is_management() || self.management.as_ref() == Some(account)
    }

    /// Whether two addresses are of the same account.
    #[must_use]
    pub fn is_same_account(&self, one: &Address, other: &Address) -> bool {
        one == other || (self.is_management(one) && self.is_management(other))
    }

    /// The places whose policies apply to a place, from the root down to it.
    #[must_use]
    pub fn path(&self, place: &Address) -> Vec<Address> {
        if place.is_root_or_unit() {
            return place.path();
        }
        let parent = self.get(place).and_then(|item| item.parent.clone());
        let parent = parent.filter(Address::is_root_or_unit).unwrap_or_else(Address::root);
        let mut path = parent.path();
        path.push(place.clone());
        path
    }

    /// The open accounts at or below a place.
    #[must_use]
    pub fn accounts_in(&self, place: &Address, is_account: impl Fn(&InventoryItem) -> bool) -> Vec<Address> {
        let accounts = self.items.iter().filter(|(address, item)| address.is_any_account() && is_account(item));
        let within = accounts.filter(|(account, _)| self.is_for(place, account));
        within.map(|(account, _)| account.clone()).collect()
    }

    /// Whether what is for a place is for an account or unit there, by its path.
    #[must_use]
    pub fn is_for(&self, place: &Address, account: &Address) -> bool {
        self.is_same_account(place, account) || self.path(account).contains(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inventory() -> Inventory {
        let mut inventory = Inventory { management: Some(Address::account("boss")), ..Inventory::default() };
        for (name, parent) in [("a", "ou/W/Dev"), ("b", "ou/W"), ("boss", "root")] {
            let item = InventoryItem {
                kind: "account".into(),
                parent: Some(Address::parse(parent)),
                ..InventoryItem::default()
            };
            inventory.items.insert(Address::account(name), item);
        }
        inventory
    }

    fn texts(addresses: Vec<Address>) -> Vec<String> {
        addresses.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_path_of_an_account_ends_with_itself_and_that_of_a_unit_too() {
        let all = inventory();
        assert_eq!(texts(all.path(&Address::account("a"))), ["root", "ou/W", "ou/W/Dev", "account/a"]);
        assert_eq!(texts(all.path(&Address::parse("ou/W"))), ["root", "ou/W"]);
        assert_eq!(texts(all.path(&Address::management())), ["root", "management"]);
    }

    #[test]
    fn accounts_are_in_every_place_on_their_path() {
        let all = inventory();
        let within = |place: &str| texts(all.accounts_in(&Address::parse(place), |_| true));
        assert_eq!(within("root"), ["account/a", "account/b", "account/boss"]);
        assert_eq!(within("ou/W"), ["account/a", "account/b"]);
        assert_eq!(within("ou/W/Dev"), ["account/a"]);
        assert_eq!(within("management"), ["account/boss"]);
        assert_eq!(within("ou/X"), [""; 0]);
    }

    #[test]
    fn the_management_account_is_one_by_both_of_its_addresses() {
        let all = inventory();
        assert!(all.is_same_account(&Address::management(), &Address::account("boss")));
        assert!(!all.is_same_account(&Address::management(), &Address::account("a")));
    }
}
