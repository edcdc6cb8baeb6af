use std::time::Duration;

use aws_sdk_ssoadmin::types::{AccountAssignmentOperationStatus, PrincipalType, TargetType};

use super::super::read::SetId;
use super::super::{Step, WriteContext, WriteError};
use super::read;
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::identity_center::{Center, Progress, follow};
use crate::kinds::shared::newcomer::joined_lately;
use crate::kinds::shared::wait::Wait;
use crate::model::{Action, Address};

/// An assignment in AWS's terms.
struct Assignment {
    set: SetId,
    account: String,
    principal_type: &'static str,
    principal: String,
}

/// AWS's name of what a group or user is.
pub(super) fn principal_type(principal: &Address) -> &'static str {
    if principal.prefix() == "user" { "USER" } else { "GROUP" }
}

/// Makes an assignment or takes it away, and waits until that is done. Either may be repeated.
pub(super) async fn write(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let address = &step.change.address;
    let assignment = assignment(step, context)?;
    let is_wanted = step.change.action != Action::Delete;
    let _slot = context.assignment_slots.take().await;
    let failed = if is_wanted {
        create(context, address, &assignment).await?
    } else {
        delete(context, address, &assignment).await?
    };
    let Some(reason) = failed else { return Ok(()) };
    // A repeated request may fail because the first one, whose answer was lost, did it.
    if is_there(context, &assignment).await? == is_wanted {
        return Ok(());
    }
    Err(WriteError::Failed {
        message: format!("{address}: Identity Center failed: {reason}"),
        help: "fix what AWS names, such as a customer managed policy that the account lacks; then run apply again"
            .into(),
    })
}

fn assignment(step: &Step, context: &WriteContext) -> Result<Assignment, WriteError> {
    let address = &step.change.address;
    let Some((set, principal, account)) = address.assigned() else {
        return Err(AwsError::odd("sso:CreateAccountAssignment", format!("{address} is no assignment")).into());
    };
    Ok(Assignment {
        set: Center::of(context)?.set(context.id(&set)?),
        account: context.id(&account)?,
        principal_type: principal_type(&principal),
        principal: match &step.found {
            // It may have no name any more.
            Some(found) => found.id.clone(),
            None => context.id(&principal)?,
        },
    })
}

/// How long Identity Center may not know an account that joined lately, and a stack of the blueprint take to reach the account.
const PATIENCE: Duration = Duration::from_secs(900);

/// As [`create_once`], as soon as Identity Center knows the account and finds the policies there that the set needs.
async fn create(context: &WriteContext, address: &Address, it: &Assignment) -> Result<Option<String>, WriteError> {
    let mut wait = Wait::new(context, address, PATIENCE);
    loop {
        match create_once(context, address, it).await {
            Err(WriteError::Aws(error))
                if error.is("ResourceNotFoundException") && joined_lately(context, &it.account).await? =>
            {
                // On the limit, AWS's own error says what it does not know.
                let waited = wait.next("Identity Center does not know the new account yet").await;
                waited.map_err(|_| WriteError::from(error))?;
            }
            Ok(Some(reason)) if is_missing(&reason) && needs_a_stack(context, address) => {
                const WAITS: &str = "a stack has yet to create a policy of the permission set in the account";
                // On the limit, Identity Center's own reason says which policy.
                if wait.next(WAITS).await.is_err() {
                    return Ok(Some(reason));
                }
            }
            other => return other,
        }
    }
}

/// Whether Identity Center failed because the account lacks a policy, in the words that it has for that.
fn is_missing(reason: &str) -> bool {
    reason.contains("404") && reason.contains("does not exist")
}

/// Whether the blueprint's own stacks make what the permission set needs in accounts: they reach an account that entered a unit
/// some time after it.
fn needs_a_stack(context: &WriteContext, assignment: &Address) -> bool {
    let set = assignment.assigned().and_then(|(set, ..)| context.desired.get(&set));
    set.is_some_and(|set| set.needs.iter().any(|need| matches!(need.prefix(), "stack" | "stack-set")))
}

/// Gives the reason where AWS could not do it.
async fn create_once(context: &WriteContext, address: &Address, it: &Assignment) -> Result<Option<String>, WriteError> {
    let request = context.cloud.sso_admin.create_account_assignment().instance_arn(&it.set.instance);
    let reply = request
        .permission_set_arn(&it.set.set)
        .target_type(TargetType::AwsAccount)
        .target_id(&it.account)
        .principal_type(PrincipalType::from(it.principal_type))
        .principal_id(&it.principal)
        .send()
        .await
        .explain("sso:CreateAccountAssignment")?;
    follow(context, address, progress(reply.account_assignment_creation_status()), |request| async move {
        let asked =
            context.cloud.sso_admin.describe_account_assignment_creation_status().instance_arn(&it.set.instance);
        let asked = asked.account_assignment_creation_request_id(request).send().await;
        let reply = asked.explain("sso:DescribeAccountAssignmentCreationStatus")?;
        Ok(progress(reply.account_assignment_creation_status()))
    })
    .await
}

/// As [`create`].
async fn delete(context: &WriteContext, address: &Address, it: &Assignment) -> Result<Option<String>, WriteError> {
    let request = context.cloud.sso_admin.delete_account_assignment().instance_arn(&it.set.instance);
    let reply = request
        .permission_set_arn(&it.set.set)
        .target_type(TargetType::AwsAccount)
        .target_id(&it.account)
        .principal_type(PrincipalType::from(it.principal_type))
        .principal_id(&it.principal)
        .send()
        .await
        .explain("sso:DeleteAccountAssignment");
    let reply = match reply {
        Err(error) if error.is("ResourceNotFoundException") => return Ok(None),
        other => other?,
    };
    follow(context, address, progress(reply.account_assignment_deletion_status()), |request| async move {
        let asked =
            context.cloud.sso_admin.describe_account_assignment_deletion_status().instance_arn(&it.set.instance);
        let asked = asked.account_assignment_deletion_request_id(request).send().await;
        let reply = asked.explain("sso:DescribeAccountAssignmentDeletionStatus")?;
        Ok(progress(reply.account_assignment_deletion_status()))
    })
    .await
}

async fn is_there(context: &WriteContext, it: &Assignment) -> Result<bool, AwsError> {
    let question = read::AssignmentsIn { id: it.set.clone(), account: it.account.clone() };
    let all = question.ask(&context.cloud).await?;
    Ok(all.iter().any(|(kind, id)| kind == it.principal_type && *id == it.principal))
}

fn progress(status: Option<&AccountAssignmentOperationStatus>) -> Progress {
    let field = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Progress {
        status: field(status.and_then(|status| Some(status.status()?.as_str()))),
        request: field(status.and_then(|status| status.request_id())),
        reason: field(status.and_then(|status| status.failure_reason())),
    }
}

#[cfg(test)]
mod tests {
    use super::is_missing;

    #[test]
    fn only_a_policy_that_is_missing_is_waited_for() {
        let policy = "arn:aws:iam::111111111111:policy/ml-boundary";
        assert!(is_missing(&format!(
            "Received a 404 status error: Policy {policy} does not exist or is not attachable."
        )));
        assert!(!is_missing("Received a 404 status error: Could not find PermissionSet with id ps-1"));
        assert!(!is_missing(&format!("Received a 403 status error: {policy} does not exist for you")));
    }
}
