//! IAM Access Analyzer.

use serde_json::json;

use super::iam;
use super::kind::{Draft, ResourceType, resource};
use crate::model::resources::{Place, Resource};
use crate::shared::inventory::all;
use crate::shared::organization;
use crate::state::State;

const SERVICE_PRINCIPAL: &str = "access-analyzer.amazonaws.com";

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::AccessAnalyzer::Analyzer", |draft| {
    draft.arn("access-analyzer", &format!("analyzer/{}", draft.named("AnalyzerName")))
})
.required(&["Type"])
.attributes(|_, id| json!({"Arn": id}))
.check(check)
.tagged()];

/// An analyzer of the organization belongs to the management account or a delegated administrator, and the service acts
/// in the management account by its service-linked role:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-delegated-administrator.html>.
fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    if !draft.text("Type").is_some_and(|kind| kind.starts_with("ORGANIZATION")) {
        return Ok(());
    }
    organization::acts_for(state, &draft.place.account, SERVICE_PRINCIPAL).map_err(|why| {
        format!("{why} (Service: AccessAnalyzer, Status Code: 403, Error Code: AccessDeniedException)")
    })?;
    let management = state.organization.as_ref().map(|organization| organization.management.clone());
    let place = Place { account: management.unwrap_or_default(), region: draft.place.region.clone() };
    let acts = |role: &Resource| role.properties.get("AWSServiceName").is_some_and(|it| it == SERVICE_PRINCIPAL);
    if place.account == draft.place.account || all(state, &place, iam::SERVICE_LINKED_ROLE).any(|(_, role)| acts(role))
    {
        return Ok(());
    }
    Err("Access Analyzer Service Linked Role is not in the organizational management account. (Service: \
        AccessAnalyzer, Status Code: 409, Error Code: ConflictException)"
        .into())
}
