//! Amazon CloudWatch Logs.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};

const LOG_GROUP: &str = "AWS::Logs::LogGroup";

pub(super) const TYPES: &[ResourceType] = &[
    resource(LOG_GROUP, |draft| draft.named("LogGroupName")).attributes(attributes).tagged(),
    resource("AWS::Logs::QueryDefinition", |draft| draft.uuid())
        .required(&["Name", "QueryString"])
        .refers(&[("LogGroupNames", LOG_GROUP)])
        .attributes(|_, id| json!({"QueryDefinitionId": id})),
];

fn attributes(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("logs", &format!("log-group:{id}:*"))})
}
