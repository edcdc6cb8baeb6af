//! Who may work with the organization's stack sets.

use super::errors::set_not_found;
use crate::aws_error::ApiError;
use crate::model::stack_sets::StackSet;
use crate::request::Request;
use crate::services::cloudformation::errors::invalid;
use crate::services::cloudformation::organizations_access::SERVICE_PRINCIPAL;

/// Whether the caller administers them: the management account as itself, a delegated administrator as such.
fn is_administrator(request: &Request<'_>) -> Result<bool, ApiError> {
    let account = &request.caller.account;
    let Some(organization) = &request.state.organization else {
        return Ok(false);
    };
    Ok(match request.input.optional("CallAs")? {
        Some("DELEGATED_ADMIN") => {
            let services = organization.delegated.get(account);
            services.is_some_and(|services| services.contains_key(SERVICE_PRINCIPAL))
        }
        _ => *account == organization.management,
    })
}

/// Refuses anyone who may not change service-managed stack sets, or everybody while their trusted access is off.
pub(super) fn check_may_change(request: &Request<'_>) -> Result<(), ApiError> {
    if !is_administrator(request)? {
        let message = "You must be the management account or delegated admin account of an organization before \
                       operating a SERVICE_MANAGED stack set";
        return Err(invalid(message));
    }
    let organization = request.state.organization.as_ref();
    let trusted = organization.is_some_and(|organization| organization.integrated_services.contains(SERVICE_PRINCIPAL));
    let message = "You must enable organizations access to operate a service managed stack set";
    trusted.then_some(()).ok_or_else(|| invalid(message))
}

/// The stack sets that the caller sees in the request's region.
pub(super) fn visible<'a>(request: &'a Request<'_>) -> Result<Vec<&'a StackSet>, ApiError> {
    let sets = request.state.stack_sets.regions.get(&request.region);
    Ok(if is_administrator(request)? { sets.into_iter().flat_map(|sets| sets.values()).collect() } else { Vec::new() })
}

/// The stack set that the request names in `StackSetName`, to read.
pub(super) fn set_view<'a>(request: &'a Request<'_>) -> Result<&'a StackSet, ApiError> {
    let name = request.input.text("StackSetName")?;
    let found = request.state.stack_sets.find(&request.region, name);
    let seen = is_administrator(request)?;
    found.filter(|_| seen).ok_or_else(|| set_not_found(name))
}

/// The name of the stack set that the request names, to change.
pub(super) fn set_name(request: &Request<'_>) -> Result<String, ApiError> {
    check_may_change(request)?;
    Ok(set_view(request)?.name.clone())
}

/// The stack set of this name in the request's region.
pub(super) fn set_mut<'a>(request: &'a mut Request<'_>, name: &str) -> Result<&'a mut StackSet, ApiError> {
    let region = request.region.clone();
    request.state.stack_sets.find_mut(&region, name).ok_or_else(|| set_not_found(name))
}
