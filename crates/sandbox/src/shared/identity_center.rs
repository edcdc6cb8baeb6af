//! Where Identity Center is, and who administers it.

use crate::identity::Caller;
use crate::request::Request;
use crate::state::State;

const SERVICE_PRINCIPAL: &str = "sso.amazonaws.com";

/// Whether the caller's account administers Identity Center: the management account, or a member that it delegated to.
pub(crate) fn is_administrator(state: &State, caller: &Caller) -> bool {
    state.organization.as_ref().is_some_and(|organization| {
        let delegated = organization.delegated.get(&caller.account);
        caller.account == organization.management
            || delegated.is_some_and(|services| services.contains_key(SERVICE_PRINCIPAL))
    })
}

pub(crate) fn exists(state: &State) -> bool {
    state.identity_center.enabled && state.organization.is_some()
}

/// Whether there is an instance in the request's region.
pub(crate) fn is_here(request: &Request<'_>) -> bool {
    let center = &request.state.identity_center;
    exists(request.state) && center.region.as_ref().is_none_or(|region| *region == request.region)
}
