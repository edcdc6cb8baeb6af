//! Instances whose parameters have other values than the stack set's.
//!
//! What the blueprint says is compared with what an instance comes to, its own values and the stack set's together: whether AWS
//! keeps a value as the instance's own makes no difference as long as it is the wanted one.

use std::collections::{BTreeMap, BTreeSet};

use landing_cloudformation::declared_parameters;
use serde_json::{Value, json};

use super::super::read::{StackInstanceFacts, StackInstanceOverrides};
use super::resource::{OVERRIDES, ParametersBy, StackSet, Values};
use super::targets::{Place, Targets};
use crate::facts::Look;
use crate::kinds::shared::deployed::Deployed;
use crate::model::{Address, Body, FieldChange, Observed};

/// The instances' own values, by account and region: `account/a.eu-west-1`. `None` while they are being asked for.
pub(super) fn recognize(
    set: &str,
    instances: &[StackInstanceFacts],
    look: &Look<'_>,
    observed: &Observed,
) -> Option<BTreeMap<String, Values>> {
    let open = instances.iter().filter_map(|instance| {
        let account = observed.bindings.address(&instance.account).filter(|account| observed.has_open(account))?;
        Some((account, instance))
    });
    let asked: Vec<(String, Option<&Values>)> = open
        .map(|(account, instance)| {
            let question = StackInstanceOverrides {
                set: set.to_owned(),
                account: instance.account.clone(),
                region: instance.region.clone(),
            };
            (place(account, &instance.region), look.at(question))
        })
        .collect();
    asked.into_iter().map(|(place, values)| Some((place, values?.clone()))).collect()
}

fn place(account: &Address, region: &str) -> String {
    format!("{account}.{region}")
}

/// The values that instances have and are not to have, each as a field: `parameter_overrides.account/a.eu-west-1.Size`.
pub(super) fn differences(wanted: &Body, found: &Body) -> Vec<FieldChange> {
    let by = part::<ParametersBy>(wanted, super::resource::PARAMETERS_BY);
    let own = part::<BTreeMap<String, Values>>(found, OVERRIDES);
    let (to_be, is) = (Deployed::of(wanted), Deployed::of(found));
    let unread = not_echoed(&to_be);
    let of_place = |(place, own): (&String, &Values)| {
        // Neither regions nor the ids in them have a dot.
        let (account, region) = place.rsplit_once('.').unwrap_or((place, ""));
        let others = by.at(Some(&Address::parse(account)), region);
        let names: BTreeSet<&String> = own.keys().chain(others.keys()).collect();
        let differ = names.into_iter().filter_map(|name| {
            let before = own.get(name).or_else(|| is.parameters.get(name));
            let after = others.get(name).or_else(|| to_be.parameters.get(name));
            // What is not echoed is only known to be an instance's own.
            let is_as_wanted = match unread.contains(name) {
                true => own.contains_key(name) == others.contains_key(name),
                false => before == after,
            };
            let path = format!("{OVERRIDES}.{place}.{name}");
            (!is_as_wanted).then(|| FieldChange { path, before: json!(before), after: json!(after) })
        });
        differ.collect::<Vec<_>>()
    };
    own.iter().flat_map(of_place).collect()
}

fn part<T: Default + serde::de::DeserializeOwned>(body: &Body, field: &str) -> T {
    body.get(field).and_then(|value: &Value| T::deserialize(value).ok()).unwrap_or_default()
}

fn not_echoed(deployed: &Deployed<'_>) -> BTreeSet<String> {
    let declared = deployed.template.into_iter().flat_map(declared_parameters);
    declared.filter(|parameter| parameter.no_echo).map(|parameter| parameter.name).collect()
}

/// What an instance that has `own` values is to be given so that it has the wanted ones and no others; nothing where it has
/// them. AWS leaves all values as they are where it is given none, so the stack set's own take the place of the last.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackInstances.html>
pub(super) fn to_give(says: &StackSet, account: Option<&Address>, region: &str, own: &Values) -> Option<Values> {
    let others = says.parameters_by.at(account, region);
    let unread = not_echoed(&Deployed { template: Some(&says.template), parameters: Values::new() });
    let is_own = |(name, value): (&String, &String)| match own.get(name) {
        Some(own) => own == value || unread.contains(name),
        None => false,
    };
    let is_in_the_way =
        |(name, value): (&String, &String)| !others.contains_key(name) && says.parameters.get(name) != Some(value);
    if others.iter().all(is_own) && !own.iter().any(is_in_the_way) {
        return None;
    }
    if !others.is_empty() {
        return Some(others);
    }
    let of_the_set = own.keys().filter_map(|name| Some((name.clone(), says.parameters.get(name)?.clone())));
    Some(of_the_set.collect::<Values>()).filter(|values| !values.is_empty())
}

/// The requests that it takes to make stacks with their own values: in the accounts of `targets` that have others, by their
/// ids, and in the rest.
pub(super) fn divided(
    targets: &Targets,
    by: &ParametersBy,
    accounts: &BTreeMap<String, Address>,
) -> Vec<(Targets, Values)> {
    let mut regions: BTreeMap<Values, Vec<String>> = BTreeMap::new();
    for region in &targets.regions {
        regions.entry(by.at(None, region)).or_default().push(region.clone());
    }
    let mut requests = Vec::new();
    for (values, regions) in regions {
        let within = targets.in_regions(regions);
        let first = within.regions.first().cloned().unwrap_or_default();
        requests.push((within.without_accounts(accounts.keys()), values));
        let mut alike: BTreeMap<Values, Vec<&String>> = BTreeMap::new();
        for (id, account) in accounts {
            alike.entry(by.at(Some(account), &first)).or_default().push(id);
        }
        requests.extend(alike.into_iter().map(|(values, ids)| (within.with_accounts(ids.into_iter()), values)));
    }
    requests
}

/// Requests that give instances their values, one for all that get the same.
pub(super) fn grouped(given: Vec<(Place, Values)>) -> Vec<(Targets, Values)> {
    let mut alike: BTreeMap<Values, Vec<Place>> = BTreeMap::new();
    for (place, values) in given {
        alike.entry(values).or_default().push(place);
    }
    let requests = alike.into_iter().flat_map(|(values, places)| {
        Targets::places(places.into_iter()).into_iter().map(move |targets| (targets, values.clone()))
    });
    requests.collect()
}

#[cfg(test)]
mod tests;
