//! What a template may only do when the request acknowledges it, see "Acknowledging IAM resources in CloudFormation
//! templates" in the user guide.

use super::template::model::{Resource, Template};
use crate::aws_error::ApiError;

const IAM: &str = "CAPABILITY_IAM";
const NAMED_IAM: &str = "CAPABILITY_NAMED_IAM";

/// The types that need a capability, and the property by which they are named.
const TYPES: [(&str, &str); 8] = [
    ("AWS::IAM::AccessKey", ""),
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Policy", ""),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
    ("AWS::IAM::UserToGroupAddition", ""),
];

fn needed(resource: &Resource) -> Option<&'static str> {
    let (_, name) = TYPES.iter().find(|(kind, _)| *kind == resource.kind)?;
    let named = resource.properties.get(*name).is_some();
    Some(if named { NAMED_IAM } else { IAM })
}

/// The capabilities that a template needs, and the types because of which.
pub(super) fn of(template: &Template) -> (Option<&'static str>, Vec<&str>) {
    let needs = template.resources.values().filter_map(|resource| Some((needed(resource)?, resource.kind.as_str())));
    let needs: Vec<_> = needs.collect();
    let most = needs.iter().map(|(capability, _)| *capability).max();
    let mut types: Vec<&str> = needs.into_iter().map(|(_, kind)| kind).collect();
    types.sort_unstable();
    types.dedup();
    (most, types)
}

/// Refuses a template that needs more than was acknowledged.
pub(super) fn check(template: &Template, acknowledged: &[String]) -> Result<(), ApiError> {
    let has = |capability: &str| acknowledged.iter().any(|given| given == capability);
    match of(template).0 {
        Some(needed) if !has(needed) && !has(NAMED_IAM) => {
            let message = format!("Requires capabilities : [{needed}]");
            Err(ApiError::new("InsufficientCapabilitiesException", message))
        }
        _ => Ok(()),
    }
}
