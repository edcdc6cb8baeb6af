//! AWS Security Hub CSPM, by its API reference (version 2018-10-26): whether an account has it enabled, and who
//! administers it for the organization.

use std::collections::BTreeSet;

use serde_json::json;

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::model::resources::Place;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::administrators::Designating;
use crate::shared::{administrators, inventory};

pub(super) const SERVICE: Service = Service {
    name: "securityhub",
    action_prefix: "securityhub",
    protocol: Protocol::RestJson,
    errors: ErrorCodes { invalid_input: "InvalidInputException", ..ErrorCodes::REST_JSON },
    operations: &[&[
        rest_operation("DescribeHub", "GET /accounts", describe_hub),
        rest_operation("ListOrganizationAdminAccounts", "GET /organization/admin", list_administrators),
        rest_operation("EnableOrganizationAdminAccount", "POST /organization/admin/enable", enable),
        rest_operation("DisableOrganizationAdminAccount", "POST /organization/admin/disable", disable),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

fn describe_hub(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let hub = inventory::all(request.state, &place, "AWS::SecurityHub::Hub").next();
    match hub {
        Some((arn, _)) => Ok(json!({"HubArn": arn, "ControlFindingGenerator": "SECURITY_CONTROL"})),
        None => {
            let message = format!("Account {} is not subscribed to AWS Security Hub", place.account);
            Err(ApiError::new("InvalidAccessException", message).with_status(401))
        }
    }
}

const SECURITY_HUB: Designating = Designating {
    principal: "securityhub.amazonaws.com",
    not_management: "AccessDeniedException",
    taken: "InvalidInputException",
    unknown: "InvalidInputException",
};

/// Those that a stack has designated, and those that were designated by the request for it.
fn list_administrators(request: &mut Request<'_>) -> Answer {
    SECURITY_HUB.check_management(request)?;
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let by_stack = inventory::all(request.state, &place, "AWS::SecurityHub::DelegatedAdmin");
    let by_stack = by_stack.filter_map(|(_, it)| it.properties.get("AdminAccountId")?.as_str());
    let by_request = administrators::of(request.state, SECURITY_HUB.principal, &request.region);
    let all: BTreeSet<&str> = by_stack.chain(by_request.map(String::as_str)).collect();
    let rows: Vec<_> = all.into_iter().map(|id| json!({"AccountId": id, "Status": "ENABLED"})).collect();
    Ok(json!({"AdminAccounts": rows}))
}

fn enable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("AdminAccountId")?.to_owned();
    SECURITY_HUB.designate(request, &account)?;
    Ok(json!({"AdminAccountId": account}))
}

fn disable(request: &mut Request<'_>) -> Answer {
    request.input.text("AdminAccountId")?;
    SECURITY_HUB.check_management(request)?;
    SECURITY_HUB.remove(request)?;
    Ok(json!({}))
}
