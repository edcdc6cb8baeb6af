//! Stacks whose last operation left them in a state that CloudFormation does not update.

/// How CloudFormation brings a stack back to a state that it updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recovery {
    /// The rollback of an update failed and is continued.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html>
    ContinueRollback,
    /// An update failed that was begun without rollback, and is rolled back.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html>
    RollBack,
}

/// What a stack with this status needs before it can be updated; none for the others.
pub(super) fn recovery(status: &str) -> Option<Recovery> {
    match status {
        "UPDATE_ROLLBACK_FAILED" => Some(Recovery::ContinueRollback),
        "UPDATE_FAILED" => Some(Recovery::RollBack),
        _ => None,
    }
}

impl Recovery {
    /// The reason of the change, as the plan gives it.
    pub fn reason(self) -> &'static str {
        match self {
            Recovery::ContinueRollback => "the rollback of its last update failed: it is continued first",
            Recovery::RollBack => "its last update failed and was not rolled back: it is rolled back first",
        }
    }
}

/// What a person can do where CloudFormation does not get a stack out of its state.
pub(super) fn way_out(status: &str, name: &str, region: &str) -> String {
    let command = |rest: &str| format!("aws cloudformation {rest} --stack-name {name} --region {region}");
    match status {
        "UPDATE_ROLLBACK_FAILED" => format!(
            "fix the errors of the named resources and run apply again, or skip these resources, in the stack's account: \
             {} --resources-to-skip LOGICAL-IDS",
            command("continue-update-rollback")
        ),
        "DELETE_FAILED" => format!(
            "remove what keeps the named resources and run apply again, or leave these resources behind, in the stack's \
             account: {} --deletion-mode FORCE_DELETE_STACK",
            command("delete-stack")
        ),
        "IMPORT_ROLLBACK_FAILED" => format!(
            "CloudFormation updates it only after an import that succeeds; see what failed, in the stack's account: {}",
            command("describe-stack-events")
        ),
        _ => "fix the error of the first resource that failed, then run apply again".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failed_update_or_rollback_needs_recovery() {
        assert_eq!(recovery("UPDATE_ROLLBACK_FAILED"), Some(Recovery::ContinueRollback));
        assert_eq!(recovery("UPDATE_FAILED"), Some(Recovery::RollBack));
        for status in [
            "CREATE_COMPLETE",
            "CREATE_FAILED",
            "UPDATE_ROLLBACK_COMPLETE",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "DELETE_FAILED",
            "IMPORT_ROLLBACK_FAILED",
            "",
        ] {
            assert_eq!(recovery(status), None, "{status}");
        }
    }

    #[test]
    fn each_dead_end_names_the_command_that_leads_out() {
        for (status, expected) in [
            (
                "UPDATE_ROLLBACK_FAILED",
                "aws cloudformation continue-update-rollback --stack-name s --region eu-west-1 --resources-to-skip LOGICAL-IDS",
            ),
            (
                "DELETE_FAILED",
                "aws cloudformation delete-stack --stack-name s --region eu-west-1 --deletion-mode FORCE_DELETE_STACK",
            ),
            ("IMPORT_ROLLBACK_FAILED", "aws cloudformation describe-stack-events --stack-name s --region eu-west-1"),
        ] {
            let way = way_out(status, "s", "eu-west-1");
            assert!(way.ends_with(expected), "{way}");
        }
        assert!(!way_out("ROLLBACK_COMPLETE", "s", "eu-west-1").contains("aws cloudformation"));
    }
}
