//! AWS Security Hub CSPM.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use super::store::put;
use crate::model::resources::{Place, Resource};
use crate::shared::inventory::{all, find};
use crate::shared::organization;
use crate::state::State;

const HUB: &str = "AWS::SecurityHub::Hub";
const ADMINISTRATOR: &str = "AWS::SecurityHub::DelegatedAdmin";
const AGGREGATOR: &str = "AWS::SecurityHub::FindingAggregator";
const CONFIGURATION: &str = "AWS::SecurityHub::OrganizationConfiguration";
const SERVICE_PRINCIPAL: &str = "securityhub.amazonaws.com";

pub(super) const TYPES: &[ResourceType] = &[
    resource(HUB, |draft| draft.arn("securityhub", "hub/default")).attributes(|_, id| json!({"ARN": id})).tagged(),
    resource(ADMINISTRATOR, |draft| {
        format!("{}/{}", draft.text("AdminAccountId").unwrap_or_default(), draft.place.region)
    })
    .required(&["AdminAccountId"])
    .check(designates)
    .effect(enable),
    resource(AGGREGATOR, |draft| draft.arn("securityhub", &format!("finding-aggregator/{}", draft.uuid())))
        .required(&["RegionLinkingMode"])
        .attributes(|_, id| json!({"FindingAggregatorArn": id}))
        .check(is_enabled),
    resource(CONFIGURATION, |draft| {
        format!("{}/{}/securityhub-organization-configuration", draft.place.account, draft.place.region)
    })
    .required(&["AutoEnable"])
    .check(configures),
    resource("AWS::SecurityHub::ConfigurationPolicy", |draft| {
        draft.arn("securityhub", &format!("configuration-policy/{}", draft.uuid()))
    })
    .required(&["ConfigurationPolicy", "Name"])
    .attributes(|_, id| json!({"Arn": id, "Id": id.rsplit('/').next()}))
    .check(is_central)
    .tagged(),
    resource("AWS::SecurityHub::PolicyAssociation", |draft| draft.named("TargetId"))
        .required(&["ConfigurationPolicyId", "TargetId", "TargetType"])
        .check(is_central),
];

fn refused(why: &str, code: &str) -> String {
    format!("{why} (Service: SecurityHub, Error Code: {code})")
}

/// See "EnableOrganizationAdminAccount" in the API reference.
fn designates(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    organization::acts_for(state, &draft.place.account, SERVICE_PRINCIPAL)
        .map_err(|why| refused(&why, "AccessDeniedException"))?;
    let organization = state.organization.as_ref();
    let is_management = organization.is_some_and(|it| it.management == draft.place.account);
    let account = draft.text("AdminAccountId").unwrap_or_default();
    let may = organization.is_some_and(|it| it.accounts.contains_key(account) && it.management != account);
    if is_management && may {
        return Ok(());
    }
    Err(refused(&format!("{account} cannot be the administrator of the organization"), "InvalidInputException"))
}

/// Designating an administrator enables Security Hub in that account and region, for good:
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html>.
fn enable(state: &mut State, place: &Place, _: &str, administrator: Option<&Value>) {
    let account = administrator.and_then(|properties| properties.get("AdminAccountId")).and_then(Value::as_str);
    let (Some(account), Some(kind)) = (account, TYPES.iter().find(|kind| kind.name == HUB)) else { return };
    let place = Place { account: account.to_owned(), region: place.region.clone() };
    let id = format!("arn:{}:securityhub:{}:{account}:hub/default", state.partition, place.region);
    if find(state, &place, HUB, &id).is_none() {
        let hub = Resource { properties: json!({}), attributes: json!({"ARN": id}), ..Resource::default() };
        put(state, &place, kind, &id, hub);
    }
}

fn is_enabled(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    if all(state, draft.place, HUB).next().is_some() {
        return Ok(());
    }
    let why = format!("Account {} is not subscribed to AWS Security Hub", draft.place.account);
    Err(refused(&why, "InvalidAccessException"))
}

/// The administrator configures the organization, centrally only where it gathers findings from other regions:
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/start-central-configuration.html>.
fn configures(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    is_enabled(state, draft)?;
    let management = state.organization.as_ref().map(|organization| organization.management.clone());
    let place = Place { account: management.unwrap_or_default(), region: draft.place.region.clone() };
    let own = |it: &Resource| it.properties.get("AdminAccountId").is_some_and(|id| *id == draft.place.account.as_str());
    if !all(state, &place, ADMINISTRATOR).any(|(_, administrator)| own(administrator)) {
        let why = format!("Account {} is not an administrator for this organization", draft.place.account);
        return Err(refused(&why, "AccessDeniedException"));
    }
    let central = draft.text("ConfigurationType") == Some("CENTRAL");
    if central && all(state, draft.place, AGGREGATOR).next().is_none() {
        return Err(refused(
            "Central configuration needs a finding aggregator in this Region",
            "InvalidInputException",
        ));
    }
    Ok(())
}

fn is_central(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let central = |it: &Resource| it.properties.get("ConfigurationType").is_some_and(|it| it == "CENTRAL");
    if all(state, draft.place, CONFIGURATION).any(|(_, configuration)| central(configuration)) {
        return Ok(());
    }
    Err(refused("Your organization does not use central configuration", "AccessDeniedException"))
}
