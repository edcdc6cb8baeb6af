//! Creating, updating and deleting stacks.

use serde_json::json;

use super::common::place;
use super::errors::{invalid, stack_not_found};
use super::lifecycle::{
    Creation, Update, begin_creation, begin_deletion, begin_rollback, begin_update, check_updatable,
};
use super::submission::wanted;
use crate::aws_error::{Answer, ApiError};
use crate::model::cloudformation::OnFailure;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateStack", create_stack),
    operation("UpdateStack", update_stack),
    operation("DeleteStack", delete_stack),
    operation("ContinueUpdateRollback", continue_update_rollback),
    operation("RollbackStack", rollback_stack),
    operation("UpdateTerminationProtection", update_termination_protection),
];

/// What is to become of a stack whose creation fails: `OnFailure`, or `DisableRollback`.
fn on_failure(request: &Request<'_>) -> Result<OnFailure, ApiError> {
    match request.input.optional("OnFailure")? {
        Some("DO_NOTHING") => Ok(OnFailure::DoNothing),
        Some("DELETE") => Ok(OnFailure::Delete),
        Some("ROLLBACK") => Ok(OnFailure::Rollback),
        Some(other) => Err(invalid(format!("Value '{other}' at 'onFailure' failed to satisfy constraint"))),
        None if request.input.flag("DisableRollback") => Ok(OnFailure::DoNothing),
        None => Ok(OnFailure::Rollback),
    }
}

pub(super) fn token(request: &Request<'_>) -> Result<Option<String>, ApiError> {
    Ok(request.input.optional("ClientRequestToken")?.map(str::to_owned))
}

/// A request that repeats the token of the stack's last request is that request.
fn repeated(request: &Request<'_>, name: &str) -> Result<Option<String>, ApiError> {
    let Some(token) = token(request)? else {
        return Ok(None);
    };
    let stack = request.state.stacks.find(&place(request), name);
    Ok(stack.filter(|stack| stack.token.as_ref() == Some(&token)).map(|stack| stack.id.clone()))
}

fn create_stack(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    if let Some(id) = repeated(request, &name)? {
        return Ok(json!({"StackId": id}));
    }
    let creation = Creation {
        wanted: wanted(request, None)?,
        on_failure: on_failure(request)?,
        termination_protection: request.input.flag("EnableTerminationProtection"),
        token: token(request)?,
    };
    let (place, now) = (place(request), request.now);
    let id = begin_creation(request.state, &place, &name, creation, now)?;
    Ok(json!({"StackId": id}))
}

fn update_stack(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    if let Some(id) = repeated(request, &name)? {
        return Ok(json!({"StackId": id}));
    }
    let place = place(request);
    let missing = || invalid(format!("Stack [{name}] does not exist"));
    let stack = request.state.stacks.find(&place, &name).filter(|stack| stack.status != "DELETE_COMPLETE");
    let stack = stack.cloned().ok_or_else(missing)?;
    check_updatable(&stack)?;
    let update = Update {
        wanted: wanted(request, Some(&stack))?,
        disable_rollback: request.input.flag("DisableRollback"),
        token: token(request)?,
        ..Update::default()
    };
    let now = request.now;
    begin_update(request.state, &place, &stack.id, update, now)?;
    Ok(json!({"StackId": stack.id}))
}

/// Deleting a stack that is not there succeeds.
fn delete_stack(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    let retain = request.input.texts("RetainResources").into_iter().map(str::to_owned).collect();
    let (place, now, token) = (place(request), request.now, token(request)?);
    begin_deletion(request.state, &place, &name, retain, token, now)?;
    Ok(json!({}))
}

fn continue_update_rollback(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    let skip = request.input.texts("ResourcesToSkip").into_iter().map(str::to_owned).collect();
    let (place, now) = (place(request), request.now);
    begin_rollback(request.state, &place, &name, "UPDATE_ROLLBACK_FAILED", skip, now)?;
    Ok(json!({}))
}

fn rollback_stack(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    let (place, now) = (place(request), request.now);
    let id = begin_rollback(request.state, &place, &name, "UPDATE_FAILED", Vec::new(), now)?;
    Ok(json!({"StackId": id}))
}

fn update_termination_protection(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("StackName")?.to_owned();
    let enable = request.input.flag("EnableTerminationProtection");
    let place = place(request);
    let stack = request.state.stacks.live_mut(&place, &name).ok_or_else(|| stack_not_found(&name))?;
    stack.termination_protection = enable;
    Ok(json!({"StackId": stack.id}))
}
