//! AWS Resource Access Manager, by its API reference (version 2018-01-04).

use serde_json::json;

use super::{ErrorCodes, Service, admit_all, rest_operation};
use crate::sandbox::protocol::Protocol;
use crate::sandbox::request::{Answer, ApiError, Request};

pub(super) const SERVICE: Service = Service {
    name: "ram",
    action_prefix: "ram",
    protocol: Protocol::RestJson,
    errors: ErrorCodes {
        access_denied: "AccessDeniedException",
        access_denied_status: 403,
        invalid_input: "InvalidParameterException",
        reason: None,
        throttled: "ThrottlingException",
        throttled_status: 429,
    },
    operations: &[&[rest_operation(
        "EnableSharingWithAwsOrganization",
        "/enablesharingwithawsorganization",
        enable_sharing_with_aws_organization,
    )]],
    admit: admit_all,
};

/// Lets resources be shared with the organization and its units. Only a user or role of the management account may.
fn enable_sharing_with_aws_organization(request: &mut Request<'_>) -> Answer {
    let refused = |message: &str| ApiError::new("OperationNotPermittedException", message);
    if request.caller.is_root() {
        return Err(refused("You must call this operation from an IAM user or role, not as the root user."));
    }
    let now = request.now;
    let caller = &request.caller.account;
    let organization = request.state.organization.as_mut();
    let own = organization.filter(|organization| organization.management == *caller);
    let organization = own.ok_or_else(|| refused("You must call this operation from the management account."))?;
    organization.integrate("ram.amazonaws.com", now);
    Ok(json!({"returnValue": true}))
}
