//! AWS CloudTrail.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::model::resources::{BUCKET, Place};
use crate::shared::inventory::{find, find_anywhere};
use crate::shared::{objects, organization};
use crate::state::State;

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::CloudTrail::Trail", |draft| draft.named("TrailName"))
    .required(&["IsLogging", "S3BucketName"])
    .attributes(attributes)
    .check(check)
    .tagged()];

const SERVICE_PRINCIPAL: &str = "cloudtrail.amazonaws.com";

fn attributes(draft: &Draft<'_>, id: &str) -> Value {
    json!({"Arn": draft.arn("cloudtrail", &format!("trail/{id}")), "SnsTopicArn": ""})
}

/// See "Creating a trail for an organization" in the CloudTrail user guide.
fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let bucket = draft.text("S3BucketName").unwrap_or_default();
    let Some(owner) = find_anywhere(state, BUCKET, bucket) else {
        return Err(format!(
            "S3 bucket {bucket} does not exist! (Service: CloudTrail, Status Code: 400, Error Code: \
                S3BucketDoesNotExistException)"
        ));
    };
    if !objects::policy_names(state, &owner, bucket, SERVICE_PRINCIPAL) {
        return Err(format!(
            "Incorrect S3 bucket policy is detected for bucket: {bucket} (Service: CloudTrail, Error Code: \
                InsufficientS3BucketPolicyException)"
        ));
    }
    check_key(state, draft)?;
    let of_organization =
        draft.properties.get("IsOrganizationTrail").is_some_and(|flag| *flag == true || *flag == "true");
    if of_organization { check_organization(state, draft) } else { Ok(()) }
}

/// The key lies in the trail's region and lets the service use it.
fn check_key(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(key) = draft.text("KMSKeyId").filter(|key| !key.contains("alias/")) else {
        return Ok(());
    };
    let owner = key.split(':').nth(4).unwrap_or(&draft.place.account);
    let place = Place { account: owner.to_owned(), region: draft.place.region.clone() };
    let id = key.rsplit('/').next().unwrap_or_default();
    let policy = find(state, &place, "AWS::KMS::Key", id).and_then(|key| key.properties.get("KeyPolicy"));
    if policy.is_some_and(|policy| policy.to_string().contains(SERVICE_PRINCIPAL)) {
        return Ok(());
    }
    Err(format!(
        "Insufficient permissions to access S3 bucket or KMS key {key}. (Service: CloudTrail, Error Code: \
         InsufficientEncryptionPolicyException)"
    ))
}

fn check_organization(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(organization) = &state.organization else {
        return Err("The request could not be processed because your account is not a member of an organization. \
            (Error Code: OrganizationsNotInUseException)"
            .into());
    };
    if !organization.trusted_services.contains_key(SERVICE_PRINCIPAL) {
        return Err("The request could not be processed because CloudTrail trusted access has not been enabled for \
            your organization. (Error Code: CloudTrailAccessNotEnabledException)"
            .into());
    }
    if !organization::administers(organization, &draft.place.account, SERVICE_PRINCIPAL) {
        return Err("The request could not be processed because your account is not authorized to create or update \
            an organization trail. (Error Code: NotOrganizationMasterAccountException)"
            .into());
    }
    Ok(())
}
