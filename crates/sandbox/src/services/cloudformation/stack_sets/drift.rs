//! Drift of a stack set's stacks.

use serde_json::{Value, json};

use super::begun::{StartedOperation, begin, repeated};
use super::owner::{set_name, set_view};
use crate::aws_error::Answer;
use crate::model::cloudformation::Drift;
use crate::model::resources::Place;
use crate::model::stack_sets::{Action, FAILED, RUNNING, Row, SUCCEEDED, StackSet};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::services::cloudformation::common::time;
use crate::services::cloudformation::drift::detect_in;
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[operation("DetectStackSetDrift", detect_stack_set_drift)];

const DRIFTED: &str = "DRIFTED";
const IN_SYNC: &str = "IN_SYNC";
const NOT_CHECKED: &str = "NOT_CHECKED";

fn detect_stack_set_drift(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    if let Some(again) = repeated(request, Action::DetectDrift)? {
        return Ok(again);
    }
    let instances = set_view(request)?.all_instances();
    let rows = instances.map(|(account, region, instance)| Row::pending(account, region, &instance.unit)).collect();
    let id = begin(request, &name, StartedOperation { action: Action::DetectDrift, rows, retain: false })?;
    Ok(json!({"OperationId": id}))
}

/// Looks at the stack of one instance; why that failed, if it did. The instance is as current as it was.
pub(super) fn detect(state: &mut State, set: &mut StackSet, row: &Row, now: u64) -> Option<String> {
    let instance = set.instance_mut(&row.account, &row.region)?;
    let place = Place { account: row.account.clone(), region: row.region.clone() };
    let found = detect_in(state, &place, &instance.stack_name, now);
    let failure = found.is_none().then(|| format!("Stack {} does not exist", instance.stack_name));
    let detailed = if failure.is_none() { SUCCEEDED } else { FAILED };
    detailed.clone_into(&mut instance.detailed_status);
    instance.drift = Drift { status: found.unwrap_or_default(), checked: Some(now), actual: None };
    failure
}

/// How many instances have this status.
fn count(set: &StackSet, status: &str) -> usize {
    set.all_instances().filter(|(_, _, instance)| instance.drift.status == status).count()
}

/// `DRIFTED` if any instance has drifted since drift was last looked for.
pub(super) fn status(set: &StackSet) -> &'static str {
    match set.drift_checked {
        None => NOT_CHECKED,
        Some(_) if count(set, DRIFTED) > 0 => DRIFTED,
        Some(_) => IN_SYNC,
    }
}

pub(super) fn details(set: &StackSet) -> Value {
    let last = set.operations.iter().rev().find(|operation| operation.action == Action::DetectDrift);
    let state = last.map(|operation| match operation.status.as_str() {
        SUCCEEDED if operation.failures() > 0 => "PARTIAL_SUCCESS",
        SUCCEEDED => "COMPLETED",
        FAILED => "FAILED",
        "STOPPED" => "STOPPED",
        _ => "IN_PROGRESS",
    });
    let running = last.map(|operation| operation.rows.iter().filter(|row| row.status == RUNNING).count());
    json!({
        "DriftStatus": status(set),
        "DriftDetectionStatus": state,
        "LastDriftCheckTimestamp": set.drift_checked.map(time),
        "TotalStackInstancesCount": set.all_instances().count(),
        "DriftedStackInstancesCount": count(set, DRIFTED),
        "InSyncStackInstancesCount": count(set, IN_SYNC),
        "InProgressStackInstancesCount": running.unwrap_or_default(),
        "FailedStackInstancesCount": last.map_or(0, |operation| operation.failures()),
    })
}
