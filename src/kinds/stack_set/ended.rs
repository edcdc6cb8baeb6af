//! How operations of a stack set ended.

use aws_sdk_cloudformation::types::{
    StackSetOperationResultStatus, StackSetOperationResultSummary, StackSetOperationStatus,
};

use super::super::WriteError;
use super::progress::Described;
use super::targets::{Place, Targets};
use crate::model::Address;

/// Failures that an error names; the next plan shows all.
const NAMED: usize = 10;

/// A stack that could not be brought to what it is to be.
#[derive(Debug)]
pub(super) struct Failure {
    /// Account, region and AWS's reason.
    pub text: String,
    /// What is waited for, where it passes by itself.
    pub passes: Option<String>,
}

/// How operations ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    failures: Vec<Failure>,
    /// Where stacks failed or were not tried after that.
    undone: Vec<Place>,
    /// How many stacks were left as they are because too many others had failed.
    untried: usize,
    /// Whether AWS gave an operation up, or someone stopped it.
    given_up: Option<StackSetOperationStatus>,
}

/// Whether an operation has done all that it was to do.
pub(super) fn is_done(over: &Described) -> bool {
    has_succeeded(over) && over.failed == 0
}

/// An operation that AWS carried to its end; within what is tolerated, stacks may have failed all the same.
fn has_succeeded(over: &Described) -> bool {
    over.status == Some(StackSetOperationStatus::Succeeded)
}

impl Ended {
    /// How an operation ended that has not done all that it was to do.
    pub fn of(
        over: &Described,
        results: &[StackSetOperationResultSummary],
        describe: impl Fn(&StackSetOperationResultSummary) -> Failure,
    ) -> Ended {
        let with = |status: StackSetOperationResultStatus| {
            results.iter().filter(move |result| result.status() == Some(&status))
        };
        Ended {
            failures: with(StackSetOperationResultStatus::Failed).map(describe).collect(),
            undone: with(StackSetOperationResultStatus::Failed)
                .chain(with(StackSetOperationResultStatus::Cancelled))
                .map(place)
                .collect(),
            untried: with(StackSetOperationResultStatus::Cancelled).count(),
            // A status that AWS leaves out is no success either.
            given_up: (!has_succeeded(over)).then(|| over.status.clone().unwrap_or(StackSetOperationStatus::Failed)),
        }
    }

    /// Both together.
    pub fn and(mut self, other: Ended) -> Ended {
        self.failures.extend(other.failures);
        self.undone.extend(other.undone);
        Ended { untried: self.untried + other.untried, given_up: self.given_up.or(other.given_up), ..self }
    }

    /// Whether going on would do more harm than good.
    pub fn is_given_up(&self) -> bool {
        self.given_up.is_some()
    }

    /// What is waited for and where it is then tried again, if all that failed passes by itself.
    pub fn passing(&self) -> Option<(String, Vec<Targets>)> {
        let words: Option<Vec<&String>> = self.failures.iter().map(|failure| failure.passes.as_ref()).collect();
        let words = words?.into_iter().next()?.clone();
        // AWS may leave out the unit, by which alone it can be asked to try again.
        let is_complete = self.undone.iter().all(|place| !place.unit.is_empty());
        is_complete.then(|| (words, Targets::places(self.undone.iter().cloned())))
    }

    /// # Errors
    /// Every stack that could not be brought to what it is to be, and why.
    pub fn into_result(self, address: &Address) -> Result<(), WriteError> {
        if self.failures.is_empty() && self.given_up.is_none() {
            return Ok(());
        }
        let mut reported: Vec<String> = self.failures.iter().take(NAMED).map(|failure| failure.text.clone()).collect();
        if self.failures.len() > NAMED {
            reported.push(format!("{} more", self.failures.len() - NAMED));
        }
        if self.untried > 0 {
            reported.push(format!("{} were not tried after that", self.untried));
        }
        let status = self.given_up.map(|status| format!(", the operation is {}", status.as_str())).unwrap_or_default();
        let failed = self.failures.len();
        Err(WriteError::Failed {
            message: format!("stacks of {address} that failed: {failed}{status}: {}", reported.join("; ")),
            help: "fix what CloudFormation reports, then run apply again: it tries those accounts once more".into(),
        })
    }
}

fn place(result: &StackSetOperationResultSummary) -> Place {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Place {
        account: text(result.account()),
        unit: text(result.organizational_unit_id()),
        region: text(result.region()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(status: &str, failed: usize) -> Described {
        Described { status: Some(StackSetOperationStatus::from(status)), failed, progress: None }
    }

    /// An operation of which AWS says nothing.
    fn unknown() -> Described {
        Described { status: None, failed: 0, progress: None }
    }

    fn result(account: &str, status: &str) -> StackSetOperationResultSummary {
        StackSetOperationResultSummary::builder()
            .account(account)
            .region("eu-west-1")
            .organizational_unit_id("ou-1")
            .status(StackSetOperationResultStatus::from(status))
            .build()
    }

    fn ended(over: &Described, results: &[StackSetOperationResultSummary]) -> Ended {
        let passes = |account: &str| (account == "9").then(|| "RAM is slow".to_owned());
        Ended::of(over, results, |result| {
            let account = result.account().unwrap_or_default();
            Failure { text: account.to_owned(), passes: passes(account) }
        })
    }

    #[test]
    fn an_operation_is_done_only_where_it_succeeded_and_no_stack_failed() {
        assert!(is_done(&operation("SUCCEEDED", 0)));
        assert!(!is_done(&operation("SUCCEEDED", 1)));
        for status in ["FAILED", "STOPPED", "STOPPING", "RUNNING", "QUEUED"] {
            assert!(!is_done(&operation(status, 0)), "{status}");
        }
        assert!(!is_done(&unknown()));
    }

    #[test]
    fn failures_are_named_and_what_was_not_tried_is_counted() {
        let results =
            [result("1", "SUCCEEDED"), result("2", "FAILED"), result("3", "CANCELLED"), result("4", "CANCELLED")];
        let failed = ended(&operation("FAILED", 1), &results);
        let names: Vec<&str> = failed.failures.iter().map(|failure| failure.text.as_str()).collect();
        assert_eq!((names, failed.untried, failed.is_given_up()), (vec!["2"], 2, true));
        let tolerated = ended(&operation("SUCCEEDED", 1), &results);
        assert_eq!((tolerated.failures.len(), tolerated.is_given_up()), (1, false));
        assert!(ended(&operation("STOPPED", 0), &[]).is_given_up());
        assert!(ended(&unknown(), &[]).is_given_up());
    }

    #[test]
    fn a_change_is_done_only_when_none_of_its_operations_failed() {
        let address = Address::stack_set("base");
        let good = || ended(&operation("SUCCEEDED", 0), &[]);
        assert!(good().into_result(&address).is_ok());
        assert!(good().and(good()).into_result(&address).is_ok());
        let bad = || ended(&operation("SUCCEEDED", 1), &[result("2", "FAILED")]);
        let stopped = || ended(&operation("STOPPED", 0), &[]);
        for both in [bad().and(good()), good().and(bad()), stopped().and(good()), good().and(stopped())] {
            assert!(both.into_result(&address).is_err());
        }
        assert!(good().and(stopped()).is_given_up() && stopped().and(good()).is_given_up());
        assert!(!bad().and(good()).is_given_up());
        let reported = match bad().and(stopped()).into_result(&address) {
            Err(WriteError::Failed { message, .. }) => message,
            other => panic!("{other:?}"),
        };
        assert_eq!(reported, "stacks of stack-set/base that failed: 1, the operation is STOPPED: 2");
    }

    #[test]
    fn only_where_all_that_failed_passes_it_is_tried_again_with_what_was_not_tried() {
        let places = |accounts: &[&str]| {
            let place =
                |account: &&str| Place { account: (*account).into(), unit: "ou-1".into(), region: "eu-west-1".into() };
            Some(("RAM is slow".to_owned(), Targets::places(accounts.iter().map(place))))
        };
        let failed = operation("FAILED", 1);
        let all = [result("1", "SUCCEEDED"), result("9", "FAILED"), result("3", "CANCELLED")];
        assert_eq!(ended(&failed, &all).passing(), places(&["3", "9"]));
        assert_eq!(ended(&failed, &[result("9", "FAILED"), result("2", "FAILED")]).passing(), None);
        assert_eq!(
            ended(&failed, &[result("9", "FAILED")]).and(ended(&failed, &[result("2", "FAILED")])).passing(),
            None
        );
        assert_eq!(ended(&operation("STOPPED", 0), &[result("3", "CANCELLED")]).passing(), None);
        let nowhere = StackSetOperationResultSummary::builder().account("9").status("FAILED".into()).build();
        assert_eq!(ended(&failed, &[nowhere]).passing(), None);
    }
}
