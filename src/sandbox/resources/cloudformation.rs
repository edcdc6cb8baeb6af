//! CloudFormation's own types.

use super::kind::{Draft, ResourceType, resource};

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::CloudFormation::WaitConditionHandle", address)];

/// The address that would be called.
fn address(draft: &Draft<'_>) -> String {
    let (region, id) = (&draft.place.region, draft.uuid());
    format!("https://cloudformation-waitcondition-{region}.s3.{region}.amazonaws.com/{id}")
}
