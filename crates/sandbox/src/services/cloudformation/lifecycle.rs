//! Operations on stacks: how they begin, and how they end.

use super::compare::compare;
use super::errors::{NO_UPDATES, already_exists, invalid, not_updatable, stack_not_found};
use super::exports;
use super::rollout::{Failure, Rollout};
use crate::aws_error::ApiError;
use crate::model::cloudformation::{Drift, OnFailure, Stack, StackResource, Task, Wanted, Work};
use crate::model::resources::Place;
use crate::state::State;

/// The statuses of a stack that can be updated.
const UPDATABLE: [&str; 5] =
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"];

/// A stack that is to be created.
#[derive(Default)]
pub(super) struct Creation {
    pub(super) wanted: Wanted,
    pub(super) on_failure: OnFailure,
    pub(super) termination_protection: bool,
    pub(super) token: Option<String>,
}

/// A stack that is to be updated.
#[derive(Default)]
pub(super) struct Update {
    pub(super) wanted: Wanted,
    pub(super) revert_drift: bool,
    pub(super) disable_rollback: bool,
    pub(super) token: Option<String>,
}

impl Update {
    pub(super) fn to(wanted: Wanted) -> Self {
        Self { wanted, ..Self::default() }
    }
}

/// Puts a stack without resources there, which CreateStack and change sets of type CREATE begin with.
///
/// # Errors
/// When the name is not valid or the region is full.
pub(super) fn new_stack(state: &mut State, place: &Place, name: &str, now: u64) -> Result<Stack, ApiError> {
    let well_formed = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 128;
    if !well_formed {
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )));
    }
    let (partition, most) = (state.partition.clone(), state.quotas.stacks);
    let regional = state.stacks.in_place_mut(place);
    if regional.stacks.len() >= most {
        let message = format!("Limit for stack has been exceeded: {most}");
        return Err(ApiError::new("LimitExceededException", message));
    }
    let Place { account, region } = place;
    let uuid = regional.new_id(place);
    let id = format!("arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{uuid}");
    Ok(Stack { id, name: name.to_owned(), created: now, ..Stack::default() })
}

/// Begins to create a stack and answers its id.
pub(super) fn begin_creation(
    state: &mut State,
    place: &Place,
    name: &str,
    creation: Creation,
    now: u64,
) -> Result<String, ApiError> {
    let existing = state.stacks.in_place(place).and_then(|all| all.stacks.get(name));
    let reviewed = existing.filter(|stack| stack.status == "REVIEW_IN_PROGRESS").cloned();
    let mut stack = match (existing, reviewed) {
        (_, Some(reviewed)) => reviewed,
        (Some(_), None) => return Err(already_exists(format!("Stack [{name}] already exists"))),
        (None, None) => new_stack(state, place, name, now)?,
    };
    stack.token = creation.token;
    stack.disable_rollback = creation.on_failure == OnFailure::DoNothing;
    stack.termination_protection |= creation.termination_protection;
    stack.wanted = creation.wanted.clone();
    stack.work = Some(Work::Create { wanted: creation.wanted, on_failure: creation.on_failure });
    stack.turn("CREATE_IN_PROGRESS", Some("User Initiated".into()), now);
    Ok(start(state, place, stack))
}

fn start(state: &mut State, place: &Place, stack: Stack) -> String {
    let id = stack.id.clone();
    state.stacks.begin(&id, place, &stack.name, Task::Stack);
    state.stacks.in_place_mut(place).stacks.insert(stack.name.clone(), stack);
    id
}

/// Whether a stack is in a status in which it can be updated.
pub(super) fn check_updatable(stack: &Stack) -> Result<(), ApiError> {
    let updatable = UPDATABLE.contains(&stack.status.as_str());
    updatable.then_some(()).ok_or_else(|| not_updatable(&stack.id, &stack.status))
}

/// Begins to update a stack that changes in some way.
pub(super) fn begin_update(
    state: &mut State,
    place: &Place,
    name: &str,
    update: Update,
    now: u64,
) -> Result<(), ApiError> {
    let stack = state.stacks.find(place, name).cloned().ok_or_else(|| stack_not_found(name))?;
    check_updatable(&stack)?;
    let comparison = compare(state, place, &stack, &update.wanted, update.revert_drift).map_err(invalid)?;
    if comparison.is_empty() {
        return Err(invalid(NO_UPDATES));
    }
    let mut stack = stack;
    stack.token = update.token;
    let Update { wanted, revert_drift, disable_rollback, .. } = update;
    stack.work = Some(Work::Update { wanted, revert_drift, disable_rollback });
    stack.updated = Some(now);
    stack.turn("UPDATE_IN_PROGRESS", Some("User Initiated".into()), now);
    start(state, place, stack);
    Ok(())
}

/// Begins to delete a stack; one that is being deleted already goes on.
pub(super) fn begin_deletion(
    state: &mut State,
    place: &Place,
    name: &str,
    retain: Vec<String>,
    token: Option<String>,
    now: u64,
) -> Result<(), ApiError> {
    let Some(stack) = state.stacks.live_mut(place, name) else {
        return Ok(());
    };
    match stack.status.as_str() {
        "DELETE_IN_PROGRESS" => return Ok(()),
        "UPDATE_IN_PROGRESS" => {
            let message = format!("Stack [{}] cannot be deleted while in status UPDATE_IN_PROGRESS", stack.name);
            return Err(invalid(message));
        }
        _ => {}
    }
    if stack.termination_protection {
        let message = format!("Stack [{}] cannot be deleted while TerminationProtection is enabled", stack.name);
        return Err(invalid(message));
    }
    if !retain.is_empty() && stack.status != "DELETE_FAILED" {
        let message = "Invalid operation on stack. When you delete a stack, specify which resources to retain only \
                       when the stack is in the DELETE_FAILED state.";
        return Err(invalid(message));
    }
    let mut stack = stack.clone();
    stack.token = token;
    stack.work = Some(Work::Delete { retain });
    stack.turn("DELETE_IN_PROGRESS", Some("User Initiated".into()), now);
    start(state, place, stack);
    Ok(())
}

/// Begins to roll back a stack that is in the status `from`.
pub(super) fn begin_rollback(
    state: &mut State,
    place: &Place,
    name: &str,
    from: &str,
    skip: Vec<String>,
    now: u64,
) -> Result<String, ApiError> {
    let stack = state.stacks.live_mut(place, name).ok_or_else(|| stack_not_found(name))?;
    if stack.status != from {
        let message = format!("Stack:{} is in {} state and can not be rolled back", stack.id, stack.status);
        return Err(invalid(message));
    }
    let mut stack = stack.clone();
    stack.work = Some(Work::Rollback { skip });
    stack.turn("UPDATE_ROLLBACK_IN_PROGRESS", Some("User Initiated".into()), now);
    Ok(start(state, place, stack))
}

/// Ends a rollback: it fails again while a resource that is not skipped is as the failure left it.
fn roll_back(stack: &mut Stack, skip: &[String], now: u64) {
    let is_stuck = |(logical, resource): &(&String, &StackResource)| {
        resource.status == "UPDATE_FAILED" && !skip.contains(*logical)
    };
    let stuck: Vec<String> = stack.resources.iter().filter(is_stuck).map(|(logical, _)| logical.clone()).collect();
    if !stuck.is_empty() {
        let reason = format!("The following resource(s) failed to update: [{}]. ", stuck.join(", "));
        return stack.turn("UPDATE_ROLLBACK_FAILED", Some(reason), now);
    }
    stack.turn("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", None, now);
    stack.turn("UPDATE_ROLLBACK_COMPLETE", None, now);
}

/// Ends the operation of a stack that is in progress.
pub(super) fn finish(state: &mut State, place: &Place, name: &str, now: u64) {
    let Some(mut stack) = state.stacks.in_place_mut(place).stacks.remove(name) else {
        return;
    };
    state.stacks.under_way.remove(&stack.id);
    match stack.work.take() {
        Some(Work::Create { wanted, on_failure }) => create(state, &mut stack, place, &wanted, on_failure, now),
        Some(Work::Update { wanted, revert_drift, disable_rollback }) => {
            let rollout = Rollout::new(state, &mut stack, place, now);
            update(rollout, &wanted, revert_drift, disable_rollback);
        }
        Some(Work::Delete { retain }) => delete(state, &mut stack, place, &retain, now),
        Some(Work::Rollback { skip }) => roll_back(&mut stack, &skip, now),
        None => {}
    }
    if stack.status == "DELETE_COMPLETE" {
        stack.deleted = Some(now);
        state.stacks.in_place_mut(place).deleted.push(stack);
    } else {
        state.stacks.in_place_mut(place).stacks.insert(name.to_owned(), stack);
    }
}

/// What a failure makes of the stack's reason: `verb` is `create` or `update`.
fn reported(failure: &Failure, verb: &str) -> String {
    match &failure.logical {
        Some(logical) => format!("The following resource(s) failed to {verb}: [{logical}]. "),
        None => failure.reason.clone(),
    }
}

fn create(state: &mut State, stack: &mut Stack, place: &Place, wanted: &Wanted, on_failure: OnFailure, now: u64) {
    let mut rollout = Rollout::new(state, stack, place, now);
    let Err(failure) = rollout.advance(wanted, false) else {
        stack.turn("CREATE_COMPLETE", None, now);
        return;
    };
    let reason = reported(&failure, "create");
    match on_failure {
        OnFailure::DoNothing => rollout.stack.turn("CREATE_FAILED", Some(reason), now),
        OnFailure::Rollback => {
            let reason = format!("{reason}Rollback requested by user.");
            rollout.stack.turn("ROLLBACK_IN_PROGRESS", Some(reason), now);
            rollout.undo_creation();
            rollout.stack.turn("ROLLBACK_COMPLETE", None, now);
        }
        OnFailure::Delete => {
            let reason = format!("{reason}Delete requested by user.");
            rollout.stack.turn("DELETE_IN_PROGRESS", Some(reason), now);
            rollout.undo_creation();
            rollout.stack.turn("DELETE_COMPLETE", None, now);
        }
    }
}

fn update(mut rollout: Rollout<'_>, wanted: &Wanted, revert_drift: bool, disable_rollback: bool) {
    let before = rollout.stack.resources.clone();
    let now = rollout.now;
    let Err(failure) = rollout.advance(wanted, revert_drift) else {
        rollout.stack.turn("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None, now);
        rollout.clean_up();
        rollout.stack.drift = Drift::default();
        rollout.stack.turn("UPDATE_COMPLETE", None, now);
        return;
    };
    let reason = Some(reported(&failure, "update"));
    if disable_rollback {
        rollout.stack.turn("UPDATE_FAILED", reason, now);
        return;
    }
    rollout.stack.turn("UPDATE_ROLLBACK_IN_PROGRESS", reason, now);
    rollout.undo_update(&before);
    rollout.stack.turn("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", None, now);
    rollout.stack.turn("UPDATE_ROLLBACK_COMPLETE", None, now);
}

fn delete(state: &mut State, stack: &mut Stack, place: &Place, retain: &[String], now: u64) {
    if let Some(reason) = exports::in_use(state, place, stack) {
        stack.turn("DELETE_FAILED", Some(reason), now);
        return;
    }
    let mut rollout = Rollout::new(state, stack, place, now);
    let failed = rollout.delete_all(retain);
    if failed.is_empty() {
        stack.outputs.clear();
        stack.change_sets.clear();
        stack.turn("DELETE_COMPLETE", None, now);
    } else {
        let reason = format!("The following resource(s) failed to delete: [{}]. ", failed.join(", "));
        stack.turn("DELETE_FAILED", Some(reason), now);
    }
}
