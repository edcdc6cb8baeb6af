//! Operations on stack sets: how they begin, are followed and stopped. They are carried out in `advance`.

use serde_json::{Value, json};

use super::PAGES;
use super::drift;
use super::errors::{busy, operation_not_found};
use super::model::{Action, CANCELLED, PENDING, QUEUED, RUNNING, Row, STOPPED, STOPPING, SetOperation, StackSet};
use super::owner::{set_mut, set_name, set_view};
use super::preferences::Preferences;
use crate::request::{Answer, ApiError, Request};
use crate::services::cloudformation::time;
use crate::services::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("DescribeStackSetOperation", describe_operation),
    operation("ListStackSetOperations", list_operations),
    operation("ListStackSetOperationResults", list_results),
    operation("StopStackSetOperation", stop_operation),
];

/// What an operation is to do.
pub(super) struct Begun {
    pub(super) action: Action,
    pub(super) rows: Vec<Row>,
    pub(super) retain: bool,
}

/// The answer to a request that was made before: its `OperationId` is its token.
///
/// # Errors
/// OperationIdAlreadyExistsException if the id was used for something else.
pub(super) fn repeated(request: &Request<'_>, action: Action) -> Result<Option<Value>, ApiError> {
    let Some(id) = request.input.optional("OperationId")? else {
        return Ok(None);
    };
    match set_view(request)?.operations.iter().find(|operation| operation.id == id) {
        None => Ok(None),
        Some(before) if before.action == action => Ok(Some(json!({"OperationId": id}))),
        Some(_) => {
            let message = format!("Operation {id} already exists");
            Err(ApiError::new("OperationIdAlreadyExistsException", message).with_status(409))
        }
    }
}

/// Begins an operation on the stack set and answers its id. While another is under way it is refused, or with managed
/// execution waits for its turn.
pub(super) fn begin(request: &mut Request<'_>, name: &str, begun: Begun) -> Result<String, ApiError> {
    let preferences = Preferences::of(request)?;
    let given = request.input.optional("OperationId")?.map(str::to_owned);
    let targets = request.input.structure("DeploymentTargets");
    let units = targets.get("OrganizationalUnitIds").and_then(Value::as_array);
    let units = units.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let now = request.now;
    let id = given.unwrap_or_else(|| request.state.stack_sets.new_id());
    let set = set_mut(request, name)?;
    let running = set.operations.iter().find(|operation| operation.is_active());
    if let Some(running) = running.filter(|_| !set.managed_execution) {
        return Err(busy(&running.id));
    }
    set.enqueue(SetOperation { units, ..SetOperation::new(id.clone(), begun, preferences, now) });
    Ok(id)
}

impl SetOperation {
    /// An operation that waits for its turn. Its regions come in the order that the preferences say.
    pub(super) fn new(id: String, begun: Begun, preferences: Preferences, now: u64) -> Self {
        let Begun { action, mut rows, retain } = begun;
        let order = &preferences.region_order;
        let turn = |region: &String| order.iter().position(|other| other == region).unwrap_or(order.len());
        rows.sort_by(|one, other| (turn(&one.region), &one.region).cmp(&(turn(&other.region), &other.region)));
        Self {
            id,
            action,
            status: QUEUED.into(),
            preferences,
            retain,
            units: Vec::new(),
            created: now,
            ended: None,
            batches: 0,
            rows,
        }
    }
}

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
        "StatusDetails": {"FailedStackInstancesCount": operation.failures()},
        "OperationPreferences": operation.preferences.show(),
    })
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
