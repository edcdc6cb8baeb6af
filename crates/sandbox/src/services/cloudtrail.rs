//! AWS CloudTrail, by its API reference (version 2013-11-01): the trails, and who administers them for the organization.

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::model::event_history::Event;
use crate::model::organizations::Organization;
use crate::model::resources::{Place, Resource};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "cloudtrail",
    action_prefix: "cloudtrail",
    protocol: Protocol::Json,
    errors: ErrorCodes {
        access_denied: "AccessDeniedException",
        access_denied_status: 400,
        invalid_input: "InvalidParameterCombinationException",
        reason: None,
        throttled: "ThrottlingException",
        throttled_status: 400,
    },
    operations: &[&[
        operation("DescribeTrails", describe_trails),
        operation("GetTrailStatus", get_trail_status),
        operation("LookupEvents", lookup_events),
        operation("RegisterOrganizationDelegatedAdmin", register_organization_delegated_admin),
        operation("DeregisterOrganizationDelegatedAdmin", deregister_organization_delegated_admin),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

/// The caller's trails: those of the region, and those of others that record all regions.
fn trails<'a>(request: &'a Request<'_>) -> Vec<(String, &'a String, &'a Resource)> {
    let regions = request.state.resources.get(&request.caller.account).into_iter().flatten();
    let all = regions.flat_map(|(region, _)| {
        let place = Place { account: request.caller.account.clone(), region: region.clone() };
        let found: Vec<_> = inventory::all(request.state, &place, "AWS::CloudTrail::Trail").collect();
        found.into_iter().map(move |(name, trail)| (region.clone(), name, trail))
    });
    all.filter(|(region, _, trail)| *region == request.region || flag(trail, "IsMultiRegionTrail")).collect()
}

fn flag(trail: &Resource, name: &str) -> bool {
    trail.properties.get(name).is_some_and(|value| *value == true || *value == "true")
}

fn show(region: &str, name: &str, trail: &Resource) -> Value {
    json!({
        "Name": name,
        "TrailARN": trail.attributes.get("Arn"),
        "HomeRegion": region,
        "S3BucketName": trail.properties.get("S3BucketName"),
        "KmsKeyId": trail.properties.get("KMSKeyId"),
        "IncludeGlobalServiceEvents": flag(trail, "IncludeGlobalServiceEvents"),
        "IsMultiRegionTrail": flag(trail, "IsMultiRegionTrail"),
        "IsOrganizationTrail": flag(trail, "IsOrganizationTrail"),
        "LogFileValidationEnabled": flag(trail, "EnableLogFileValidation"),
        "HasCustomEventSelectors": trail.properties.get("EventSelectors").is_some(),
    })
}

fn describe_trails(request: &mut Request<'_>) -> Answer {
    let asked = request.input.texts("trailNameList");
    let all = trails(request).into_iter();
    let found = all.filter(|(_, name, trail)| {
        let arn = trail.attributes.get("Arn").and_then(Value::as_str).unwrap_or_default();
        asked.is_empty() || asked.contains(&name.as_str()) || asked.contains(&arn)
    });
    let shown: Vec<Value> = found.map(|(region, name, trail)| show(&region, name, trail)).collect();
    Ok(json!({"trailList": shown}))
}

fn get_trail_status(request: &mut Request<'_>) -> Answer {
    let asked = request.input.text("Name")?;
    let all = trails(request);
    let named =
        |name: &str, trail: &Resource| name == asked || trail.attributes.get("Arn").is_some_and(|arn| arn == asked);
    let found = all.into_iter().find(|(_, name, trail)| named(name, trail));
    let missing = || ApiError::new("TrailNotFoundException", format!("Unknown trail: {asked}"));
    let (_, _, trail) = found.ok_or_else(missing)?;
    Ok(json!({"IsLogging": flag(trail, "IsLogging")}))
}

/// Events of the account and region, newest first.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>
fn lookup_events(request: &mut Request<'_>) -> Answer {
    let refused = |code: &str, message: &str| Err(ApiError::new(code, message));
    let (start, end) = (request.input.number("StartTime")?, request.input.number("EndTime")?);
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        return refused("InvalidTimeRangeException", "The start time is after the end time.");
    }
    let size = request.input.number("MaxResults")?.unwrap_or(MOST_EVENTS);
    if !(1..=MOST_EVENTS).contains(&size) {
        return refused("InvalidMaxResultsException", "MaxResults must be between 1 and 50.");
    }
    let attributes = request.input.list("LookupAttributes");
    if attributes.len() > 1 || attributes.iter().any(|it| !is_attribute(it)) {
        return refused("InvalidLookupAttributesException", "The lookup attribute is not valid.");
    }
    let token = request.input.optional("NextToken")?.unwrap_or("0");
    let Ok(skip) = token.parse::<usize>() else {
        return refused("InvalidNextTokenException", "The token is not valid.");
    };
    let is_within = |time: u64| {
        let time = i64::try_from(time).unwrap_or(i64::MAX);
        start.is_none_or(|start| start <= time) && end.is_none_or(|end| time <= end)
    };
    let events = request.state.events.newest(&request.caller.account, &request.region, request.now);
    let mut events =
        events.filter(|event| is_within(event.time) && attributes.iter().all(|it| event.has(it))).skip(skip);
    let size = usize::try_from(size).unwrap_or_default();
    let shown: Vec<Value> = events.by_ref().take(size).map(Event::show).collect();
    let mut answer = json!({"Events": shown});
    if events.next().is_some() {
        answer["NextToken"] = json!((skip + size).to_string());
    }
    Ok(answer)
}

/// The most of one answer.
const MOST_EVENTS: i64 = 50;

fn is_attribute(attribute: &Value) -> bool {
    const KEYS: [&str; 8] =
        ["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"];
    attribute["AttributeKey"].as_str().is_some_and(|key| KEYS.contains(&key)) && attribute["AttributeValue"].is_string()
}

const PRINCIPAL: &str = "cloudtrail.amazonaws.com";

/// The organization, for its management account.
fn managed<'a>(request: &'a mut Request<'_>) -> Result<&'a mut Organization, ApiError> {
    let caller = request.caller.account.clone();
    let refused = |code: &str| ApiError::new(code, "This request can only be made by the management account.");
    let organization = request.state.organization.as_mut().ok_or_else(|| refused("OrganizationsNotInUseException"))?;
    if organization.management != caller {
        return Err(refused("NotOrganizationManagementAccountException"));
    }
    if !organization.trusted_services.contains_key(PRINCIPAL) {
        let message = "Trusted access for CloudTrail is not enabled in the organization.";
        return Err(ApiError::new("CloudTrailAccessNotEnabledException", message));
    }
    Ok(organization)
}

/// Makes the role by which CloudTrail works as well.
fn register_organization_delegated_admin(request: &mut Request<'_>) -> Answer {
    let (account, now) = (request.input.text("MemberAccountId")?.to_owned(), request.now);
    let organization = managed(request)?;
    if organization.management == account {
        let message = "The management account cannot be the delegated administrator.";
        return Err(ApiError::new("CannotDelegateManagementAccountException", message));
    }
    if !organization.accounts.contains_key(&account) {
        return Err(ApiError::new("AccountNotFoundException", "The account is not in the organization."));
    }
    let services = organization.delegated.entry(account).or_default();
    let is_registered = services.insert(PRINCIPAL.to_owned(), now).is_some();
    if is_registered && request.state.has_linked_role(ROLE_NAME) {
        let message = "The account is already the delegated administrator.";
        return Err(ApiError::new("AccountRegisteredException", message));
    }
    request.state.link_role(ROLE_NAME, PRINCIPAL);
    Ok(json!({}))
}

const ROLE_NAME: &str = "AWSServiceRoleForCloudTrail";

fn deregister_organization_delegated_admin(request: &mut Request<'_>) -> Answer {
    let account = request.input.text("DelegatedAdminAccountId")?.to_owned();
    let organization = managed(request)?;
    let services = organization.delegated.get_mut(&account);
    let message = "The account is not the delegated administrator.";
    let removed = services.and_then(|services| services.remove(PRINCIPAL));
    removed.ok_or_else(|| ApiError::new("AccountNotRegisteredException", message))?;
    organization.delegated.retain(|_, services| !services.is_empty());
    Ok(json!({}))
}
