//! In how many accounts an older version of each permission set is, found with the fewest calls.

use std::collections::{BTreeMap, BTreeSet};

use super::super::read::{OutdatedIn, ProvisionedTo, SetId};
use super::is_open;
use crate::facts::Look;
use crate::kinds::shared::identity_center::Center;
use crate::model::Observed;

/// All accounts that a set has been provisioned to.
pub(super) fn everywhere(id: &SetId) -> ProvisionedTo {
    ProvisionedTo { id: id.clone(), outdated: false }
}

/// How many open accounts have an older version, by the ARN of the set; nothing of sets of which that is not known yet.
#[derive(Debug, Default)]
pub(super) struct Outdated(BTreeMap<String, usize>);

/// The open accounts that sets have been provisioned to, by the set's ARN.
type Places<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl Outdated {
    /// A set that is in no open account is outdated in none. The others are asked for set by set, or account by account where
    /// fewer accounts have any of them: which of the two is known once it is known where all sets are.
    pub fn find<'a>(
        sets: impl Iterator<Item = &'a SetId>,
        look: &Look<'_>,
        observed: &Observed,
        center: &Center,
    ) -> Outdated {
        let sets: Vec<&SetId> = sets.collect();
        let asked: Vec<_> = sets.iter().map(|id| Some((id.set.as_str(), look.at(everywhere(id))?))).collect();
        let Some(provisioned) = asked.into_iter().collect::<Option<Vec<_>>>() else { return Outdated::default() };
        let places = places(provisioned.into_iter(), |account| is_open(observed, account));
        let outdated = match accounts_if_fewer(&places) {
            Some(accounts) => by_account(&places, &accounts, look, center),
            None => by_set(&places, look, observed, center),
        };
        let nowhere = sets.iter().filter(|id| places.get(id.set.as_str()).is_none_or(BTreeSet::is_empty));
        Outdated(nowhere.map(|id| (id.set.clone(), 0)).chain(outdated).collect())
    }

    /// How many open accounts have an older version of a set, where that is known.
    pub fn of(&self, id: &SetId) -> Option<usize> {
        self.0.get(&id.set).copied()
    }
}

fn places<'a>(
    provisioned: impl Iterator<Item = (&'a str, &'a Vec<String>)>,
    is_open: impl Fn(&str) -> bool,
) -> Places<'a> {
    let open =
        |accounts: &'a Vec<String>| accounts.iter().map(String::as_str).filter(|account| is_open(account)).collect();
    provisioned.map(|(set, accounts)| (set, open(accounts))).collect()
}

/// The accounts that have any of the sets, where they are fewer than the sets that are in any account.
fn accounts_if_fewer<'a>(places: &Places<'a>) -> Option<BTreeSet<&'a str>> {
    let accounts: BTreeSet<&str> = places.values().flatten().copied().collect();
    let sets = places.values().filter(|accounts| !accounts.is_empty()).count();
    (accounts.len() < sets).then_some(accounts)
}

fn by_set(places: &Places<'_>, look: &Look<'_>, observed: &Observed, center: &Center) -> Vec<(String, usize)> {
    let somewhere = places.iter().filter(|(_, accounts)| !accounts.is_empty());
    let asked = somewhere.map(|(set, _)| (*set, look.at(ProvisionedTo { id: center.set(*set), outdated: true })));
    let count = |accounts: &Vec<String>| accounts.iter().filter(|account| is_open(observed, account)).count();
    asked.filter_map(|(set, accounts)| Some((set.to_owned(), count(accounts?)))).collect()
}

/// Nothing while an account has not answered: it may have an older version of any set.
fn by_account(
    places: &Places<'_>,
    accounts: &BTreeSet<&str>,
    look: &Look<'_>,
    center: &Center,
) -> Vec<(String, usize)> {
    let ask =
        |account: &&str| look.at(OutdatedIn { instance: center.instance.clone(), account: (*account).to_owned() });
    let answers: Vec<Option<&Vec<String>>> = accounts.iter().map(ask).collect();
    let Some(answers) = answers.into_iter().collect::<Option<Vec<_>>>() else { return Vec::new() };
    let count = |set: &str| answers.iter().filter(|sets| sets.iter().any(|it| it == set)).count();
    places.iter().filter(|(_, accounts)| !accounts.is_empty()).map(|(set, _)| ((*set).to_owned(), count(set))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The accounts that are asked for, of sets that are in these accounts. Account 9 is closed.
    fn asked(sets: &[(&str, &[&str])]) -> Option<Vec<String>> {
        let sets: Vec<(&str, Vec<String>)> =
            sets.iter().map(|(set, accounts)| (*set, accounts.iter().map(|&id| id.to_owned()).collect())).collect();
        let places = places(sets.iter().map(|(set, accounts)| (*set, accounts)), |account| account != "9");
        accounts_if_fewer(&places).map(|accounts| accounts.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn accounts_are_asked_where_they_are_fewer_than_the_sets_in_them() {
        assert_eq!(asked(&[("a", &["1"]), ("b", &["1", "2"]), ("c", &["2"])]), Some(vec!["1".into(), "2".into()]));
        assert_eq!(asked(&[("a", &["1"]), ("b", &["1", "2"])]), None, "as many of both");
        assert_eq!(asked(&[("a", &["1", "2", "3"])]), None);
    }

    #[test]
    fn sets_and_accounts_that_nothing_is_managed_in_do_not_count() {
        // Two accounts and three sets, of which one is in a closed account only and one nowhere: one call each for two sets.
        assert_eq!(asked(&[("a", &["1", "9"]), ("b", &["2"]), ("c", &["9"]), ("d", &[])]), None);
        assert_eq!(asked(&[("a", &["1", "9"]), ("b", &["1"])]), Some(vec!["1".into()]));
        // Where no set is in an account, nothing is asked.
        assert_eq!(asked(&[("a", &["9"]), ("b", &[])]), None);
    }
}
