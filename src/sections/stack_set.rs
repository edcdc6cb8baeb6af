use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::declaration::Declaration;
use super::organization::trust;
use crate::blueprint::{Place, Spanned};
use crate::model::{Address, Body, Presence, Wanted};

/// The service that makes the stacks of units.
const SERVICE: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// What happens when accounts enter or leave a unit that gets the stack.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AutoDeployment {
    /// Whether accounts that enter get a stack.
    enabled: bool,
    /// Whether accounts that leave keep their stack, and whether the stacks stay that the blueprint drops: true unless
    /// given, so that moving an account destroys nothing.
    retain_stacks_on_account_removal: Option<bool>,
}

impl Default for AutoDeployment {
    fn default() -> AutoDeployment {
        AutoDeployment { enabled: true, retain_stacks_on_account_removal: None }
    }
}

/// How the accounts and regions of units get the stack: shares are percents of a region's accounts.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OperationPreferences {
    /// How many accounts have their turn at once; 100 percent unless given.
    #[schemars(range(min = 1, max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_percentage: Option<u32>,
    /// The same as a number of accounts.
    #[schemars(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_concurrent_count: Option<u32>,
    /// How many accounts of a region may fail before the rest is left as it is; 10 percent unless given.
    #[schemars(range(min = 0, max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_percentage: Option<u32>,
    /// The same as a number of accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_tolerance_count: Option<u32>,
    /// Whether one region follows another, as they do unless given, or all have their turn at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    region_concurrency: Option<RegionConcurrency>,
}

/// How regions follow each other.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RegionConcurrency {
    Sequential,
    Parallel,
}

/// What stack sets take beside what stacks take.
#[derive(Clone, Copy)]
pub(super) struct Options<'a> {
    pub auto_deployment: Option<&'a Spanned<AutoDeployment>>,
    pub operation_preferences: Option<&'a Spanned<OperationPreferences>>,
}

impl Options<'_> {
    /// Where something is said that only stack sets take.
    pub fn place(&self) -> Option<Place> {
        let auto = self.auto_deployment.map(|auto| auto.place);
        auto.or(self.operation_preferences.map(|preferences| preferences.place))
    }
}

/// Wants a stack in every account of some units, in each of these regions. `body` says what is in it.
pub(super) fn declare(
    name: &Spanned<String>,
    body: Body,
    units: &[(Address, Place)],
    regions: &BTreeSet<String>,
    options: Options<'_>,
    declaration: &mut Declaration,
) {
    let Some((_, place)) = units.first() else { return };
    check_overlap(units, declaration);
    let targets: BTreeMap<&str, &BTreeSet<String>> = units.iter().map(|(unit, _)| (unit.as_str(), regions)).collect();
    let mut body = body;
    body.insert("deployment_targets".into(), json!(targets));
    body.insert("auto_deployment".into(), auto_deployment(options.auto_deployment, declaration));
    if let Some(preferences) = options.operation_preferences {
        check_preferences(preferences, declaration);
        body.insert("operation_preferences".into(), json!(preferences.value));
    }
    let trusted = trusted(name, *place, declaration);
    let needs = units.iter().map(|(unit, _)| unit.clone()).chain([trusted]);
    let wanted = Wanted::new("stack-set", Address::stack_set(name), body).under(Address::organization());
    declaration.want(wanted.needing(needs), name.place);
}

/// Stack sets are for units only while their service is trusted.
fn trusted(name: &Spanned<String>, place: Place, declaration: &mut Declaration) -> Address {
    let address = trust(SERVICE, place, declaration);
    if declaration.desired.get(&address).is_some_and(|wanted| wanted.presence == Presence::Absent) {
        let message = format!("the stack {} is for a unit, and `trusted_access` takes {SERVICE} away", name.value);
        declaration.mistake("trusted-access", place, message, "take its `state: absent` away, or name accounts here");
    }
    address
}

/// What gets the stack twice is a mistake: a unit or an account that lies in another unit.
fn check_overlap(units: &[(Address, Place)], declaration: &mut Declaration) {
    for (nth, (unit, place)) in units.iter().enumerate() {
        let covers = |at: usize, other: &Address| lies_in(unit, other) && (unit != other || at < nth);
        let wider = units.iter().enumerate().find(|(at, (other, _))| covers(*at, other));
        if let Some((_, (wider, _))) = wider {
            let message =
                if unit == wider { format!("{unit} is named twice") } else { format!("{unit} lies in {wider}") };
            declaration.mistake("target", *place, message, "take it away: its accounts get the stack already");
        }
    }
}

/// An account that is named beside a unit that it lies in is a mistake.
pub(super) fn check_accounts(accounts: &[(Address, Place)], units: &[(Address, Place)], declaration: &mut Declaration) {
    for (account, place) in accounts {
        let parent = declaration.desired.get(account).and_then(|wanted| wanted.parent.clone());
        let Some(parent) = parent.filter(|_| account.prefix() == "account") else { continue };
        if let Some((unit, _)) = units.iter().find(|(unit, _)| lies_in(&parent, unit)) {
            let message = format!("{account} lies in {unit}, which is named too");
            declaration.mistake("target", *place, message, "take it away: it gets the stack already");
        }
    }
}

fn lies_in(place: &Address, unit: &Address) -> bool {
    *unit == Address::root() || place.is_within(unit)
}

fn auto_deployment(given: Option<&Spanned<AutoDeployment>>, declaration: &mut Declaration) -> serde_json::Value {
    let AutoDeployment { enabled, retain_stacks_on_account_removal: retain } =
        given.map(|given| given.value.clone()).unwrap_or_default();
    if enabled {
        return json!({"enabled": true, "retain_stacks_on_account_removal": retain.unwrap_or(true)});
    }
    if let Some(given) = given.filter(|_| retain.is_some()) {
        let help = "take `retain_stacks_on_account_removal` away: accounts that leave keep their stacks then";
        declaration.mistake("auto-deployment", given.place, "AWS follows no accounts where it is not enabled", help);
    }
    json!({"enabled": false})
}

/// AWS takes a number or a share.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>
fn check_preferences(preferences: &Spanned<OperationPreferences>, declaration: &mut Declaration) {
    let both = |count: Option<u32>, percentage: Option<u32>| count.is_some() && percentage.is_some();
    for (what, twice) in [
        ("max_concurrent", both(preferences.max_concurrent_count, preferences.max_concurrent_percentage)),
        ("failure_tolerance", both(preferences.failure_tolerance_count, preferences.failure_tolerance_percentage)),
    ] {
        if twice {
            let message = format!("`{what}_count` and `{what}_percentage` say the same thing twice");
            declaration.mistake("operation-preferences", preferences.place, message, "keep one of them");
        }
    }
}
