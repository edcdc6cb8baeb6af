//! What an organization can do by its feature set.

use crate::facts::Look;
use crate::kinds::read;
use crate::kinds::resource::Organization;
use crate::model::Observed;

/// Whether an organization was found that has all features. One with consolidated billing alone has no trusted access and no
/// delegated administrators, and AWS refuses to list them.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html#feature-set>
pub(in crate::kinds) fn has_all_features(observed: &Observed) -> bool {
    Organization::found(observed).is_some_and(|organization| organization.has_all_features())
}

/// Whether the management account can ask AWS Account Management about members: only where the organization trusts it.
/// <https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html>
pub(in crate::kinds) fn manages_members(look: &Look<'_>, observed: &Observed) -> bool {
    let is_trusted = |services: &Vec<String>| services.iter().any(|service| service == "account.amazonaws.com");
    has_all_features(observed) && look.at(read::TrustedAccess).is_some_and(is_trusted)
}
