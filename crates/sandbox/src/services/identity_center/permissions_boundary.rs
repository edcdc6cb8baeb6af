//! The policy that bounds what a permission set allows.

use serde_json::{Value, json};

use super::customer_managed_policies::{reference, show};
use super::errors::{invalid, not_found};
use super::managed_policies::checked_arn;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::Boundary;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("PutPermissionsBoundaryToPermissionSet", put),
    operation("GetPermissionsBoundaryForPermissionSet", get),
    operation("DeletePermissionsBoundaryFromPermissionSet", delete),
];

fn put(request: &mut Request<'_>) -> Answer {
    let boundary = boundary(&request.input.structure("PermissionsBoundary"))?;
    request.permission_set()?.permissions_boundary = Some(boundary);
    Ok(json!({}))
}

fn boundary(shape: &Value) -> Result<Boundary, ApiError> {
    match (shape.get("ManagedPolicyArn"), shape.get("CustomerManagedPolicyReference")) {
        (Some(arn), None) => checked_arn(arn.as_str().unwrap_or_default()).map(Boundary::Managed),
        (None, Some(shape)) => reference(shape).map(Boundary::CustomerManaged),
        _ => Err(invalid("A permissions boundary is either a managed policy or a customer managed policy.")),
    }
}

fn get(request: &mut Request<'_>) -> Answer {
    let boundary = request.permission_set_view()?.permissions_boundary.as_ref().ok_or_else(none)?;
    let shown = match boundary {
        Boundary::Managed(arn) => json!({"ManagedPolicyArn": arn}),
        Boundary::CustomerManaged(reference) => json!({"CustomerManagedPolicyReference": show(reference)}),
    };
    Ok(json!({"PermissionsBoundary": shown}))
}

fn none() -> ApiError {
    not_found("The permission set has no permissions boundary.")
}

fn delete(request: &mut Request<'_>) -> Answer {
    request.permission_set_view()?.permissions_boundary.as_ref().ok_or_else(none)?;
    request.permission_set()?.permissions_boundary = None;
    Ok(json!({}))
}
