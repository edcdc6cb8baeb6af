//! Requests as they come, on the way through five levels of guardrails.

use landing_policy::{Needs, services};
use serde_json::{Value, json};

use super::events::event;
use super::guardrails::levels_after;
use super::random::Random;

/// Cases in the form of `landing simulate --cases`, made of drawn events. Those of KMS are left out, since keys have
/// policies of their own, which a peer may ask for.
pub fn cases(count: usize) -> Value {
    let mut random = Random::new(0);
    let events = std::iter::repeat_with(|| event(&mut random));
    let calls = events.filter(|event| event["userIdentity"]["accountId"].is_string());
    let calls = calls.filter(|event| event["eventSource"] != "kms.amazonaws.com");
    calls.take(count).enumerate().map(|(number, event)| case(number, &event)).collect()
}

fn case(number: usize, event: &Value) -> Value {
    let identity = &event["userIdentity"];
    let account = identity["accountId"].as_str().unwrap_or_default();
    let role = &identity["sessionContext"]["sessionIssuer"]["arn"];
    let principal = if role.is_string() { role } else { &identity["arn"] };
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    let action = match services().needs_of_event(text("eventSource"), text("eventName")) {
        Needs::Actions(needs) => needs.into_iter().next().map(|need| need.action),
        _ => None,
    };
    let resource = event["resources"][0]["ARN"].as_str().unwrap_or("*");
    json!({
        "id": number.to_string(),
        "levels": levels_after(account),
        "request": {
            "principal": principal, "account": account, "resourceAccount": account,
            "action": action, "resource": resource,
            "context": {
                "aws:PrincipalArn": principal, "aws:PrincipalAccount": account,
                "aws:RequestedRegion": event["awsRegion"], "aws:SourceIp": event["sourceIPAddress"],
                "aws:CurrentTime": event["eventTime"], "aws:SecureTransport": "true", "aws:ViaAWSService": "false",
                "aws:MultiFactorAuthPresent": "false", "aws:PrincipalTag/team": "data", "ec2:InstanceType": "m7i.large",
            },
        },
    })
}
