//! Central root access: what the management account may do about the root users of members.

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListOrganizationsFeatures", list_organizations_features),
    operation("EnableOrganizationsRootCredentialsManagement", |request| switch(request, ROOT_CREDENTIALS, true)),
    operation("DisableOrganizationsRootCredentialsManagement", |request| switch(request, ROOT_CREDENTIALS, false)),
    operation("EnableOrganizationsRootSessions", |request| switch(request, ROOT_SESSIONS, true)),
    operation("DisableOrganizationsRootSessions", |request| switch(request, ROOT_SESSIONS, false)),
];

const ROOT_CREDENTIALS: &str = "RootCredentialsManagement";
const ROOT_SESSIONS: &str = "RootSessions";
const PRINCIPAL: &str = "iam.amazonaws.com";

fn own<'a>(request: &'a mut Request<'_>) -> Result<&'a mut Organization, ApiError> {
    let caller = request.caller.account.clone();
    let organization = request.state.organization.as_mut().ok_or_else(|| {
        ApiError::new("OrganizationNotFoundException", "The account is not in an organization.").with_status(404)
    })?;
    if organization.management != caller {
        let message = "The account is not the organization's management account.";
        return Err(ApiError::new("AccountNotManagementOrDelegatedAdministratorException", message));
    }
    if !organization.trusted_services.contains_key(PRINCIPAL) {
        let message = "Trusted access for IAM is not enabled in the organization.";
        return Err(ApiError::new("ServiceAccessNotEnabledException", message));
    }
    Ok(organization)
}

fn shown(organization: &Organization) -> Value {
    json!({"OrganizationId": organization.id, "EnabledFeatures": organization.root_access})
}

fn list_organizations_features(request: &mut Request<'_>) -> Answer {
    own(request).map(|organization| shown(organization))
}

fn switch(request: &mut Request<'_>, feature: &str, is_on: bool) -> Answer {
    let organization = own(request)?;
    if is_on {
        organization.root_access.insert(feature.to_owned());
    } else {
        organization.root_access.remove(feature);
    }
    Ok(shown(organization))
}
