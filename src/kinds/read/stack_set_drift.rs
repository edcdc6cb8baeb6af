//! Having AWS look for drift in all stacks of a stack set.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-drift.html>

use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{
    StackSetOperationPreferences, StackSetOperationResultStatus, StackSetOperationStatus,
};
use tokio::time::Instant;

use super::super::write::pause;
use super::stack_drift::Detected;
use super::stack_sets::{PAGE, home};
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// AWS looks into one account after another, or into some at once. What takes longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Has AWS look for drift in all stacks of a stack set, by its id, and waits until it has. What each of them is like then
/// is among the instances' facts, so that is to be asked after this.
#[derive(Debug)]
pub struct DetectStackSetDrift(pub String);

impl Question for DetectStackSetDrift {
    type Answer = Detected;

    fn key(&self) -> String {
        format!("cloudformation/drift-detected-in-set/{}", self.0)
    }

    /// As for a stack, what AWS cannot look at is an answer and no error.
    async fn ask(&self, cloud: &Cloud) -> Result<Detected, AwsError> {
        let _under_way = cloud.meter.begin_detection();
        let detected = self.detect(cloud).await;
        Ok(detected.unwrap_or_else(|error| Detected { drifted: None, left_out: vec![error.to_string()] }))
    }
}

impl DetectStackSetDrift {
    async fn detect(&self, cloud: &Cloud) -> Result<Detected, AwsError> {
        const OPERATION: &str = "cloudformation:DetectStackSetDrift";
        let client = home(cloud).await?;
        // Looking does no harm anywhere, so that all accounts may be looked at, and at once.
        let everywhere =
            StackSetOperationPreferences::builder().max_concurrent_percentage(100).failure_tolerance_percentage(100);
        let begun = client.detect_stack_set_drift().stack_set_name(&self.0).operation_preferences(everywhere.build());
        let begun = begun.send().await.explain(OPERATION)?;
        let id = begun.operation_id().ok_or_else(|| AwsError::odd(OPERATION, "no operation"))?;
        let status = self.end(&client, id).await?;
        let mut left_out = self.failures(&client, id).await?;
        if left_out.is_empty() && status != Some(StackSetOperationStatus::Succeeded) {
            left_out
                .push(format!("looking for drift ended as {}", status.map_or("unknown".into(), |it| it.to_string())));
        }
        // Which of its stacks have drifted, their own facts say.
        Ok(Detected { drifted: None, left_out })
    }

    /// The status in which the operation has ended, or is when it is not waited for any more.
    async fn end(&self, client: &Client, id: &str) -> Result<Option<StackSetOperationStatus>, AwsError> {
        let start = Instant::now();
        let mut nth = 0;
        loop {
            pause(nth).await;
            nth += 1;
            let request = client.describe_stack_set_operation().stack_set_name(&self.0).operation_id(id);
            let reply = request.send().await.explain("cloudformation:DescribeStackSetOperation")?;
            let status = reply.stack_set_operation().and_then(|operation| operation.status()).cloned();
            use StackSetOperationStatus::{Queued, Running, Stopping};
            if !matches!(status, Some(Queued | Running | Stopping)) || start.elapsed() > PATIENCE {
                return Ok(status);
            }
        }
    }

    /// The accounts and regions in which AWS could not look, and why.
    async fn failures(&self, client: &Client, id: &str) -> Result<Vec<String>, AwsError> {
        let request = client.list_stack_set_operation_results().stack_set_name(&self.0).operation_id(id);
        let results = request.max_results(PAGE).into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let results = results.explain("cloudformation:ListStackSetOperationResults")?;
        let failed = results.iter().filter(|it| it.status() == Some(&StackSetOperationResultStatus::Failed));
        Ok(failed
            .map(|it| {
                let (account, region) = (it.account().unwrap_or_default(), it.region().unwrap_or_default());
                format!("account {account} in {region}: {}", it.status_reason().unwrap_or("AWS gives no reason"))
            })
            .collect())
    }
}
