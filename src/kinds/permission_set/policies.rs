use aws_sdk_ssoadmin::types::{CustomerManagedPolicyReference, PermissionsBoundary};
use landing_policy::minified;
use serde_json::Value;

use super::super::read::SetId;
use super::super::{Step, WriteContext, WriteError};
use super::read;
use super::resource::{Boundary, CustomerManagedPolicy, PermissionSet};
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::write::done_already;

/// What AWS says of a policy that the set has not.
const GONE: &[&str] = &["ResourceNotFoundException"];

/// Makes the set's policies as the change says. `set` is what is wanted, its references resolved.
pub(super) async fn write(
    step: &Step,
    context: &WriteContext,
    id: &SetId,
    set: &PermissionSet,
) -> Result<(), WriteError> {
    let before = step.found::<PermissionSet>()?.unwrap_or_default();
    for field in &step.change.fields {
        match field.path.as_str() {
            "managed_policies" => {
                for arn in missing_in(&set.managed_policies, &before.managed_policies) {
                    detach_managed(context, id, arn).await?;
                }
                for arn in missing_in(&before.managed_policies, &set.managed_policies) {
                    attach_managed(context, id, arn).await?;
                }
            }
            "customer_managed_policies" => {
                for policy in missing_in(&set.customer_managed_policies, &before.customer_managed_policies) {
                    detach_customer_managed(context, id, policy).await?;
                }
                for policy in missing_in(&before.customer_managed_policies, &set.customer_managed_policies) {
                    attach_customer_managed(context, id, policy).await?;
                }
            }
            "inline_policy" => put_inline(context, id, set.inline_policy.as_ref()).await?,
            "boundary" => put_boundary(context, id, set.boundary.as_ref()).await?,
            _ => {}
        }
    }
    Ok(())
}

/// The items of `list` that `other` has not.
fn missing_in<'a, T: PartialEq>(other: &[T], list: &'a [T]) -> Vec<&'a T> {
    list.iter().filter(|item| !other.contains(item)).collect()
}

async fn attach_managed(context: &WriteContext, id: &SetId, arn: &str) -> Result<(), WriteError> {
    let request = context.cloud.sso_admin.attach_managed_policy_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).managed_policy_arn(arn);
    let result = request.send().await.explain("sso:AttachManagedPolicyToPermissionSet").map(drop);
    let has = |policies: &read::SetPolicies| policies.managed.iter().any(|attached| attached == arn);
    unless_there(context, id, result, has).await
}

async fn detach_managed(context: &WriteContext, id: &SetId, arn: &str) -> Result<(), WriteError> {
    let request = context.cloud.sso_admin.detach_managed_policy_from_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).managed_policy_arn(arn);
    let result = request.send().await.explain("sso:DetachManagedPolicyFromPermissionSet");
    Ok(done_already(result, GONE)?)
}

async fn attach_customer_managed(
    context: &WriteContext,
    id: &SetId,
    policy: &CustomerManagedPolicy,
) -> Result<(), WriteError> {
    const OPERATION: &str = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet";
    let request = context.cloud.sso_admin.attach_customer_managed_policy_reference_to_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let result = request.customer_managed_policy_reference(reference(policy)?).send().await.explain(OPERATION);
    unless_there(context, id, result.map(drop), |policies| policies.customer_managed.contains(policy)).await
}

async fn detach_customer_managed(
    context: &WriteContext,
    id: &SetId,
    policy: &CustomerManagedPolicy,
) -> Result<(), WriteError> {
    const OPERATION: &str = "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet";
    let request = context.cloud.sso_admin.detach_customer_managed_policy_reference_from_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let result = request.customer_managed_policy_reference(reference(policy)?).send().await.explain(OPERATION);
    Ok(done_already(result, GONE)?)
}

/// AWS says ConflictException of what is attached already, and of what comes too early.
async fn unless_there(
    context: &WriteContext,
    id: &SetId,
    result: Result<(), AwsError>,
    has: impl Fn(&read::SetPolicies) -> bool,
) -> Result<(), WriteError> {
    let Err(error) = result else { return Ok(()) };
    if error.is("ConflictException") && has(&read::PoliciesIn(id.clone()).ask(&context.cloud).await?) {
        return Ok(());
    }
    Err(error.into())
}

async fn put_inline(context: &WriteContext, id: &SetId, document: Option<&Value>) -> Result<(), WriteError> {
    let client = &context.cloud.sso_admin;
    let Some(document) = document else {
        let request = client.delete_inline_policy_from_permission_set().instance_arn(&id.instance);
        let result = request.permission_set_arn(&id.set).send().await;
        return Ok(done_already(result.explain("sso:DeleteInlinePolicyFromPermissionSet"), GONE)?);
    };
    let request = client.put_inline_policy_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).inline_policy(minified(document));
    request.send().await.explain("sso:PutInlinePolicyToPermissionSet")?;
    Ok(())
}

async fn put_boundary(context: &WriteContext, id: &SetId, boundary: Option<&Boundary>) -> Result<(), WriteError> {
    let client = &context.cloud.sso_admin;
    let Some(boundary) = boundary else {
        let request = client.delete_permissions_boundary_from_permission_set().instance_arn(&id.instance);
        let result = request.permission_set_arn(&id.set).send().await;
        return Ok(done_already(result.explain("sso:DeletePermissionsBoundaryFromPermissionSet"), GONE)?);
    };
    let policy = PermissionsBoundary::builder();
    let policy = match boundary {
        Boundary::Managed(arn) => policy.managed_policy_arn(arn),
        Boundary::CustomerManaged(own) => policy.customer_managed_policy_reference(reference(own)?),
    };
    let request = client.put_permissions_boundary_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).permissions_boundary(policy.build());
    request.send().await.explain("sso:PutPermissionsBoundaryToPermissionSet")?;
    Ok(())
}

fn reference(policy: &CustomerManagedPolicy) -> Result<CustomerManagedPolicyReference, AwsError> {
    let reference = CustomerManagedPolicyReference::builder().name(&policy.name).path(&policy.path).build();
    reference.map_err(|error| AwsError::odd("a customer managed policy", error.to_string()))
}
