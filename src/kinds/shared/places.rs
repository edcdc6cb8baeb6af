//! Which accounts a rule of the blueprint comes to.

use std::collections::BTreeMap;

use crate::model::{Address, Desired, Exclusion, Observed, Presence, Tags, body_tags};

/// Every account that will be open, and what it will be in.
pub(in crate::kinds) struct Accounts<'a> {
    parents: BTreeMap<Address, Address>,
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
        Accounts { parents, desired, observed }
    }

    /// The accounts at or below a target (`root`, `management`, `ou/…` or `account/…`) that are not excluded.
    pub fn at(&self, target: &Address, except: &Exclusion) -> Vec<&Address> {
        let named = self.named(target);
        let is_there = |account: &Address, parent: &Address| match target.prefix() {
            "root" => true,
            "management" | "account" => named == Some(account),
            _ => *parent != Address::root() && parent.is_within(target),
        };
        let there = self.parents.iter().filter(|(account, parent)| is_there(account, parent));
        there
            .filter(|(account, parent)| !self.is_excluded(account, parent, except))
            .map(|(account, _)| account)
            .collect()
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
        let is_management = account.is_management() || self.management() == Some(account);
        !except.is_empty() && except.has(account, parent, is_management, &self.tags(account))
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
