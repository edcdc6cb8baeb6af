//! Amazon Inspector, by its API reference (version 2020-06-08): who administers it for the organization.

use serde_json::json;

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::administrators;
use crate::shared::administrators::Designating;

pub(super) const SERVICE: Service = Service {
    name: "inspector2",
    action_prefix: "inspector2",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("ListDelegatedAdminAccounts", "/delegatedadminaccounts/list", list),
        rest_operation("EnableDelegatedAdminAccount", "/delegatedadminaccounts/enable", enable),
        rest_operation("DisableDelegatedAdminAccount", "/delegatedadminaccounts/disable", disable),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const INSPECTOR: Designating = Designating {
    principal: "inspector2.amazonaws.com",
    not_management: "AccessDeniedException",
    taken: "ConflictException",
    unknown: "ResourceNotFoundException",
};

fn list(request: &mut Request<'_>) -> Answer {
    INSPECTOR.check_management(request)?;
    let known = administrators::of(request.state, INSPECTOR.principal, &request.region);
    let rows: Vec<_> = known.map(|id| json!({"accountId": id, "status": "ENABLED"})).into_iter().collect();
    Ok(json!({"delegatedAdminAccounts": rows}))
}

fn enable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("delegatedAdminAccountId")?.to_owned();
    INSPECTOR.designate(request, &account)?;
    Ok(json!({"delegatedAdminAccountId": account}))
}

fn disable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("delegatedAdminAccountId")?.to_owned();
    INSPECTOR.check_management(request)?;
    if !INSPECTOR.remove(request)? {
        let message = "The account is not the delegated administrator.";
        return Err(ApiError::new("ResourceNotFoundException", message).with_status(404));
    }
    Ok(json!({"delegatedAdminAccountId": account}))
}
