//! Which account administers IPAM for the organization. Its own call makes the role by which it works.

use serde_json::json;

use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::shared::administrators::Designating;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("EnableIpamOrganizationAdminAccount", enable),
    operation("DisableIpamOrganizationAdminAccount", disable),
];

const IPAM: Designating = Designating {
    principal: "ipam.amazonaws.com",
    not_management: "InvalidParameterValue",
    taken: "InvalidParameterValue",
    unknown: "InvalidParameterValue",
};

fn enable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("DelegatedAdminAccountId")?.to_owned();
    IPAM.designate(request, &account)?;
    request.state.link_role("AWSServiceRoleForIPAM", IPAM.principal);
    Ok(json!({"success": true}))
}

fn disable(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("DelegatedAdminAccountId")?.to_owned();
    IPAM.check_management(request)?;
    let organization = request.state.organization.as_mut();
    let services = organization.and_then(|organization| organization.delegated.get_mut(&account));
    let message = "The account is not the IPAM administrator of the organization.";
    let removed = services.and_then(|services| services.remove(IPAM.principal));
    removed.ok_or_else(|| ApiError::new("InvalidParameterValue", message))?;
    if let Some(organization) = request.state.organization.as_mut() {
        organization.delegated.retain(|_, services| !services.is_empty());
    }
    request.state.administrators.remove(IPAM.principal);
    Ok(json!({"success": true}))
}
