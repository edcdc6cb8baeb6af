//! The organization's own resource policy, by which it delegates.

use serde_json::{Value, json};

use super::errors::{constraint, invalid};
use super::tags;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::{Organization, ResourcePolicy};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("PutResourcePolicy", put_resource_policy),
    operation("DescribeResourcePolicy", describe_resource_policy),
    operation("DeleteResourcePolicy", delete_resource_policy),
];

fn put_resource_policy(request: &mut Request<'_>) -> Answer {
    let content = request.input.bounded("Content", 1, 40_000)?.to_owned();
    let tags = tags::of_request(&request.input)?;
    check(&content)?;
    let organization = request.organization()?;
    if organization.feature_set != "ALL" {
        let message = "The operation requires an organization with all features enabled.";
        return Err(constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", message));
    }
    let id = match organization.resource_policy.take() {
        // "Calls with tags apply to the initial creation of the resource policy, otherwise an exception is thrown."
        Some(kept) if !tags.is_empty() => {
            organization.resource_policy = Some(kept);
            return Err(invalid("INPUT_REQUIRED", "Tags apply to the initial creation of the resource policy only."));
        }
        Some(kept) => kept.id,
        None => organization.new_id("rp-", 8),
    };
    if !tags.is_empty() {
        organization.tags.insert(id.clone(), tags);
    }
    let policy = ResourcePolicy { id, content };
    let shown = show(organization, &policy);
    organization.resource_policy = Some(policy);
    Ok(shown)
}

/// A policy of Organizations' own actions with principals.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html>
fn check(content: &str) -> Result<(), ApiError> {
    let malformed = || invalid("INVALID_RESOURCE_POLICY_JSON", "The resource policy is not valid JSON.");
    let document: Value = serde_json::from_str(content).map_err(|_| malformed())?;
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements.as_slice(),
        Some(statement @ Value::Object(_)) => std::slice::from_ref(statement),
        _ => return Err(malformed()),
    };
    for statement in statements {
        if statement.get("Principal").or(statement.get("NotPrincipal")).is_none() {
            return Err(invalid("INVALID_PRINCIPAL", "A statement of the resource policy has no principal."));
        }
        let actions = match statement.get("Action") {
            Some(Value::Array(actions)) => actions.as_slice(),
            Some(action) => std::slice::from_ref(action),
            None => &[],
        };
        if !actions.iter().all(|action| action.as_str().is_some_and(|it| it.starts_with("organizations:"))) {
            let message = "The resource policy has an action that is not supported.";
            return Err(invalid("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", message));
        }
    }
    Ok(())
}

fn describe_resource_policy(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let policy = organization.resource_policy.as_ref().ok_or_else(not_found)?;
    Ok(show(organization, policy))
}

fn delete_resource_policy(request: &mut Request<'_>) -> Answer {
    let organization = request.organization()?;
    let policy = organization.resource_policy.take().ok_or_else(not_found)?;
    organization.tags.remove(&policy.id);
    Ok(json!({}))
}

fn show(organization: &Organization, policy: &ResourcePolicy) -> Value {
    let summary = json!({"Id": policy.id, "Arn": organization.resource_policy_arn(&policy.id)});
    json!({"ResourcePolicy": {"ResourcePolicySummary": summary, "Content": policy.content}})
}

fn not_found() -> ApiError {
    let message = "We can't find a resource policy request with the parameter that you specified.";
    ApiError::new("ResourcePolicyNotFoundException", message)
}
