//! Change sets: what a submission would change, shown before it is done.

use serde_json::{Value, json};

use super::change::without_values;
use super::common::{PAGES, place, time};
use super::compare::compare;
use super::describe::{parameters, stack_of, tags};
use super::errors::{
    NO_CHANGES, NO_UPDATES, already_exists, change_set_not_found, invalid, not_updatable, stack_not_found,
};
use super::lifecycle::{Creation, Update, begin_creation, begin_update, check_updatable, new_stack};
use super::stacks::token;
use super::submission::wanted;
use crate::aws_error::{Answer, ApiError};
use crate::model::cloudformation::{ChangeSet, OnFailure, Stack, Task};
use crate::model::resources::Place;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateChangeSet", create_change_set),
    operation("DescribeChangeSet", describe_change_set),
    operation("ExecuteChangeSet", execute_change_set),
    operation("DeleteChangeSet", delete_change_set),
    operation("ListChangeSets", list_change_sets),
    operation("DescribeEvents", describe_events),
];

fn create_change_set(request: &mut Request<'_>) -> Answer {
    let stack_name = request.input.text("StackName")?.to_owned();
    let name = request.input.bounded("ChangeSetName", 1, 128)?.to_owned();
    let kind = request.input.optional("ChangeSetType")?.unwrap_or("UPDATE").to_owned();
    let place = place(request);
    let existing = request.state.stacks.find(&place, &stack_name).filter(|stack| stack.deleted.is_none()).cloned();
    check_stack(existing.as_ref(), &stack_name, &name, &kind)?;
    if let Some(again) = existing.as_ref().and_then(|stack| stack.change_sets.get(&name)) {
        if again.token.is_some() && again.token == token(request)? {
            return Ok(json!({"Id": again.id, "StackId": existing.as_ref().map(|stack| &stack.id)}));
        }
        return Err(already_exists(format!("ChangeSet {name} cannot be created because it already exists.")));
    }
    let revert_drift = revert_drift(request, &kind)?;
    let on_failure = match request.input.optional("OnStackFailure")? {
        Some("DO_NOTHING") => OnFailure::DoNothing,
        Some("DELETE") => OnFailure::Delete,
        _ => OnFailure::Rollback,
    };
    let change_set = ChangeSet {
        id: String::new(),
        description: request.input.optional("Description")?.map(str::to_owned),
        created: request.now,
        status: "CREATE_IN_PROGRESS".into(),
        execution: "UNAVAILABLE".into(),
        wanted: wanted(request, existing.as_ref())?,
        token: token(request)?,
        kind,
        revert_drift,
        on_failure,
        ..ChangeSet::default()
    };
    let stack = match existing {
        Some(stack) => stack,
        None => reviewed(request, &place, &stack_name)?,
    };
    Ok(keep(request.state, &place, stack, &name, change_set))
}

/// Whether a change set of that type can be made for the stack.
fn check_stack(existing: Option<&Stack>, stack_name: &str, name: &str, kind: &str) -> Result<(), ApiError> {
    match (kind, existing) {
        ("CREATE", Some(stack)) if stack.status == "ROLLBACK_COMPLETE" => Err(not_updatable(&stack.id, &stack.status)),
        ("CREATE", Some(stack)) if stack.status != "REVIEW_IN_PROGRESS" => Err(invalid(format!(
            "Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}]."
        ))),
        ("CREATE", _) => Ok(()),
        ("UPDATE", None) => Err(invalid(format!("Stack [{stack_name}] does not exist"))),
        ("UPDATE", Some(stack)) => check_updatable(stack),
        _ => Err(invalid(format!("not simulated: change sets of type {kind}"))),
    }
}

/// `DeploymentMode`, which only updates may have; see "Using drift-aware change sets" in the user guide.
fn revert_drift(request: &Request<'_>, kind: &str) -> Result<bool, ApiError> {
    match request.input.optional("DeploymentMode")? {
        None => Ok(false),
        Some("REVERT_DRIFT") if kind == "UPDATE" => Ok(true),
        Some(mode) => Err(invalid(format!("Deployment mode {mode} is not supported for change sets of type {kind}"))),
    }
}

/// The stack without resources that a change set of type CREATE leaves behind.
fn reviewed(request: &mut Request<'_>, place: &Place, name: &str) -> Result<Stack, ApiError> {
    let now = request.now;
    let mut stack = new_stack(request.state, place, name, now)?;
    stack.turn("REVIEW_IN_PROGRESS", Some("User Initiated".into()), now);
    Ok(stack)
}

fn keep(state: &mut State, place: &Place, mut stack: Stack, name: &str, mut change_set: ChangeSet) -> Value {
    let (partition, Place { account, region }) = (&state.partition, place);
    let arn = format!("arn:{partition}:cloudformation:{region}:{account}:changeSet/{name}");
    let regional = state.stacks.in_place_mut(place);
    change_set.id = format!("{arn}/{}", regional.new_id(place));
    let answer = json!({"Id": change_set.id, "StackId": stack.id});
    let (id, stack_name) = (change_set.id.clone(), stack.name.clone());
    stack.change_sets.insert(name.to_owned(), change_set);
    regional.stacks.insert(stack_name.clone(), stack);
    state.stacks.begin(&id, place, &stack_name, Task::ChangeSet(name.to_owned()));
    answer
}

/// Ends the making of a change set.
pub(super) fn finish(state: &mut State, place: &Place, stack: &str, name: &str) {
    let Some(found) = state.stacks.in_place(place).and_then(|all| all.stacks.get(stack)) else {
        return;
    };
    let Some(change_set) = found.change_sets.get(name) else {
        return;
    };
    let mut change_set = change_set.clone();
    let same = change_set.wanted.template == found.wanted.template
        && change_set.wanted.parameters == found.wanted.parameters
        && change_set.wanted.tags == found.wanted.tags;
    match compare(state, place, found, &change_set.wanted, change_set.revert_drift) {
        Ok(comparison) if comparison.is_empty() => fail(&mut change_set, if same { NO_CHANGES } else { NO_UPDATES }),
        Ok(_) if is_invalid(state, stack) => fail(&mut change_set, INVALID),
        Ok(comparison) => {
            "CREATE_COMPLETE".clone_into(&mut change_set.status);
            "AVAILABLE".clone_into(&mut change_set.execution);
            change_set.changes = comparison.changes.iter().map(super::change::Change::show).collect();
        }
        Err(reason) => fail(&mut change_set, &reason),
    }
    if let Some(stack) = state.stacks.live_mut(place, stack) {
        stack.change_sets.insert(name.to_owned(), change_set);
    }
}

/// How a change set fails of which validation finds something; found nowhere but in what people quote of it.
const INVALID: &str = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot \
                       Early Validation errors, use the DescribeEvents API for detailed failure information.";

fn is_invalid(state: &State, stack: &str) -> bool {
    let findings = state.stacks.validations.get(stack).into_iter().flatten();
    findings.into_iter().any(|finding| finding["ValidationFailureMode"] == "FAIL")
}

/// The events of a change set: what its validation found.
fn describe_events(request: &mut Request<'_>) -> Answer {
    let (stack, _, _) = change_set_of(request)?;
    let events = request.state.stacks.validations.get(&stack.name).cloned().unwrap_or_default();
    let events: Vec<Value> = events
        .into_iter()
        .map(|mut event| {
            event["StackId"] = stack.id.as_str().into();
            event["EventType"] = "VALIDATION_ERROR".into();
            event["OperationType"] = "CREATE_CHANGESET".into();
            event
        })
        .collect();
    PAGES.page(request, "OperationEvents", &events, Value::clone)
}

fn fail(change_set: &mut ChangeSet, reason: &str) {
    "FAILED".clone_into(&mut change_set.status);
    change_set.reason = Some(reason.to_owned());
}

/// The change set that a request names, by its ARN or by its name and its stack's: the stack, the name, the set.
fn change_set_of<'a>(request: &'a Request<'_>) -> Result<(&'a Stack, &'a String, &'a ChangeSet), ApiError> {
    let asked = request.input.text("ChangeSetName")?;
    let place = place(request);
    let missing = || change_set_not_found(asked);
    let stacks = request.state.stacks.in_place(&place).ok_or_else(missing)?;
    if asked.starts_with("arn:") {
        let all = stacks
            .stacks
            .values()
            .flat_map(|stack| stack.change_sets.iter().map(move |(name, set)| (stack, name, set)));
        return all.into_iter().find(|(_, _, set)| set.id == asked).ok_or_else(missing);
    }
    let stack_name = request.input.text("StackName")?;
    let stack = request.state.stacks.find(&place, stack_name).ok_or_else(|| stack_not_found(stack_name))?;
    stack.change_sets.get_key_value(asked).map(|(name, set)| (stack, name, set)).ok_or_else(missing)
}

fn describe_change_set(request: &mut Request<'_>) -> Answer {
    let (stack, name, set) = change_set_of(request)?;
    let values = request.input.flag("IncludePropertyValues");
    let mut shown =
        PAGES.page(
            request,
            "Changes",
            &set.changes,
            |change| {
                if values { change.clone() } else { without_values(change) }
            },
        )?;
    let about = json!({
        "ChangeSetName": name,
        "ChangeSetId": set.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": set.description,
        "CreationTime": time(set.created),
        "Status": set.status,
        "StatusReason": set.reason,
        "ExecutionStatus": set.execution,
        "Parameters": parameters(&set.wanted),
        "Capabilities": set.wanted.capabilities,
        "NotificationARNs": set.wanted.notifications,
        "Tags": tags(&set.wanted.tags),
        "IncludeNestedStacks": false,
        "DeploymentMode": set.revert_drift.then_some("REVERT_DRIFT"),
        "StackDriftStatus": set.revert_drift.then(|| drift_status(set)),
    });
    if let (Value::Object(shown), Value::Object(about)) = (&mut shown, about) {
        shown.extend(about);
    }
    Ok(shown)
}

/// Whether a drift-aware change set found drift.
fn drift_status(set: &ChangeSet) -> &'static str {
    let status = |change: &Value| change["ResourceChange"]["ResourceDriftStatus"].as_str().map(str::to_owned);
    let drifted = set.changes.iter().filter_map(status).any(|status| status == "MODIFIED" || status == "DELETED");
    if drifted { "DRIFTED" } else { "IN_SYNC" }
}

fn execute_change_set(request: &mut Request<'_>) -> Answer {
    let (stack, name, set) = change_set_of(request)?;
    let (id, stack_name, name, mut set) = (stack.id.clone(), stack.name.clone(), name.clone(), set.clone());
    if set.execution != "AVAILABLE" {
        let message = format!("ChangeSet [{}] cannot be executed in its current status of [{}]", set.id, set.status);
        return Err(ApiError::new("InvalidChangeSetStatus", message));
    }
    let (place, now, token) = (place(request), request.now, token(request)?);
    let wanted = set.wanted.clone();
    let disable_rollback = request.input.flag("DisableRollback");
    if set.kind == "CREATE" {
        let on_failure = if disable_rollback { OnFailure::DoNothing } else { set.on_failure };
        let creation = Creation { wanted, on_failure, termination_protection: false, token };
        begin_creation(request.state, &place, &stack_name, creation, now)?;
    } else {
        let update = Update { wanted, revert_drift: set.revert_drift, disable_rollback, token };
        begin_update(request.state, &place, &id, update, now)?;
    }
    // The others are void once one is executed.
    "EXECUTE_COMPLETE".clone_into(&mut set.execution);
    if let Some(stack) = request.state.stacks.live_mut(&place, &id) {
        stack.change_sets.clear();
        stack.change_sets.insert(name, set);
    }
    Ok(json!({}))
}

/// Deleting a change set that is not there succeeds, as long as its stack is.
fn delete_change_set(request: &mut Request<'_>) -> Answer {
    let Ok((stack, name, _)) = change_set_of(request) else {
        if request.input.optional("StackName")?.is_some() {
            stack_of(request)?;
        }
        return Ok(json!({}));
    };
    let (id, name, place) = (stack.id.clone(), name.clone(), place(request));
    if let Some(stack) = request.state.stacks.live_mut(&place, &id) {
        stack.change_sets.remove(&name);
    }
    Ok(json!({}))
}

fn list_change_sets(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    let sets: Vec<_> = stack.change_sets.iter().collect();
    PAGES.page(request, "Summaries", &sets, |(name, set)| {
        json!({
            "StackId": stack.id,
            "StackName": stack.name,
            "ChangeSetId": set.id,
            "ChangeSetName": name,
            "ExecutionStatus": set.execution,
            "Status": set.status,
            "StatusReason": set.reason,
            "CreationTime": time(set.created),
            "Description": set.description,
        })
    })
}
