//! What resource types ask of the organization.

use crate::sandbox::services::organizations::model::Organization;

/// Whether an account may act for the organization in a service: the management account or a delegated administrator.
pub(super) fn administers(organization: &Organization, account: &str, service: &str) -> bool {
    let delegated = organization.delegated.get(account).is_some_and(|services| services.contains_key(service));
    organization.management == account || delegated
}

/// Whether an ARN names the organization itself or one of its units.
pub(super) fn has_arn(organization: &Organization, arn: &str) -> bool {
    let id = arn.rsplit('/').next().unwrap_or_default();
    id == organization.id || organization.units.contains_key(id) && organization.unit_arn(id) == arn
}
