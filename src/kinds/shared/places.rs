//! Which accounts a rule of the blueprint comes to.

use std::collections::BTreeMap;

use crate::model::{Address, Desired, Observed, Presence};

/// Every account that will be open, and what it will be in.
pub(in crate::kinds) fn accounts(desired: &Desired, observed: &Observed) -> BTreeMap<Address, Address> {
    let mut accounts = observed.accounts_after(desired);
    accounts.retain(|account, _| {
        let is_to_be_closed = desired.get(account).is_some_and(|wanted| wanted.presence == Presence::Absent);
        let is_closed = observed.accounts.contains_key(account) && !observed.has_open(account);
        !is_to_be_closed && !is_closed
    });
    if !observed.found.contains_key(&Address::organization()) {
        // The account that makes an organization is its first one.
        accounts.insert(Address::parse("management"), Address::root());
    }
    accounts
}

/// The accounts at or below a target: `root`, `management`, `ou/…` or `account/…`.
pub(in crate::kinds) fn at<'a>(
    target: &Address,
    accounts: &'a BTreeMap<Address, Address>,
    observed: &Observed,
) -> Vec<&'a Address> {
    let root = Address::root();
    match target.as_str() {
        "root" => accounts.keys().collect(),
        "management" => {
            let named = observed.bindings.id(target).and_then(|id| observed.bindings.address(id));
            accounts.get_key_value(named.unwrap_or(target)).map(|(account, _)| account).into_iter().collect()
        }
        _ if target.prefix() == "account" => {
            accounts.get_key_value(target).map(|(account, _)| account).into_iter().collect()
        }
        _ => accounts
            .iter()
            .filter(|(_, parent)| **parent != root && parent.is_within(target))
            .map(|(account, _)| account)
            .collect(),
    }
}
