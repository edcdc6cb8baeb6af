//! What CloudFormation keeps.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::in_order;
use crate::ids::uuid;
use crate::resources::Place;
use crate::tags::Tags;

/// The stacks of every account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stacks {
    /// By account and region.
    places: BTreeMap<String, BTreeMap<String, Regional>>,
    /// What is in progress, by the id of the stack, change set or drift detection.
    pub(super) under_way: BTreeMap<String, Job>,
    /// What validation says of change sets, by the stack's name, as DescribeEvents shows it. Nothing is validated here: it is
    /// written into the state.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) validations: BTreeMap<String, Vec<Value>>,
}

/// The stacks of an account in a region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Regional {
    /// By name.
    pub(super) stacks: BTreeMap<String, Stack>,
    /// Stacks that are gone, the newest last; they are still known by their ids.
    pub(super) deleted: Vec<Stack>,
    pub(super) drift_detections: BTreeMap<String, DriftDetection>,
    /// How many ids were given out.
    sequence: u64,
}

/// Something in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) account: String,
    pub(super) region: String,
    /// The stack's name.
    pub(super) stack: String,
    pub(super) what: Task,
}

/// What is in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Task {
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
    pub(super) hidden: BTreeSet<String>,
    pub(crate) tags: Tags,
    pub(crate) capabilities: Vec<String>,
    pub(super) role: Option<String>,
    pub(super) notifications: Vec<String>,
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
    pub(super) created: u64,
    pub(super) updated: Option<u64>,
    pub(super) deleted: Option<u64>,
    pub(super) description: Option<String>,
    pub(crate) wanted: Wanted,
    /// The operation in progress.
    pub(super) work: Option<Work>,
    pub(super) disable_rollback: bool,
    pub(super) termination_protection: bool,
    /// The token of the last request, which the same request may repeat.
    pub(super) token: Option<String>,
    /// By logical id, each after those that it needs.
    #[serde(with = "in_order")]
    pub(crate) resources: IndexMap<String, StackResource>,
    pub(crate) outputs: Vec<StackOutput>,
    /// The names of the exports that it imports.
    pub(super) imports: BTreeSet<String>,
    /// The newest last.
    pub(super) events: Vec<Event>,
    pub(super) change_sets: BTreeMap<String, ChangeSet>,
    pub(super) drift: Drift,
    /// How many resources it has made, which tells a replacement from what it replaces.
    pub(super) generation: u64,
}

/// An operation on a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Work {
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
pub(super) enum OnFailure {
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
    pub(super) updated: u64,
    /// As the template had them when it was last deployed.
    pub(crate) properties: Value,
    pub(super) attributes: Value,
    pub(super) metadata: Option<Value>,
    pub(super) deletion_policy: Option<String>,
    pub(super) drift: Drift,
}

/// An output of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StackOutput {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(super) description: Option<String>,
    pub(super) export: Option<String>,
}

/// Something that happened to a stack or a resource of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) logical: String,
    pub(super) physical: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) reason: Option<String>,
    pub(super) token: Option<String>,
    pub(super) time: u64,
}

/// What was found when drift was last looked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Drift {
    /// As the API names it; empty stands for `NOT_CHECKED`.
    pub(super) status: String,
    pub(super) checked: Option<u64>,
    /// The actual properties of a resource as they were found; nothing when it was gone.
    pub(super) actual: Option<Value>,
}

/// A drift detection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct DriftDetection {
    pub(super) stack_id: String,
    /// `DETECTION_IN_PROGRESS`, `DETECTION_COMPLETE` or `DETECTION_FAILED`.
    pub(super) status: String,
    pub(super) reason: Option<String>,
    pub(super) drift: String,
    pub(super) drifted: usize,
    pub(super) time: u64,
    /// The logical ids to look at; empty for all.
    pub(super) resources: Vec<String>,
}

/// A change set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ChangeSet {
    /// Its ARN.
    pub(super) id: String,
    pub(super) description: Option<String>,
    /// `CREATE` or `UPDATE`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) created: u64,
    /// As the API names it, such as `CREATE_COMPLETE`.
    pub(super) status: String,
    pub(super) reason: Option<String>,
    pub(super) execution: String,
    pub(super) wanted: Wanted,
    /// Whether it compares with the actual resources and mends them.
    pub(super) revert_drift: bool,
    pub(super) on_failure: OnFailure,
    /// As DescribeChangeSet shows them.
    pub(super) changes: Vec<Value>,
    pub(super) token: Option<String>,
}

impl Stacks {
    /// The stacks in one place.
    pub(crate) fn in_place(&self, place: &Place) -> Option<&Regional> {
        self.places.get(&place.account)?.get(&place.region)
    }

    pub(super) fn in_place_mut(&mut self, place: &Place) -> &mut Regional {
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
    pub(super) fn live_mut(&mut self, place: &Place, name_or_id: &str) -> Option<&mut Stack> {
        let stack = self.in_place_mut(place).stacks.get_mut(stack_name(name_or_id))?;
        (!is_id(name_or_id) || stack.id == name_or_id).then_some(stack)
    }

    /// Notes that something is in progress.
    pub(super) fn begin(&mut self, id: &str, place: &Place, stack: &str, what: Task) {
        let job = Job { account: place.account.clone(), region: place.region.clone(), stack: stack.to_owned(), what };
        self.under_way.insert(id.to_owned(), job);
    }
}

impl Job {
    pub(super) fn place(&self) -> Place {
        Place { account: self.account.clone(), region: self.region.clone() }
    }
}

impl Regional {
    /// A new UUID. The same calls give the same.
    pub(super) fn new_id(&mut self, place: &Place) -> String {
        self.sequence += 1;
        uuid(&format!("{}/{}/{}", place.account, place.region, self.sequence))
    }

    /// The values of all exports by name.
    pub(super) fn exports(&self) -> BTreeMap<String, String> {
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
    /// Gives it a status and tells of it.
    pub(super) fn turn(&mut self, status: &str, reason: Option<String>, now: u64) {
        status.clone_into(&mut self.status);
        self.status_reason.clone_from(&reason);
        let (logical, physical) = (self.name.clone(), self.id.clone());
        self.tell(Event {
            logical,
            physical,
            kind: "AWS::CloudFormation::Stack".into(),
            status: status.into(),
            reason,
            time: now,
            ..Event::default()
        });
    }

    /// Tells of something that happened.
    pub(super) fn tell(&mut self, event: Event) {
        let id = uuid(&format!("{}/event/{}", self.id, self.events.len()));
        self.events.push(Event { id, token: self.token.clone(), ..event });
    }

    /// The exports that it offers.
    pub(super) fn exported(&self) -> impl Iterator<Item = &String> {
        self.outputs.iter().filter_map(|output| output.export.as_ref())
    }
}
