//! Network Manager, by its API reference (version 2019-07-05): whether it works with the organization.

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::own_access::{check_management, disable, enable, is_enabled};

pub(super) const SERVICE: Service = Service {
    name: "networkmanager",
    action_prefix: "networkmanager",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("ListOrganizationServiceAccessStatus", "GET /organizations/service-access", list),
        rest_operation("StartOrganizationServiceAccessUpdate", "POST /organizations/service-access", start),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const PRINCIPAL: &str = "networkmanager.amazonaws.com";

fn status(request: &Request<'_>) -> Value {
    let organization = request.state.organization.as_ref().map(|organization| organization.id.as_str());
    let status = if is_enabled(request, PRINCIPAL) { "ENABLED" } else { "DISABLED" };
    json!({"OrganizationStatus": {
        "OrganizationId": organization,
        "OrganizationAwsServiceAccessStatus": status,
        "SLRDeploymentStatus": "SUCCEEDED",
        "AccountStatusList": [],
    }})
}

fn list(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    Ok(status(request))
}

fn start(request: &mut Request<'_>) -> Answer {
    match request.input.text("Action")? {
        "ENABLE" => {
            enable(request, PRINCIPAL)?;
            request.state.link_role("AWSServiceRoleForNetworkManager", PRINCIPAL);
        }
        "DISABLE" => disable(request, PRINCIPAL)?,
        other => return Err(ApiError::new("ValidationException", format!("{other} is not an action."))),
    }
    Ok(status(request))
}
