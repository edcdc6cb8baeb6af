//! What AWS knows of a stack's drift, and having it look anew.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::operation::describe_stack_drift_detection_status::DescribeStackDriftDetectionStatusOutput;
use aws_sdk_cloudformation::types::{
    StackDriftDetectionStatus, StackDriftStatus, StackResourceDrift, StackResourceDriftStatus, StackResourceSummary,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::organization::text;
use crate::cloud::{AccountAccess, AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::shared::wait::Limit;

/// AWS says "several minutes" for large stacks; a detection that takes longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Has AWS look for drift in one stack and waits until it has; changes nothing but what AWS knows of the drift.
#[derive(Debug)]
pub struct DetectStackDrift {
    /// How the account is entered. AWS reads the resources with these credentials.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
    /// The stack's ARN.
    pub id: String,
}

/// What AWS found when it looked for drift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detected {
    /// Whether something is not as its template says; absent where AWS did not look at anything.
    pub drifted: Option<bool>,
    /// What was not looked at, each with the reason.
    pub left_out: Vec<String>,
}

impl Question for DetectStackDrift {
    type Answer = Detected;

    fn key(&self) -> String {
        format!("cloudformation/drift-detected-in/{}", self.id)
    }

    /// A stack in which AWS cannot look for drift is an answer and no error: the others are looked at all the same.
    async fn ask(&self, cloud: &Cloud) -> Result<Detected, AwsError> {
        let mut limit = DetectStackDrift::limit();
        let _under_way = cloud.meter.begin_detection(limit.until());
        let detected = self.detect(cloud, &mut limit).await.map_err(|error| self.access.in_account(error));
        Ok(detected.unwrap_or_else(|error| Detected { drifted: None, left_out: vec![error.to_string()] }))
    }
}

impl DetectStackDrift {
    /// How long it is waited for.
    pub(in super::super) fn limit() -> Limit {
        Limit::new(PATIENCE)
    }

    async fn detect(&self, cloud: &Cloud, limit: &mut Limit) -> Result<Detected, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let begun = client.detect_stack_drift().stack_name(&self.id).send().await;
        let begun = begun.explain("cloudformation:DetectStackDrift")?;
        let ended = self.end(&client, begun.stack_drift_detection_id().unwrap_or_default(), limit).await?;
        let mut left_out: Vec<String> = incomplete(&ended, limit).into_iter().collect();
        left_out.extend(self.unchecked(&client).await?);
        let drifted = match ended.stack_drift_status() {
            Some(StackDriftStatus::Drifted) => Some(true),
            Some(StackDriftStatus::InSync) => Some(false),
            _ => None,
        };
        Ok(Detected { drifted, left_out })
    }

    /// The detection once it has ended, or for as long as it is waited for.
    async fn end(
        &self,
        client: &Client,
        id: &str,
        limit: &mut Limit,
    ) -> Result<DescribeStackDriftDetectionStatusOutput, AwsError> {
        loop {
            limit.pause().await;
            let request = client.describe_stack_drift_detection_status().stack_drift_detection_id(id);
            let reply = request.send().await.explain("cloudformation:DescribeStackDriftDetectionStatus")?;
            if !goes_on(&reply) || limit.is_over() {
                return Ok(reply);
            }
        }
    }

    /// The resources that AWS does not look at, as it does with all of some types.
    async fn unchecked(&self, client: &Client) -> Result<Vec<String>, AwsError> {
        let request = client.list_stack_resources().stack_name(&self.id).into_paginator().items().send();
        let resources = request.collect::<Result<Vec<_>, _>>().await.explain("cloudformation:ListStackResources")?;
        let unchecked = resources.iter().filter(|resource| !is_checked(resource));
        Ok(unchecked
            .map(|it| format!("{} ({}) is not looked at", text(it.logical_resource_id()), text(it.resource_type())))
            .collect())
    }
}

fn goes_on(detection: &DescribeStackDriftDetectionStatusOutput) -> bool {
    detection.detection_status() == Some(&StackDriftDetectionStatus::DetectionInProgress)
}

/// Why a detection did not look at everything, where it did not.
fn incomplete(detection: &DescribeStackDriftDetectionStatusOutput, limit: &Limit) -> Option<String> {
    match detection.detection_status() {
        Some(StackDriftDetectionStatus::DetectionComplete) => None,
        Some(StackDriftDetectionStatus::DetectionInProgress) => Some(limit.timed_out("AWS still looks for drift")),
        status => {
            let reason = detection.detection_status_reason().unwrap_or("AWS gives no reason");
            Some(format!("{}: {reason}", status.map_or("unknown", |status| status.as_str())))
        }
    }
}

fn is_checked(resource: &StackResourceSummary) -> bool {
    let status = resource.drift_information().and_then(|drift| drift.stack_resource_drift_status());
    let known =
        [StackResourceDriftStatus::InSync, StackResourceDriftStatus::Modified, StackResourceDriftStatus::Deleted];
    status.is_some_and(|status| known.contains(status))
}

/// The resources of one stack that were not as its template says when AWS last looked, by logical id.
#[derive(Debug)]
pub struct StackDrifts {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
    /// The stack's ARN.
    pub id: String,
}

/// How one resource is not as its template says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceDrift {
    /// `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Whether it is gone.
    pub deleted: bool,
    /// What differs, by the property's JSON pointer: `/Tags/0/Value`.
    pub properties: BTreeMap<String, PropertyDrift>,
}

/// How one property is not as the template says; null is absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PropertyDrift {
    /// As it is.
    pub actual: Value,
    /// As the template says.
    pub expected: Value,
}

impl Question for StackDrifts {
    type Answer = BTreeMap<String, ResourceDrift>;

    fn key(&self) -> String {
        format!("cloudformation/drifts-of/{}", self.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let mut drifts = BTreeMap::new();
        let mut next = None;
        loop {
            let reply = client
                .describe_stack_resource_drifts()
                .stack_name(&self.id)
                .stack_resource_drift_status_filters(StackResourceDriftStatus::Modified)
                .stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted)
                .set_next_token(next)
                .send()
                .await
                .explain("cloudformation:DescribeStackResourceDrifts")
                .map_err(|error| self.access.in_account(error))?;
            let rows = reply.stack_resource_drifts().iter();
            drifts.extend(rows.map(|drift| (text(drift.logical_resource_id()), resource_drift(drift))));
            next = reply.next_token().map(str::to_owned);
            if next.is_none() {
                return Ok(drifts);
            }
        }
    }
}

fn resource_drift(drift: &StackResourceDrift) -> ResourceDrift {
    let properties = drift.property_differences().iter().map(|it| {
        let drift = PropertyDrift { actual: value(it.actual_value()), expected: value(it.expected_value()) };
        (text(it.property_path()), drift)
    });
    ResourceDrift {
        resource_type: text(drift.resource_type()),
        deleted: drift.stack_resource_drift_status() == Some(&StackResourceDriftStatus::Deleted),
        properties: properties.collect(),
    }
}

/// Lists, maps and null come as JSON, all else as it is.
fn value(text: Option<&str>) -> Value {
    let text = text.unwrap_or("null");
    match serde_json::from_str(text) {
        Ok(value @ (Value::Null | Value::Array(_) | Value::Object(_))) => value,
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackResourceDriftInformationSummary;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_detection_that_did_not_end_well_says_why() {
        let limit = DetectStackDrift::limit();
        let reported = |status: Option<&str>, reason: Option<&str>| {
            let status = status.map(StackDriftDetectionStatus::from);
            let detection = DescribeStackDriftDetectionStatusOutput::builder().set_detection_status(status);
            let detection = detection.set_detection_status_reason(reason.map(str::to_owned)).build();
            (goes_on(&detection), incomplete(&detection, &limit))
        };
        assert_eq!(reported(Some("DETECTION_COMPLETE"), None), (false, None));
        let late = "timed out after 15 min: AWS still looks for drift";
        assert_eq!(reported(Some("DETECTION_IN_PROGRESS"), None), (true, Some(late.into())));
        let failed = "DETECTION_FAILED: no access to Topic";
        assert_eq!(reported(Some("DETECTION_FAILED"), Some("no access to Topic")), (false, Some(failed.into())));
        assert_eq!(reported(None, None), (false, Some("unknown: AWS gives no reason".into())));
    }

    #[test]
    fn only_what_aws_compared_is_checked() {
        let checked = |status: Option<&str>| {
            let drift = status.map(|status| {
                let status = StackResourceDriftStatus::from(status);
                StackResourceDriftInformationSummary::builder().stack_resource_drift_status(status).build()
            });
            is_checked(&StackResourceSummary::builder().set_drift_information(drift).build())
        };
        for status in ["IN_SYNC", "MODIFIED", "DELETED"] {
            assert!(checked(Some(status)), "{status}");
        }
        assert!(!checked(Some("NOT_CHECKED")) && !checked(Some("UNSUPPORTED")) && !checked(None));
    }

    #[test]
    fn only_lists_maps_and_null_are_json() {
        for (text, expected) in [
            (Some("[1]"), serde_json::json!([1])),
            (Some("{\"a\":1}"), serde_json::json!({"a": 1})),
            (Some("null"), Value::Null),
            (None, Value::Null),
            (Some("30"), serde_json::json!("30")),
            (Some("true"), serde_json::json!("true")),
            (Some("plain"), serde_json::json!("plain")),
        ] {
            assert_eq!(value(text), expected);
        }
    }
}
