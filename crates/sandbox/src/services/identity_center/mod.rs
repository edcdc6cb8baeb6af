//! AWS IAM Identity Center's administration (`sso-admin`, version 2020-07-20), by its API reference and user guide.

mod account_assignments;
mod begun;
mod customer_managed_policies;
pub(crate) mod errors;
mod inline_policy;
mod instance;
mod managed_policies;
mod operations;
mod pages;
mod permission_sets;
mod permissions_boundary;
mod provisioning;
mod session;
mod tags;

use crate::aws_error::{ApiError, ErrorCodes};
use crate::identity::Caller;
use crate::protocol::Protocol;
use crate::service::{Operation, Service};
use crate::shared::identity_center::is_administrator;
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "sso",
    action_prefix: "sso",
    protocol: Protocol::Json,
    errors: ErrorCodes::JSON,
    operations: &[
        instance::OPERATIONS,
        permission_sets::OPERATIONS,
        inline_policy::OPERATIONS,
        managed_policies::OPERATIONS,
        customer_managed_policies::OPERATIONS,
        permissions_boundary::OPERATIONS,
        provisioning::OPERATIONS,
        account_assignments::OPERATIONS,
        operations::OPERATIONS,
        tags::OPERATIONS,
    ],
    admit,
    settle: |due| operations::settle(due.state, due.progress, &due.options.timings),
};

/// Any principal may ask which instance there is; the rest is for the management account and delegated administrators.
fn admit(state: &State, caller: &Caller, operation: &Operation) -> Result<(), ApiError> {
    if operation.name == "ListInstances" || is_administrator(state, caller) {
        return Ok(());
    }
    let action = format!("sso:{}", operation.name);
    Err(errors::access_denied(format!("User: {} is not authorized to perform: {action}", caller.arn)))
}
