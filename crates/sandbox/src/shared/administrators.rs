//! The accounts that services designate to administer them for the organization, each in its regions.

use crate::aws_error::ApiError;
use crate::request::Request;
use crate::state::State;

/// A service that designates an administrator, and the codes of its refusals.
pub(crate) struct Designating {
    pub(crate) principal: &'static str,
    /// To others than the management account.
    pub(crate) not_management: &'static str,
    /// Where another account administers it.
    pub(crate) taken: &'static str,
    /// For what is no member of the organization.
    pub(crate) unknown: &'static str,
}

/// The account that administers a service in a region.
pub(crate) fn of<'a>(state: &'a State, principal: &str, region: &str) -> Option<&'a String> {
    state.administrators.get(principal)?.get(region)
}

impl Designating {
    /// Refuses all but the management account.
    pub(crate) fn check_management(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let organization = request.state.organization.as_ref();
        if organization.is_some_and(|it| it.management == request.caller.account && it.feature_set == "ALL") {
            return Ok(());
        }
        let message = "Only the management account of an organization with all features can do this.";
        let status = if self.not_management.contains("AccessDenied") { 403 } else { 400 };
        Err(ApiError::new(self.not_management, message).with_status(status))
    }

    /// Designates an account in the request's region, and has Organizations trust the service and register the account:
    /// one for all regions.
    pub(crate) fn designate(&self, request: &mut Request<'_>, account: &str) -> Result<(), ApiError> {
        self.check_management(request)?;
        let (now, region) = (request.now, request.region.clone());
        let taken = || ApiError::new(self.taken, "Another account is the delegated administrator already.");
        if of(request.state, self.principal, &region).is_some_and(|known| known != account) {
            return Err(taken());
        }
        let organization = request.state.organization.as_mut();
        let organization = organization.ok_or_else(|| ApiError::new(self.unknown, "There is no organization."))?;
        if !organization.accounts.contains_key(account) || organization.management == account {
            return Err(ApiError::new(self.unknown, "The account is not a member of the organization."));
        }
        let others = organization.delegated.iter().filter(|(other, _)| *other != account);
        if others.into_iter().any(|(_, services)| services.contains_key(self.principal)) {
            return Err(taken());
        }
        organization.integrate(self.principal, now);
        let services = organization.delegated.entry(account.to_owned()).or_default();
        services.entry(self.principal.to_owned()).or_insert(now);
        let regions = request.state.administrators.entry(self.principal.to_owned()).or_default();
        regions.insert(region, account.to_owned());
        Ok(())
    }

    /// Removes the administrator of the request's region; whether there was one. Organizations keeps it registered.
    pub(crate) fn remove(&self, request: &mut Request<'_>) -> Result<bool, ApiError> {
        let region = request.region.clone();
        let regions = request.state.administrators.get_mut(self.principal);
        Ok(regions.is_some_and(|regions| regions.remove(&region).is_some()))
    }
}
