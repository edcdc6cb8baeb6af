//! AWS Health, by its API reference (version 2016-08-04): whether it works with the organization.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::own_access::{check_management, disable, enable, is_enabled};

pub(super) const SERVICE: Service = Service {
    name: "health",
    action_prefix: "health",
    protocol: Protocol::Json,
    errors: ErrorCodes::JSON,
    operations: &[&[
        operation("DescribeHealthServiceStatusForOrganization", describe_health_service_status_for_organization),
        operation("EnableHealthServiceAccessForOrganization", enable_health_service_access_for_organization),
        operation("DisableHealthServiceAccessForOrganization", disable_health_service_access_for_organization),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const PRINCIPAL: &str = "health.amazonaws.com";

fn describe_health_service_status_for_organization(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    let status = if is_enabled(request, PRINCIPAL) { "ENABLED" } else { "DISABLED" };
    Ok(json!({"healthServiceAccessStatusForOrganization": status}))
}

fn enable_health_service_access_for_organization(request: &mut Request<'_>) -> Answer {
    enable(request, PRINCIPAL)?;
    request.state.link_role("AWSServiceRoleForHealth_Organizations", PRINCIPAL);
    Ok(json!({}))
}

fn disable_health_service_access_for_organization(request: &mut Request<'_>) -> Answer {
    disable(request, PRINCIPAL)?;
    Ok(json!({}))
}
