//! AWS Firewall Manager, by its API reference (version 2018-01-01): who administers it for the organization.

use serde_json::json;

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::administrators;
use crate::shared::administrators::Designating;

pub(super) const SERVICE: Service = Service {
    name: "fms",
    action_prefix: "fms",
    protocol: Protocol::Json,
    errors: ErrorCodes { invalid_input: "InvalidInputException", ..ErrorCodes::JSON },
    operations: &[&[
        operation("GetAdminAccount", get_admin_account),
        operation("AssociateAdminAccount", associate_admin_account),
        operation("DisassociateAdminAccount", disassociate_admin_account),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const FIREWALL_MANAGER: Designating = Designating {
    principal: "fms.amazonaws.com",
    not_management: "InvalidOperationException",
    taken: "InvalidOperationException",
    unknown: "InvalidInputException",
};

/// It is set up in one region for all.
fn check_region(request: &Request<'_>) -> Result<(), ApiError> {
    let message = "This operation must be made in us-east-1.";
    let is_there = request.region == "us-east-1" || request.state.partition != "aws";
    if is_there { Ok(()) } else { Err(ApiError::new("InvalidOperationException", message)) }
}

fn get_admin_account(request: &mut Request<'_>) -> Answer {
    check_region(request)?;
    match administrators::of(request.state, FIREWALL_MANAGER.principal, &request.region) {
        Some(id) => Ok(json!({"AdminAccount": id, "RoleStatus": "READY"})),
        None => {
            let message = format!("Account: {} is not currently delegated by AWS FM.", request.caller.account);
            Err(ApiError::new("AccessDeniedException", message))
        }
    }
}

fn associate_admin_account(request: &mut Request<'_>) -> Answer {
    check_region(request)?;
    let account = request.input.text("AdminAccount")?.to_owned();
    FIREWALL_MANAGER.designate(request, &account)?;
    Ok(json!({}))
}

/// Only the administrator itself can resign.
fn disassociate_admin_account(request: &mut Request<'_>) -> Answer {
    check_region(request)?;
    let administrator = administrators::of(request.state, FIREWALL_MANAGER.principal, &request.region);
    if administrator != Some(&request.caller.account) {
        let message = "Operation: DisassociateAdminAccount is only available to Administration account in AWS Firewall \
                       Manager.";
        return Err(ApiError::new("AccessDeniedException", message));
    }
    FIREWALL_MANAGER.remove(request)?;
    Ok(json!({}))
}
