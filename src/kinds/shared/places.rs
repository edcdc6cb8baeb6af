//! Which accounts a rule of the blueprint comes to.

use std::collections::BTreeMap;

use crate::model::{Address, Desired, Exclusion, Observed, Presence, Tags, body_tags};

/// Every account that will be open, and what it will be in.
pub(in crate::kinds) struct Accounts<'a> {
    parents: BTreeMap<Address, Address>,
    /// The accounts directly in each unit: there may be a rule for each of thousands of accounts, so that a rule does not look
    /// at all of them.
    in_units: BTreeMap<Address, Vec<Address>>,
    desired: &'a Desired,
    observed: &'a Observed,
}

impl<'a> Accounts<'a> {
    /// Those that there will be once everything that is wanted has been done.
    pub fn after(desired: &'a Desired, observed: &'a Observed) -> Accounts<'a> {
        let mut parents = observed.accounts_after(desired);
        parents.retain(|account, _| {
            let is_to_be_closed = desired.get(account).is_some_and(|wanted| wanted.presence == Presence::Absent);
            let is_closed = observed.accounts.contains_key(account) && !observed.has_open(account);
            !is_to_be_closed && !is_closed
        });
        if !observed.found.contains_key(&Address::organization()) {
            // The account that makes an organization is its first one.
            parents.insert(Address::management(), Address::root());
        }
        Accounts { in_units: in_units(&parents), parents, desired, observed }
    }

    /// The accounts at or below a target (`root`, `management`, `ou/…` or `account/…`) that are not excluded.
    pub fn at(&self, target: &Address, except: &Exclusion) -> Vec<&Address> {
        let there = self.there(target);
        let is_excluded = |account: &Address| {
            self.parents.get(account).is_some_and(|parent| self.is_excluded(account, parent, except))
        };
        there.into_iter().filter(|account| !is_excluded(account)).collect()
    }

    /// The accounts at or below a target, in the order of their addresses.
    fn there(&self, target: &Address) -> Vec<&Address> {
        match target.prefix() {
            "root" => self.parents.keys().collect(),
            "management" | "account" => {
                let named = self.named(target).and_then(|account| self.parents.get_key_value(account));
                named.map(|(account, _)| account).into_iter().collect()
            }
            _ => self.in_unit(target),
        }
    }

    fn in_unit(&self, unit: &Address) -> Vec<&Address> {
        // Units whose names only begin alike lie between a unit and those in it: `ou/A-B` before `ou/A/B`.
        let from = self.in_units.range(unit.clone()..);
        let alike = from.take_while(|(place, _)| place.as_str().starts_with(unit.as_str()));
        let within = alike.filter(|(place, _)| place.is_within(unit));
        let mut accounts: Vec<&Address> = within.flat_map(|(_, accounts)| accounts).collect();
        accounts.sort();
        accounts
    }

    /// What a target that is an account is called.
    fn named<'b>(&'b self, target: &'b Address) -> Option<&'b Address> {
        match target.is_management() {
            true => Some(self.management().unwrap_or(target)),
            false => Some(target),
        }
    }

    fn management(&self) -> Option<&Address> {
        let bindings = &self.observed.bindings;
        bindings.id(&Address::management()).and_then(|id| bindings.address(id))
    }

    fn is_excluded(&self, account: &Address, parent: &Address, except: &Exclusion) -> bool {
        if except.is_empty() {
            return false;
        }
        let is_management = account.is_management() || self.management() == Some(account);
        except.has(account, parent, is_management, &self.tags(account))
    }

    /// An account's tags once everything that is wanted has been done: the blueprint's, and those that it leaves to others.
    fn tags(&self, account: &Address) -> Tags {
        let mut tags = self.observed.account_tags.get(account).cloned().unwrap_or_default();
        if let Some(wanted) = self.desired.get(account) {
            tags.retain(|key, _| self.desired.ignores_tag(key));
            tags.extend(body_tags(&wanted.body));
        }
        tags
    }
}

fn in_units(parents: &BTreeMap<Address, Address>) -> BTreeMap<Address, Vec<Address>> {
    let mut in_units: BTreeMap<Address, Vec<Address>> = BTreeMap::new();
    for (account, parent) in parents {
        in_units.entry(parent.clone()).or_default().push(account.clone());
    }
    in_units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_the_accounts_in_it_and_below_it_in_their_order_and_no_others() {
        let mut observed = Observed::default();
        for (account, parent) in [
            ("z", "ou/A"),
            ("y", "ou/A/B"),
            ("x", "ou/A-B"),
            ("w", "ou/A/B/C"),
            ("v", "ou/AB"),
            ("u", "root"),
            ("t", "ou/A b/C"),
            ("s", "ou/A/Z"),
        ] {
            observed.accounts.insert(Address::account(account), Address::parse(parent));
        }
        let desired = Desired::default();
        let parents = observed.accounts.clone();
        let accounts = Accounts { in_units: in_units(&parents), parents, desired: &desired, observed: &observed };
        let at = |target: &str| {
            let there = accounts.at(&Address::parse(target), &Exclusion::default());
            there.into_iter().map(Address::name).collect::<Vec<_>>().join(" ")
        };
        for (target, expected) in [
            ("ou/A", "s w y z"),
            ("ou/A/B", "w y"),
            ("ou/A-B", "x"),
            ("ou/AB", "v"),
            ("ou/B", ""),
            ("root", "s t u v w x y z"),
            ("account/u", "u"),
            ("account/q", ""),
            ("management", ""),
        ] {
            assert_eq!(at(target), expected, "{target}");
        }
    }
}
