//! Whom a request of Account Management is about.

use crate::aws_error::ApiError;
use crate::request::Request;

pub(super) const ACCESS_DENIED: &str = "AccessDeniedException";
const SERVICE_PRINCIPAL: &str = "account.amazonaws.com";

/// The account that the request is about: the caller's own, or the member that `AccountId` names, which the management
/// account and the delegated administrator may ask for while the service has trusted access.
pub(super) fn subject(request: &Request<'_>) -> Result<String, ApiError> {
    let caller = &request.caller;
    let Some(id) = request.input.optional("AccountId")? else {
        return Ok(caller.account.clone());
    };
    let denied = |why: &str| {
        let message = format!("User: {} is not authorized to perform: account:{}", caller.arn, request.operation);
        ApiError::new(ACCESS_DENIED, format!("{message} ({why})")).with_status(403)
    };
    let organization = request.state.organization.as_ref().ok_or_else(|| denied("not in an organization"))?;
    let delegated = organization.delegated.get(&caller.account);
    let delegated = delegated.is_some_and(|services| services.contains_key(SERVICE_PRINCIPAL));
    if caller.account != organization.management && !delegated {
        return Err(denied("only the management account and delegated administrators may specify an AccountId"));
    }
    if !organization.trusted_services.contains_key(SERVICE_PRINCIPAL) {
        return Err(denied("your organization must first enable trusted access with AWS Account Management"));
    }
    if id == organization.management {
        return Err(denied("the management account can only be managed in standalone context, without an AccountId"));
    }
    let member = organization.accounts.contains_key(id);
    member.then(|| id.to_owned()).ok_or_else(|| denied("the AccountId is not a member of the organization"))
}

pub(super) fn not_found(message: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", message).with_status(404)
}
