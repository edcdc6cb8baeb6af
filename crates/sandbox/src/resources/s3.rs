//! Amazon S3.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::model::resources::{BUCKET, BUCKET_POLICY, Place};
use crate::shared::inventory;
use crate::shared::inventory::find_anywhere;
use crate::state::State;

pub(super) const TYPES: &[ResourceType] = &[
    resource(BUCKET, name).attributes(attributes).check(check).may_go(is_empty).tagged(),
    resource(BUCKET_POLICY, |draft| draft.named("Bucket"))
        .required(&["Bucket", "PolicyDocument"])
        .refers(&[("Bucket", BUCKET)]),
];

/// A bucket's name is in lower case and has at most 63 characters.
pub(crate) fn name(draft: &Draft<'_>) -> String {
    let name = draft.text("BucketName").map_or_else(|| draft.generated().to_lowercase(), str::to_owned);
    name.chars().take(63).collect()
}

pub(crate) fn attributes(draft: &Draft<'_>, id: &str) -> Value {
    let (partition, region) = (draft.partition, &draft.place.region);
    json!({
        "Arn": format!("arn:{partition}:s3:::{id}"),
        "DomainName": format!("{id}.s3.amazonaws.com"),
        "RegionalDomainName": format!("{id}.s3.{region}.amazonaws.com"),
        "DualStackDomainName": format!("{id}.s3.dualstack.{region}.amazonaws.com"),
        "WebsiteURL": format!("http://{id}.s3-website-{region}.amazonaws.com"),
    })
}

/// Names are taken by anyone who had them first, in any account and region.
fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(name) = draft.text("BucketName") else {
        return Ok(());
    };
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    if !(3..=63).contains(&name.len()) || !name.chars().all(allowed) {
        return Err("Bucket name should be between 3 and 63 characters long and contain only lowercase characters, \
            numbers, periods and dashes"
            .into());
    }
    match find_anywhere(state, BUCKET, name) {
        Some(owner) if !is_own(state, &owner, name, draft) => {
            Err(format!("{name} already exists (Service: S3, Status Code: 409, Error Code: BucketAlreadyExists)"))
        }
        _ => Ok(()),
    }
}

fn is_own(state: &State, owner: &Place, name: &str, draft: &Draft<'_>) -> bool {
    owner == draft.place
        && inventory::find(state, owner, BUCKET, name).is_some_and(|bucket| bucket.stack == draft.stack_id)
}

/// A bucket goes only when nothing is in it.
fn is_empty(state: &State, _: &Place, id: &str) -> Result<(), String> {
    if state.objects.get(id).is_some_and(|objects| !objects.is_empty()) {
        return Err("The bucket you tried to delete is not empty (Service: S3, Status Code: 409)".into());
    }
    Ok(())
}
