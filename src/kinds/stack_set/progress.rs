//! How far AWS is with an operation of a stack set, and how that is learned with few calls: an operation may take hours in
//! thousands of accounts.

use std::time::Duration;

use aws_sdk_cloudformation::types::{
    StackSetOperationResultStatus, StackSetOperationResultSummary, StackSetOperationStatus,
};
use serde_json::Value;
use tokio::time::Instant;

/// An operation, as one call describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// None where AWS leaves it out.
    pub status: Option<StackSetOperationStatus>,
    /// The stacks that have failed so far.
    pub failed: usize,
    /// How many stacks are done, where AWS says so.
    pub progress: Option<Progress>,
}

impl Described {
    /// An operation as DescribeStackSetOperation answers it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationStatusDetails.html>
    pub fn of(operation: &Value) -> Described {
        let details = &operation["StatusDetails"];
        Described {
            status: operation["Status"].as_str().map(StackSetOperationStatus::from),
            failed: count(&details["FailedStackInstancesCount"]).unwrap_or_default(),
            progress: Progress::reported(details),
        }
    }

    /// Whether AWS works on it, or will.
    pub fn is_under_way(&self) -> bool {
        is_under_way(self.status.as_ref())
    }
}

/// Whether an operation of that status is not over.
pub(super) fn is_under_way(status: Option<&StackSetOperationStatus>) -> bool {
    use StackSetOperationStatus::{Queued, Running, Stopping};
    matches!(status, Some(Queued | Running | Stopping))
}

/// How many of an operation's stacks are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    done: usize,
    /// Those of them that failed or were not tried.
    failed: usize,
    all: usize,
}

impl Progress {
    /// What AWS counts of the stage in which it deploys stacks.
    fn reported(details: &Value) -> Option<Progress> {
        let stage = &details["Stages"]["StackInstancesDeployment"];
        let of_stage = |name: &str| count(&stage[name]);
        let done = of_stage("CompletedStackInstancesCount")?;
        let all = count(&details["TotalStackInstancesCount"])
            .or_else(|| Some(done + of_stage("PendingStackInstancesCount")?))?;
        let failed = ["FailedStackInstancesCount", "CancelledStackInstancesCount", "SkippedStackInstancesCount"];
        Some(Progress { done, failed: failed.into_iter().filter_map(of_stage).sum(), all })
    }

    /// What the results of single stacks come to.
    pub fn of(results: &[StackSetOperationResultSummary]) -> Progress {
        use StackSetOperationResultStatus::{Cancelled, Failed, Pending, Running};
        let are = |statuses: &[StackSetOperationResultStatus]| {
            let is = |result: &&StackSetOperationResultSummary| result.status().is_some_and(|it| statuses.contains(it));
            results.iter().filter(is).count()
        };
        Progress {
            done: results.len() - are(&[Pending, Running]),
            failed: are(&[Failed, Cancelled]),
            all: results.len(),
        }
    }
}

/// A number as the query protocol writes it.
fn count(value: &Value) -> Option<usize> {
    value.as_str()?.parse().ok()
}

/// Results that one call lists.
const PAGE: usize = 100;

/// For each page after the first, so long passes before results are listed again: while AWS is at work, watching it takes one
/// page in ten seconds at most beside what describes the operation.
const A_PAGE: Duration = Duration::from_secs(10);

/// What is known of an operation's progress where AWS does not describe it.
#[derive(Debug)]
pub(super) struct Watch {
    since: Instant,
    pages: usize,
    progress: Option<Progress>,
}

impl Watch {
    /// A watch that begins now, of an operation on about so many accounts.
    pub fn new(accounts: usize) -> Watch {
        Watch { since: Instant::now(), pages: accounts.div_ceil(PAGE), progress: None }
    }

    /// Whether the results are to be listed.
    pub fn is_due(&self) -> bool {
        let others = u32::try_from(self.pages.saturating_sub(1)).unwrap_or(u32::MAX);
        self.since.elapsed() >= A_PAGE.saturating_mul(others)
    }

    /// Takes note of what was listed.
    pub fn listed(&mut self, results: &[StackSetOperationResultSummary]) {
        let (pages, progress) = (results.len().div_ceil(PAGE), Some(Progress::of(results)));
        *self = Watch { since: Instant::now(), pages, progress };
    }

    /// `7 of 12 stacks are done, 1 failed`: as AWS describes it, or else as it was listed last.
    pub fn words(&self, described: &Described) -> String {
        let known = described.progress.or(self.progress);
        let failed = known.map_or(0, |progress| progress.failed).max(described.failed);
        let failures = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        match known {
            Some(Progress { done, all, .. }) => format!("{done} of {all} stacks are done{failures}"),
            None => format!("AWS works on the stacks of many accounts{failures}"),
        }
    }
}

/// Pauses between two looks at an operation: short at first, since much is done in a minute, and half a minute for what has
/// taken longer than twenty.
pub(super) fn pause(looks: u32) -> Duration {
    Duration::from_secs(match looks {
        0 => 1,
        1 => 2,
        2 => 3,
        3 => 5,
        4..40 => 8,
        40..100 => 15,
        _ => 30,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn results(statuses: &[&str]) -> Vec<StackSetOperationResultSummary> {
        let result = |status: &&str| {
            StackSetOperationResultSummary::builder().status(StackSetOperationResultStatus::from(*status)).build()
        };
        statuses.iter().map(result).collect()
    }

    fn described(details: Value) -> Described {
        Described::of(&json!({"Status": "RUNNING", "StatusDetails": details}))
    }

    #[test]
    fn what_is_queued_running_or_stopping_is_under_way() {
        for (status, expected) in [
            ("QUEUED", true),
            ("RUNNING", true),
            ("STOPPING", true),
            ("SUCCEEDED", false),
            ("FAILED", false),
            ("STOPPED", false),
        ] {
            assert_eq!(Described::of(&json!({"Status": status})).is_under_way(), expected, "{status}");
        }
        assert!(!Described::of(&json!({})).is_under_way() && !is_under_way(None));
    }

    #[test]
    fn one_call_says_how_far_aws_is_where_aws_counts() {
        let stage = json!({
            "Status": "IN_PROGRESS", "SucceededStackInstancesCount": "6990", "FailedStackInstancesCount": "7",
            "CancelledStackInstancesCount": "2", "SkippedStackInstancesCount": "1",
            "CompletedStackInstancesCount": "7000", "PendingStackInstancesCount": "3000"
        });
        let watch = Watch::new(10_000);
        let words = |details: Value| watch.words(&described(details));
        let stages = json!({"StackInstancesDeployment": stage});
        let expected = "7000 of 10000 stacks are done, 10 failed";
        assert_eq!(words(json!({"Stages": stages, "FailedStackInstancesCount": "7"})), expected);
        assert_eq!(
            words(json!({"Stages": stages, "TotalStackInstancesCount": "10001"})),
            expected.replace("10000", "10001")
        );
        let begins = json!({"StackInstancesDeployment": {"Status": "NOT_STARTED"}});
        assert_eq!(words(json!({"Stages": begins})), "AWS works on the stacks of many accounts");
        assert_eq!(
            words(json!({"FailedStackInstancesCount": "3"})),
            "AWS works on the stacks of many accounts, 3 failed"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn where_aws_does_not_count_results_are_listed_the_more_seldom_the_more_there_are() {
        let mut small = Watch::new(100);
        assert!(small.is_due(), "a page is listed at once");
        small.listed(&results(&["SUCCEEDED", "FAILED", "CANCELLED", "PENDING", "RUNNING"]));
        assert_eq!(small.words(&described(json!({}))), "3 of 5 stacks are done, 2 failed");
        assert_eq!(
            small.words(&described(json!({"FailedStackInstancesCount": "3"}))),
            "3 of 5 stacks are done, 3 failed"
        );
        assert!(small.is_due(), "and again at each look");

        let mut large = Watch::new(10_000);
        // 99 further pages of ten seconds each.
        tokio::time::advance(Duration::from_secs(989)).await;
        assert!(!large.is_due());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(large.is_due());
        large.listed(&results(&["SUCCEEDED"; 201]));
        tokio::time::advance(Duration::from_millis(19_999)).await;
        assert!(!large.is_due(), "three pages");
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(large.is_due());
        assert_eq!(large.words(&described(json!({}))), "201 of 201 stacks are done");
    }

    #[test]
    fn an_hour_of_an_operation_takes_less_than_two_hundred_looks() {
        let hour = |from: Duration| {
            let mut passed = from;
            (0..)
                .take_while(|looks| {
                    passed += pause(*looks);
                    passed <= Duration::from_secs(3600)
                })
                .count()
        };
        // 11 s in 4 looks, 288 s in 36, 900 s in 60, then 2,401 s at 30 s each.
        assert_eq!(hour(Duration::ZERO), 4 + 36 + 60 + 80);
        assert_eq!([0, 3, 4, 39, 40, 99, 100, 5000].map(|looks| pause(looks).as_secs()), [1, 5, 8, 8, 15, 15, 30, 30]);
    }
}
