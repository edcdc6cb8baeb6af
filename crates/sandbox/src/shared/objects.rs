//! The objects that a caller may read.

use serde_json::Value;

use super::inventory::{all, find_anywhere};
use super::readiness::is_unaware;
use crate::aws_error::ApiError;
use crate::model::readiness::LateService;
use crate::model::resources::{BUCKET, BUCKET_POLICY, Place};
use crate::protocol::rest_xml::bucket_and_key;
use crate::state::State;

/// Whether a bucket's policy speaks of a principal: a service, an account or an organization.
pub(crate) fn policy_names(state: &State, owner: &Place, bucket: &str, principal: &str) -> bool {
    let of_bucket = |policy: &Value| policy.get("Bucket").is_some_and(|name| name == bucket);
    let mut policies = all(state, owner, BUCKET_POLICY).map(|(_, policy)| &policy.properties);
    policies.any(|policy| of_bucket(policy) && policy.to_string().contains(principal))
}

pub(crate) fn no_such_key() -> ApiError {
    ApiError::new("NoSuchKey", "The specified key does not exist.").with_status(404)
}

/// Where a bucket is, if an account may use it: its owner, or whom its policy names by account or organization.
pub(crate) fn bucket(state: &State, account: &str, name: &str) -> Result<Place, ApiError> {
    let missing = || ApiError::new("NoSuchBucket", "The specified bucket does not exist").with_status(404);
    let owner = find_anywhere(state, BUCKET, name).ok_or_else(missing)?;
    let is_known = !is_unaware(state, LateService::PrincipalOrgId, account);
    let member = |id: &str| {
        is_known && state.organization.as_ref().is_some_and(|all| all.id == id && all.accounts.contains_key(account))
    };
    let organization = state.organization.as_ref().map(|organization| organization.id.as_str()).unwrap_or_default();
    let named = policy_names(state, &owner, name, account)
        || member(organization) && policy_names(state, &owner, name, organization);
    if owner.account == account || named {
        return Ok(owner);
    }
    Err(ApiError::new("AccessDenied", "Access Denied").with_status(403))
}

/// The text of the object at an S3 URL, as CloudFormation reads templates with its caller's permissions.
///
/// # Errors
/// What S3 answers; `InvalidURL` for an address that is not S3's.
pub(crate) fn object_at<'a>(state: &'a State, account: &str, url: &str) -> Result<&'a str, ApiError> {
    let wrong = || ApiError::new("InvalidURL", "The address is not one of S3's.");
    let address = url.strip_prefix("https://").ok_or_else(wrong)?;
    let (host, path) = address.split_once('/').ok_or_else(wrong)?;
    let of_s3 = ["s3.", "s3-"].iter().any(|service| host.starts_with(service) || host.contains(&format!(".{service}")));
    if !of_s3 {
        return Err(wrong());
    }
    let (name, key) = bucket_and_key(host, path.split('?').next().unwrap_or_default());
    bucket(state, account, &name)?;
    let object = state.objects.get(&name).and_then(|objects| objects.get(&key));
    object.map(|object| object.body.as_str()).ok_or_else(no_such_key)
}
