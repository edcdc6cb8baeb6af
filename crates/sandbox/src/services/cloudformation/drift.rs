//! Drift: how a stack's resources really are, against what its template says, see "Detect unmanaged configuration
//! changes to stacks and resources with drift detection" in the user guide.

use serde_json::{Map, Value, json};

use super::common::{PAGES, place, time};
use super::describe::stack_of;
use super::errors::invalid;
use super::paths::{Difference, differences};
use crate::aws_error::{Answer, ApiError};
use crate::model::cloudformation::{Drift, DriftDetection, Stack, StackResource, Task};
use crate::model::resources::Place;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::shared::inventory;
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("DetectStackDrift", detect_stack_drift),
    operation("DetectStackResourceDrift", detect_stack_resource_drift),
    operation("DescribeStackDriftDetectionStatus", describe_stack_drift_detection_status),
    operation("DescribeStackResourceDrifts", describe_stack_resource_drifts),
];

const IN_SYNC: &str = "IN_SYNC";
const MODIFIED: &str = "MODIFIED";
const DELETED: &str = "DELETED";
const DRIFTED: &str = "DRIFTED";
const NOT_CHECKED: &str = "NOT_CHECKED";

/// Types that CloudFormation does not look at.
const UNSUPPORTED: &[&str] = &["AWS::CloudFormation::WaitConditionHandle"];

/// Begins to look for drift in a stack that is not being changed.
fn detect_stack_drift(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    check_at_rest(stack)?;
    let (stack_id, name) = (stack.id.clone(), stack.name.clone());
    let resources = request.input.texts("LogicalResourceIds").into_iter().map(str::to_owned).collect();
    let (place, now) = (place(request), request.now);
    let regional = request.state.stacks.in_place_mut(&place);
    let id = regional.new_id(&place);
    let detection = DriftDetection {
        stack_id,
        status: "DETECTION_IN_PROGRESS".into(),
        drift: NOT_CHECKED.into(),
        time: now,
        resources,
        ..DriftDetection::default()
    };
    regional.drift_detections.insert(id.clone(), detection);
    request.state.stacks.begin(&id, &place, &name, Task::DriftDetection(id.clone()));
    Ok(json!({"StackDriftDetectionId": id}))
}

fn check_at_rest(stack: &Stack) -> Result<(), ApiError> {
    const AT_REST: [&str; 4] =
        ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"];
    if AT_REST.contains(&stack.status.as_str()) {
        return Ok(());
    }
    Err(invalid(format!(
        "Drift detection cannot be performed on stack [{}] while it is in {} state.",
        stack.id, stack.status
    )))
}

/// Ends a drift detection: every resource of the stack that it is for gets its status.
pub(super) fn finish(state: &mut State, place: &Place, stack_name: &str, id: &str, now: u64) {
    let asked = state.stacks.in_place(place).and_then(|all| all.drift_detections.get(id)).cloned();
    let stack = state.stacks.in_place(place).and_then(|all| all.stacks.get(stack_name)).cloned();
    let (Some(mut detection), Some(mut stack)) = (asked, stack) else {
        return;
    };
    detection.drifted = look_at_all(state, place, &mut stack, &detection.resources, now);
    detection.drift.clone_from(&stack.drift.status);
    stack.drift.checked = Some(detection.time);
    "DETECTION_COMPLETE".clone_into(&mut detection.status);
    let regional = state.stacks.in_place_mut(place);
    regional.drift_detections.insert(id.to_owned(), detection);
    regional.stacks.insert(stack_name.to_owned(), stack);
}

/// Looks for drift in a stack from beginning to end, as stack sets do; its status, or nothing if there is no such
/// stack.
pub(super) fn detect_in(state: &mut State, place: &Place, stack_name: &str, now: u64) -> Option<String> {
    let mut stack = state.stacks.in_place(place)?.stacks.get(stack_name)?.clone();
    look_at_all(state, place, &mut stack, &[], now);
    let status = stack.drift.status.clone();
    state.stacks.in_place_mut(place).stacks.insert(stack_name.to_owned(), stack);
    Some(status)
}

/// Gives every resource of the stack, or those that are `asked` for, and the stack itself their status; how many have
/// drifted.
fn look_at_all(state: &State, place: &Place, stack: &mut Stack, asked: &[String], now: u64) -> usize {
    for (logical, record) in &mut stack.resources {
        if asked.is_empty() || asked.contains(logical) {
            record.drift = look(state, place, record, now);
        }
    }
    let drifted = |record: &&StackResource| [MODIFIED, DELETED].contains(&record.drift.status.as_str());
    let drifted = stack.resources.values().filter(drifted).count();
    let status = if drifted > 0 { DRIFTED } else { IN_SYNC };
    stack.drift = Drift { status: status.to_owned(), checked: Some(now), actual: None };
    drifted
}

/// How a resource really is.
fn look(state: &State, place: &Place, record: &StackResource, now: u64) -> Drift {
    if UNSUPPORTED.contains(&record.kind.as_str()) {
        return Drift::default();
    }
    let actual = inventory::find(state, place, &record.kind, &record.physical);
    let actual = actual.map(|actual| comparable(&record.properties, &actual.properties));
    let status = match &actual {
        None => DELETED,
        Some(actual) if differences(&record.properties, actual).is_empty() => IN_SYNC,
        Some(_) => MODIFIED,
    };
    Drift { status: status.to_owned(), checked: Some(now), actual }
}

/// The actual properties, as far as the template sets them: others are not compared.
fn comparable(expected: &Value, actual: &Value) -> Value {
    let set = |name: &String| expected.get(name).is_some();
    let members = actual.as_object().into_iter().flatten().filter(|(name, _)| set(name));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

/// Looks at one resource and answers at once.
fn detect_stack_resource_drift(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    check_at_rest(stack)?;
    let logical = request.input.text("LogicalResourceId")?.to_owned();
    let missing = || invalid(format!("Resource {logical} does not exist for stack {}", stack.name));
    let mut record = stack.resources.get(&logical).cloned().ok_or_else(missing)?;
    let (id, place, now) = (stack.id.clone(), place(request), request.now);
    record.drift = look(request.state, &place, &record, now);
    let shown = show(&id, &logical, &record);
    if let Some(stack) = request.state.stacks.live_mut(&place, &id) {
        stack.resources.insert(logical, record);
    }
    Ok(json!({"StackResourceDrift": shown}))
}

fn describe_stack_drift_detection_status(request: &mut Request<'_>) -> Answer {
    let id = request.input.text("StackDriftDetectionId")?;
    let detections = request.state.stacks.in_place(&place(request)).map(|all| &all.drift_detections);
    let missing = || invalid(format!("Drift detection {id} does not exist"));
    let detection = detections.and_then(|all| all.get(id)).ok_or_else(missing)?;
    Ok(json!({
        "StackId": detection.stack_id,
        "StackDriftDetectionId": id,
        "StackDriftStatus": detection.drift,
        "DetectionStatus": detection.status,
        "DetectionStatusReason": detection.reason,
        "DriftedStackResourceCount": detection.drifted,
        "Timestamp": time(detection.time),
    }))
}

/// The resources that were looked at.
fn describe_stack_resource_drifts(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    let filters = request.input.texts("StackResourceDriftStatusFilters");
    let asked = |status: &str| !status.is_empty() && (filters.is_empty() || filters.contains(&status));
    let found: Vec<_> = stack.resources.iter().filter(|(_, record)| asked(&record.drift.status)).collect();
    PAGES.page(request, "StackResourceDrifts", &found, |(logical, record)| show(&stack.id, logical, record))
}

fn show(stack_id: &str, logical: &str, record: &StackResource) -> Value {
    let drift = &record.drift;
    let found = drift.actual.as_ref().map(|actual| differences(&record.properties, actual)).unwrap_or_default();
    json!({
        "StackId": stack_id,
        "LogicalResourceId": logical,
        "PhysicalResourceId": record.physical,
        "ResourceType": record.kind,
        "ExpectedProperties": record.properties.to_string(),
        "ActualProperties": drift.actual.as_ref().map(Value::to_string),
        "PropertyDifferences": found.iter().map(Difference::show).collect::<Vec<_>>(),
        "StackResourceDriftStatus": if drift.status.is_empty() { NOT_CHECKED } else { &drift.status },
        "Timestamp": drift.checked.map(time),
    })
}
