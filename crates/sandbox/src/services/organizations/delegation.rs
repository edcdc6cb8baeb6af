//! Delegated administrators: member accounts that administer a service for the organization.

use serde_json::{Value, json};

use super::accounts;
use super::errors::constraint;
use super::pages::PAGES;
use super::trusted_access::{check_all_features, service_principal};
use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("RegisterDelegatedAdministrator", register_delegated_administrator),
    operation("DeregisterDelegatedAdministrator", deregister_delegated_administrator),
    operation("ListDelegatedAdministrators", list_delegated_administrators),
    operation("ListDelegatedServicesForAccount", list_delegated_services_for_account),
];

fn register_delegated_administrator(request: &mut Request<'_>) -> Answer {
    let service = service_principal(request)?;
    let id = accounts::existing(request)?;
    let now = request.now;
    let organization = request.organization()?;
    check_all_features(organization)?;
    if id == organization.management {
        let message = "You can't register the management account as a delegated administrator.";
        return Err(constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", message));
    }
    if organization.accounts.get(&id).is_some_and(|account| account.state != "ACTIVE") {
        let message = "You can't register a suspended account as a delegated administrator.";
        return Err(constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", message));
    }
    if !organization.trusted_services.contains_key(&service) {
        let message = "You must enable service access before you register a delegated administrator.";
        return Err(constraint("SERVICE_ACCESS_NOT_ENABLED", message));
    }
    let services = organization.delegated.entry(id).or_default();
    if services.contains_key(&service) {
        let message = "The account is already a delegated administrator for the service.";
        return Err(ApiError::new("AccountAlreadyRegisteredException", message));
    }
    services.insert(service, now);
    Ok(json!({}))
}

fn not_registered() -> ApiError {
    let message = "The account is not a delegated administrator for the service.";
    ApiError::new("AccountNotRegisteredException", message)
}

fn deregister_delegated_administrator(request: &mut Request<'_>) -> Answer {
    let service = service_principal(request)?;
    let id = accounts::existing(request)?;
    let organization = request.organization()?;
    let services = organization.delegated.get_mut(&id).ok_or_else(not_registered)?;
    services.remove(&service).ok_or_else(not_registered)?;
    if services.is_empty() {
        organization.delegated.remove(&id);
    }
    Ok(json!({}))
}

/// Every delegated administrator, or those of one service.
fn list_delegated_administrators(request: &mut Request<'_>) -> Answer {
    let service = request.input.optional("ServicePrincipal")?;
    let organization = request.organization_view()?;
    check_all_features(organization)?;
    let asked = |services: &std::collections::BTreeMap<String, u64>| {
        service.is_none_or(|service| services.contains_key(service))
    };
    let accounts: Vec<_> = organization.delegated.iter().filter(|(_, services)| asked(services)).collect();
    PAGES.page(request, "DelegatedAdministrators", &accounts, |(id, services)| {
        let mut shown = organization.show_account(id);
        if let Value::Object(members) = &mut shown {
            members.remove("Paths");
            members.insert("DelegationEnabledDate".into(), json!(services.values().min()));
        }
        shown
    })
}

fn list_delegated_services_for_account(request: &mut Request<'_>) -> Answer {
    let id = accounts::existing(request)?;
    let organization = request.organization_view()?;
    let services: Vec<_> = organization.delegated.get(&id).ok_or_else(not_registered)?.iter().collect();
    PAGES.page(
        request,
        "DelegatedServices",
        &services,
        |(service, since)| json!({"ServicePrincipal": service, "DelegationEnabledDate": since}),
    )
}
