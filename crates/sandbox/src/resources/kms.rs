//! AWS Key Management Service.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::shared::inventory;
use crate::state::State;

/// A key keeps what it was made with: a stack's update that changes it fails.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html>
const KEPT: &[&str] = &["KeySpec", "KeyUsage", "MultiRegion", "Origin"];

pub(super) const TYPES: &[ResourceType] = &[
    resource("AWS::KMS::Key", |draft| draft.uuid()).unchangeable(KEPT).attributes(key).tagged(),
    resource("AWS::KMS::Alias", |draft| draft.named("AliasName")).required(&["AliasName", "TargetKeyId"]).check(alias),
];

fn key(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("kms", &format!("key/{id}")), "KeyId": id})
}

fn alias(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let (name, target) = (draft.text("AliasName").unwrap_or_default(), draft.text("TargetKeyId").unwrap_or_default());
    if !name.starts_with("alias/") || name.starts_with("alias/aws/") {
        return Err(format!("Invalid AliasName {name} (Service: Kms, Error Code: ValidationException)"));
    }
    let id = target.rsplit('/').next().unwrap_or_default();
    if inventory::find(state, draft.place, "AWS::KMS::Key", id).is_none() {
        return Err(format!("Key '{target}' does not exist (Service: Kms, Error Code: NotFoundException)"));
    }
    Ok(())
}
