//! Amazon Macie, by its API reference (version 2020-01-01): who administers it for the organization.

use serde_json::json;

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::administrators;
use crate::shared::administrators::Designating;

pub(super) const SERVICE: Service = Service {
    name: "macie2",
    action_prefix: "macie2",
    protocol: Protocol::RestJson,
    errors: ErrorCodes::REST_JSON,
    operations: &[&[
        rest_operation("ListOrganizationAdminAccounts", "GET /admin", list),
        rest_operation("EnableOrganizationAdminAccount", "POST /admin", enable),
        rest_operation("DisableOrganizationAdminAccount", "DELETE /admin", disable),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const MACIE: Designating = Designating {
    principal: "macie.amazonaws.com",
    not_management: "AccessDeniedException",
    taken: "ConflictException",
    unknown: "ValidationException",
};

fn list(request: &mut Request<'_>) -> Answer {
    MACIE.check_management(request)?;
    let known = administrators::of(request.state, MACIE.principal, &request.region);
    let rows: Vec<_> = known.map(|id| json!({"accountId": id, "status": "ENABLED"})).into_iter().collect();
    Ok(json!({"adminAccounts": rows}))
}

fn enable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("adminAccountId")?.to_owned();
    MACIE.designate(request, &account)?;
    Ok(json!({}))
}

fn disable(request: &mut Request<'_>) -> Answer {
    request.input.text("adminAccountId")?;
    MACIE.check_management(request)?;
    if !MACIE.remove(request)? {
        let message = "The account is not the delegated administrator.";
        return Err(ApiError::new("ResourceNotFoundException", message).with_status(404));
    }
    Ok(json!({}))
}
