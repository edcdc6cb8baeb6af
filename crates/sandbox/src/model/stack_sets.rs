//! What CloudFormation keeps of stack sets.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cloudformation::{Drift, Wanted};
use super::preferences::Preferences;
use crate::ids::uuid;

/// The organization's service-managed stack sets. They are the management account's, regardless of who administers them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackSets {
    /// By region and name.
    pub(crate) regions: BTreeMap<String, BTreeMap<String, StackSet>>,
    /// How many ids were given out.
    pub(crate) sequence: u64,
}

/// A stack set, its instances and what was done with them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackSet {
    /// `NAME:UUID`.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) wanted: Wanted,
    pub(crate) auto_deployment: AutoDeployment,
    /// Whether operations wait for others instead of being refused.
    pub(crate) managed_execution: bool,
    /// The token of the request that made it.
    pub(crate) token: Option<String>,
    /// The root and the units that it is deployed to, with the regions.
    pub(crate) targets: BTreeMap<String, BTreeSet<String>>,
    /// The accounts below the targets when they were last looked at, and which targets cover them.
    pub(crate) members: BTreeMap<String, BTreeSet<String>>,
    /// By account and region.
    pub(crate) instances: BTreeMap<String, BTreeMap<String, Instance>>,
    /// The newest last.
    pub(crate) operations: Vec<SetOperation>,
    /// When drift was last looked for in all instances.
    pub(crate) drift_checked: Option<u64>,
}

/// What happens when accounts enter or leave the targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AutoDeployment {
    pub(crate) enabled: bool,
    /// Whether an account that leaves keeps its stacks.
    pub(crate) retain: bool,
    /// The ARNs of the stack sets whose stacks are made first in accounts that enter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) depends_on: Vec<String>,
}

/// A stack set's stack in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Instance {
    pub(crate) stack_name: String,
    /// The stack's ARN; empty when it was never made.
    pub(crate) stack_id: String,
    /// The target that it is there for: the root or a unit.
    pub(crate) unit: String,
    /// `CURRENT`, `OUTDATED` or `INOPERABLE`.
    pub(crate) status: String,
    /// As the API names it: `PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED` …
    pub(crate) detailed_status: String,
    pub(crate) reason: Option<String>,
    /// Parameters that differ from the stack set's.
    pub(crate) overrides: BTreeMap<String, String>,
    pub(crate) drift: Drift,
    pub(crate) last_operation: String,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Action {
    Create,
    Update,
    Delete,
    DetectDrift,
}

impl Action {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::DetectDrift => "DETECT_DRIFT",
        }
    }
}

/// An operation on instances of a stack set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SetOperation {
    pub(crate) id: String,
    pub(crate) action: Action,
    /// As the API names it: `QUEUED`, `RUNNING`, `STOPPING`, `STOPPED`, `SUCCEEDED` or `FAILED`.
    pub(crate) status: String,
    pub(crate) preferences: Preferences,
    /// Whether a deletion leaves the stacks.
    pub(crate) retain: bool,
    /// The units that the request named.
    pub(crate) units: Vec<String>,
    pub(crate) created: u64,
    pub(crate) ended: Option<u64>,
    /// How many batches are done.
    pub(crate) batches: u64,
    /// One row for each instance, in the order in which they have their turns.
    pub(crate) rows: Vec<Row>,
}

/// What an operation does with one instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Row {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) unit: String,
    /// As the API names it: `PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED` or `CANCELLED`.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
}

pub(crate) const PENDING: &str = "PENDING";
pub(crate) const RUNNING: &str = "RUNNING";
pub(crate) const SUCCEEDED: &str = "SUCCEEDED";
pub(crate) const FAILED: &str = "FAILED";
pub(crate) const CANCELLED: &str = "CANCELLED";
pub(crate) const QUEUED: &str = "QUEUED";
pub(crate) const STOPPING: &str = "STOPPING";
pub(crate) const STOPPED: &str = "STOPPED";

impl Row {
    pub(crate) fn pending(account: &str, region: &str, unit: &str) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            unit: unit.to_owned(),
            status: PENDING.to_owned(),
            reason: None,
        }
    }

    pub(crate) fn cancel(&mut self, reason: &str) {
        CANCELLED.clone_into(&mut self.status);
        self.reason = Some(reason.to_owned());
    }
}

impl SetOperation {
    /// Whether it is not over.
    pub(crate) fn is_active(&self) -> bool {
        [RUNNING, STOPPING, QUEUED].contains(&self.status.as_str())
    }

    /// How many of its instances failed.
    pub(crate) fn failures(&self) -> usize {
        self.rows.iter().filter(|row| row.status == FAILED).count()
    }
}

impl Instance {
    /// Notes what becomes of it.
    pub(crate) fn turn(&mut self, status: &str, detailed_status: &str, reason: Option<String>) {
        status.clone_into(&mut self.status);
        detailed_status.clone_into(&mut self.detailed_status);
        self.reason = reason;
    }

    /// Notes that an operation is to change it.
    pub(crate) fn await_operation(&mut self, operation: &str) {
        operation.clone_into(&mut self.last_operation);
        if self.status != "INOPERABLE" {
            self.turn("OUTDATED", PENDING, None);
        }
    }
}

impl StackSet {
    pub(crate) fn instance(&self, account: &str, region: &str) -> Option<&Instance> {
        self.instances.get(account)?.get(region)
    }

    pub(crate) fn instance_mut(&mut self, account: &str, region: &str) -> Option<&mut Instance> {
        self.instances.get_mut(account)?.get_mut(region)
    }

    /// Every instance with its account and region.
    pub(crate) fn all_instances(&self) -> impl Iterator<Item = (&String, &String, &Instance)> {
        let accounts = self.instances.iter();
        accounts
            .flat_map(|(account, regions)| regions.iter().map(move |(region, instance)| (account, region, instance)))
    }

    /// Takes an instance out.
    pub(crate) fn forget(&mut self, account: &str, region: &str) {
        if let Some(regions) = self.instances.get_mut(account) {
            regions.remove(region);
            if regions.is_empty() {
                self.instances.remove(account);
            }
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.operations.iter().any(SetOperation::is_active)
    }
}

impl StackSets {
    /// A stack set by its name or id.
    pub(crate) fn find(&self, region: &str, name_or_id: &str) -> Option<&StackSet> {
        let name = name_or_id.split(':').next().unwrap_or_default();
        let set = self.regions.get(region)?.get(name)?;
        (name == name_or_id || set.id == name_or_id).then_some(set)
    }

    pub(crate) fn find_mut(&mut self, region: &str, name: &str) -> Option<&mut StackSet> {
        self.regions.get_mut(region)?.get_mut(name)
    }

    /// The regions and names of the stack sets that `are`.
    pub(crate) fn keys(&self, are: impl Fn(&StackSet) -> bool) -> Vec<(String, String)> {
        let all = self.regions.iter().flat_map(|(region, sets)| sets.iter().map(move |set| (region, set)));
        let wanted = all.filter(|(_, (_, set))| are(set));
        wanted.map(|(region, (name, _))| (region.clone(), name.clone())).collect()
    }

    /// A new UUID. The same calls give the same.
    pub(crate) fn new_id(&mut self) -> String {
        self.sequence += 1;
        uuid(&format!("stack sets {}", self.sequence))
    }
}
