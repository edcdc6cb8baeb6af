//! Amazon Detective, by its API reference (version 2018-10-26): who administers it for the organization.

use serde_json::json;

use crate::aws_error::{Answer, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::administrators;
use crate::shared::administrators::Designating;

pub(super) const SERVICE: Service = Service {
    name: "detective",
    action_prefix: "detective",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("ListOrganizationAdminAccounts", "/orgs/adminAccountslist", list),
        rest_operation("EnableOrganizationAdminAccount", "/orgs/enableAdminAccount", enable),
        rest_operation("DisableOrganizationAdminAccount", "/orgs/disableAdminAccount", disable),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const DETECTIVE: Designating = Designating {
    principal: "detective.amazonaws.com",
    not_management: "AccessDeniedException",
    taken: "ValidationException",
    unknown: "ValidationException",
};

fn list(request: &mut Request<'_>) -> Answer {
    DETECTIVE.check_management(request)?;
    let graph =
        |id: &String| format!("arn:aws:detective:{}:{id}:graph:00000000000000000000000000000000", request.region);
    let known = administrators::of(request.state, DETECTIVE.principal, &request.region);
    let rows: Vec<_> = known.map(|id| json!({"AccountId": id, "GraphArn": graph(id)})).into_iter().collect();
    Ok(json!({"Administrators": rows}))
}

fn enable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("AccountId")?.to_owned();
    DETECTIVE.designate(request, &account)?;
    Ok(json!({}))
}

fn disable(request: &mut Request<'_>) -> Answer {
    DETECTIVE.check_management(request)?;
    DETECTIVE.remove(request)?;
    Ok(json!({}))
}
