use aws_sdk_ssoadmin::types::{PermissionSetProvisioningStatus, ProvisionTargetType};

use super::super::identity_center::{Progress, follow};
use super::super::{Workshop, WriteError, read};
use crate::cloud::{AwsError, Explain};
use crate::model::Address;

/// Brings the set's latest version to every account that has it, and waits until it is there.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html>
pub(super) async fn everywhere(shop: &Workshop, address: &Address, id: &read::SetId) -> Result<(), WriteError> {
    let request = shop.cloud.sso_admin.provision_permission_set().instance_arn(&id.instance);
    let request = request.permission_set_arn(&id.set).target_type(ProvisionTargetType::AllProvisionedAccounts);
    let reply = request.send().await.explain("sso:ProvisionPermissionSet")?;
    shop.tell(address, "the accounts that have it get the new version");
    let begun = progress(reply.permission_set_provisioning_status());
    match follow(shop, address, begun, |request| look(shop, id, request)).await? {
        None => Ok(()),
        Some(reason) => Err(WriteError::Failed {
            message: format!("{address} could not be provisioned to every account that has it: {reason}"),
            help: "mend what AWS names, such as a customer managed policy that an account lacks; then run apply again"
                .into(),
        }),
    }
}

async fn look(shop: &Workshop, id: &read::SetId, request: String) -> Result<Progress, AwsError> {
    let asked = shop.cloud.sso_admin.describe_permission_set_provisioning_status().instance_arn(&id.instance);
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
