use aws_sdk_ssoadmin::types::{CustomerManagedPolicyReference, PermissionsBoundary};
use landing_policy::minified;
use serde_json::Value;

use super::super::read::SetId;
use super::super::{Step, Workshop, WriteError};
use super::read;
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::write::done_already;
use crate::model::Body;

/// What AWS says of a policy that the set has not.
const GONE: &[&str] = &["ResourceNotFoundException"];

/// Makes the set's policies as the change says. `body` is what is wanted, its references resolved.
pub(super) async fn write(step: &Step, shop: &Workshop, id: &SetId, body: &Body) -> Result<(), WriteError> {
    for field in &step.change.fields {
        let after = body.get(&field.path).unwrap_or(&Value::Null);
        match field.path.as_str() {
            "managed_policies" => {
                for arn in missing_in(after, &field.before) {
                    detach_managed(shop, id, arn).await?;
                }
                for arn in missing_in(&field.before, after) {
                    attach_managed(shop, id, arn).await?;
                }
            }
            "customer_managed_policies" => {
                for policy in missing_in(after, &field.before) {
                    detach_customer_managed(shop, id, policy).await?;
                }
                for policy in missing_in(&field.before, after) {
                    attach_customer_managed(shop, id, policy).await?;
                }
            }
            "inline_policy" => put_inline(shop, id, after).await?,
            "boundary" => put_boundary(shop, id, after).await?,
            _ => {}
        }
    }
    Ok(())
}

/// The items of `list` that `other` has not.
fn missing_in<'a>(other: &Value, list: &'a Value) -> Vec<&'a Value> {
    let items = |value: &'a Value| value.as_array().map(Vec::as_slice).unwrap_or_default();
    let others = other.as_array().map(Vec::as_slice).unwrap_or_default();
    items(list).iter().filter(|item| !others.contains(item)).collect()
}

async fn attach_managed(shop: &Workshop, id: &SetId, arn: &Value) -> Result<(), WriteError> {
    let arn = arn.as_str().unwrap_or_default();
    let request = shop.cloud.sso_admin.attach_managed_policy_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).managed_policy_arn(arn);
    let result = request.send().await.explain("sso:AttachManagedPolicyToPermissionSet").map(drop);
    let has = |policies: &read::SetPolicies| policies.managed.iter().any(|attached| attached == arn);
    unless_there(shop, id, result, has).await
}

async fn detach_managed(shop: &Workshop, id: &SetId, arn: &Value) -> Result<(), WriteError> {
    let arn = arn.as_str().unwrap_or_default();
    let request = shop.cloud.sso_admin.detach_managed_policy_from_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).managed_policy_arn(arn);
    let result = request.send().await.explain("sso:DetachManagedPolicyFromPermissionSet");
    Ok(done_already(result, GONE)?)
}

async fn attach_customer_managed(shop: &Workshop, id: &SetId, policy: &Value) -> Result<(), WriteError> {
    const OPERATION: &str = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet";
    let request = shop.cloud.sso_admin.attach_customer_managed_policy_reference_to_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let result = request.customer_managed_policy_reference(reference(policy)?).send().await.explain(OPERATION);
    unless_there(shop, id, result.map(drop), |policies| policies.customer_managed.contains(policy)).await
}

async fn detach_customer_managed(shop: &Workshop, id: &SetId, policy: &Value) -> Result<(), WriteError> {
    const OPERATION: &str = "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet";
    let request = shop.cloud.sso_admin.detach_customer_managed_policy_reference_from_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let result = request.customer_managed_policy_reference(reference(policy)?).send().await.explain(OPERATION);
    Ok(done_already(result, GONE)?)
}

/// AWS says ConflictException of what is attached already, and of what comes too early.
async fn unless_there(
    shop: &Workshop,
    id: &SetId,
    result: Result<(), AwsError>,
    has: impl Fn(&read::SetPolicies) -> bool,
) -> Result<(), WriteError> {
    let Err(error) = result else { return Ok(()) };
    if error.is("ConflictException") && has(&read::PoliciesIn(id.clone()).ask(&shop.cloud).await?) {
        return Ok(());
    }
    Err(error.into())
}

async fn put_inline(shop: &Workshop, id: &SetId, document: &Value) -> Result<(), WriteError> {
    let client = &shop.cloud.sso_admin;
    if document.is_null() {
        let request = client.delete_inline_policy_from_permission_set().instance_arn(&id.instance);
        let result = request.permission_set_arn(&id.set).send().await;
        return Ok(done_already(result.explain("sso:DeleteInlinePolicyFromPermissionSet"), GONE)?);
    }
    let request = client.put_inline_policy_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).inline_policy(minified(document));
    request.send().await.explain("sso:PutInlinePolicyToPermissionSet")?;
    Ok(())
}

async fn put_boundary(shop: &Workshop, id: &SetId, boundary: &Value) -> Result<(), WriteError> {
    let client = &shop.cloud.sso_admin;
    if boundary.is_null() {
        let request = client.delete_permissions_boundary_from_permission_set().instance_arn(&id.instance);
        let result = request.permission_set_arn(&id.set).send().await;
        return Ok(done_already(result.explain("sso:DeletePermissionsBoundaryFromPermissionSet"), GONE)?);
    }
    let policy = PermissionsBoundary::builder();
    let policy = match boundary.get("managed").and_then(Value::as_str) {
        Some(arn) => policy.managed_policy_arn(arn),
        None => policy.customer_managed_policy_reference(reference(&boundary["customer_managed"])?),
    };
    let request = client.put_permissions_boundary_to_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).permissions_boundary(policy.build());
    request.send().await.explain("sso:PutPermissionsBoundaryToPermissionSet")?;
    Ok(())
}

fn reference(policy: &Value) -> Result<CustomerManagedPolicyReference, AwsError> {
    let field = |key: &str| policy[key].as_str().unwrap_or_default();
    let reference = CustomerManagedPolicyReference::builder().name(field("name")).path(field("path")).build();
    reference.map_err(|error| AwsError::odd("a customer managed policy", error.to_string()))
}
