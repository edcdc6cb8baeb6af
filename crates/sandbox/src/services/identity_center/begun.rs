//! How assignments and provisionings begin, and what is shown of them.

use serde_json::{Value, json};

use super::errors::conflict;
use super::instance::permission_set_arn;
use crate::aws_error::ApiError;
use crate::model::identity_center::{IN_PROGRESS, Operation, Principal, Task};
use crate::request::Request;
use crate::state::State;

/// Assignments that may be under way at once ("Throttle limits" in the user guide: 10 outstanding calls of
/// CreateAccountAssignment; deletions count as well, since AWS's words for both are the same).
const MOST_OUTSTANDING: usize = 10;

/// Begins `task` with a permission set and answers the request's id.
pub(super) fn begin(request: &mut Request<'_>, set: String, task: Task) -> Result<String, ApiError> {
    let now = request.now;
    let center = request.center()?;
    let under_way = || center.operations.open().map(|(_, other)| other);
    if under_way().any(|other| other.permission_set == set && other.task.meets(&task)) {
        return Err(conflict(
            "Another operation on the same permission set and account is in progress. Try again later.",
        ));
    }
    let assigns = !matches!(task, Task::Provision { .. });
    let outstanding = under_way().filter(|other| !matches!(other.task, Task::Provision { .. })).count();
    if assigns && outstanding >= MOST_OUTSTANDING {
        let message = "There are too many requests processing. Please try again later.";
        return Err(ApiError::new("ThrottlingException", message));
    }
    let id = center.new_request_id();
    let begun = Operation { task, permission_set: set, status: IN_PROGRESS.into(), failure: None, created: now };
    center.operations.insert(id.clone(), begun);
    Ok(id)
}

impl Task {
    /// Whether the two cannot be under way at once: the same assignment, or the same provisioning.
    fn meets(&self, other: &Self) -> bool {
        self.assignment() == other.assignment()
            && match (self.account(), other.account()) {
                (Some(one), Some(another)) => one == another,
                _ => true,
            }
    }

    /// Who is assigned, if anyone.
    fn assignment(&self) -> Option<&Principal> {
        match self {
            Self::Assign { principal, .. } | Self::Unassign { principal, .. } => Some(principal),
            Self::Provision { .. } => None,
        }
    }

    /// The one account that it is about.
    fn account(&self) -> Option<&String> {
        match self {
            Self::Assign { account, .. } | Self::Unassign { account, .. } => Some(account),
            Self::Provision { account } => account.as_ref(),
        }
    }
}

/// An operation's status, as the request that began it is answered as well.
pub(super) fn show(state: &State, id: &str, operation: &Operation) -> Value {
    let mut shown = json!({
        "Status": operation.status,
        "RequestId": id,
        "PermissionSetArn": permission_set_arn(state, &operation.permission_set),
        "CreatedDate": operation.created,
    });
    if let Some(failure) = &operation.failure {
        shown["FailureReason"] = failure.as_str().into();
    }
    match (operation.task.assignment(), operation.task.account()) {
        (Some(principal), account) => {
            shown["PrincipalType"] = principal.kind.as_str().into();
            shown["PrincipalId"] = principal.id.as_str().into();
            shown["TargetType"] = "AWS_ACCOUNT".into();
            shown["TargetId"] = json!(account);
        }
        (None, Some(account)) => shown["AccountId"] = account.as_str().into(),
        (None, None) => {}
    }
    shown
}
