//! Having AWS look for drift in all stacks of a stack set.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-drift.html>

use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{
    OperationResultFilter, OperationResultFilterName, StackSetOperationPreferences, StackSetOperationResultStatus,
    StackSetOperationStatus,
};

use super::stack_drift::Detected;
use super::stack_sets::{PAGE, home};
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::shared::wait::Limit;

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
        let mut limit = Limit::new(PATIENCE);
        let _under_way = cloud.meter.begin_detection(limit.until());
        let detected = self.detect(cloud, &mut limit).await;
        Ok(detected.unwrap_or_else(|error| Detected { drifted: None, left_out: vec![error.to_string()] }))
    }
}

impl DetectStackSetDrift {
    async fn detect(&self, cloud: &Cloud, limit: &mut Limit) -> Result<Detected, AwsError> {
        const OPERATION: &str = "cloudformation:DetectStackSetDrift";
        let client = home(cloud).await?;
        // Looking does no harm anywhere, so that all accounts may be looked at, and at once.
        let everywhere =
            StackSetOperationPreferences::builder().max_concurrent_percentage(100).failure_tolerance_percentage(100);
        let begun = client.detect_stack_set_drift().stack_set_name(&self.0).operation_preferences(everywhere.build());
        let begun = begun.send().await.explain(OPERATION)?;
        let id = begun.operation_id().ok_or_else(|| AwsError::odd(OPERATION, "no operation"))?;
        let status = self.end(&client, id, limit).await?;
        let mut left_out = self.failures(&client, id).await?;
        if left_out.is_empty() {
            left_out.extend(incomplete(status.as_ref(), limit));
        }
        // Which of its stacks have drifted, their own facts say.
        Ok(Detected { drifted: None, left_out })
    }

    /// The status in which the operation has ended, or is when it is not waited for any more.
    async fn end(
        &self,
        client: &Client,
        id: &str,
        limit: &mut Limit,
    ) -> Result<Option<StackSetOperationStatus>, AwsError> {
        loop {
            limit.pause().await;
            let request = client.describe_stack_set_operation().stack_set_name(&self.0).operation_id(id);
            let reply = request.send().await.explain("cloudformation:DescribeStackSetOperation")?;
            let status = reply.stack_set_operation().and_then(|operation| operation.status()).cloned();
            if !goes_on(status.as_ref()) || limit.is_over() {
                return Ok(status);
            }
        }
    }

    /// The accounts and regions in which AWS could not look, and why.
    async fn failures(&self, client: &Client, id: &str) -> Result<Vec<String>, AwsError> {
        let request = client.list_stack_set_operation_results().stack_set_name(&self.0).operation_id(id);
        let filter = OperationResultFilter::builder().name(OperationResultFilterName::OperationResultStatus);
        let filter = filter.values(StackSetOperationResultStatus::Failed.as_str()).build();
        let results = request
            .filters(filter)
            .max_results(PAGE)
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await;
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

fn goes_on(status: Option<&StackSetOperationStatus>) -> bool {
    use StackSetOperationStatus::{Queued, Running, Stopping};
    matches!(status, Some(Queued | Running | Stopping))
}

/// Why a detection did not look at everything, where it did not and no account says so.
fn incomplete(status: Option<&StackSetOperationStatus>, limit: &Limit) -> Option<String> {
    match status {
        Some(StackSetOperationStatus::Succeeded) => None,
        status if goes_on(status) => Some(limit.timed_out("AWS still looks for drift")),
        status => Some(format!("looking for drift ended as {}", status.map_or("unknown", |status| status.as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_detection_that_did_not_succeed_says_why() {
        let limit = Limit::new(PATIENCE);
        let reported = |status: Option<&str>| {
            let status = status.map(StackSetOperationStatus::from);
            (goes_on(status.as_ref()), incomplete(status.as_ref(), &limit))
        };
        assert_eq!(reported(Some("SUCCEEDED")), (false, None));
        for status in ["QUEUED", "RUNNING", "STOPPING"] {
            let late = "timed out after 1 h: AWS still looks for drift";
            assert_eq!(reported(Some(status)), (true, Some(late.into())), "{status}");
        }
        assert_eq!(reported(Some("FAILED")), (false, Some("looking for drift ended as FAILED".into())));
        assert_eq!(reported(None), (false, Some("looking for drift ended as unknown".into())));
    }
}
