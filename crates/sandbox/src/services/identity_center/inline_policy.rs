//! The inline policy of a permission set.

use serde_json::{Value, json};

use super::errors::{invalid, not_found, quota_exceeded};
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("PutInlinePolicyToPermissionSet", put_inline_policy),
    operation("GetInlinePolicyForPermissionSet", get_inline_policy),
    operation("DeleteInlinePolicyFromPermissionSet", delete_inline_policy),
];

/// Bytes of a policy, from "Quotas in IAM Identity Center" in the user guide; white space does not count towards the
/// second.
const LARGEST: usize = 32_768;
const LARGEST_WITHOUT_SPACE: usize = 10_240;

fn put_inline_policy(request: &mut Request<'_>) -> Answer {
    let policy = policy(&request.input)?;
    request.permission_set()?.inline_policy = Some(policy);
    Ok(json!({}))
}

fn policy(input: &Input) -> Result<String, ApiError> {
    let text = input.bounded("InlinePolicy", 1, LARGEST)?;
    let document: Option<Value> = serde_json::from_str(text).ok();
    if !document.is_some_and(|document| matches!(document.get("Statement"), Some(Value::Array(_) | Value::Object(_)))) {
        return Err(invalid("InlinePolicy is not a policy document."));
    }
    let size = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    if size > LARGEST_WITHOUT_SPACE {
        return Err(quota_exceeded(format!("The inline policy exceeds {LARGEST_WITHOUT_SPACE} bytes.")));
    }
    Ok(text.to_owned())
}

/// Without an inline policy its text is empty.
fn get_inline_policy(request: &mut Request<'_>) -> Answer {
    let policy = request.permission_set_view()?.inline_policy.as_deref().unwrap_or_default();
    Ok(json!({"InlinePolicy": policy}))
}

fn delete_inline_policy(request: &mut Request<'_>) -> Answer {
    if request.permission_set_view()?.inline_policy.is_none() {
        return Err(not_found("The permission set has no inline policy."));
    }
    request.permission_set()?.inline_policy = None;
    Ok(json!({}))
}
