//! What CloudFormation keeps.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::in_order;
use super::resources::Place;
use crate::ids::uuid;
use crate::tags::Tags;

/// The stacks of every account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stacks {
    /// By account and region.
    pub(crate) places: BTreeMap<String, BTreeMap<String, Regional>>,
    /// What is in progress, by the id of the stack, change set or drift detection.
    pub(crate) under_way: BTreeMap<String, Job>,
    /// What validation says of change sets, by the stack's name, as DescribeEvents shows it. Nothing is validated here: it is
    /// written into the state.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) validations: BTreeMap<String, Vec<Value>>,
}

/// The stacks of an account in a region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Regional {
    /// By name.
    pub(crate) stacks: BTreeMap<String, Stack>,
    /// Stacks that are gone, the newest last; they are still known by their ids.
    pub(crate) deleted: Vec<Stack>,
    pub(crate) drift_detections: BTreeMap<String, DriftDetection>,
    /// How many ids were given out.
    pub(crate) sequence: u64,
}

/// Something in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) account: String,
    pub(crate) region: String,
    /// The stack's name.
    pub(crate) stack: String,
    pub(crate) what: Task,
}

/// What is in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// The stack's own operation.
    Stack,
    /// Making the change set of this name.
    ChangeSet(String),
    /// The drift detection of this id.
    DriftDetection(String),
}

/// What a stack is to be, or is: checked, with every parameter's value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    /// As it was submitted.
    pub(crate) template: String,
    /// The text of every parameter.
    pub(crate) parameters: BTreeMap<String, String>,
    /// The names of the parameters with NoEcho.
    pub(crate) hidden: BTreeSet<String>,
    pub(crate) tags: Tags,
    pub(crate) capabilities: Vec<String>,
    pub(crate) role: Option<String>,
    pub(crate) notifications: Vec<String>,
}

/// A stack.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stack {
    /// Its ARN.
    pub(crate) id: String,
    pub(crate) name: String,
    /// As the API names it, such as `CREATE_COMPLETE`.
    pub(crate) status: String,
    pub(crate) status_reason: Option<String>,
    pub(crate) created: u64,
    pub(crate) updated: Option<u64>,
    pub(crate) deleted: Option<u64>,
    pub(crate) description: Option<String>,
    pub(crate) wanted: Wanted,
    /// The operation in progress.
    pub(crate) work: Option<Work>,
    pub(crate) disable_rollback: bool,
    pub(crate) termination_protection: bool,
    /// The token of the last request, which the same request may repeat.
    pub(crate) token: Option<String>,
    /// By logical id, each after those that it needs.
    #[serde(with = "in_order")]
    pub(crate) resources: IndexMap<String, StackResource>,
    pub(crate) outputs: Vec<StackOutput>,
    /// The names of the exports that it imports.
    pub(crate) imports: BTreeSet<String>,
    /// The newest last.
    pub(crate) events: Vec<Event>,
    pub(crate) change_sets: BTreeMap<String, ChangeSet>,
    pub(crate) drift: Drift,
    /// How many resources it has made, which shows a replacement from what it replaces.
    pub(crate) generation: u64,
}

/// An operation on a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    Create {
        wanted: Wanted,
        on_failure: OnFailure,
    },
    Update {
        wanted: Wanted,
        revert_drift: bool,
        disable_rollback: bool,
    },
    Delete {
        retain: Vec<String>,
    },
    /// Continues a rollback that failed, or rolls a failed update back; resources of these logical ids are skipped.
    Rollback {
        skip: Vec<String>,
    },
}

/// What becomes of a stack whose creation fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OnFailure {
    #[default]
    Rollback,
    DoNothing,
    Delete,
}

/// A resource of a stack.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackResource {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Empty when it was never made.
    pub(crate) physical: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) updated: u64,
    /// As the template had them when it was last deployed.
    pub(crate) properties: Value,
    pub(crate) attributes: Value,
    pub(crate) metadata: Option<Value>,
    pub(crate) deletion_policy: Option<String>,
    pub(crate) drift: Drift,
}

/// An output of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackOutput {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) export: Option<String>,
}

/// Something that happened to a stack or a resource of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) logical: String,
    pub(crate) physical: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) time: u64,
}

/// What was found when drift was last looked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Drift {
    /// As the API names it; empty stands for `NOT_CHECKED`.
    pub(crate) status: String,
    pub(crate) checked: Option<u64>,
    /// The actual properties of a resource as they were found; nothing when it was gone.
    pub(crate) actual: Option<Value>,
}

/// A drift detection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct DriftDetection {
    pub(crate) stack_id: String,
    /// `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED`.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) drift: String,
    pub(crate) drifted: usize,
    pub(crate) time: u64,
    /// The logical ids to look at; empty for all.
    pub(crate) resources: Vec<String>,
}

/// A change set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ChangeSet {
    /// Its ARN.
    pub(crate) id: String,
    pub(crate) description: Option<String>,
    /// `CREATE` or `UPDATE`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) created: u64,
    /// As the API names it, such as `CREATE_COMPLETE`.
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    pub(crate) execution: String,
    pub(crate) wanted: Wanted,
    /// Whether it compares with the actual resources and repairs them.
    pub(crate) revert_drift: bool,
    pub(crate) on_failure: OnFailure,
    /// As DescribeChangeSet shows them.
    pub(crate) changes: Vec<Value>,
    pub(crate) token: Option<String>,
}

impl Stacks {
    /// The stacks in one place.
    pub(crate) fn in_place(&self, place: &Place) -> Option<&Regional> {
        self.places.get(&place.account)?.get(&place.region)
    }

    pub(crate) fn in_place_mut(&mut self, place: &Place) -> &mut Regional {
        self.places.entry(place.account.clone()).or_default().entry(place.region.clone()).or_default()
    }

    /// A stack that is there, by name or id, or one that is gone, by id.
    pub(crate) fn find(&self, place: &Place, name_or_id: &str) -> Option<&Stack> {
        let regional = self.in_place(place)?;
        let live = regional.stacks.get(stack_name(name_or_id));
        let live = live.filter(|stack| !is_id(name_or_id) || stack.id == name_or_id);
        live.or_else(|| regional.deleted.iter().find(|stack| stack.id == name_or_id))
    }

    /// A stack that is there, by name or id.
    pub(crate) fn live_mut(&mut self, place: &Place, name_or_id: &str) -> Option<&mut Stack> {
        let stack = self.in_place_mut(place).stacks.get_mut(stack_name(name_or_id))?;
        (!is_id(name_or_id) || stack.id == name_or_id).then_some(stack)
    }

    /// Notes that something is in progress.
    pub(crate) fn begin(&mut self, id: &str, place: &Place, stack: &str, what: Task) {
        let job = Job { account: place.account.clone(), region: place.region.clone(), stack: stack.to_owned(), what };
        self.under_way.insert(id.to_owned(), job);
    }
}

impl Job {
    pub(crate) fn place(&self) -> Place {
        Place { account: self.account.clone(), region: self.region.clone() }
    }
}

impl Regional {
    /// A new UUID. The same calls give the same.
    pub(crate) fn new_id(&mut self, place: &Place) -> String {
        self.sequence += 1;
        uuid(&format!("{}/{}/{}", place.account, place.region, self.sequence))
    }

    /// The values of all exports by name.
    pub(crate) fn exports(&self) -> BTreeMap<String, String> {
        let outputs = self.stacks.values().flat_map(|stack| &stack.outputs);
        outputs.filter_map(|output| Some((output.export.clone()?, output.value.clone()))).collect()
    }
}

fn is_id(name_or_id: &str) -> bool {
    name_or_id.starts_with("arn:")
}

/// The name of a stack from its name or its id, `arn:…:stack/NAME/UUID`.
fn stack_name(name_or_id: &str) -> &str {
    if is_id(name_or_id) { name_or_id.split('/').nth(1).unwrap_or_default() } else { name_or_id }
}

impl Stack {
    /// Gives it a status and reports it.
    pub(crate) fn turn(&mut self, status: &str, reason: Option<String>, now: u64) {
        status.clone_into(&mut self.status);
        self.status_reason.clone_from(&reason);
        let (logical, physical) = (self.name.clone(), self.id.clone());
        self.report(Event {
            logical,
            physical,
            kind: "AWS::CloudFormation::Stack".into(),
            status: status.into(),
            reason,
            time: now,
            ..Event::default()
        });
    }

    /// Reports something that happened.
    pub(crate) fn report(&mut self, event: Event) {
        let id = uuid(&format!("{}/event/{}", self.id, self.events.len()));
        self.events.push(Event { id, token: self.token.clone(), ..event });
    }

    /// The exports that it offers.
    pub(crate) fn exported(&self) -> impl Iterator<Item = &String> {
        self.outputs.iter().filter_map(|output| output.export.as_ref())
    }
}
