use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{StackDriftStatus, StackInstanceSummary, StackSet, StackSetStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::organization::text;
use super::stacks::template;
use crate::cloud::{AccountAccess, AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::model::Tags;

/// AWS's longest page of instances, operations and results.
pub const PAGE: i32 = 100;

/// The names of the stack sets that are in the home region, those whose roles their owner keeps included.
#[derive(Debug)]
pub struct StackSetNames;

impl Question for StackSetNames {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        "cloudformation/stack-sets".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let request = home(cloud).await?.list_stack_sets().status(StackSetStatus::Active).max_results(PAGE);
        let sets = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let sets = sets.explain("cloudformation:ListStackSets")?;
        Ok(sets.iter().map(|set| text(set.stack_set_name())).collect())
    }
}

/// The stack set of this name in the home region, where there is one.
#[derive(Debug)]
pub struct StackSetNamed(pub String);

/// A stack set without its instances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StackSetFacts {
    /// `NAME:` and a UUID, which AWS takes wherever it takes the name.
    pub id: String,
    /// Its name, which no other stack set of the region has.
    pub name: String,
    /// Whether AWS keeps the roles that it works with, so that it can be for units.
    pub is_service_managed: bool,
    /// Its template in the long form; the text itself where it is neither YAML nor JSON.
    pub template: Value,
    /// Its parameters; those that are not echoed as `****`.
    pub parameters: BTreeMap<String, String>,
    /// Its tags, which its stacks have too.
    pub tags: Tags,
    /// Whether accounts that enter its units get a stack.
    pub follows_accounts: bool,
    /// Whether accounts that leave its units keep theirs.
    pub retains_stacks: bool,
    /// The names of the stack sets whose stacks come before its own in accounts that enter.
    #[serde(default)]
    pub depends_on: BTreeSet<String>,
    /// The ids of the units that it is for, and of the root.
    pub units: Vec<String>,
}

impl Question for StackSetNamed {
    type Answer = Option<StackSetFacts>;

    fn key(&self) -> String {
        format!("cloudformation/stack-set/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let reply = home(cloud).await?.describe_stack_set().stack_set_name(&self.0).send().await;
        match reply.explain("cloudformation:DescribeStackSet") {
            Err(error) if error.is("StackSetNotFoundException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(reply.stack_set().filter(|set| set.status() != Some(&StackSetStatus::Deleted)).map(facts)),
        }
    }
}

fn facts(set: &StackSet) -> StackSetFacts {
    let auto = set.auto_deployment();
    let parameters = set.parameters().iter();
    StackSetFacts {
        id: text(set.stack_set_id()),
        name: text(set.stack_set_name()),
        is_service_managed: set.permission_model().is_some_and(|model| model.as_str() == "SERVICE_MANAGED"),
        template: template(set.template_body().unwrap_or_default()),
        parameters: parameters.map(|it| (text(it.parameter_key()), text(it.parameter_value()))).collect(),
        tags: set.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect(),
        follows_accounts: auto.and_then(|auto| auto.enabled()).unwrap_or_default(),
        retains_stacks: auto.and_then(|auto| auto.retain_stacks_on_account_removal()).unwrap_or_default(),
        depends_on: auto.map(|auto| auto.depends_on()).into_iter().flatten().filter_map(|arn| name_in(arn)).collect(),
        units: set.organizational_unit_ids().to_vec(),
    }
}

/// The name in a stack set's ARN: `arn:aws:cloudformation:eu-west-1:111111111111:stackset/NAME:UUID`.
fn name_in(arn: &str) -> Option<String> {
    let (_, id) = arn.split_once(":stackset/")?;
    id.split(':').next().map(str::to_owned)
}

/// The regions that a stack set is for in each of its units, by the unit's id, as far as AWS reports: units without
/// accounts are among them. Takes the stack set's id.
#[derive(Debug)]
pub struct StackSetTargets(pub String);

impl StackSetTargets {
    /// What the keys of these questions begin with.
    pub const PREFIX: &'static str = "cloudformation/targets-of/";
}

impl Question for StackSetTargets {
    type Answer = BTreeMap<String, BTreeSet<String>>;

    fn key(&self) -> String {
        format!("{}{}", StackSetTargets::PREFIX, self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let client = home(cloud).await?;
        let mut targets = BTreeMap::new();
        let mut next = None;
        loop {
            let request = client.list_stack_set_auto_deployment_targets().stack_set_name(&self.0).max_results(PAGE);
            let reply = request.set_next_token(next).send().await;
            let reply = match reply.explain("cloudformation:ListStackSetAutoDeploymentTargets") {
                // What an emulator does not list is reported by the instances.
                Err(error) if error.is_unknown_operation() => return Ok(targets),
                other => other?,
            };
            for target in reply.summaries() {
                targets.insert(text(target.organizational_unit_id()), target.regions().iter().cloned().collect());
            }
            next = reply.next_token().map(str::to_owned);
            if next.is_none() {
                return Ok(targets);
            }
        }
    }
}

/// The instances of a stack set: its stacks in accounts and regions, made or not. Takes the stack set's id.
#[derive(Debug)]
pub struct StackInstancesOf(pub String);

/// A stack set's stack in one account and region, as far as it came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackInstanceFacts {
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The id of the unit that it is there for; AWS may leave it out.
    pub unit: String,
    /// `CURRENT`, `OUTDATED` or `INOPERABLE`.
    pub status: String,
    /// How the last operation on it ended: `SUCCEEDED`, `FAILED`, `CANCELLED` …
    pub detailed_status: String,
    /// Why, where AWS says so.
    pub reason: Option<String>,
    /// The ARN of its stack; empty where there is none.
    pub stack: String,
    /// Whether AWS found, when it last looked, that resources of its stack are not as the template says.
    pub drifted: bool,
}

impl StackInstanceFacts {
    /// Whether a stack is missing or not as the stack set says, and AWS will not see to it by itself.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceComprehensiveStatus.html>
    pub fn is_stuck(&self) -> bool {
        let is_left_alone = matches!(&*self.detailed_status, "PENDING" | "RUNNING" | "SKIPPED_SUSPENDED_ACCOUNT");
        self.status != "CURRENT" && !is_left_alone
    }

    /// Whether it could not be deleted, so that AWS does not update it any more.
    pub fn is_inoperable(&self) -> bool {
        self.status == "INOPERABLE"
    }
}

impl Question for StackInstancesOf {
    type Answer = Vec<StackInstanceFacts>;

    fn key(&self) -> String {
        format!("cloudformation/instances-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = home(cloud).await?.list_stack_instances().stack_set_name(&self.0).max_results(PAGE);
        let instances = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        Ok(instances.explain("cloudformation:ListStackInstances")?.iter().map(instance_facts).collect())
    }
}

/// The values of parameters that an instance has for itself, by name; those that are not echoed as `****`.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstance.html>
#[derive(Debug)]
pub struct StackInstanceOverrides {
    /// The stack set's id.
    pub set: String,
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
}

impl Question for StackInstanceOverrides {
    type Answer = BTreeMap<String, String>;

    fn key(&self) -> String {
        format!("cloudformation/overrides-of/{}/{}/{}", self.set, self.account, self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = home(cloud).await?.describe_stack_instance().stack_set_name(&self.set);
        let request = request.stack_instance_account(&self.account).stack_instance_region(&self.region);
        let reply = match request.send().await.explain("cloudformation:DescribeStackInstance") {
            // AWS has deleted it meanwhile, as where its account left the unit.
            Err(error) if error.is("StackInstanceNotFoundException") => return Ok(BTreeMap::new()),
            other => other?,
        };
        let own = reply.stack_instance().map(|instance| instance.parameter_overrides()).into_iter().flatten();
        Ok(own.map(|it| (text(it.parameter_key()), text(it.parameter_value()))).collect())
    }
}

fn instance_facts(instance: &StackInstanceSummary) -> StackInstanceFacts {
    let detailed = instance.stack_instance_status().and_then(|status| status.detailed_status());
    StackInstanceFacts {
        account: text(instance.account()),
        region: text(instance.region()),
        unit: text(instance.organizational_unit_id()),
        status: instance.status().map(|status| status.as_str().to_owned()).unwrap_or_default(),
        detailed_status: detailed.map(|status| status.as_str().to_owned()).unwrap_or_default(),
        reason: instance.status_reason().map(str::to_owned),
        stack: text(instance.stack_id()),
        drifted: instance.drift_status() == Some(&StackDriftStatus::Drifted),
    }
}

/// Stack sets are administered in the management account's home region, whatever regions they are for.
pub async fn home(cloud: &Cloud) -> Result<Client, AwsError> {
    cloud.cloudformation(&AccountAccess::own(), &cloud.region).await
}
