use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::StackEvent;

use crate::cloud::{AwsError, Explain};

/// What CloudFormation says of resources that it gave up because of another one.
const CANCELLED: [&str; 2] = ["cancelled", "canceled"];

/// The first resource that failed in the stack's last operation and why, as people read it; nothing where none did.
///
/// # Errors
/// When AWS refuses.
pub(super) async fn first_failure(client: &Client, stack: &str) -> Result<Option<String>, AwsError> {
    const OPERATION: &str = "cloudformation:DescribeStackEvents";
    let mut next = None;
    let mut first = None;
    loop {
        let request = client.describe_stack_events().stack_name(stack).set_next_token(next);
        let reply = request.send().await.explain(OPERATION)?;
        // The newest come first; the operation's own beginning ends the search.
        for event in reply.stack_events() {
            if let Some(failure) = failure(event) {
                first = Some(failure);
            }
            if begins(event) {
                return Ok(first);
            }
        }
        next = reply.next_token().map(str::to_owned);
        if next.is_none() {
            return Ok(first);
        }
    }
}

fn failure(event: &StackEvent) -> Option<String> {
    let status = event.resource_status()?.as_str();
    let reason = event.resource_status_reason()?;
    let cancelled = CANCELLED.iter().any(|word| reason.contains(word));
    let own = event.physical_resource_id() == event.stack_id();
    if !status.ends_with("_FAILED") || cancelled || own {
        return None;
    }
    let (name, sort) = (event.logical_resource_id().unwrap_or_default(), event.resource_type().unwrap_or_default());
    Some(format!("{name} ({sort}): {reason}"))
}

fn begins(event: &StackEvent) -> bool {
    let begun = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"];
    let status = event.resource_status().map(|status| status.as_str()).unwrap_or_default();
    event.physical_resource_id() == event.stack_id() && begun.contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(physical: &str, status: &str, reason: Option<&str>) -> StackEvent {
        StackEvent::builder()
            .stack_id("arn:stack")
            .event_id("1")
            .stack_name("s")
            .logical_resource_id("Topic")
            .resource_type("AWS::SNS::Topic")
            .physical_resource_id(physical)
            .resource_status(status.into())
            .set_resource_status_reason(reason.map(str::to_owned))
            .timestamp(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
            .build()
    }

    #[test]
    fn only_a_resource_that_failed_by_itself_is_a_failure() {
        let reported = |physical: &str, status: &str, reason: Option<&str>| failure(&event(physical, status, reason));
        assert_eq!(reported("t", "CREATE_FAILED", Some("exists")).as_deref(), Some("Topic (AWS::SNS::Topic): exists"));
        assert_eq!(reported("t", "UPDATE_FAILED", Some("exists")).as_deref(), Some("Topic (AWS::SNS::Topic): exists"));
        for (physical, status, reason) in [
            ("t", "CREATE_FAILED", None),
            ("t", "CREATE_COMPLETE", Some("fine")),
            ("t", "CREATE_FAILED", Some("Resource creation cancelled")),
            ("t", "CREATE_FAILED", Some("Resource creation canceled")),
            ("arn:stack", "CREATE_FAILED", Some("[Topic] failed")),
        ] {
            assert_eq!(reported(physical, status, reason), None, "{status} {reason:?}");
        }
    }

    #[test]
    fn an_operation_begins_with_an_event_of_the_stack_itself() {
        for status in ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"] {
            assert!(begins(&event("arn:stack", status, None)), "{status}");
            assert!(!begins(&event("t", status, None)), "{status}");
        }
        assert!(!begins(&event("arn:stack", "ROLLBACK_IN_PROGRESS", None)));
    }
}
