//! Trusted access of stack sets, which CloudFormation switches itself.

use serde_json::json;

use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ActivateOrganizationsAccess", activate_organizations_access),
    operation("DeactivateOrganizationsAccess", deactivate_organizations_access),
    operation("DescribeOrganizationsAccess", describe_organizations_access),
];

/// The service of stack sets, as Organizations calls it.
pub(super) const SERVICE_PRINCIPAL: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// The organization, if the caller is in its management account and all features are enabled.
fn managed<'a>(request: &'a mut Request<'_>) -> Result<&'a mut Organization, ApiError> {
    let caller = &request.caller.account;
    let organization = request.state.organization.as_mut();
    let own =
        organization.filter(|organization| organization.management == *caller && organization.feature_set == "ALL");
    own.ok_or_else(|| {
        let message = "You must be the management account of an organization with all features enabled.";
        ApiError::new("InvalidOperationException", message)
    })
}

fn activate_organizations_access(request: &mut Request<'_>) -> Answer {
    let now = request.now;
    managed(request)?.integrate(SERVICE_PRINCIPAL, now);
    Ok(json!({}))
}

fn deactivate_organizations_access(request: &mut Request<'_>) -> Answer {
    managed(request)?.part(SERVICE_PRINCIPAL);
    Ok(json!({}))
}

/// Trusted access that was only enabled in Organizations does not count.
fn describe_organizations_access(request: &mut Request<'_>) -> Answer {
    let enabled = managed(request)?.integrated_services.contains(SERVICE_PRINCIPAL);
    Ok(json!({"Status": if enabled { "ENABLED" } else { "DISABLED" }}))
}
