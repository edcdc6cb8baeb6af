//! The accounts that a plan reaches: numbered in the order of the tree, so that those of a unit are a range of numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, section, text};
use crate::model::{Address, Change, Desired, Plan};
use crate::report::sentence::count;

/// So many accounts are named with a change; more are listed once, at the end of the page.
const NAMED: usize = 12;

pub(super) struct Accounts {
    numbers: BTreeMap<String, usize>,
    /// What can be filtered by: units, then accounts, each with the numbers of its accounts.
    places: Vec<(Address, BTreeSet<usize>)>,
    /// The accounts that some changes reach together, where they are many, numbered.
    sets: BTreeMap<Vec<String>, usize>,
}

impl Accounts {
    pub fn of(plan: &Plan, desired: Option<&Desired>) -> Accounts {
        let mut accounts: Vec<(Option<Address>, Address)> =
            parents(plan, desired).into_iter().map(|(account, parent)| (parent, account)).collect();
        accounts.sort();
        let numbers = accounts.iter().enumerate().map(|(nth, (_, account))| (account.name(), nth)).collect();
        let places = places(&accounts, &numbers, &units(plan, desired));
        Accounts { numbers, places, sets: sets(plan) }
    }

    /// The numbers of the accounts that a change reaches, such as `0-3 7`.
    pub fn numbers_of(&self, change: &Change) -> String {
        ranges(&change.accounts.iter().filter_map(|name| self.numbers.get(name)).copied().collect())
    }

    /// What a filter offers: each place with its accounts.
    pub fn options(&self) -> String {
        let option = |(place, numbers): &(Address, BTreeSet<usize>)| {
            format!("<option value=\"{}\" data-accounts=\"{}\"></option>\n", text(place.as_str()), ranges(numbers))
        };
        self.places.iter().map(option).collect()
    }

    /// Whom a change reaches: the names, or where they are listed.
    pub fn reached_html(&self, change: &Change) -> String {
        if change.accounts.is_empty() {
            return String::new();
        }
        let many = count(change.accounts.len(), "account", "accounts");
        match self.sets.get(&change.accounts) {
            Some(nth) => format!("<p class=\"reached\">Reaches <a href=\"#reached-{nth}\">{many}</a></p>\n"),
            None => format!("<p class=\"reached\">Reaches {many}: {}</p>\n", names(&change.accounts)),
        }
    }

    /// The accounts of changes that reach many, once for all that reach the same.
    pub fn sets_html(&self) -> String {
        let set = |(accounts, nth): (&Vec<String>, &usize)| {
            let many = count(accounts.len(), "account", "accounts");
            let names = names(accounts);
            format!(
                "<details class=\"set\"><summary>{many}</summary>\n<p id=\"reached-{nth}\">{names}</p>\n</details>\n"
            )
        };
        section("reach", "Accounts reached", &self.sets.iter().map(set).collect::<String>())
    }
}

fn names(accounts: &[String]) -> String {
    accounts.iter().map(|name| code(name)).collect::<Vec<_>>().join(", ")
}

/// Where each account is that the blueprint has or that a change reaches, as far as that is known.
fn parents(plan: &Plan, desired: Option<&Desired>) -> BTreeMap<Address, Option<Address>> {
    let declared = desired.into_iter().flat_map(|desired| desired.resources.values());
    let declared = declared.filter(|wanted| wanted.address.is_account());
    let mut parents: BTreeMap<Address, Option<Address>> =
        declared.map(|wanted| (wanted.address.clone(), wanted.parent.clone())).collect();
    for change in &plan.changes {
        if change.address.is_account() && change.parent.is_some() {
            parents.insert(change.address.clone(), change.parent.clone());
        }
        for name in &change.accounts {
            parents.entry(Address::account(name)).or_default();
        }
    }
    parents
}

/// Every unit of the blueprint, and those that accounts leave, with these accounts.
fn units(plan: &Plan, desired: Option<&Desired>) -> Vec<(Address, Option<Address>)> {
    let declared = desired.into_iter().flat_map(|desired| desired.resources.keys());
    let declared = declared.filter(|address| address.is_unit()).map(|unit| (unit.clone(), None));
    let left = plan.changes.iter().filter_map(|change| {
        let parent = Address::parse(change.field("parent")?.before.as_str()?);
        (change.address.is_account() && parent.is_unit()).then(|| (parent, Some(change.address.clone())))
    });
    declared.chain(left).collect()
}

fn places(
    accounts: &[(Option<Address>, Address)],
    numbers: &BTreeMap<String, usize>,
    others: &[(Address, Option<Address>)],
) -> Vec<(Address, BTreeSet<usize>)> {
    let mut units: BTreeMap<Address, BTreeSet<usize>> = BTreeMap::new();
    for (unit, left_by) in others {
        let number = left_by.as_ref().and_then(|account| numbers.get(&account.name()));
        units.entry(unit.clone()).or_default().extend(number);
    }
    for (nth, (parent, _)) in accounts.iter().enumerate() {
        for unit in parent.iter().flat_map(Address::path).filter(Address::is_unit) {
            units.entry(unit).or_default().insert(nth);
        }
    }
    let each = accounts.iter().enumerate().map(|(nth, (_, account))| (account.clone(), BTreeSet::from([nth])));
    units.into_iter().chain(each).collect()
}

fn sets(plan: &Plan) -> BTreeMap<Vec<String>, usize> {
    let large = plan.changes.iter().map(|change| &change.accounts).filter(|accounts| accounts.len() > NAMED);
    let sets: BTreeSet<_> = large.cloned().collect();
    sets.into_iter().zip(0..).collect()
}

/// `0-3 7`.
fn ranges(numbers: &BTreeSet<usize>) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let text =
        |(first, last): (usize, usize)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    ranges.into_iter().map(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_are_a_range() {
        let text = |numbers: &[usize]| ranges(&numbers.iter().copied().collect());
        assert_eq!([text(&[]), text(&[4]), text(&[3, 0, 1, 7, 2, 9, 8])], ["", "4", "0-3 7-9"]);
    }
}
