//! AWS CloudFormation, by its API reference (version 2010-05-15) and its user guide.

mod capabilities;
mod change;
mod change_sets;
mod common;
mod compare;
pub(crate) mod deploy;
mod describe;
mod drift;
mod errors;
mod exports;
mod lifecycle;
mod organizations_access;
mod paths;
mod rollout;
mod site;
mod source;
pub(crate) mod stack_sets;
mod stacks;
mod submission;
pub(crate) mod template;
mod templates;

use crate::aws_error::ErrorCodes;
use crate::model::cloudformation::Task;
use crate::options::Timings;
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::service::{Service, admit_all};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "cloudformation",
    action_prefix: "cloudformation",
    protocol: Protocol::Query { namespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/" },
    errors: ErrorCodes::QUERY,
    operations: &[
        organizations_access::OPERATIONS,
        stacks::OPERATIONS,
        change_sets::OPERATIONS,
        describe::OPERATIONS,
        templates::OPERATIONS,
        exports::OPERATIONS,
        drift::OPERATIONS,
        stack_sets::SETS,
        stack_sets::INSTANCES,
        stack_sets::SET_OPERATIONS,
        stack_sets::TARGETS,
        stack_sets::SET_DRIFT,
    ],
    admit: admit_all,
    settle: |due| settle(due.state, due.progress, &due.options.timings, due.now),
};

/// Finishes the operations on stacks that are due; whether any was.
fn settle(state: &mut State, progress: &mut Progress, timings: &Timings, now: u64) -> bool {
    let jobs = state.stacks.under_way.iter();
    let due = jobs.filter(|(id, job)| {
        let duration = match job.what {
            Task::Stack => timings.stack,
            Task::ChangeSet(_) | Task::DriftDetection(_) => timings.comparison,
        };
        progress.is_due(id, duration)
    });
    let due: Vec<String> = due.map(|(id, _)| id.clone()).collect();
    for id in &due {
        let Some(job) = state.stacks.under_way.remove(id) else { continue };
        match &job.what {
            Task::Stack => lifecycle::finish(state, &job.place(), &job.stack, now),
            Task::ChangeSet(name) => change_sets::finish(state, &job.place(), &job.stack, name),
            Task::DriftDetection(id) => drift::finish(state, &job.place(), &job.stack, id, now),
        }
    }
    stack_sets::settle(state, progress, timings, now) || !due.is_empty()
}
