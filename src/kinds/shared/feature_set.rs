//! What an organization can do by its feature set.

use crate::facts::Look;
use crate::kinds::read;
use crate::kinds::resource::Organization;
use crate::model::{Address, Observed, Wanted};

/// The service by which members' contacts, names and regions are managed.
/// <https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html>
pub(in crate::kinds) const ACCOUNT_MANAGEMENT: &str = "account.amazonaws.com";

/// Whether an organization was found that has all features. One with consolidated billing alone has no trusted access and no
/// delegated administrators, and AWS refuses to list them.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html#feature-set>
pub(in crate::kinds) fn has_all_features(observed: &Observed) -> bool {
    Organization::found(observed).is_some_and(|organization| organization.has_all_features())
}

/// Whether the management account can ask AWS Account Management about members: only where the organization trusts it.
/// <https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html>
pub(in crate::kinds) fn manages_members(look: &Look<'_>, observed: &Observed) -> bool {
    let is_trusted = |services: &Vec<String>| services.iter().any(|service| service == ACCOUNT_MANAGEMENT);
    has_all_features(observed) && look.at(read::TrustedAccess).is_some_and(is_trusted)
}

/// The account, as AWS Account Management takes it, of which something is wanted: `None` within stands for the caller's own,
/// which needs no trust. Where it cannot be asked about yet, that is noted, and nothing is given.
pub(in crate::kinds) fn asked_about(
    wanted: &Wanted,
    look: &Look<'_>,
    observed: &mut Observed,
) -> Option<Option<String>> {
    let account = wanted.parent.as_ref()?;
    let id = observed.found.get(account).map(|found| found.id.clone())?;
    if observed.bindings.id(&Address::management()) == Some(&id) {
        return Some(None);
    }
    if manages_members(look, observed) {
        return Some(Some(id));
    }
    observed.unseen.insert(wanted.address.clone(), Address::trusted_access(ACCOUNT_MANAGEMENT));
    None
}
