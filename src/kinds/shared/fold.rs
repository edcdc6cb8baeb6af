//! Sets of accounts as the fewest places that come to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::survey::{Survey, target};
use crate::model::Address;
use crate::outline::Outline;

/// Where someone has a permission set, as few places as say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::kinds) enum Place {
    /// Every account.
    Root,
    /// Every account but the management account.
    Members,
    /// Every account at or below a unit.
    Unit(Address),
    /// One account.
    Account(Address),
}

impl Place {
    /// What stands for it; its accounts one by one where a unit is not in the blueprint. `None` where it cannot be written.
    pub fn written(&self, fold: &Fold, outline: &Outline) -> Option<Vec<String>> {
        let target = |address: &Address| target(address, outline);
        match self {
            Place::Root => Some(vec!["root".into()]),
            Place::Members => Some(vec!["members".into()]),
            Place::Account(account) => Some(vec![target(account)?]),
            Place::Unit(unit) => match target(unit) {
                Some(text) => Some(vec![text]),
                None => fold.within(unit).iter().map(target).collect(),
            },
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root => f.write_str("root"),
            Place::Members => f.write_str("members"),
            Place::Unit(address) | Place::Account(address) => address.fmt(f),
        }
    }
}

/// The open accounts of an organization by what they are in.
pub(in crate::kinds) struct Fold {
    accounts: BTreeSet<Address>,
    management: Option<Address>,
    /// The units that hold accounts, those with the most first.
    units: Vec<(Address, BTreeSet<Address>)>,
    folds: bool,
}

impl Fold {
    /// Those that were found.
    pub fn of(survey: &Survey<'_>) -> Fold {
        let accounts = survey.open_accounts().map(|(account, parent)| (account.clone(), parent.clone())).collect();
        let management = survey.observed.bindings.id(&Address::management());
        let management = management.and_then(|id| survey.observed.bindings.address(id)).cloned();
        Fold::new(accounts, management, survey.folds)
    }

    /// `accounts` are the open ones with what they are in.
    fn new(accounts: BTreeMap<Address, Address>, management: Option<Address>, folds: bool) -> Fold {
        let mut within: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
        for (account, parent) in &accounts {
            for unit in parent.path().into_iter().filter(Address::is_unit) {
                within.entry(unit).or_default().insert(account.clone());
            }
        }
        let mut units: Vec<_> = within.into_iter().collect();
        // Of units with the same accounts the upper one comes first, since its address does.
        units.sort_by_key(|(_, accounts)| std::cmp::Reverse(accounts.len()));
        Fold { accounts: accounts.into_keys().collect(), management, units, folds }
    }

    /// What places come to later, for the caller that reads them.
    pub fn comment(&self, places: &[Place]) -> String {
        let units = places.iter().filter_map(|place| match place {
            Place::Unit(unit) => Some(unit.parts().join("/")),
            _ => None,
        });
        let units: Vec<String> = units.collect();
        let count = self.accounts.len();
        match places {
            [Place::Root] => format!("today {count} accounts, the management account too"),
            [Place::Members] => format!("today {} accounts, all but the management account", count - 1),
            _ if units.is_empty() => String::new(),
            _ => format!("new accounts of {} are included from now on", units.join(", ")),
        }
    }

    /// The accounts at or below a unit that holds several.
    fn within(&self, unit: &Address) -> BTreeSet<Address> {
        self.units.iter().find(|(known, _)| known == unit).map(|(_, accounts)| accounts.clone()).unwrap_or_default()
    }

    /// The fewest places that come to exactly these accounts: units in the order of the tree, then accounts. A unit stands for at
    /// least two accounts, unless it is one of `meant`, which are taken first.
    pub fn places(&self, held: &BTreeSet<Address>, meant: &BTreeSet<Address>) -> Vec<Place> {
        let accounts = |held: &BTreeSet<Address>| held.iter().cloned().map(Place::Account).collect();
        if !self.folds {
            return accounts(held);
        }
        if held.len() > 1 && *held == self.accounts {
            return vec![Place::Root];
        }
        let is_other = |account: &&Address| Some(*account) != self.management.as_ref();
        if held.len() > 1 && self.management.is_some() && held.iter().eq(self.accounts.iter().filter(is_other)) {
            return vec![Place::Members];
        }
        let mut rest = held.clone();
        let mut units: BTreeSet<Address> = BTreeSet::new();
        let (first, others): (Vec<_>, Vec<_>) = self.units.iter().partition(|(unit, _)| meant.contains(unit));
        let others = others.into_iter().filter(|(_, within)| within.len() > 1);
        for (unit, within) in first.into_iter().chain(others) {
            if within.is_subset(&rest) {
                rest.retain(|account| !within.contains(account));
                units.insert(unit.clone());
            }
        }
        let mut places: Vec<Place> = units.into_iter().map(Place::Unit).collect();
        places.extend::<Vec<Place>>(accounts(&rest));
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parents() -> BTreeMap<Address, Address> {
        let parents = [
            ("boss", "root"),
            ("a", "ou/W/D"),
            ("b", "ou/W/D"),
            ("c", "ou/W/P"),
            ("d", "root"),
            ("e", "ou/S/T"),
            ("f", "ou/S/T"),
        ];
        parents.into_iter().map(|(account, parent)| (Address::account(account), Address::parse(parent))).collect()
    }

    fn places(held: &[&str], folds: bool) -> Vec<String> {
        let fold = Fold::new(parents(), Some(Address::account("boss")), folds);
        let held = held.iter().map(|name| Address::account(name)).collect();
        fold.places(&held, &BTreeSet::new()).iter().map(Place::to_string).collect()
    }

    #[test]
    fn a_unit_that_is_meant_stands_for_a_single_account_too_where_all_of_it_is_held() {
        let fold = Fold::new(parents(), Some(Address::account("boss")), true);
        let places = |held: &[&str], meant: &[&str]| -> Vec<String> {
            let held = held.iter().map(|name| Address::account(name)).collect();
            let meant = meant.iter().map(|unit| Address::parse(unit)).collect();
            fold.places(&held, &meant).iter().map(Place::to_string).collect()
        };
        assert_eq!(places(&["a", "b", "c"], &["ou/W/D", "ou/W/P"]), ["ou/W/D", "ou/W/P"]);
        assert_eq!(places(&["c", "d"], &["ou/W/P", "ou/W"]), ["ou/W/P", "account/d"]);
        assert_eq!(places(&["a", "b", "c"], &[]), ["ou/W"]);
    }

    #[test]
    fn all_accounts_of_a_unit_with_several_stand_as_the_unit() {
        for (held, expected) in [
            (&["a", "b", "boss", "c", "d", "e", "f"][..], &["root"][..]),
            (&["a", "b", "c", "d", "e", "f"], &["members"]),
            (&["a", "b", "c", "boss"], &["ou/W", "account/boss"]),
            (&["a", "b", "e", "f", "d"], &["ou/S", "ou/W/D", "account/d"]),
            (&["c"], &["account/c"]),
            (&["boss"], &["account/boss"]),
            (&[], &[]),
        ] {
            assert_eq!(places(held, true), expected, "{held:?}");
        }
        assert_eq!(places(&["a", "b"], false), ["account/a", "account/b"]);
    }

    /// What a place comes to, reported by the tree alone.
    fn expanded(place: &Place, accounts: &BTreeMap<Address, Address>, management: &Address) -> BTreeSet<Address> {
        let within =
            |unit: &Address, parent: &Address| *parent == *unit || parent.as_str().starts_with(&format!("{unit}/"));
        let is_there = |(account, parent): &(&Address, &Address)| match place {
            Place::Root => true,
            Place::Members => *account != management,
            Place::Unit(unit) => within(unit, parent),
            Place::Account(named) => *account == named,
        };
        accounts.iter().filter(is_there).map(|(account, _)| account.clone()).collect()
    }

    proptest! {
        #[test]
        fn what_is_folded_comes_to_neither_more_nor_fewer(
            parents in prop::collection::vec(0usize..7, 1..14),
            held in prop::collection::vec(any::<bool>(), 14),
            folds: bool,
            management in 0usize..14,
        ) {
            const PLACES: [&str; 7] = ["root", "ou/A", "ou/A/B", "ou/A/B/C", "ou/D", "ou/D/A", "ou/E"];
            let accounts: BTreeMap<Address, Address> = parents.iter().enumerate()
                .map(|(nth, parent)| (Address::account(&format!("a{nth}")), Address::parse(PLACES[*parent]))).collect();
            let management = accounts.keys().nth(management % accounts.len()).expect("there is one").clone();
            let held: BTreeSet<Address> = accounts.keys().zip(held).filter(|(_, held)| *held).map(|(account, _)| account.clone()).collect();
            let fold = Fold::new(accounts.clone(), Some(management.clone()), folds);
            let mut all = BTreeSet::new();
            for place in fold.places(&held, &BTreeSet::new()) {
                let accounts = expanded(&place, &accounts, &management);
                prop_assert!(accounts.is_disjoint(&all), "{place} is said twice");
                all.extend(accounts);
            }
            prop_assert_eq!(all, held);
        }
    }
}
