//! AWS's own explanations of denials, as JSON.

use serde_json::{Map, Value};

use super::{Denied, DenyingPolicy, ReportedPolicy};
use crate::services::services;
use crate::{Need, region_called};

/// What `aws sts decode-authorization-message` or `aws iam-toolbox get-request-authorization-details` prints; nothing of
/// other JSON.
pub(super) fn read(value: &Value) -> Option<Vec<Denied>> {
    if let Some(text) = value["DecodedMessage"].as_str() {
        return serde_json::from_str(text).ok().as_ref().and_then(decoded).map(|denied| vec![denied]);
    }
    decoded(value).map(|denied| vec![denied]).or_else(|| evaluations(value))
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>
fn decoded(value: &Value) -> Option<Denied> {
    let context = value.get("context").filter(|_| value.get("allowed").is_some())?;
    let principal = context["principal"]["arn"].as_str()?.to_owned();
    let resource = context["resource"].as_str().map(str::to_owned);
    let action = context["action"].as_str()?;
    let of_resource = || resource.as_deref().and_then(|arn| arn.split(':').nth(2));
    let action = match (action.contains(':'), of_resource()) {
        (false, Some(service)) => format!("{service}:{action}"),
        _ => action.to_owned(),
    };
    let keys = items(&context["conditions"]).filter_map(|condition| {
        let values = items(&condition["values"]).filter_map(|it| it["value"].as_str().map(str::to_owned));
        Some((condition["key"].as_str()?.to_owned(), values.collect()))
    });
    let context: Vec<(String, Vec<String>)> = keys.collect();
    let matched = items(&value["matchedStatements"]).filter(|it| it["effect"] == "DENY");
    let sids = matched.filter_map(|it| it["statementId"].as_str()).filter(|sid| !sid.is_empty());
    let explicit = value["explicitDeny"].as_bool().or_else(|| Some(value["explicitDeny"].as_str()? == "true"));
    let said =
        ReportedPolicy { explicit: explicit?, sids: sids.map(str::to_owned).collect(), ..ReportedPolicy::default() };
    Some(Denied { said: Some(said), ..asked(principal, &action, resource, context) })
}

/// The elements of a list as this call writes it: `{"items": [{"value": …}]}`, or the list itself.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    let list = list.get("items").unwrap_or(list).as_array();
    list.into_iter().flatten().map(|item| item.get("item").unwrap_or(item))
}

/// <https://docs.aws.amazon.com/iam-toolbox/latest/APIReference/API_GetRequestAuthorizationDetails.html>
fn evaluations(value: &Value) -> Option<Vec<Denied>> {
    let evaluations = value.get("evaluations")?.as_array()?;
    let of_request = context(&value["requestContext"]);
    let is_denied = |it: &&Value| matches!(it["evaluatedEffect"].as_str(), Some("EXPLICIT_DENY" | "IMPLICIT_DENY"));
    let denied = evaluations.iter().filter(is_denied).flat_map(|it| evaluation(it, &of_request, value));
    let denied: Vec<Denied> = denied.collect();
    (!denied.is_empty()).then_some(denied)
}

/// One denial for each type of policy that denied it.
fn evaluation(evaluation: &Value, of_request: &[(String, Vec<String>)], whole: &Value) -> Vec<Denied> {
    let mut keys = of_request.to_vec();
    keys.extend(context(&evaluation["context"]));
    let held = |name: &str| {
        let key = keys.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name));
        key.and_then(|(_, values)| values.first()).cloned()
    };
    let (Some(principal), Some(action)) = (held("aws:PrincipalArn"), evaluation["action"].as_str()) else {
        return Vec::new();
    };
    let resource = evaluation["resource"].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
    let denied = |said| Denied { said: Some(said), ..asked(principal.clone(), action, resource.clone(), keys.clone()) };
    let checks = evaluation["checks"].as_array().into_iter().flatten().filter_map(check);
    let all: Vec<Denied> = checks.map(denied).collect();
    if all.is_empty() { matched(evaluation, whole).into_iter().map(denied).collect() } else { all }
}

/// What a check says that does not let the request through.
fn check(check: &Value) -> Option<ReportedPolicy> {
    let explicit = match check["evaluatedEffect"].as_str()? {
        "EXPLICIT_DENY" => true,
        "IMPLICIT_DENY" => false,
        _ => return None,
    };
    let policy_type = DenyingPolicy::from_api_name(check["checkType"].as_str().unwrap_or_default());
    let denying = check["matchedPolicies"].as_array().into_iter().flatten().find(|policy| !sids(policy).is_empty());
    Some(ReportedPolicy {
        policy_type,
        explicit,
        through: None,
        policy: denying.and_then(uri),
        sids: denying.map(sids).unwrap_or_default(),
    })
}

/// The same of answers that have no checks.
fn matched(evaluation: &Value, whole: &Value) -> Vec<ReportedPolicy> {
    let explicit = evaluation["evaluatedEffect"] == "EXPLICIT_DENY";
    let policies = evaluation["matchedPolicies"].as_array().into_iter().flatten();
    let said = |policy: &Value| {
        let about = whole["policies"].as_array().into_iter().flatten().find(|it| it["uri"] == policy["uri"]);
        let policy_type = about.and_then(|about| DenyingPolicy::from_api_name(about["type"].as_str()?));
        ReportedPolicy { policy_type, explicit, through: None, policy: uri(policy), sids: sids(policy) }
    };
    let denying: Vec<ReportedPolicy> = policies.filter(|policy| !sids(policy).is_empty()).map(said).collect();
    if denying.is_empty() { vec![ReportedPolicy { explicit, ..ReportedPolicy::default() }] } else { denying }
}

fn uri(policy: &Value) -> Option<String> {
    policy["uri"].as_str().filter(|uri| uri.starts_with("arn:")).map(str::to_owned)
}

/// The statements of a policy that deny.
fn sids(policy: &Value) -> Vec<String> {
    let statements = policy["matchedStatements"].as_array().into_iter().flatten();
    let denying = statements.filter(|it| it["evaluatedEffect"] == "DENY");
    denying.filter_map(|it| it["sid"].as_str().map(str::to_owned)).collect()
}

fn context(value: &Value) -> Vec<(String, Vec<String>)> {
    let none = Map::new();
    let members = value.as_object().unwrap_or(&none).iter();
    members.filter_map(|(key, value)| Some((key.clone(), crate::strings(value)?))).collect()
}

fn asked(principal: String, action: &str, resource: Option<String>, mut context: Vec<(String, Vec<String>)>) -> Denied {
    let held = |names: [&str; 2]| {
        let key = context.iter().find(|(key, _)| names.iter().any(|name| key.eq_ignore_ascii_case(name)));
        key.and_then(|(_, values)| values.first()).cloned()
    };
    let region = held(["aws:RequestedRegion", "aws:Region"]).filter(|it| region_called(it).is_some());
    // What AWS adds for its own use is no condition key.
    const OWN: [&str; 7] =
        ["aws:region", "aws:id", "aws:service", "aws:resource", "aws:type", "aws:account", "aws:arn"];
    context.retain(|(key, _)| !OWN.contains(&key.to_lowercase().as_str()));
    let session = principal.contains(":assumed-role/").then_some(super::Assumed::RoleWithoutPath);
    let is_told = context.iter().any(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalArn"));
    let action = services().written_action(action).unwrap_or_else(|| action.to_owned());
    Denied {
        principal: Some(principal),
        actions: vec![Need::of(action)],
        resource,
        region,
        assumed: session.filter(|_| !is_told).into_iter().collect(),
        context,
        unknown: vec!["aws:ViaAWSService".to_owned()],
        ..Denied::default()
    }
}
