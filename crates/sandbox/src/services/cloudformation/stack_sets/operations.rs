//! Operations on stack sets: how they begin, are followed and stopped. They are carried out in `advance`.

use serde_json::{Value, json};

use super::drift;
use super::errors::operation_not_found;
use super::owner::{set_mut, set_name, set_view};
use crate::aws_error::{Answer, ApiError};
use crate::model::stack_sets::{
    Action, CANCELLED, FAILED, PENDING, QUEUED, RUNNING, Row, STOPPED, STOPPING, SUCCEEDED, SetOperation, StackSet,
};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::services::cloudformation::common::{PAGES, time};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("DescribeStackSetOperation", describe_operation),
    operation("ListStackSetOperations", list_operations),
    operation("ListStackSetOperationResults", list_results),
    operation("StopStackSetOperation", stop_operation),
];

impl StackSet {
    /// Lets an operation begin, after those that are under way.
    pub(super) fn enqueue(&mut self, operation: SetOperation) {
        let status = if self.is_busy() { QUEUED } else { RUNNING };
        self.operations.push(SetOperation { status: status.into(), ..operation });
    }
}

fn operation_of<'a>(request: &'a Request<'_>) -> Result<(&'a StackSet, &'a SetOperation), ApiError> {
    let id = request.input.text("OperationId")?;
    let set = set_view(request)?;
    let found = set.operations.iter().find(|operation| operation.id == id);
    Ok((set, found.ok_or_else(|| operation_not_found(id))?))
}

fn show(operation: &SetOperation) -> Value {
    json!({
        "OperationId": operation.id,
        "Action": operation.action.name(),
        "Status": operation.status,
        "CreationTimestamp": time(operation.created),
        "EndTimestamp": operation.ended.map(time),
        "StatusDetails": status_details(operation),
        "OperationPreferences": operation.preferences.show(),
    })
}

/// How many of its stacks an operation has come to. The stage of roles is left out, as it is for operations that make none.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationStatusDetails.html>
fn status_details(operation: &SetOperation) -> Value {
    let count = |status: &str| operation.rows.iter().filter(|row| row.status == status).count();
    let (succeeded, failed, cancelled) = (count(SUCCEEDED), count(FAILED), count(CANCELLED));
    let (all, completed) = (operation.rows.len(), succeeded + failed + cancelled);
    let stage = json!({
        "Status": stage_status(operation, completed, failed + cancelled),
        "SucceededStackInstancesCount": succeeded,
        "FailedStackInstancesCount": failed,
        "CancelledStackInstancesCount": cancelled,
        "CompletedStackInstancesCount": completed,
        "PendingStackInstancesCount": all - completed,
    });
    let deployment = if operation.action == Action::DetectDrift { json!({"Status": "NOT_APPLICABLE"}) } else { stage };
    json!({
        "TotalStackInstancesCount": all,
        "FailedStackInstancesCount": operation.failures(),
        "Stages": {"StackInstancesDeployment": deployment},
    })
}

fn stage_status(operation: &SetOperation, completed: usize, unsuccessful: usize) -> &'static str {
    match operation.status.as_str() {
        QUEUED => "PENDING",
        RUNNING | STOPPING if completed == 0 => "NOT_STARTED",
        RUNNING | STOPPING => "IN_PROGRESS",
        _ if unsuccessful == 0 => "SUCCEEDED",
        _ if unsuccessful < completed => "PARTIAL_SUCCESS",
        _ => "FAILED",
    }
}

fn describe_operation(request: &mut Request<'_>) -> Answer {
    let (set, operation) = operation_of(request)?;
    let mut shown = show(operation);
    shown["StackSetId"] = set.id.as_str().into();
    if operation.action == Action::Delete {
        shown["RetainStacks"] = operation.retain.into();
    }
    if !operation.units.is_empty() {
        shown["DeploymentTargets"] = json!({"OrganizationalUnitIds": operation.units});
    }
    if operation.action == Action::DetectDrift {
        shown["StackSetDriftDetectionDetails"] = drift::details(set);
    }
    Ok(json!({"StackSetOperation": shown}))
}

/// The newest first.
fn list_operations(request: &mut Request<'_>) -> Answer {
    let operations: Vec<&SetOperation> = set_view(request)?.operations.iter().rev().collect();
    PAGES.page(request, "Summaries", &operations, |operation| show(operation))
}

fn list_results(request: &mut Request<'_>) -> Answer {
    let (_, operation) = operation_of(request)?;
    let filters = request.input.list("Filters");
    let wanted =
        |row: &Row| filters.iter().all(|filter| filter.get("Values").is_some_and(|value| *value == row.status));
    let rows: Vec<&Row> = operation.rows.iter().filter(|row| wanted(row)).collect();
    PAGES.page(request, "Summaries", &rows, |row| {
        json!({
            "Account": row.account,
            "Region": row.region,
            "Status": row.status,
            "StatusReason": row.reason,
            "OrganizationalUnitId": row.unit,
        })
    })
}

/// What has its turn is finished; the rest is cancelled.
fn stop_operation(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    let id = request.input.text("OperationId")?.to_owned();
    let now = request.now;
    let set = set_mut(request, &name)?;
    let operation = set.operations.iter_mut().find(|operation| operation.id == id);
    let operation = operation.ok_or_else(|| operation_not_found(&id))?;
    match operation.status.as_str() {
        RUNNING | STOPPING => STOPPING.clone_into(&mut operation.status),
        QUEUED => {
            operation.ended = Some(now);
            STOPPED.clone_into(&mut operation.status);
        }
        other => {
            let message = format!("Operation {id} is in {other} state and cannot be stopped");
            return Err(ApiError::new("InvalidOperationException", message));
        }
    }
    set.cancel(&id, |_| true, "Cancelled since the operation was stopped");
    Ok(json!({}))
}

impl StackSet {
    /// Cancels what has not had its turn in an operation, as far as it is `meant`.
    pub(super) fn cancel(&mut self, operation: &str, meant: impl Fn(&Row) -> bool, reason: &str) {
        let Some(operation) = self.operations.iter_mut().find(|other| other.id == operation) else {
            return;
        };
        let rows = operation.rows.iter_mut().filter(|row| row.status == PENDING && meant(row));
        for row in rows {
            row.cancel(reason);
            let instance = self.instances.get_mut(&row.account).and_then(|regions| regions.get_mut(&row.region));
            if let Some(instance) = instance {
                CANCELLED.clone_into(&mut instance.detailed_status);
                instance.reason = Some(reason.to_owned());
            }
        }
    }
}
