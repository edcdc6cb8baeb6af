//! Amazon CloudWatch Logs.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::Logs::LogGroup", |draft| draft.named("LogGroupName"))
    .create_only(&["LogGroupName", "LogGroupClass"])
    .attributes(attributes)
    .tagged()];

fn attributes(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("logs", &format!("log-group:{id}:*"))})
}
