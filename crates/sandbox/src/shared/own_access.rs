//! Services that enable themselves for the organization: trusted access by Organizations alone does not make them ready.

use crate::aws_error::ApiError;
use crate::model::organizations::Organization;
use crate::request::Request;

fn managed<'a>(request: &'a mut Request<'_>) -> Result<&'a mut Organization, ApiError> {
    let caller = &request.caller.account;
    let organization = request.state.organization.as_mut();
    let own = organization.filter(|it| it.management == *caller && it.feature_set == "ALL");
    own.ok_or_else(|| {
        let message = "Only the management account of an organization with all features can do this.";
        ApiError::new("AccessDeniedException", message).with_status(403)
    })
}

/// Refuses all but the management account.
pub(crate) fn check_management(request: &mut Request<'_>) -> Result<(), ApiError> {
    managed(request).map(drop)
}

/// Whether the service's own call has been made.
pub(crate) fn is_enabled(request: &Request<'_>, service: &str) -> bool {
    request.state.organization.as_ref().is_some_and(|it| it.integrated_services.contains(service))
}

/// Makes the service ready, and has Organizations trust it.
pub(crate) fn enable(request: &mut Request<'_>, service: &str) -> Result<(), ApiError> {
    let now = request.now;
    managed(request)?.integrate(service, now);
    Ok(())
}

/// Has Organizations trust the service no more.
pub(crate) fn disable(request: &mut Request<'_>, service: &str) -> Result<(), ApiError> {
    managed(request)?.part(service);
    Ok(())
}
