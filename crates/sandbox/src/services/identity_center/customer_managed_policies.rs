//! References to policies that customers keep in each account.

use serde_json::{Value, json};

use super::errors::{conflict, invalid, not_found};
use super::managed_policies::check_number;
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::PolicyReference;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("AttachCustomerManagedPolicyReferenceToPermissionSet", attach),
    operation("DetachCustomerManagedPolicyReferenceFromPermissionSet", detach),
    operation("ListCustomerManagedPolicyReferencesInPermissionSet", list),
];

/// The reference that a request has in `CustomerManagedPolicyReference`; the path is `/` unless it says another.
pub(super) fn reference(shape: &Value) -> Result<PolicyReference, ApiError> {
    let member = |name: &str| shape.get(name).and_then(Value::as_str);
    let name = member("Name").ok_or_else(|| invalid("A customer managed policy reference needs a Name."))?;
    let path = member("Path").unwrap_or("/");
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(1..=128).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(invalid(format!("{name} is not the name of a policy.")));
    }
    if !path.starts_with('/') || !path.ends_with('/') || path.len() > 512 {
        return Err(invalid(format!("{path} is not the path of a policy.")));
    }
    Ok(PolicyReference { name: name.to_owned(), path: path.to_owned() })
}

pub(super) fn show(reference: &PolicyReference) -> Value {
    json!({"Name": reference.name, "Path": reference.path})
}

fn named(request: &Request<'_>) -> Result<PolicyReference, ApiError> {
    reference(&request.input.structure("CustomerManagedPolicyReference"))
}

fn attach(request: &mut Request<'_>) -> Answer {
    let reference = named(request)?;
    let set = request.permission_set_view()?;
    if set.customer_managed_policies.contains(&reference) {
        let message = format!("The permission set already has the customer managed policy {}.", reference.name);
        return Err(conflict(message));
    }
    check_number(set)?;
    request.permission_set()?.customer_managed_policies.insert(reference);
    Ok(json!({}))
}

fn detach(request: &mut Request<'_>) -> Answer {
    let reference = named(request)?;
    if !request.permission_set_view()?.customer_managed_policies.contains(&reference) {
        let message = format!("The permission set has no customer managed policy {}.", reference.name);
        return Err(not_found(message));
    }
    request.permission_set()?.customer_managed_policies.remove(&reference);
    Ok(json!({}))
}

fn list(request: &mut Request<'_>) -> Answer {
    let policies: Vec<&PolicyReference> = request.permission_set_view()?.customer_managed_policies.iter().collect();
    PAGES.page(request, "CustomerManagedPolicyReferences", &policies, |reference| show(reference))
}
