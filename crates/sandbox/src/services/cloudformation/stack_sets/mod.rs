//! Service-managed stack sets, see "Managing stacks across accounts and Regions with StackSets" in the user guide.

mod advance;
mod auto_deployment;
mod begun;
mod drift;
mod errors;
mod instances;
mod operations;
mod owner;
mod preferences;
mod sets;
mod targets;

use crate::options::Timings;
use crate::progress::Progress;
use crate::service::Operation;
use crate::state::State;

pub(super) const SETS: &[Operation] = sets::OPERATIONS;
pub(super) const INSTANCES: &[Operation] = instances::OPERATIONS;
pub(super) const SET_OPERATIONS: &[Operation] = operations::OPERATIONS;
pub(super) const TARGETS: &[Operation] = targets::OPERATIONS;
pub(super) const SET_DRIFT: &[Operation] = drift::OPERATIONS;

/// Goes on with what is under way, and follows the accounts that moved; whether anything changed.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings, now: u64) -> bool {
    let advanced = advance::settle(state, progress, timings, now);
    auto_deployment::settle(state, now) || advanced
}
