//! What each account of an organization is called in a plan.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::named::Named;
use super::read::Account;
use crate::model::{Address, Desired};

/// The address of each account, by its id: the blueprint's where it is one of the blueprint's, and else its name. Where
/// another account has that name or the blueprint calls one so, the id is added to it (`account/Shop (222222222222)`), for
/// all that share it alike: so an address depends neither on the order in which AWS lists accounts nor on which came first.
pub(super) fn of<'d, 'a>(
    desired: &'d Desired,
    named: &Named<'d>,
    accounts: &'a [Account],
) -> BTreeMap<&'a str, Address> {
    let mut ordered: Vec<&Account> = accounts.iter().collect();
    ordered.sort_by_key(|account| account.id.as_str());
    let mut addresses = Addresses { desired, by_id: BTreeMap::new(), taken: BTreeSet::new(), given: HashSet::new() };
    ordered.retain(|account| !addresses.give_wanted(account, named));
    let mut by_name: BTreeMap<&str, Vec<&Account>> = BTreeMap::new();
    for account in ordered {
        by_name.entry(&account.name).or_default().push(account);
    }
    let (alone, shared): (Vec<_>, Vec<_>) = by_name.into_values().partition(|namesakes| namesakes.len() == 1);
    let mut rest: Vec<&Account> = alone.into_iter().flatten().collect();
    rest.retain(|account| !addresses.give(account, Address::account(&account.name)));
    for account in rest.into_iter().chain(shared.into_iter().flatten()) {
        addresses.give_with_id(account);
    }
    addresses.by_id
}

struct Addresses<'d, 'a> {
    /// Its addresses are taken, whether the accounts are there or not.
    desired: &'d Desired,
    by_id: BTreeMap<&'a str, Address>,
    /// Those that were given and are not the blueprint's.
    taken: BTreeSet<Address>,
    /// Those of the blueprint that were given.
    given: HashSet<&'d Address>,
}

impl<'d, 'a> Addresses<'d, 'a> {
    /// Whether the account is one of the blueprint's that no other is.
    fn give_wanted(&mut self, account: &'a Account, named: &Named<'d>) -> bool {
        let Some(wanted) = named.find(account) else { return false };
        let is_free = self.given.insert(&wanted.address);
        if is_free {
            self.by_id.insert(&account.id, wanted.address.clone());
        }
        is_free
    }

    /// Whether the address was free, and is the account's now.
    fn give(&mut self, account: &'a Account, address: Address) -> bool {
        let is_free = self.desired.get(&address).is_none() && self.taken.insert(address.clone());
        if is_free {
            self.by_id.insert(&account.id, address);
        }
        is_free
    }

    /// Others may have taken a name that looks like this one with its id.
    fn give_with_id(&mut self, account: &'a Account) {
        let mut name = account.name.clone();
        loop {
            name = format!("{name} ({})", account.id);
            if self.give(account, Address::account(&name)) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::account::resource::Account as Resource;
    use crate::kinds::shared::resource::Resource as _;

    fn account(id: &str, name: &str, email: &str) -> Account {
        Account { id: id.into(), name: name.into(), email: email.into(), state: "ACTIVE".into(), path: Vec::new() }
    }

    /// The addresses in the order of ids, of a blueprint that has these accounts by key and email.
    fn addresses(wanted: &[(&str, &str)], accounts: &[Account]) -> Vec<String> {
        let mut desired = Desired::default();
        for (key, email) in wanted {
            let account = Resource { email: (*email).into(), ..Resource::default() };
            desired.add(account.wanted(Address::account(key)));
        }
        let mut backwards = accounts.to_vec();
        backwards.reverse();
        let found = of(&desired, &Named::new(&desired), accounts);
        assert_eq!(
            found,
            of(&desired, &Named::new(&desired), &backwards),
            "whatever the order in which AWS lists them"
        );
        found.into_values().map(|address| address.to_string()).collect()
    }

    #[test]
    fn accounts_of_one_name_are_distinguished_by_their_ids() {
        let two = [account("1", "Shop", "a@x.example"), account("2", "Shop", "b@x.example")];
        assert_eq!(addresses(&[], &two[..1]), ["account/Shop"]);
        assert_eq!(addresses(&[], &two), ["account/Shop (1)", "account/Shop (2)"]);
        assert_eq!(addresses(&[("shop-2", "b@x.example")], &two), ["account/Shop", "account/shop-2"]);
        assert_eq!(addresses(&[("Shop", "B@x.example")], &two), ["account/Shop (1)", "account/Shop"]);
    }

    #[test]
    fn an_account_that_the_blueprint_does_not_name_never_has_an_address_of_the_blueprint() {
        let one = [account("1", "Shop", "a@x.example")];
        assert_eq!(addresses(&[("Shop", "new@x.example")], &one), ["account/Shop (1)"]);
        // Nor one that merely looks like its name with its id.
        assert_eq!(addresses(&[("Shop", "x@x.example"), ("Shop (1)", "y@x.example")], &one), ["account/Shop (1) (1)"]);
        let odd = [
            account("1", "Shop", "a@x.example"),
            account("2", "Shop", "b@x.example"),
            account("3", "Shop (1)", "c@x.example"),
        ];
        assert_eq!(addresses(&[], &odd), ["account/Shop (1) (1)", "account/Shop (2)", "account/Shop (1)"]);
    }

    #[test]
    fn two_accounts_that_are_one_of_the_blueprint_do_not_share_its_address() {
        let double = [account("1", "Shop", "a@x.example"), account("2", "Shop", "a@x.example")];
        assert_eq!(addresses(&[("Shop", "a@x.example")], &double), ["account/Shop", "account/Shop (2)"]);
    }

    #[test]
    fn names_of_any_script_are_addresses() {
        assert_eq!(addresses(&[], &[account("1", "会計/本番", "a@x.example")]), ["account/会計%2F本番"]);
    }
}
