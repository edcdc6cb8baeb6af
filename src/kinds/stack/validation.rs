//! What CloudFormation's validation says of a change set before it is executed: what makes it fail, and warnings.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html>

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::Builder;
use aws_sdk_cloudformation::config::retry::RetryConfig;
use aws_sdk_cloudformation::types::{EventType, HookFailureMode, OperationEvent};

use crate::cloud::{AwsError, Explain};

/// The findings of one change set, as people read them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Those that keep it from being executed.
    pub errors: Vec<String>,
    /// Those that do not.
    pub warnings: Vec<String>,
}

/// Reads the findings of a change set, once: what emulates AWS may not know the operation, and they decide nothing.
///
/// # Errors
/// When AWS refuses.
pub(super) async fn findings(client: &Client, change_set: &str) -> Result<Findings, AwsError> {
    let mut findings = Findings::default();
    let mut next = None;
    loop {
        let request = client.describe_events().change_set_name(change_set).set_next_token(next).customize();
        let once = Builder::new().retry_config(RetryConfig::disabled());
        let reply = request.config_override(once).send().await.explain("cloudformation:DescribeEvents")?;
        reply.operation_events().iter().for_each(|event| findings.add(event));
        next = reply.next_token().map(str::to_owned);
        if next.is_none() {
            return Ok(findings);
        }
    }
}

impl Findings {
    fn add(&mut self, event: &OperationEvent) {
        if event.event_type() != Some(&EventType::ValidationError) {
            return;
        }
        match event.validation_failure_mode() {
            Some(HookFailureMode::Warn) => self.warnings.push(described(event)),
            _ => self.errors.push(described(event)),
        }
    }
}

/// `Logs (AWS::S3::Bucket) at /Properties/X: the reason`.
fn described(event: &OperationEvent) -> String {
    let (name, sort) = (event.logical_resource_id().unwrap_or_default(), event.resource_type().unwrap_or_default());
    let path = event.validation_path().filter(|path| !path.is_empty());
    let place = path.map(|path| format!(" at {path}")).unwrap_or_default();
    let reason = event.validation_status_reason().or(event.validation_name()).unwrap_or("AWS gives no reason");
    format!("{name} ({sort}){place}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(sort: EventType, mode: Option<HookFailureMode>) -> OperationEvent {
        OperationEvent::builder()
            .event_type(sort)
            .set_validation_failure_mode(mode)
            .logical_resource_id("Logs")
            .resource_type("AWS::S3::Bucket")
            .validation_status_reason("The bucket is not empty.")
            .validation_path("/Resources/Logs")
            .build()
    }

    #[test]
    fn warnings_and_errors_are_distinguished_and_other_events_are_left_out() {
        let mut findings = Findings::default();
        findings.add(&event(EventType::ValidationError, Some(HookFailureMode::Warn)));
        findings.add(&event(EventType::StackEvent, Some(HookFailureMode::Warn)));
        let reported = "Logs (AWS::S3::Bucket) at /Resources/Logs: The bucket is not empty.";
        assert_eq!(findings, Findings { errors: Vec::new(), warnings: vec![reported.into()] });
        findings.add(&event(EventType::ValidationError, Some(HookFailureMode::Fail)));
        findings.add(&event(EventType::ValidationError, None));
        assert_eq!(findings.errors, [reported, reported]);
        assert_eq!(findings.warnings.len(), 1);
    }
}
