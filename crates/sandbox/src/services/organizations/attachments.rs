//! Which policies hold where.

use serde_json::json;

use super::errors::{constraint, invalid, policy_not_found, target_not_found};
use super::pages::PAGES;
use super::policies;
use super::policy_types::{PolicyType, RCP_FULL_AWS_ACCESS, not_enabled};
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("AttachPolicy", attach_policy),
    operation("DetachPolicy", detach_policy),
    operation("ListTargetsForPolicy", list_targets_for_policy),
    operation("ListPoliciesForTarget", list_policies_for_target),
];

/// A policy, its type and its target as a request names them.
struct Attachment {
    policy: String,
    kind: &'static PolicyType,
    target: String,
}

fn of_request(request: &Request<'_>) -> Result<Attachment, ApiError> {
    let policy = policies::existing(request)?;
    let target = target(request)?;
    let kept = &request.organization_view()?.policies;
    let kind = PolicyType::named(&kept.get(&policy).ok_or_else(policy_not_found)?.kind)?;
    Ok(Attachment { policy, kind, target })
}

fn target(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("TargetId")?;
    let known = request.organization_view()?.is_target(id);
    known.then(|| id.to_owned()).ok_or_else(target_not_found)
}

impl Attachment {
    fn exists(&self, organization: &Organization) -> bool {
        organization.policies.get(&self.policy).is_some_and(|policy| policy.targets.contains(&self.target))
    }

    fn check_enabled(&self, organization: &Organization) -> Result<(), ApiError> {
        organization.policy_types.contains(self.kind.name).then_some(()).ok_or_else(not_enabled)
    }
}

fn attach_policy(request: &mut Request<'_>) -> Answer {
    let attachment = of_request(request)?;
    let organization = request.organization()?;
    attachment.check_enabled(organization)?;
    if attachment.exists(organization) {
        let message = "A policy with the specified name and type is already attached.";
        return Err(ApiError::new("DuplicatePolicyAttachmentException", message));
    }
    if organization.attached(attachment.kind.name, &attachment.target) >= attachment.kind.per_target {
        let message = "You have attached the maximum number of policies to the specified target.";
        return Err(constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    let policy = organization.policies.get_mut(&attachment.policy).ok_or_else(policy_not_found)?;
    policy.targets.insert(attachment.target);
    Ok(json!({}))
}

fn detach_policy(request: &mut Request<'_>) -> Answer {
    let attachment = of_request(request)?;
    let organization = request.organization()?;
    attachment.check_enabled(organization)?;
    if !attachment.exists(organization) {
        let message = "The policy isn't attached to the specified target.";
        return Err(ApiError::new("PolicyNotAttachedException", message));
    }
    if attachment.policy == RCP_FULL_AWS_ACCESS {
        return Err(invalid("NON_DETACHABLE_POLICY", "You can't detach RCPFullAWSAccess."));
    }
    if organization.attached(attachment.kind.name, &attachment.target) <= attachment.kind.minimum() {
        let message = "You can't remove the last policy of this type from the specified target.";
        return Err(constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    let policy = organization.policies.get_mut(&attachment.policy).ok_or_else(policy_not_found)?;
    policy.targets.remove(&attachment.target);
    Ok(json!({}))
}

fn list_targets_for_policy(request: &mut Request<'_>) -> Answer {
    let id = policies::existing(request)?;
    let organization = request.organization_view()?;
    let policy = organization.policies.get(&id).ok_or_else(policy_not_found)?;
    let targets: Vec<&String> = policy.targets.iter().collect();
    PAGES.page(request, "Targets", &targets, |id| organization.show_target(id))
}

fn list_policies_for_target(request: &mut Request<'_>) -> Answer {
    let target = target(request)?;
    let kind = PolicyType::named(request.input.text("Filter")?)?;
    let organization = request.organization_view()?;
    let policies = organization.policies.iter();
    let attached: Vec<_> =
        policies.filter(|(_, policy)| policy.kind == kind.name && policy.targets.contains(&target)).collect();
    PAGES.page(request, "Policies", &attached, |(id, policy)| organization.show_policy_summary(id, policy))
}
