//! Amazon EventBridge.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::sandbox::state::State;

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::Events::Rule", |draft| draft.named("Name"))
    .create_only(&["Name", "EventBusName"])
    .attributes(attributes)
    .check(check)
    .tagged()];

fn attributes(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("events", &format!("rule/{id}"))})
}

fn check(_: &State, draft: &Draft<'_>) -> Result<(), String> {
    let given = |name: &str| draft.properties.get(name).is_some();
    if given("EventPattern") || given("ScheduleExpression") {
        return Ok(());
    }
    Err("Parameter(s) EventPattern or ScheduleExpression must be specified. (Service: EventBridge, \
        Error Code: ValidationException)"
        .into())
}
