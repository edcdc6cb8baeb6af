//! How operations go on: batch by batch, until they are done or too much failed.

use super::drift;
use crate::model::resources::Place;
use crate::model::stack_sets::{
    Action, FAILED, PENDING, QUEUED, RUNNING, Row, STOPPED, STOPPING, SUCCEEDED, SetOperation, StackSet,
};
use crate::options::Timings;
use crate::progress::Progress;
use crate::services::cloudformation::deploy::{Deployed, Deployment, deploy};
use crate::state::State;

/// Goes on with every operation that is under way; whether anything changed.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings, now: u64) -> bool {
    let busy = state.stack_sets.keys(StackSet::is_busy);
    let mut settled = false;
    for (region, name) in busy {
        let Some(mut set) = take(state, &region, &name) else { continue };
        settled |= advance(state, &mut set, progress, timings, now);
        state.stack_sets.regions.entry(region).or_default().insert(name, set);
    }
    settled
}

fn take(state: &mut State, region: &str, name: &str) -> Option<StackSet> {
    state.stack_sets.regions.get_mut(region)?.remove(name)
}

/// Gives the first operation that is not over its next batch, or ends it; whether anything changed.
fn advance(state: &mut State, set: &mut StackSet, progress: &mut Progress, timings: &Timings, now: u64) -> bool {
    let Some(index) = set.operations.iter().position(SetOperation::is_active) else {
        return false;
    };
    let operation = &mut set.operations[index];
    let mut changed = false;
    if operation.status == QUEUED {
        RUNNING.clone_into(&mut operation.status);
        changed = true;
    }
    let (id, batch) = (operation.id.clone(), operation.batches);
    if operation.rows.iter().any(|row| row.status == RUNNING) {
        if !progress.is_due(&format!("{id} {batch}"), timings.stack) {
            return changed;
        }
        finish_batch(state, set, index, now);
        give_up_where_too_much_failed(set, index);
    }
    changed | begin_batch(set, index) | end(set, index, now)
}

/// Lets the next accounts have their turn: of the first region that has any left, or of every one.
fn begin_batch(set: &mut StackSet, index: usize) -> bool {
    let operation = &mut set.operations[index];
    let pending = operation.rows.iter().filter(|row| row.status == PENDING);
    let mut regions: Vec<String> = pending.map(|row| row.region.clone()).collect();
    regions.dedup();
    if !operation.preferences.parallel_regions {
        regions.truncate(1);
    }
    let mut turns = Vec::new();
    for region in &regions {
        let all = operation.rows.iter().filter(|row| row.region == *region).count();
        let batch = operation.preferences.concurrency(all);
        let rows = operation.rows.iter_mut().filter(|row| row.region == *region && row.status == PENDING);
        for row in rows.take(batch) {
            RUNNING.clone_into(&mut row.status);
            turns.push((row.account.clone(), row.region.clone()));
        }
    }
    for (account, region) in &turns {
        if let Some(instance) = set.instance_mut(account, region) {
            RUNNING.clone_into(&mut instance.detailed_status);
        }
    }
    !turns.is_empty()
}

fn finish_batch(state: &mut State, set: &mut StackSet, index: usize, now: u64) {
    set.operations[index].batches += 1;
    for row in 0..set.operations[index].rows.len() {
        let operation = &set.operations[index];
        if operation.rows[row].status != RUNNING {
            continue;
        }
        let (action, retain, place) = (operation.action, operation.retain, operation.rows[row].clone());
        let done = carry_out(state, set, action, retain, &place, now);
        set.operations[index].rows[row] = done;
    }
}

/// Does with one instance what the operation is for, and answers how that ended.
fn carry_out(state: &mut State, set: &mut StackSet, action: Action, retain: bool, row: &Row, now: u64) -> Row {
    if action != Action::Delete && !is_open(state, &row.account) {
        if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            instance.turn("OUTDATED", "SKIPPED_SUSPENDED_ACCOUNT", None);
        }
        let mut skipped = row.clone();
        skipped.cancel("Skipped since the account is suspended");
        return skipped;
    }
    let failure = match action {
        Action::Create | Action::Update => put(state, set, row, now),
        Action::Delete => delete(state, set, row, retain, now),
        Action::DetectDrift => drift::detect(state, set, row, now),
    };
    let status = if failure.is_none() { SUCCEEDED } else { FAILED };
    Row { status: status.into(), reason: failure, ..row.clone() }
}

fn is_open(state: &State, account: &str) -> bool {
    let organization = state.organization.as_ref();
    let member = organization.and_then(|organization| organization.accounts.get(account));
    member.is_some_and(|account| account.state == "ACTIVE")
}

/// Creates or updates an instance's stack; why that failed, if it did.
fn put(state: &mut State, set: &mut StackSet, row: &Row, now: u64) -> Option<String> {
    let instance = set.instance(&row.account, &row.region)?;
    let mut parameters = set.wanted.parameters.clone();
    parameters.extend(instance.overrides.clone());
    let deployment = Deployment::Put {
        template: set.wanted.template.clone(),
        parameters,
        tags: set.wanted.tags.clone(),
        capabilities: set.wanted.capabilities.clone(),
    };
    let (stack, failure) = run(state, row, &instance.stack_name.clone(), &deployment, now);
    let instance = set.instance_mut(&row.account, &row.region)?;
    if !stack.is_empty() {
        instance.stack_id = stack;
    }
    match &failure {
        None => instance.turn("CURRENT", SUCCEEDED, None),
        Some(reason) => instance.turn("OUTDATED", FAILED, Some(reason.clone())),
    }
    failure
}

/// Takes an instance away, with its stack or without; why that failed, if it did.
fn delete(state: &mut State, set: &mut StackSet, row: &Row, retain: bool, now: u64) -> Option<String> {
    let name = set.instance(&row.account, &row.region)?.stack_name.clone();
    let failure = if retain { None } else { run(state, row, &name, &Deployment::Delete, now).1 };
    match &failure {
        None => set.forget(&row.account, &row.region),
        Some(reason) => {
            let instance = set.instance_mut(&row.account, &row.region)?;
            instance.turn("INOPERABLE", "INOPERABLE", Some(reason.clone()));
        }
    }
    failure
}

/// The stack's id, and what failed.
fn run(state: &mut State, row: &Row, name: &str, deployment: &Deployment, now: u64) -> (String, Option<String>) {
    let place = Place { account: row.account.clone(), region: row.region.clone() };
    match deploy(state, &place, name, deployment, now) {
        Ok(Deployed { stack_id, failure, .. }) => (stack_id, failure),
        Err(error) => (String::new(), Some(error.message)),
    }
}

/// Cancels the rest of each region in which more failed than is tolerated, and where regions follow each other the
/// regions after it.
fn give_up_where_too_much_failed(set: &mut StackSet, index: usize) {
    let operation = &set.operations[index];
    let (id, parallel) = (operation.id.clone(), operation.preferences.parallel_regions);
    for region in operation.regions_given_up() {
        let meant = |row: &Row| !parallel || row.region == region;
        set.cancel(&id, meant, "Cancelled since failure tolerance has exceeded");
    }
}

impl SetOperation {
    /// The regions in which more failed than is tolerated.
    fn regions_given_up(&self) -> Vec<String> {
        let mut regions: Vec<&String> = self.rows.iter().map(|row| &row.region).collect();
        regions.dedup();
        let exceeded = |region: &&String| {
            let rows = self.rows.iter().filter(|row| row.region == **region);
            let failed = rows.clone().filter(|row| row.status == FAILED).count();
            failed > self.preferences.tolerance(rows.count())
        };
        regions.into_iter().filter(exceeded).cloned().collect()
    }
}

/// Ends the operation if nothing of it is left.
fn end(set: &mut StackSet, index: usize, now: u64) -> bool {
    let operation = &mut set.operations[index];
    if operation.rows.iter().any(|row| [PENDING, RUNNING].contains(&row.status.as_str())) {
        return false;
    }
    let failed = !operation.regions_given_up().is_empty();
    let status = match operation.status.as_str() {
        STOPPING => STOPPED,
        _ if failed => FAILED,
        _ => SUCCEEDED,
    };
    status.clone_into(&mut operation.status);
    operation.ended = Some(now);
    if operation.action == Action::DetectDrift {
        set.drift_checked = Some(now);
    }
    true
}
