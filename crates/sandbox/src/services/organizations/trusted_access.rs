//! Trusted access: which AWS services may act in the organization.

use serde_json::json;

use super::errors::{constraint, invalid};
use super::pages::PAGES;
use super::policy_types;
use crate::aws_error::{Answer, ApiError};
use crate::lags::Lags;
use crate::model::organizations::Organization;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("EnableAWSServiceAccess", enable_aws_service_access),
    operation("DisableAWSServiceAccess", disable_aws_service_access),
    operation("ListAWSServiceAccessForOrganization", list_aws_service_access_for_organization),
];

/// The service principal that a request names: a host name below amazonaws.com.
pub(super) fn service_principal(request: &Request<'_>) -> Result<String, ApiError> {
    let service = request.input.bounded("ServicePrincipal", 1, 128)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let domain = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".amazon.com"];
    if service.chars().all(allowed) && domain.iter().any(|domain| service.ends_with(domain)) {
        return Ok(service.to_owned());
    }
    Err(invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal."))
}

pub(super) fn check_all_features(organization: &Organization) -> Result<(), ApiError> {
    if organization.feature_set == "ALL" {
        return Ok(());
    }
    let message = "This operation requires an organization with all features enabled.";
    Err(constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", message))
}

/// Ends the onboarding of services that is due; whether any was.
pub(super) fn settle(state: &mut State, progress: &mut Progress, lags: &Lags) -> bool {
    let Some(organization) = &mut state.organization else { return false };
    let before = organization.onboarding_services.len();
    let onboarding = &mut organization.onboarding_services;
    onboarding.retain(|service| !progress.is_due(&format!("onboarding {service}"), lags.ram_sharing));
    organization.onboarding_services.len() < before
}

fn enable_aws_service_access(request: &mut Request<'_>) -> Answer {
    let service = service_principal(request)?;
    let now = request.now;
    let organization = request.organization()?;
    check_all_features(organization)?;
    organization.trusted_services.entry(service).or_insert(now);
    Ok(json!({}))
}

fn disable_aws_service_access(request: &mut Request<'_>) -> Answer {
    let service = service_principal(request)?;
    let organization = request.organization()?;
    check_all_features(organization)?;
    if policy_types::need(organization, &service) {
        let message = "You must disable the service's policy type before you disable its access.";
        return Err(constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", message));
    }
    organization.part(&service);
    Ok(json!({}))
}

fn list_aws_service_access_for_organization(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    check_all_features(organization)?;
    let services: Vec<_> = organization.trusted_services.iter().collect();
    PAGES.page(
        request,
        "EnabledServicePrincipals",
        &services,
        |(service, since)| json!({"ServicePrincipal": service, "DateEnabled": since}),
    )
}
