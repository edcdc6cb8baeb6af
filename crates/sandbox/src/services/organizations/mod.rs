//! AWS Organizations, by its API reference (version 2016-11-28) and its user guide.

mod accounts;
mod attachments;
mod closing;
mod creation;
mod delegation;
mod effective_policies;
mod errors;
mod handshakes;
mod membership;
mod organization;
mod pages;
mod policies;
mod policy_document;
mod policy_types;
mod resource_policy;
mod show;
mod tags;
mod tree;
mod trusted_access;
mod units;

use crate::aws_error::{ApiError, ErrorCodes};
use crate::identity::Caller;
use crate::options::Options;
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::service::{Operation, Service};
use crate::shared::readiness;
use crate::state::State;
use errors::{access_denied, not_in_use};

pub(super) const SERVICE: Service = Service {
    name: "organizations",
    action_prefix: "organizations",
    protocol: Protocol::Json,
    errors: ErrorCodes {
        access_denied: "AccessDeniedException",
        access_denied_status: 400,
        invalid_input: "InvalidInputException",
        reason: Some("Reason"),
        throttled: "TooManyRequestsException",
        throttled_status: 400,
    },
    operations: &[
        organization::OPERATIONS,
        policy_types::OPERATIONS,
        units::OPERATIONS,
        tree::OPERATIONS,
        accounts::OPERATIONS,
        creation::OPERATIONS,
        closing::OPERATIONS,
        membership::OPERATIONS,
        handshakes::OPERATIONS,
        policies::OPERATIONS,
        resource_policy::OPERATIONS,
        effective_policies::OPERATIONS,
        attachments::OPERATIONS,
        trusted_access::OPERATIONS,
        delegation::OPERATIONS,
        tags::OPERATIONS,
    ],
    admit,
    settle: |due| settle(due.state, due.progress, due.options, due.now),
};

/// Finishes what is due; whether anything was.
fn settle(state: &mut State, progress: &mut Progress, options: &Options, now: u64) -> bool {
    let Options { timings, lags, .. } = options;
    let finished = [
        organization::settle(state, progress, options),
        creation::settle(state, progress, options, now),
        readiness::settle(state, progress, lags),
        policy_types::settle(state, progress, lags),
        trusted_access::settle(state, progress, lags),
        closing::settle(state, progress, timings),
    ];
    finished.contains(&true)
}

/// The management account may call everything; delegated administrators may read; other members may only do what
/// concerns themselves. Outside an organization there is little to call.
fn admit(state: &State, caller: &Caller, operation: &Operation) -> Result<(), ApiError> {
    const FOR_ANYONE: [&str; 5] =
        ["CreateOrganization", "AcceptHandshake", "DeclineHandshake", "DescribeHandshake", "ListHandshakesForAccount"];
    const FOR_MEMBERS: [&str; 2] = ["DescribeOrganization", "LeaveOrganization"];
    if FOR_ANYONE.contains(&operation.name) {
        return Ok(());
    }
    let organization = state.organization.as_ref().ok_or_else(not_in_use)?;
    if caller.account == organization.management {
        return Ok(());
    }
    if !organization.accounts.contains_key(&caller.account) {
        return Err(not_in_use());
    }
    let delegated = organization.delegated.contains_key(&caller.account) && !operation.is_write();
    if delegated || FOR_MEMBERS.contains(&operation.name) { Ok(()) } else { Err(access_denied()) }
}
