//! Policies and their contents.

use serde_json::json;

use super::errors::{constraint, invalid, policy_not_found};
use super::pages::PAGES;
use super::policy_types::PolicyType;
use super::{policy_document, tags};
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::{Organization, Policy};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreatePolicy", create_policy),
    operation("DescribePolicy", describe_policy),
    operation("ListPolicies", list_policies),
    operation("UpdatePolicy", update_policy),
    operation("DeletePolicy", delete_policy),
];

/// The policy that the request names in `PolicyId`.
pub(super) fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("PolicyId")?;
    let known = request.organization_view()?.policies.contains_key(id);
    known.then(|| id.to_owned()).ok_or_else(policy_not_found)
}

fn create_policy(request: &mut Request<'_>) -> Answer {
    let input = &request.input;
    let kind = PolicyType::named(input.text("Type")?)?;
    let content = input.bounded("Content", 1, usize::MAX)?.to_owned();
    let name = input.bounded("Name", 1, 128)?.to_owned();
    let description = input.bounded("Description", 0, 512)?.to_owned();
    let tags = tags::of_request(input)?;
    let organization = request.organization()?;
    if organization.feature_set != "ALL" {
        let message = "You can't use the specified policy type with the feature set currently enabled.";
        return Err(ApiError::new("PolicyTypeNotAvailableForOrganizationException", message));
    }
    check_content(kind, &content)?;
    check_name(organization, kind.name, &name, None)?;
    if organization.policies.values().filter(|policy| policy.kind == kind.name).count() >= kind.in_organization {
        return Err(constraint("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies."));
    }
    let id = organization.new_id("p-", 10);
    let policy = Policy { name, description, kind: kind.name.into(), content, ..Policy::default() };
    let shown = organization.show_policy(&id, &policy);
    organization.policies.insert(id.clone(), policy);
    if !tags.is_empty() {
        organization.tags.insert(id, tags);
    }
    Ok(json!({"Policy": shown}))
}

/// The content's size counts as it was sent, white space included: only the console takes it out.
fn check_content(kind: &PolicyType, content: &str) -> Result<(), ApiError> {
    if content.chars().count() > kind.size {
        return Err(constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size."));
    }
    policy_document::check(kind.name, content)
}

/// Policies of one type have different names; `renamed` is the policy that gets the name, if it exists.
fn check_name(organization: &Organization, kind: &str, name: &str, renamed: Option<&str>) -> Result<(), ApiError> {
    let mut policies = organization.policies.iter();
    if policies.any(|(id, policy)| policy.kind == kind && policy.name == name && Some(id.as_str()) != renamed) {
        return Err(ApiError::new("DuplicatePolicyException", "A policy with the same name already exists."));
    }
    Ok(())
}

fn describe_policy(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let organization = request.organization_view()?;
    let policy = organization.policies.get(&id).ok_or_else(policy_not_found)?;
    Ok(json!({"Policy": organization.show_policy(&id, policy)}))
}

fn list_policies(request: &mut Request<'_>) -> Answer {
    let kind = PolicyType::named(request.input.text("Filter")?)?;
    let organization = request.organization_view()?;
    let policies: Vec<_> = organization.policies.iter().filter(|(_, policy)| policy.kind == kind.name).collect();
    PAGES.page(request, "Policies", &policies, |(id, policy)| organization.show_policy_summary(id, policy))
}

fn update_policy(request: &mut Request<'_>) -> Answer {
    let id = changeable(request)?;
    let input = &request.input;
    let optional = |name: &str, least: usize, most: usize| match input.optional(name)? {
        Some(_) => input.bounded(name, least, most).map(|text| Some(text.to_owned())),
        None => Ok(None),
    };
    let name = optional("Name", 1, 128)?;
    let description = optional("Description", 0, 512)?;
    let content = optional("Content", 1, usize::MAX)?;
    let organization = request.organization()?;
    let mut policy = organization.policies.get(&id).ok_or_else(policy_not_found)?.clone();
    policy.name = name.unwrap_or(policy.name);
    policy.description = description.unwrap_or(policy.description);
    policy.content = content.unwrap_or(policy.content);
    check_name(organization, &policy.kind, &policy.name, Some(&id))?;
    check_content(PolicyType::named(&policy.kind)?, &policy.content)?;
    let shown = organization.show_policy(&id, &policy);
    organization.policies.insert(id, policy);
    Ok(json!({"Policy": shown}))
}

fn delete_policy(request: &mut Request<'_>) -> Answer {
    let id = changeable(request)?;
    let organization = request.organization()?;
    let policy = organization.policies.get(&id).ok_or_else(policy_not_found)?;
    if !policy.targets.is_empty() {
        let message = "This operation can't be performed because the policy is attached to one or more entities.";
        return Err(ApiError::new("PolicyInUseException", message));
    }
    organization.policies.remove(&id);
    organization.forget(&id);
    Ok(json!({}))
}

/// The policy that the request names, which must not be one of AWS's own.
fn changeable(request: &Request<'_>) -> Result<String, ApiError> {
    let id = existing(request)?;
    if request.organization_view()?.policies.get(&id).is_some_and(|policy| policy.aws_managed) {
        return Err(invalid("IMMUTABLE_POLICY", "You can't change a policy that is managed by AWS."));
    }
    Ok(id)
}
