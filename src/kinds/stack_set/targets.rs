//! The units and regions that a stack set is for.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::types::{AccountFilterType, DeploymentTargets};

use super::super::read::{StackInstanceFacts, StackSetFacts};
use crate::model::Address;

/// The service that must be trusted before stack sets can be for units.
pub(super) const SERVICE: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// Regions by unit: the unit's address, or its id.
pub(crate) type Regions<Unit> = BTreeMap<Unit, BTreeSet<String>>;

/// The regions that a stack set is for in each unit. Units that are not there any more are no one's concern.
///
/// Where AWS does not list a unit's regions, the instances in it show them; where there are none either, nothing
/// contradicts what is wanted.
pub(super) fn of_units(
    set: &StackSetFacts,
    listed: &Regions<String>,
    instances: &[StackInstanceFacts],
    wanted: &Regions<Address>,
    address_of: impl Fn(&str) -> Option<Address>,
) -> Regions<Address> {
    let units: BTreeSet<&String> = set.units.iter().chain(listed.keys()).collect();
    let regions = |id: &String, unit: &Address| {
        let reported = listed.get(id).cloned().unwrap_or_else(|| of_instances(id, instances));
        if reported.is_empty() { wanted.get(unit).cloned().unwrap_or_default() } else { reported }
    };
    let known = units.into_iter().filter_map(|id| Some((id, address_of(id)?)));
    known
        .map(|(id, unit)| {
            let regions = regions(id, &unit);
            (unit, regions)
        })
        .collect()
}

fn of_instances(unit: &str, instances: &[StackInstanceFacts]) -> BTreeSet<String> {
    instances.iter().filter(|instance| instance.unit == unit).map(|instance| instance.region.clone()).collect()
}

/// What of `all` is not in `others`.
pub(super) fn without<Unit: Ord + Clone>(all: &Regions<Unit>, others: &Regions<Unit>) -> Regions<Unit> {
    let none = BTreeSet::new();
    let left = all.iter().map(|(unit, regions)| {
        let others = others.get(unit).unwrap_or(&none);
        (unit.clone(), regions.difference(others).cloned().collect::<BTreeSet<_>>())
    });
    left.filter(|(_, regions)| !regions.is_empty()).collect()
}

/// Where one stack of a stack set is: the account's id, the id of the unit that it is there for, and the region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub account: String,
    pub unit: String,
    pub region: String,
}

impl Place {
    /// Where an instance is.
    pub fn of(instance: &StackInstanceFacts) -> Place {
        let StackInstanceFacts { account, unit, region, .. } = instance;
        Place { account: account.clone(), unit: unit.clone(), region: region.clone() }
    }
}

/// Units and regions that one request names, all of the units' accounts or only some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Targets {
    units: Vec<String>,
    /// None stands for all.
    accounts: Vec<String>,
    /// Those of all that are left out.
    except: Vec<String>,
    pub regions: Vec<String>,
}

impl Targets {
    /// The requests that it takes for these units and no others: one for all that have the same regions.
    pub fn whole_units(regions: &Regions<String>) -> Vec<Targets> {
        let same = inverted(regions.iter().map(|(unit, regions)| (unit.clone(), regions.clone())));
        let targets = |(regions, units): (BTreeSet<String>, BTreeSet<String>)| Targets {
            units: units.into_iter().collect(),
            accounts: Vec::new(),
            except: Vec::new(),
            regions: regions.into_iter().collect(),
        };
        same.into_iter().map(targets).collect()
    }

    /// The requests that it takes for these instances and no others.
    pub fn instances<'a>(instances: impl Iterator<Item = &'a StackInstanceFacts>) -> Vec<Targets> {
        Targets::places(instances.map(Place::of))
    }

    /// The requests that it takes for the stacks in these places and no others.
    pub fn places(places: impl Iterator<Item = Place>) -> Vec<Targets> {
        let mut regions: Regions<(String, String)> = Regions::new();
        for Place { account, unit, region } in places {
            regions.entry((account, unit)).or_default().insert(region);
        }
        let targets = |(regions, places): (BTreeSet<String>, BTreeSet<(String, String)>)| {
            let units: BTreeSet<&String> = places.iter().map(|(_, unit)| unit).collect();
            Targets {
                units: units.into_iter().cloned().collect(),
                accounts: places.iter().map(|(account, _)| account.clone()).collect(),
                except: Vec::new(),
                regions: regions.into_iter().collect(),
            }
        };
        inverted(regions).into_iter().map(targets).collect()
    }

    /// The same without some accounts of the units. `lies_in` shows which account lies in which unit, by their ids.
    pub fn without(mut self, accounts: &BTreeSet<String>, lies_in: impl Fn(&str, &str) -> bool) -> Targets {
        let lies_here = |account: &&String| self.units.iter().any(|unit| lies_in(account, unit));
        self.except = accounts.iter().filter(lies_here).cloned().collect();
        self
    }

    /// As AWS takes it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html>
    pub fn deployment(&self) -> DeploymentTargets {
        let targets = DeploymentTargets::builder().set_organizational_unit_ids(Some(self.units.clone()));
        if !self.except.is_empty() {
            let targets = targets.set_accounts(Some(self.except.clone()));
            return targets.account_filter_type(AccountFilterType::Difference).build();
        }
        if self.accounts.is_empty() {
            return targets.build();
        }
        targets.set_accounts(Some(self.accounts.clone())).account_filter_type(AccountFilterType::Intersection).build()
    }

    /// The ids of the units.
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// The same in these regions.
    pub fn in_regions(&self, regions: Vec<String>) -> Targets {
        Targets { regions, ..self.clone() }
    }

    /// Of whole units, these accounts alone.
    pub fn with_accounts<'a>(&self, accounts: impl Iterator<Item = &'a String>) -> Targets {
        Targets { accounts: accounts.cloned().collect(), except: Vec::new(), ..self.clone() }
    }

    /// Of whole units, these accounts left out beside those that are already.
    pub fn without_accounts<'a>(&self, accounts: impl Iterator<Item = &'a String>) -> Targets {
        Targets { except: self.except.iter().cloned().chain(accounts.cloned()).collect(), ..self.clone() }
    }
}

/// Keys by their values.
fn inverted<K: Ord, V: Ord>(map: impl IntoIterator<Item = (K, V)>) -> BTreeMap<V, BTreeSet<K>> {
    let mut inverted: BTreeMap<V, BTreeSet<K>> = BTreeMap::new();
    for (key, value) in map {
        inverted.entry(value).or_default().insert(key);
    }
    inverted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions<const N: usize>(units: [(&str, &[&str]); N]) -> Regions<String> {
        let set = |regions: &[&str]| regions.iter().map(|region| (*region).to_owned()).collect();
        units.into_iter().map(|(unit, regions)| (unit.to_owned(), set(regions))).collect()
    }

    fn instance(account: &str, region: &str) -> StackInstanceFacts {
        StackInstanceFacts {
            account: account.into(),
            region: region.into(),
            unit: "ou-1".into(),
            status: "OUTDATED".into(),
            detailed_status: "FAILED".into(),
            reason: None,
            stack: String::new(),
            drifted: false,
        }
    }

    #[test]
    fn units_with_the_same_regions_share_a_request() {
        let all = regions([("ou-1", &["a", "b"]), ("ou-2", &["a", "b"]), ("ou-3", &["a"])]);
        let requests = Targets::whole_units(&all);
        let named: Vec<_> = requests.iter().map(|it| (it.units.join(" "), it.regions.join(" "))).collect();
        assert_eq!(named, [("ou-3".into(), "a".into()), ("ou-1 ou-2".into(), "a b".to_owned())]);
    }

    #[test]
    fn instances_are_named_and_no_others() {
        let stuck =
            [instance("1", "a"), instance("1", "b"), instance("2", "a"), instance("3", "b"), instance("3", "a")];
        let requests = Targets::instances(stuck.iter());
        let named: Vec<_> = requests.iter().map(|it| (it.accounts.join(" "), it.regions.join(" "))).collect();
        assert_eq!(named, [("2".into(), "a".into()), ("1 3".into(), "a b".to_owned())]);
    }

    #[test]
    fn only_what_is_missing_is_added() {
        let (wanted, there) = (regions([("x", &["a", "b"]), ("y", &["a"])]), regions([("x", &["b"]), ("y", &["a"])]));
        assert_eq!(without(&wanted, &there), regions([("x", &["a"])]));
    }

    fn set(units: &[&str]) -> StackSetFacts {
        StackSetFacts {
            id: "base:1".into(),
            name: "base".into(),
            is_service_managed: true,
            template: serde_json::Value::Null,
            parameters: BTreeMap::new(),
            tags: BTreeMap::new(),
            follows_accounts: true,
            retains_stacks: true,
            depends_on: BTreeSet::new(),
            units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        }
    }

    #[test]
    fn the_regions_of_units_are_listed_or_reported_by_instances_or_as_wanted() {
        let address_of = |id: &str| match id {
            "ou-1" => Some(Address::unit(["A"])),
            "ou-2" => Some(Address::unit(["B"])),
            "ou-3" => Some(Address::unit(["C"])),
            _ => None,
        };
        let as_wanted = |unit: &str| (Address::unit([unit]), BTreeSet::from(["w".to_owned()]));
        let wanted = Regions::from(["A", "B", "C"].map(as_wanted));
        let listed = regions([("ou-2", &["l"]), ("ou-gone", &["l"])]);
        let found = of_units(&set(&["ou-1", "ou-2", "ou-3"]), &listed, &[instance("1", "i")], &wanted, address_of);
        let reported: Vec<(String, String)> = found
            .into_iter()
            .map(|(unit, regions)| (unit.to_string(), regions.into_iter().collect::<Vec<_>>().join(" ")))
            .collect();
        let expected = [("ou/A", "i"), ("ou/B", "l"), ("ou/C", "w")];
        assert_eq!(reported, expected.map(|(unit, region)| (unit.to_owned(), region.to_owned())));
    }

    #[test]
    fn requests_name_units_whole_or_accounts_alone() {
        let whole = &Targets::whole_units(&regions([("ou-1", &["a"])]))[0];
        let deployment = whole.deployment();
        assert_eq!(deployment.organizational_unit_ids(), ["ou-1"]);
        assert!(deployment.accounts().is_empty() && deployment.account_filter_type().is_none());
        let some = &Targets::instances([instance("1", "a")].iter())[0];
        let deployment = some.deployment();
        assert_eq!(
            (deployment.organizational_unit_ids(), deployment.accounts()),
            (&["ou-1".to_owned()][..], &["1".to_owned()][..])
        );
        assert_eq!(deployment.account_filter_type(), Some(&AccountFilterType::Intersection));
    }

    #[test]
    fn accounts_that_are_left_out_of_units_are_named_where_they_lie_in_one() {
        let whole = Targets::whole_units(&regions([("ou-1", &["a"])])).remove(0);
        let lies_in = |account: &str, unit: &str| unit == "ou-1" && account != "3";
        let some =
            whole.clone().without(&BTreeSet::from(["1".to_owned(), "2".into(), "3".into()]), lies_in).deployment();
        assert_eq!(some.organizational_unit_ids(), ["ou-1"]);
        assert_eq!(some.accounts(), ["1", "2"]);
        assert_eq!(some.account_filter_type(), Some(&AccountFilterType::Difference));
        let all = whole.without(&BTreeSet::from(["3".to_owned()]), lies_in).deployment();
        assert!(all.accounts().is_empty() && all.account_filter_type().is_none());
    }
}
