//! User Notifications, by its API reference (version 2018-05-10): whether it works with the organization.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::own_access::{check_management, disable, enable, is_enabled};

pub(super) const SERVICE: Service = Service {
    name: "notifications",
    action_prefix: "notifications",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("GetNotificationsAccessForOrganization", "GET /organization/access", get_access),
        rest_operation("EnableNotificationsAccessForOrganization", "POST /organization/access", enable_access),
        rest_operation("DisableNotificationsAccessForOrganization", "DELETE /organization/access", disable_access),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const PRINCIPAL: &str = "notifications.amazon.com";

fn get_access(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    let status = if is_enabled(request, PRINCIPAL) { "ENABLED" } else { "DISABLED" };
    Ok(json!({"notificationsAccessForOrganization": {"accessStatus": status}}))
}

fn enable_access(request: &mut Request<'_>) -> Answer {
    enable(request, PRINCIPAL)?;
    Ok(json!({}))
}

fn disable_access(request: &mut Request<'_>) -> Answer {
    disable(request, PRINCIPAL)?;
    Ok(json!({}))
}
