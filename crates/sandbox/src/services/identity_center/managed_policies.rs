//! AWS's managed policies in a permission set.

use serde_json::json;

use super::errors::{conflict, invalid, not_found, quota_exceeded};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::PermissionSet;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("AttachManagedPolicyToPermissionSet", attach),
    operation("DetachManagedPolicyFromPermissionSet", detach),
    operation("ListManagedPoliciesInPermissionSet", list),
];

/// Managed policies in a permission set, AWS's and customers' together, from "Quotas in IAM Identity Center".
const MOST: usize = 20;

/// Refuses one managed policy too many.
pub(super) fn check_number(set: &PermissionSet) -> Result<(), ApiError> {
    if set.managed_policies.len() + set.customer_managed_policies.len() >= MOST {
        return Err(quota_exceeded(format!("A permission set can have at most {MOST} managed policies.")));
    }
    Ok(())
}

/// The ARN of one of AWS's policies. The sandbox does not know which ones there are.
pub(super) fn checked_arn(arn: &str) -> Result<String, ApiError> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, service) = (parts.next(), parts.nth(1));
    let (owner, name) = (parts.nth(1), parts.next());
    let named = name.and_then(|name| name.strip_prefix("policy/")).is_some_and(|name| !name.is_empty());
    let valid = scheme == Some("arn") && service == Some("iam") && owner == Some("aws") && named;
    valid.then(|| arn.to_owned()).ok_or_else(|| invalid(format!("{arn} is not the ARN of an AWS managed policy.")))
}

fn attach(request: &mut Request<'_>) -> Answer {
    let arn = checked_arn(request.input.text("ManagedPolicyArn")?)?;
    let id = request.permission_set_id()?;
    let set = request.permission_set_view()?;
    if set.managed_policies.contains(&arn) {
        let message = format!("PermissionSet with id {id} already has a typed link attachment to {arn}");
        return Err(conflict(message));
    }
    check_number(set)?;
    request.permission_set()?.managed_policies.insert(arn);
    Ok(json!({}))
}

fn detach(request: &mut Request<'_>) -> Answer {
    let arn = request.input.text("ManagedPolicyArn")?.to_owned();
    if !request.permission_set_view()?.managed_policies.contains(&arn) {
        return Err(not_found(format!("The permission set has no managed policy {arn}.")));
    }
    request.permission_set()?.managed_policies.remove(&arn);
    Ok(json!({}))
}

fn list(request: &mut Request<'_>) -> Answer {
    let policies: Vec<&String> = request.permission_set_view()?.managed_policies.iter().collect();
    PAGES.page(request, "AttachedManagedPolicies", &policies, |arn| {
        let name = arn.rsplit('/').next().unwrap_or_default();
        json!({"Name": name, "Arn": arn})
    })
}
