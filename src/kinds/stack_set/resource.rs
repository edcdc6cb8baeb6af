use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::targets::Regions;
use crate::kinds::read::ResourceDrift;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Body, Tags};

/// The fields of the regions by unit, and of what happens when accounts come and go.
pub(super) const TARGETS: &str = "deployment_targets";
pub(super) const AUTO_DEPLOYMENT: &str = "auto_deployment";

/// The field of the accounts that it is not for.
pub(super) const EXCEPT: &str = "except";

/// The tag of a stack set that says, in short, which accounts it is not for. AWS does not keep that: it shows whether an
/// account without a stack is one that was left out.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/account-level-targets.html>
pub(super) const TAG_EXCEPT: &str = "landing:except";

/// The field of how operations go about it, which is nothing that could differ.
pub(super) const PREFERENCES: &str = "operation_preferences";

/// The fields of what was found of the set's instances.
pub(super) const INSTANCES: &str = "instances";
pub(super) const LEAVING: &str = "leaving";

/// The field of other values for single accounts and regions, in what is wanted.
pub(super) const PARAMETERS_BY: &str = "parameters_by";
/// The field of the values that instances have for themselves, in what was found.
pub(super) const OVERRIDES: &str = "parameter_overrides";

/// Values of parameters, by their names.
pub(crate) type Values = BTreeMap<String, String>;

/// Other values of parameters for single accounts and regions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ParametersBy {
    /// By account, over those by region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub accounts: BTreeMap<Address, Values>,
    /// By region.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, Values>,
}

impl ParametersBy {
    /// Whether nothing has other values.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.regions.is_empty()
    }

    /// The other values of an account and region.
    pub fn at(&self, account: Option<&Address>, region: &str) -> Values {
        let of_account = account.and_then(|account| self.accounts.get(account));
        let values = self.regions.get(region).into_iter().chain(of_account).flatten();
        values.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// A stack set: a stack in every account of some units, in some regions.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSet.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackSet {
    /// Its name, which no other stack set has.
    pub name: String,
    /// The template of its stacks; null where it was not read.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub template: Value,
    /// What CloudFormation is given for the parameters that the template declares.
    pub parameters: BTreeMap<String, String>,
    /// Other values for single accounts and regions, in what is wanted.
    #[serde(skip_serializing_if = "ParametersBy::is_empty")]
    pub parameters_by: ParametersBy,
    /// The values that instances have for themselves, by account and region, in what was found; instances without any are among
    /// them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameter_overrides: BTreeMap<String, Values>,
    /// The tags of the set and of all that is in its stacks, without those of ownership.
    pub tags: Tags,
    /// The regions by unit.
    pub deployment_targets: Regions<Address>,
    /// The accounts in these units that it is not for; of one that was found, those that have no stack of it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<Address>,
    /// What happens when accounts enter or leave a unit.
    pub auto_deployment: AutoDeployment,
    /// How operations go about it, in what is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_preferences: Option<OperationPreferences>,
    /// How resources of its stacks are not as the template says, by account and region: `account/a.eu-west-1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<BTreeMap<String, DriftedStack>>,
    /// The instances that AWS could not bring to what they are to be, by account and region, and those that are missing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub instances: BTreeMap<String, String>,
    /// The stacks in units and regions that the stack set is to leave.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaving: Vec<String>,
}

impl Resource for StackSet {
    const KIND: &'static str = "stack-set";
}

impl Templated for StackSet {
    fn template(&mut self) -> &mut Value {
        &mut self.template
    }
}

/// What happens when accounts enter or leave a unit that a stack set is for.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_AutoDeployment.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AutoDeployment {
    /// Whether accounts that enter get a stack.
    pub enabled: bool,
    /// Whether accounts that leave keep theirs; AWS says nothing of it where it follows no accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retain_stacks_on_account_removal: Option<bool>,
    /// The names of the stack sets that it follows.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<String>,
}

impl AutoDeployment {
    /// Whether the stacks of accounts that leave stay.
    pub fn retains_stacks(&self) -> bool {
        self.retain_stacks_on_account_removal == Some(true)
    }
}

/// How the accounts and regions of units get the stack: shares are percents of a region's accounts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "operation-preferences"))]
pub(crate) struct OperationPreferences {
    /// How many accounts have their turn at once. Unless given, all of up to 500; of more, a share that comes to 500 accounts, or
    /// 10 percent where that is more.
    #[schemars(range(min = 1, max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_percentage: Option<u32>,
    /// The same as a number of accounts.
    #[schemars(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrent_count: Option<u32>,
    /// How many accounts of a region may fail before the rest is left as it is. Unless given, 10 percent, and one at least where
    /// there are several; of more than 500 accounts, a share that comes to 50, or 1 percent where that is more.
    #[schemars(range(min = 0, max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_tolerance_percentage: Option<u32>,
    /// The same as a number of accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_tolerance_count: Option<u32>,
    /// Whether one region follows another, as they do unless given, or all have their turn at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region_concurrency: Option<RegionConcurrency>,
}

/// How regions follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RegionConcurrency {
    /// One region after another.
    Sequential,
    /// All regions at once.
    Parallel,
}

/// A stack of a stack set with resources that are not as the template says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DriftedStack {
    /// The account that it is in.
    pub account: Address,
    /// The region that it is in.
    pub region: String,
    /// Its ARN.
    pub stack: String,
    /// How its resources are not as the template says, by logical id.
    pub resources: BTreeMap<String, ResourceDrift>,
}

/// Where a stack set has stacks and whether they stay: what of its body is read often, without its template.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Targeting {
    /// The regions by unit.
    #[serde(rename = "deployment_targets")]
    pub targets: Regions<Address>,
    /// The accounts in these units that it is not for.
    pub except: BTreeSet<Address>,
    /// What happens when accounts come and go; absent where nothing is known of it.
    #[serde(rename = "auto_deployment")]
    pub auto: Option<AutoDeployment>,
}

impl Targeting {
    /// What the body of a stack set says; nothing where it is not one.
    pub fn of(set: &Body) -> Targeting {
        Targeting::deserialize(set).unwrap_or_default()
    }

    /// Whether accounts that enter a unit get a stack.
    pub fn follows_accounts(&self) -> bool {
        self.auto.as_ref().is_some_and(|auto| auto.enabled)
    }

    /// Whether the stacks of accounts that leave stay.
    pub fn retains_stacks(&self) -> bool {
        self.auto.as_ref().is_some_and(AutoDeployment::retains_stacks)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WANTED: &str = r#"{"name":"spend","template":{"Resources":{}},"parameters":{"A":"b"},"tags":{"team":"x"},"deployment_targets":{"ou/A":["eu-west-1","us-east-1"],"root":["eu-west-1"]},"auto_deployment":{"enabled":true,"retain_stacks_on_account_removal":true,"depends_on":["first"]},"operation_preferences":{"max_concurrent_count":3,"region_concurrency":"parallel"}}"#;

    fn read(text: &str) -> (Body, StackSet) {
        let body: Body = serde_json::from_str(text).expect("it is a map");
        let set = StackSet::of(&body).expect("it is a stack set");
        (body, set)
    }

    #[test]
    fn its_fields_are_as_plans_show_them() {
        let (body, set) = read(WANTED);
        assert_eq!(set.template, json!({"Resources": {}}));
        let of_unit = &set.deployment_targets[&Address::unit(["A"])];
        assert_eq!(of_unit.iter().collect::<Vec<_>>(), ["eu-west-1", "us-east-1"]);
        let seen = Targeting::of(&body);
        assert_eq!((&seen.targets, seen.auto.as_ref()), (&set.deployment_targets, Some(&set.auto_deployment)));
        assert!(seen.follows_accounts() && seen.retains_stacks());
        let preferences = set.operation_preferences.as_ref().expect("it has some");
        assert_eq!(preferences.region_concurrency, Some(RegionConcurrency::Parallel));
        assert!([TARGETS, AUTO_DEPLOYMENT, PREFERENCES].iter().all(|field| body.contains_key(*field)));
        assert_eq!(Value::Object(set.body()).to_string(), WANTED);
        assert_eq!(Value::Object(set.into_body()).to_string(), WANTED);
    }

    #[test]
    fn what_was_found_says_what_is_left_to_do() {
        let text = r#"{"name":"s","template":{},"parameters":{},"tags":{},"deployment_targets":{},"auto_deployment":{"enabled":false},"drift":{"account/a.r":{"account":"account/a","region":"r","stack":"arn","resources":{"B":{"resource_type":"AWS::S3::Bucket","deleted":true,"properties":{}}}}},"instances":{"account/a.r":"OUTDATED FAILED: why"},"leaving":["account/a in r"]}"#;
        let (body, set) = read(text);
        assert!(!Targeting::of(&body).follows_accounts() && !Targeting::of(&body).retains_stacks());
        assert!(set.drift.as_ref().is_some_and(|drift| drift["account/a.r"].resources["B"].deleted));
        assert!([INSTANCES, LEAVING].iter().all(|field| body.contains_key(*field)));
        assert_eq!(Value::Object(set.body()).to_string(), text);
    }

    #[test]
    fn nothing_is_known_where_nothing_is_said() {
        assert_eq!(Targeting::of(&Body::new()), Targeting::default());
    }
}
