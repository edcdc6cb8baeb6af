//! Values of parameters that differ by account and region, as `parameters_by` says them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Address;
use crate::outline::{Map, Node};

/// Values of parameters, by their names.
pub(in crate::kinds) type Values = BTreeMap<String, String>;

/// The values of what is deployed in each account and region.
pub(in crate::kinds) type Placed = BTreeMap<(Address, String), Values>;

/// Other values than those that hold for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::kinds) struct ValuesBy {
    /// By account, over those by region.
    pub accounts: BTreeMap<Address, Values>,
    /// By region.
    pub regions: BTreeMap<String, Values>,
}

/// The value of each parameter that most places have; the first of several that are as frequent.
pub(in crate::kinds) fn most_common(placed: &Placed) -> Values {
    let mut counted: BTreeMap<&String, BTreeMap<&String, usize>> = BTreeMap::new();
    for (name, value) in placed.values().flatten() {
        *counted.entry(name).or_default().entry(value).or_default() += 1;
    }
    let most = counted.into_iter().filter_map(|(name, values)| {
        let (value, _) = values.into_iter().rev().max_by_key(|(_, count)| *count)?;
        Some((name.clone(), value.clone()))
    });
    most.collect()
}

impl ValuesBy {
    /// What differs from the values that hold for all. A value that most accounts have in a region is said of the region.
    ///
    /// # Errors
    /// The accounts that have other values in one region than in another without the region being the reason: these cannot be
    /// said.
    pub fn of(all: &Values, placed: &Placed) -> Result<ValuesBy, BTreeSet<Address>> {
        let regions = of_regions(all, placed);
        let mut accounts: BTreeMap<Address, Values> = BTreeMap::new();
        let mut uneven = BTreeSet::new();
        for ((account, region), values) in placed {
            for (name, value) in values {
                let of_region = regions.get(region).and_then(|of| of.get(name)).or_else(|| all.get(name));
                let elsewhere = placed.iter().filter(|((other, _), _)| other == account).map(|(_, of)| of.get(name));
                let is_everywhere = elsewhere.clone().all(|other| other == Some(value));
                match of_region == Some(value) {
                    true => {}
                    false if is_everywhere => {
                        accounts.entry(account.clone()).or_default().insert(name.clone(), value.clone());
                    }
                    false => drop(uneven.insert(account.clone())),
                }
            }
        }
        if uneven.is_empty() { Ok(ValuesBy { accounts, regions }) } else { Err(uneven) }
    }

    /// As `parameters_by` says it. `written` is what an account is called; the first that has no name is the error.
    pub fn said(&self, written: impl Fn(&Address) -> Option<String>) -> Result<Map, Address> {
        let map = |values: &Values| -> Node {
            let values: Map = values.iter().map(|(name, value)| (name.as_str(), Node::text(value))).collect();
            values.in_one_line().into()
        };
        let mut accounts = Map::default();
        for (account, values) in &self.accounts {
            accounts.set(&written(account).ok_or_else(|| account.clone())?, map(values));
        }
        let mut said = Map::default();
        said.set("accounts", accounts.in_one_line());
        let regions: Map = self.regions.iter().map(|(region, values)| (region.as_str(), map(values))).collect();
        said.set("regions", regions.in_one_line());
        Ok(said.in_one_line())
    }
}

/// The values that most accounts have in a region and that are not those of all, of the parameters that differ by region in some
/// account.
fn of_regions(all: &Values, placed: &Placed) -> BTreeMap<String, Values> {
    let regions: BTreeSet<&String> = placed.keys().map(|(_, region)| region).collect();
    let differs_by_region = |name: &String| {
        let mut of_accounts: BTreeMap<&Address, BTreeSet<Option<&String>>> = BTreeMap::new();
        for ((account, _), values) in placed {
            of_accounts.entry(account).or_default().insert(values.get(name));
        }
        of_accounts.values().any(|values| values.len() > 1)
    };
    let of_region = |region: &String| -> Values {
        let here = placed.iter().filter(|((_, of), _)| of == region);
        let most = most_common(&here.map(|(place, values)| (place.clone(), values.clone())).collect());
        most.into_iter().filter(|(name, value)| all.get(name) != Some(value) && differs_by_region(name)).collect()
    };
    let of_regions = regions.into_iter().map(|region| (region.clone(), of_region(region)));
    of_regions.filter(|(_, values)| !values.is_empty()).collect()
}

#[cfg(test)]
mod tests;
