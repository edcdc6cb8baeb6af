//! AWS Resource Access Manager.

use serde_json::json;

use super::kind::{Draft, ResourceType, resource};
use crate::model::organizations::Organization;
use crate::model::resources::SHARE;
use crate::shared::organization::has_arn;
use crate::shared::sharing::ROLE;
use crate::state::State;

const RAM: &str = "ram.amazonaws.com";

pub(super) const TYPES: &[ResourceType] = &[resource(SHARE, identify)
    .required(&["Name"])
    .attributes(|_, id| json!({"Arn": id, "OwningAccountId": id.split(':').nth(4)}))
    .check(check)
    .tagged()];

fn identify(draft: &Draft<'_>) -> String {
    draft.arn("ram", &format!("resource-share/{}", draft.uuid()))
}

/// See "Share resources with your organization" in the RAM user guide: sharing within it must be enabled, and only
/// AllowExternalPrincipals (the default) lets others in.
fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let external =
        draft.properties.get("AllowExternalPrincipals").is_none_or(|flag| *flag != false && *flag != "false");
    draft.texts("Principals").into_iter().try_for_each(|principal| check_principal(state, principal, external))
}

fn check_principal(state: &State, principal: &str, external: bool) -> Result<(), String> {
    let organization = state.organization.as_ref();
    if principal.contains(":organizations::") {
        // Trusted access by Organizations alone makes no role for RAM.
        let is_shared = |it: &&Organization| {
            it.trusted_services.contains_key(RAM)
                && state.has_linked_role(ROLE)
                && !it.onboarding_services.contains(RAM)
        };
        if organization.filter(is_shared).is_some_and(|organization| has_arn(organization, principal)) {
            return Ok(());
        }
        let id = principal.rsplit('/').next().unwrap_or_default();
        let what = if id.starts_with("ou-") { "OrganizationalUnit" } else { "Organization" };
        return Err(format!(
            "{what} {id} could not be found. (Service: Ram, Status Code: 400, Error Code: UnknownResourceException)"
        ));
    }
    let account = principal.split(':').nth(4).unwrap_or(principal);
    if external || organization.is_some_and(|organization| organization.accounts.contains_key(account)) {
        return Ok(());
    }
    Err(format!(
        "Principal {account} is not in your AWS organization. You do not have permission to add \
            external AWS accounts to a resource share. (Service: Ram, Status Code: 400, Error Code: \
            OperationNotPermittedException)"
    ))
}
