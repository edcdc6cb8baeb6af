//! What Identity Center answers before it is done: assignments and provisionings, how they end and how they are
//! followed.

use serde_json::{Value, json};

use super::begun::show;
use super::errors::not_found;
use super::pages::PAGES;
use super::{account_assignments, provisioning};
use crate::aws_error::Answer;
use crate::model::identity_center::{Operation, Task};
use crate::options::Timings;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{self, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[service::Operation] = &[
    operation("DescribeAccountAssignmentCreationStatus", describe_creation),
    operation("DescribeAccountAssignmentDeletionStatus", describe_deletion),
    operation("DescribePermissionSetProvisioningStatus", describe_provisioning),
    operation("ListAccountAssignmentCreationStatus", list_creations),
    operation("ListAccountAssignmentDeletionStatus", list_deletions),
    operation("ListPermissionSetProvisioningStatus", list_provisionings),
];

/// Ends the operations that are due; whether any was.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings) -> bool {
    let running = state.identity_center.operations.open();
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
