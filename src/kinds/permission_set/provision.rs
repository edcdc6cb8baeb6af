use aws_sdk_ssoadmin::types::{PermissionSetProvisioningStatus, ProvisionTargetType};

use super::super::read::{ProvisionedTo, SetId};
use super::super::{Step, WriteContext, WriteError};
use super::holders;
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::identity_center::{Progress, follow};
use crate::model::{Address, Presence};

/// Brings the set's latest version to every open account that has it, and waits until it is there. AWS counts closed accounts
/// among all that have the set and fails for them, so that with one of these each open account is named.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html>
pub(super) async fn everywhere(step: &Step, context: &WriteContext, id: &SetId) -> Result<(), WriteError> {
    let address = &step.change.address;
    let closed: Vec<String> = closed(step, context);
    if closed.is_empty() {
        return provision(context, address, id, None).await;
    }
    let outdated = ProvisionedTo { id: id.clone(), outdated: true }.ask(&context.cloud).await?;
    for account in outdated.into_iter().filter(|account| !closed.contains(account)) {
        provision(context, address, id, Some(account)).await?;
    }
    Ok(())
}

/// The ids of the accounts that are closed: those that have the set, and those that the blueprint closes.
fn closed(step: &Step, context: &WriteContext) -> Vec<String> {
    let holders = step.found.iter().flat_map(holders);
    let closing = context.desired.of_kind("account").filter(|account| account.presence == Presence::Absent);
    let all = holders.chain(closing.map(|account| account.address.clone()));
    all.map(|account| context.id(&account).unwrap_or_else(|_| account.name())).collect()
}

/// Brings the set's latest version to one account, or to all that have it.
async fn provision(
    context: &WriteContext,
    address: &Address,
    id: &SetId,
    account: Option<String>,
) -> Result<(), WriteError> {
    let target =
        account.as_ref().map_or(ProvisionTargetType::AllProvisionedAccounts, |_| ProvisionTargetType::AwsAccount);
    let place = account.as_ref().map_or("every account that has it".to_owned(), |account| format!("account {account}"));
    let request = context.cloud.sso_admin.provision_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).target_type(target).set_target_id(account);
    let reply = request.send().await.explain("sso:ProvisionPermissionSet")?;
    context.report_progress(address, format!("provisioning the new version to {place}"));
    let begun = progress(reply.permission_set_provisioning_status());
    match follow(context, address, begun, |request| look(context, id, request)).await? {
        None => Ok(()),
        Some(reason) => Err(WriteError::Failed {
            message: format!("{address} could not be provisioned to {place}: {reason}"),
            help:
                "correct what AWS names, such as a customer managed policy that an account lacks; then run apply again"
                    .into(),
        }),
    }
}

async fn look(context: &WriteContext, id: &SetId, request: String) -> Result<Progress, AwsError> {
    let asked = context.cloud.sso_admin.describe_permission_set_provisioning_status().instance_arn(&id.instance);
    let asked = asked.provision_permission_set_request_id(request).send().await;
    Ok(progress(asked.explain("sso:DescribePermissionSetProvisioningStatus")?.permission_set_provisioning_status()))
}

fn progress(status: Option<&PermissionSetProvisioningStatus>) -> Progress {
    let field = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Progress {
        status: field(status.and_then(|status| Some(status.status()?.as_str()))),
        request: field(status.and_then(|status| status.request_id())),
        reason: field(status.and_then(|status| status.failure_reason())),
    }
}
