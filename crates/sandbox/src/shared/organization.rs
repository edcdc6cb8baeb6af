//! What resource types ask of the organization.

use crate::model::organizations::Organization;
use crate::state::State;

/// Whether an account may act for the organization in a service: the management account or a delegated administrator.
pub(crate) fn administers(organization: &Organization, account: &str, service: &str) -> bool {
    let delegated = organization.delegated.get(account).is_some_and(|services| services.contains_key(service));
    organization.management == account || delegated
}

/// Whether an ARN names the organization itself or one of its units.
pub(crate) fn has_arn(organization: &Organization, arn: &str) -> bool {
    let id = arn.rsplit('/').next().unwrap_or_default();
    id == organization.id || organization.units.contains_key(id) && organization.unit_arn(id) == arn
}

/// Why an account may not act for the organization in a service, if so.
pub(crate) fn acts_for(state: &State, account: &str, service: &str) -> Result<(), String> {
    let Some(organization) = &state.organization else {
        return Err("The account is not part of an organization".into());
    };
    if !organization.trusted_services.contains_key(service) {
        return Err(format!("Trusted access for {service} has not been enabled for your organization"));
    }
    if !administers(organization, account, service) {
        return Err(format!("Only the management account or a delegated administrator of {service} may do this"));
    }
    Ok(())
}
