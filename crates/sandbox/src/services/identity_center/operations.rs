//! What Identity Center answers before it is done: assignments and provisionings, how they end and how they are
//! followed.

use serde_json::{Value, json};

use super::PAGES;
use super::errors::{conflict, not_found};
use super::instance::permission_set_arn;
use super::model::{IN_PROGRESS, Operation, Task};
use super::{account_assignments, provisioning};
use crate::options::Timings;
use crate::progress::Progress;
use crate::request::{Answer, ApiError, Request};
use crate::services::{self, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[services::Operation] = &[
    operation("DescribeAccountAssignmentCreationStatus", describe_creation),
    operation("DescribeAccountAssignmentDeletionStatus", describe_deletion),
    operation("DescribePermissionSetProvisioningStatus", describe_provisioning),
    operation("ListAccountAssignmentCreationStatus", list_creations),
    operation("ListAccountAssignmentDeletionStatus", list_deletions),
    operation("ListPermissionSetProvisioningStatus", list_provisionings),
];

/// Assignments that may be under way at once ("Throttle limits" in the user guide: 10 outstanding calls of
/// CreateAccountAssignment; deletions count as well, since AWS's words for both are the same).
const MOST_OUTSTANDING: usize = 10;

/// Begins `task` with a permission set and answers the request's id.
pub(super) fn begin(request: &mut Request<'_>, set: String, task: Task) -> Result<String, ApiError> {
    let now = request.now;
    let center = request.center()?;
    let under_way = || center.operations.values().filter(|other| other.in_progress());
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

    /// Who is assigned, if anybody.
    fn assignment(&self) -> Option<&super::model::Principal> {
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

/// Ends the operations that are due; whether any was.
pub(in crate::services) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings) -> bool {
    let running = state.identity_center.operations.iter().filter(|(_, operation)| operation.in_progress());
    let mut due: Vec<(String, Operation)> = running.map(|(id, running)| (id.clone(), running.clone())).collect();
    due.retain(|(id, _)| progress.is_due(id, timings.assignment));
    for (id, operation) in &due {
        let result = carry_out(state, operation);
        if let Some(operation) = state.identity_center.operations.get_mut(id) {
            operation.status = if result.is_ok() { "SUCCEEDED" } else { "FAILED" }.into();
            operation.failure = result.err();
        }
    }
    !due.is_empty()
}

/// Does it, or says why not in AWS's words.
fn carry_out(state: &mut State, operation: &Operation) -> Result<(), String> {
    let set = &operation.permission_set;
    match &operation.task {
        Task::Assign { account, principal } => account_assignments::assign(state, set, account, principal),
        Task::Unassign { account, principal } => account_assignments::unassign(state, set, account, principal),
        Task::Provision { account: Some(account) } => provisioning::provision(state, set, account),
        Task::Provision { account: None } => provisioning::provision_everywhere(state, set),
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

/// A sort of operation: whose status a request asks for, and how its members are called.
struct Sort {
    is: fn(&Task) -> bool,
    request_id: &'static str,
    status: &'static str,
    list: &'static str,
}

const CREATION: Sort = Sort {
    is: |task| matches!(task, Task::Assign { .. }),
    request_id: "AccountAssignmentCreationRequestId",
    status: "AccountAssignmentCreationStatus",
    list: "AccountAssignmentsCreationStatus",
};

const DELETION: Sort = Sort {
    is: |task| matches!(task, Task::Unassign { .. }),
    request_id: "AccountAssignmentDeletionRequestId",
    status: "AccountAssignmentDeletionStatus",
    list: "AccountAssignmentsDeletionStatus",
};

const PROVISIONING: Sort = Sort {
    is: |task| matches!(task, Task::Provision { .. }),
    request_id: "ProvisionPermissionSetRequestId",
    status: "PermissionSetProvisioningStatus",
    list: "PermissionSetsProvisioningStatus",
};

impl Sort {
    fn describe(&self, request: &Request<'_>) -> Answer {
        let id = request.input.text(self.request_id)?;
        let operation = request.center_view()?.operations.get(id).filter(|operation| (self.is)(&operation.task));
        let operation = operation.ok_or_else(|| not_found(format!("Could not find the request {id}.")))?;
        Ok(json!({self.status: show(request.state, id, operation)}))
    }

    fn list(&self, request: &Request<'_>) -> Answer {
        let filter = request.input.structure("Filter");
        let status = filter.get("Status").and_then(Value::as_str);
        let operations = request.center_view()?.operations.iter();
        let asked = |operation: &Operation| {
            (self.is)(&operation.task) && status.is_none_or(|status| operation.status == status)
        };
        let rows: Vec<_> = operations.filter(|(_, operation)| asked(operation)).collect();
        PAGES.page(
            request,
            self.list,
            &rows,
            |(id, operation)| json!({"Status": operation.status, "RequestId": id, "CreatedDate": operation.created}),
        )
    }
}

fn describe_creation(request: &mut Request<'_>) -> Answer {
    CREATION.describe(request)
}

fn describe_deletion(request: &mut Request<'_>) -> Answer {
    DELETION.describe(request)
}

fn describe_provisioning(request: &mut Request<'_>) -> Answer {
    PROVISIONING.describe(request)
}

fn list_creations(request: &mut Request<'_>) -> Answer {
    CREATION.list(request)
}

fn list_deletions(request: &mut Request<'_>) -> Answer {
    DELETION.list(request)
}

fn list_provisionings(request: &mut Request<'_>) -> Answer {
    PROVISIONING.list(request)
}
