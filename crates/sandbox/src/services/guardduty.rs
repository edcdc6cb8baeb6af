//! Amazon GuardDuty, by its API reference (version 2017-11-28): the detectors that there are, and who administers them for
//! the organization.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::lags::Lags;
use crate::model::guardduty::GuardDuty;
use crate::model::resources::Place;
use crate::paging::Paging;
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, rest_operation};
use crate::shared::inventory;
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "guardduty",
    action_prefix: "guardduty",
    protocol: Protocol::RestJson,
    errors: ErrorCodes { invalid_input: "BadRequestException", ..ErrorCodes::REST_JSON },
    operations: &[&[
        rest_operation("ListDetectors", "GET /detector", list_detectors),
        rest_operation("ListOrganizationAdminAccounts", "GET /admin", list_organization_admin_accounts),
        rest_operation("EnableOrganizationAdminAccount", "POST /admin/enable", enable_organization_admin_account),
        rest_operation("DisableOrganizationAdminAccount", "POST /admin/disable", disable_organization_admin_account),
        rest_operation(
            "DescribeOrganizationConfiguration",
            "GET /detector/{detectorId}/admin",
            describe_organization_configuration,
        ),
        rest_operation(
            "UpdateOrganizationConfiguration",
            "POST /detector/{detectorId}/admin",
            update_organization_configuration,
        ),
    ]],
    admit: admit_all,
    settle: |due| settle(due.state, due.progress, &due.options.lags),
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 50,
    largest: 50,
    bad_token: ("BadRequestException", "INVALID"),
};

fn list_detectors(request: &mut Request<'_>) -> Answer {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let ids: Vec<&String> =
        inventory::all(request.state, &place, "AWS::GuardDuty::Detector").map(|(id, _)| id).collect();
    PAGES.page(request, "detectorIds", &ids, |id| id.as_str().into())
}

/// Lets the administrators that are due be known; whether any was.
fn settle(state: &mut State, progress: &mut Progress, lags: &Lags) -> bool {
    let mut settled = false;
    for (region, guardduty) in state.guardduty.iter_mut().filter(|(_, guardduty)| guardduty.pending) {
        guardduty.pending = !progress.is_due(&format!("guardduty {region}"), lags.guardduty_administrator);
        settled |= !guardduty.pending;
    }
    settled
}

/// The protection plans.
/// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_OrganizationFeatureConfiguration.html>
const FEATURES: [&str; 8] = [
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
    "EKS_RUNTIME_MONITORING",
    "RUNTIME_MONITORING",
    "AI_PROTECTION",
];

const PRINCIPAL: &str = "guardduty.amazonaws.com";

fn refused(message: impl Into<String>) -> ApiError {
    ApiError::new("BadRequestException", message)
}

/// The request is refused unless the management account makes it.
fn check_management(request: &Request<'_>) -> Result<(), ApiError> {
    let organization = request.state.organization.as_ref();
    let is_own = organization.is_some_and(|it| it.management == request.caller.account);
    let message = "The request failed because you must be the management account of an organization to do this.";
    if is_own { Ok(()) } else { Err(refused(message)) }
}

fn list_organization_admin_accounts(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    let known: Vec<&GuardDuty> = request.state.guardduty.get(&request.region).into_iter().collect();
    PAGES.page(
        request,
        "adminAccounts",
        &known,
        |guardduty| json!({"adminAccountId": guardduty.administrator, "adminStatus": "ENABLED"}),
    )
}

/// GuardDuty has Organizations trust it, and registers the account as its delegated administrator.
/// <https://docs.aws.amazon.com/guardduty/latest/ug/delegated-admin-designate.html>
fn enable_organization_admin_account(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    let account = request.input.text("adminAccountId")?.to_owned();
    if let Some(known) = request.state.guardduty.get(&request.region)
        && known.administrator != account
    {
        return Err(refused("The request failed because another account is the GuardDuty administrator already."));
    }
    let (now, region) = (request.now, request.region.clone());
    if let Some(organization) = request.state.organization.as_mut() {
        if !organization.accounts.contains_key(&account) {
            return Err(refused("The request failed because the account is not a member of the organization."));
        }
        organization.integrate(PRINCIPAL, now);
        organization.delegated.entry(account.clone()).or_default().entry(PRINCIPAL.to_owned()).or_insert(now);
    }
    let features = BTreeMap::new();
    let enabled = GuardDuty { administrator: account, auto_enable: "NONE".into(), features, pending: true };
    request.state.guardduty.entry(region).or_insert(enabled);
    Ok(json!({}))
}

fn disable_organization_admin_account(request: &mut Request<'_>) -> Answer {
    check_management(request)?;
    let account = request.input.text("adminAccountId")?;
    if request.state.guardduty.get(&request.region).is_none_or(|known| known.administrator != *account) {
        return Err(refused("The request failed because the account is not the GuardDuty administrator."));
    }
    let region = request.region.clone();
    request.state.guardduty.remove(&region);
    Ok(json!({}))
}

/// What the caller administers by one of its detectors.
fn administered<'a>(request: &'a mut Request<'_>) -> Result<&'a mut GuardDuty, ApiError> {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let detector = request.input.text("detectorId")?;
    if inventory::find(request.state, &place, "AWS::GuardDuty::Detector", detector).is_none() {
        let message = "The request is rejected because the input detectorId is not owned by the current account.";
        return Err(refused(message));
    }
    let known = request.state.guardduty.get_mut(&place.region);
    let message = "The request failed because the account is not the GuardDuty delegated administrator.";
    known.filter(|known| known.administrator == place.account && !known.pending).ok_or_else(|| refused(message))
}

fn describe_organization_configuration(request: &mut Request<'_>) -> Answer {
    let GuardDuty { auto_enable, features, .. } = administered(request)?.clone();
    let whose = |name: &str| features.get(name).map_or("NONE", String::as_str);
    let features: Vec<Value> = FEATURES.iter().map(|name| json!({"name": name, "autoEnable": whose(name)})).collect();
    Ok(json!({
        "features": features,
        "autoEnable": auto_enable != "NONE",
        "autoEnableOrganizationMembers": auto_enable,
        "memberAccountLimitReached": false,
    }))
}

/// The request's protection plans; those that it does not name stay as they are.
fn asked_features(request: &Request<'_>) -> Result<BTreeMap<String, String>, ApiError> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named = request.input.list("features").iter().map(|it| (text(&it["name"]), text(&it["autoEnable"])));
    let is_known = |(name, whose): &(String, String)| {
        FEATURES.contains(&name.as_str()) && ["ALL", "NEW", "NONE"].contains(&whose.as_str())
    };
    let features: Vec<(String, String)> = named.collect();
    match features.iter().all(is_known) {
        true => Ok(features.into_iter().collect()),
        false => Err(refused("The request is rejected because features has an invalid value.")),
    }
}

/// Protection plans that a region lacks.
/// <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_regions.html#gd-regional-feature-availability>
const LACKING: [(&str, &str); 1] = [("ap-east-2", "RDS_LOGIN_EVENTS")];

fn update_organization_configuration(request: &mut Request<'_>) -> Answer {
    let asked = request.input.text("autoEnableOrganizationMembers")?.to_owned();
    if !["ALL", "NEW", "NONE"].contains(&asked.as_str()) {
        return Err(refused("The request is rejected because autoEnableOrganizationMembers has an invalid value."));
    }
    let features = asked_features(request)?;
    let region = request.region.clone();
    let guardduty = administered(request)?;
    if LACKING.iter().any(|(place, plan)| *place == region && features.contains_key(*plan)) {
        // https://github.com/hashicorp/terraform-provider-aws/issues/34311
        let message =
            "The request is rejected because an invalid or out-of-range value is specified as an input parameter.";
        return Err(refused(message));
    }
    guardduty.auto_enable = asked;
    guardduty.features.extend(features);
    Ok(Value::Object(Default::default()))
}
