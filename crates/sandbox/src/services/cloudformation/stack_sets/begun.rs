//! How operations on stack sets begin.

use serde_json::{Value, json};

use super::errors::busy;
use super::owner::{set_mut, set_view};
use super::preferences;
use crate::aws_error::ApiError;
use crate::model::preferences::Preferences;
use crate::model::stack_sets::{Action, QUEUED, Row, SetOperation};
use crate::request::Request;

/// What an operation is to do.
pub(super) struct StartedOperation {
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
pub(super) fn begin(request: &mut Request<'_>, name: &str, begun: StartedOperation) -> Result<String, ApiError> {
    let preferences = preferences::of(request)?;
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
    pub(super) fn new(id: String, begun: StartedOperation, preferences: Preferences, now: u64) -> Self {
        let StartedOperation { action, mut rows, retain } = begun;
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
