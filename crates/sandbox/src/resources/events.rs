//! Amazon EventBridge.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::shared::inventory;
use crate::state::State;

const BUS: &str = "AWS::Events::EventBus";

pub(super) const TYPES: &[ResourceType] = &[
    resource("AWS::Events::Rule", rule).attributes(of_rule).check(check).tagged(),
    resource(BUS, |draft| draft.named("Name"))
        .required(&["Name"])
        .attributes(|draft, id| json!({"Arn": draft.arn("events", &format!("event-bus/{id}")), "Name": id}))
        .tagged(),
    resource("AWS::Events::EventBusPolicy", |draft| draft.generated())
        .required(&["StatementId"])
        .refers(&[("EventBusName", BUS)]),
];

/// A rule of another bus than the default one is called `BUS|NAME`.
fn rule(draft: &Draft<'_>) -> String {
    let name = draft.named("Name");
    draft.text("EventBusName").map_or(name.clone(), |bus| format!("{bus}|{name}"))
}

fn of_rule(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("events", &format!("rule/{}", id.replace('|', "/")))})
}

fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    if let Some(bus) = draft.text("EventBusName").filter(|bus| *bus != "default")
        && inventory::find(state, draft.place, BUS, bus).is_none()
    {
        return Err(format!(
            "Event bus {bus} does not exist. (Service: EventBridge, Status Code: 400, Error Code: \
                ResourceNotFoundException)"
        ));
    }
    let given = |name: &str| draft.properties.get(name).is_some();
    if given("EventPattern") || given("ScheduleExpression") {
        return Ok(());
    }
    Err("Parameter(s) EventPattern or ScheduleExpression must be specified. (Service: EventBridge, \
        Error Code: ValidationException)"
        .into())
}
