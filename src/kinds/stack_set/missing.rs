//! Accounts with values of their own that have no stack of a stack set in units that it is for.
//!
//! They get their stacks by a request of their own, after the rest of their unit; from that on AWS lists the unit among the set's
//! targets. Where an apply was cut off between the two, nothing but the missing instance reports it, and AWS deploys only to
//! accounts that come later. So does an account that this plan brings into such a unit: AWS would give it the set's values.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/account-level-targets.html>

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::read::StackInstanceFacts;
use super::resource::{INSTANCES, PARAMETERS_BY, ParametersBy, StackSet, Targeting};
use super::targets::Regions;
use crate::model::{Address, Desired, FieldChange, Observed, Presence, Wanted};

/// What stands in the place of the status of an instance that is not there.
const MISSING: &str = "MISSING";

/// The instances that are missing, by account and region: `account/a.eu-west-1`. `targets` are the units and regions that the set
/// is for.
pub(super) fn recognize(
    wanted: &Wanted,
    targets: &Regions<Address>,
    instances: &[StackInstanceFacts],
    (desired, observed): (&Desired, &Observed),
) -> BTreeMap<String, String> {
    let by = wanted.body.get(PARAMETERS_BY).and_then(|by| ParametersBy::deserialize(by).ok()).unwrap_or_default();
    if by.accounts.is_empty() {
        return BTreeMap::new();
    }
    let to_be = Targeting::of(&wanted.body);
    let is_there = |account: &Address, region: &String| {
        let id = observed.bindings.id(account);
        instances.iter().any(|it| Some(it.account.as_str()) == id && it.region == *region)
    };
    let places = observed.accounts_after(desired);
    let named =
        by.accounts.keys().filter(|account| !to_be.except.contains(account) && has_stacks(account, desired, observed));
    let missing = named.flat_map(|account| {
        let place = places.get(account);
        let within = to_be.targets.iter().filter(move |(unit, _)| place.is_some_and(|place| place.is_below(unit)));
        let regions: BTreeSet<&String> = within
            .flat_map(|(unit, regions)| {
                regions.iter().filter(|it| targets.get(unit).is_some_and(|is| is.contains(*it)))
            })
            .collect();
        regions
            .into_iter()
            .filter(move |region| !is_there(account, region))
            .map(move |region| place_of(account, region))
    });
    missing.map(|place| (place, MISSING.to_owned())).collect()
}

/// The regions of units in which accounts have no stack although they have one in another, where no one says what is wanted.
pub(super) fn uneven(
    targets: &Regions<Address>,
    instances: &[StackInstanceFacts],
    observed: &Observed,
) -> BTreeMap<String, String> {
    let mut of_accounts: BTreeMap<&Address, BTreeSet<&String>> = BTreeMap::new();
    for instance in instances {
        let account = observed.bindings.address(&instance.account).filter(|account| observed.has_open(account));
        account.map(|account| of_accounts.entry(account).or_default().insert(&instance.region));
    }
    let lacking = of_accounts.into_iter().flat_map(|(account, regions)| {
        let place = observed.accounts.get(account);
        let within = targets.iter().filter(move |(unit, _)| place.is_some_and(|place| place.is_below(unit)));
        let all: BTreeSet<&String> = within.flat_map(|(_, regions)| regions).collect();
        all.into_iter().filter(move |region| !regions.contains(region)).map(move |region| place_of(account, region))
    });
    lacking.map(|place| (place, MISSING.to_owned())).collect()
}

/// The account and region of an instance that was found to be missing.
pub(super) fn first(set: &StackSet) -> Option<(Address, String)> {
    let (place, _) = set.instances.iter().find(|(_, status)| *status == MISSING)?;
    let (account, region) = place.rsplit_once('.')?;
    Some((Address::parse(account), region.to_owned()))
}

/// Whether AWS deploys to an account: one that is open or will be made, and not the management account.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html>
fn has_stacks(account: &Address, desired: &Desired, observed: &Observed) -> bool {
    let id = observed.bindings.id(account);
    let is_management = id.is_some() && id == observed.bindings.id(&Address::management());
    let is_to_be = desired.get(account).is_some_and(|wanted| wanted.presence == Presence::Present);
    let is_new = is_to_be && observed.get(account).is_none() && !observed.waiting.contains(account);
    (observed.has_open(account) || is_new) && !is_management && *account != Address::management()
}

fn place_of(account: &Address, region: &str) -> String {
    format!("{account}.{region}")
}

/// Whether a field says that an instance is missing.
pub(super) fn is_shown(field: &FieldChange) -> bool {
    place(field).is_some()
}

/// The account and region of an instance that a field says is missing.
pub(super) fn place(field: &FieldChange) -> Option<(Address, String)> {
    let place = field.path.strip_prefix(INSTANCES)?.strip_prefix('.').filter(|_| field.before == MISSING)?;
    // Neither regions nor the ids in them have a dot.
    let (account, region) = place.rsplit_once('.')?;
    Some((Address::parse(account), region.to_owned()))
}

#[cfg(test)]
mod tests;
