//! AWS Config.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::model::resources::BUCKET;
use crate::shared::inventory::{all, find_anywhere};
use crate::shared::{inventory, objects, organization};
use crate::state::State;

const RECORDER: &str = "AWS::Config::ConfigurationRecorder";
const CHANNEL: &str = "AWS::Config::DeliveryChannel";
const SERVICE_PRINCIPAL: &str = "config.amazonaws.com";
const RULES_PRINCIPAL: &str = "config-multiaccountsetup.amazonaws.com";

pub(super) const TYPES: &[ResourceType] = &[
    resource(RECORDER, |draft| draft.text("Name").unwrap_or("default").to_owned())
        .required(&["RoleARN"])
        .check(only_one),
    resource(CHANNEL, |draft| draft.text("Name").unwrap_or("default").to_owned())
        .required(&["S3BucketName"])
        .check(channel),
    resource("AWS::Config::ConfigRule", |draft| draft.named("ConfigRuleName"))
        .required(&["Source"])
        .attributes(rule)
        .check(is_recorded),
    resource("AWS::Config::OrganizationConfigRule", |draft| draft.named("OrganizationConfigRuleName"))
        .required(&["OrganizationConfigRuleName"])
        .attributes(organization_rule)
        .check(|state, draft| administers(state, draft, RULES_PRINCIPAL)),
    resource("AWS::Config::ConfigurationAggregator", |draft| draft.named("ConfigurationAggregatorName"))
        .attributes(aggregator)
        .check(aggregates)
        .tagged(),
];

fn rule(draft: &Draft<'_>, _: &str) -> Value {
    let id = format!("config-rule-{}", draft.random(6));
    json!({"Arn": draft.arn("config", &format!("config-rule/{id}")), "ConfigRuleId": id})
}

fn organization_rule(draft: &Draft<'_>, id: &str) -> Value {
    let name = format!("organization-config-rule/{id}-{}", draft.random(8));
    json!({"OrganizationConfigRuleArn": draft.arn("config", &name)})
}

fn aggregator(draft: &Draft<'_>, _: &str) -> Value {
    let name = format!("config-aggregator/config-aggregator-{}", draft.random(8));
    json!({"ConfigurationAggregatorArn": draft.arn("config", &name)})
}

/// An account has one customer managed recorder, and one delivery channel, in a region:
/// <https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html>.
fn only_one(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let name = draft.physical();
    let is_other = |id: &String, stack: &str| *id != name || stack != draft.stack_id;
    if !all(state, draft.place, draft.kind.name).any(|(id, it)| is_other(id, &it.stack)) {
        return Ok(());
    }
    let (what, code) = match draft.kind.name {
        RECORDER => ("configuration recorder", "MaxNumberOfConfigurationRecordersExceededException"),
        _ => ("delivery channel", "MaxNumberOfDeliveryChannelsExceededException"),
    };
    Err(format!(
        "Failed to put {what} '{name}' because the maximum number of {what}s: 1 is reached. (Service: Config, \
            Status Code: 400, Error Code: {code})"
    ))
}

/// The bucket lets AWS Config write and has no default retention:
/// <https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html>.
fn channel(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    only_one(state, draft)?;
    let bucket = draft.text("S3BucketName").unwrap_or_default();
    let Some(owner) = find_anywhere(state, BUCKET, bucket) else {
        return Err(format!(
            "Cannot find a S3 bucket with the bucket name {bucket}. (Service: Config, Status Code: 400, Error Code: \
                NoSuchBucketException)"
        ));
    };
    let locked = inventory::find(state, &owner, BUCKET, bucket)
        .is_some_and(|bucket| bucket.properties.pointer("/ObjectLockConfiguration/Rule").is_some());
    if !locked && objects::policy_names(state, &owner, bucket, SERVICE_PRINCIPAL) {
        return Ok(());
    }
    Err(format!(
        "Insufficient delivery policy to s3 bucket: {bucket}, unable to write to bucket, provided s3 key prefix is \
            'null', provided kms key is 'null'. (Service: Config, Status Code: 400, Error Code: \
            InsufficientDeliveryPolicyException)"
    ))
}

fn is_recorded(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    if all(state, draft.place, RECORDER).next().is_some() {
        return Ok(());
    }
    Err("NoAvailableConfigurationRecorder (Service: Config, Status Code: 400, Error Code: \
        NoAvailableConfigurationRecorderException)"
        .into())
}

fn aggregates(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    match draft.properties.get("OrganizationAggregationSource") {
        Some(_) => administers(state, draft, SERVICE_PRINCIPAL),
        None => Ok(()),
    }
}

fn administers(state: &State, draft: &Draft<'_>, service: &str) -> Result<(), String> {
    organization::acts_for(state, &draft.place.account, service).map_err(|why| {
        format!("{why} (Service: Config, Status Code: 400, Error Code: OrganizationAccessDeniedException)")
    })
}
