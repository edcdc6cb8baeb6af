//! Permission sets in accounts, which fall behind when the permission set changes.

use aws_sdk_ssoadmin::types::{
    CustomerManagedPolicyReference, PermissionSetProvisioningStatus, ProvisionTargetType, ProvisioningStatus,
    StatusValues,
};
use landing_sandbox::Options;
use serde_json::json;

use crate::center::{Center, sso_admin_as};
use crate::support::{account_id, code};

const MANAGEMENT: &str = "111111111111";

/// Provisions wherever the permission set is, or in one account, and answers how that ended.
async fn provision(center: &Center, set: &str, account: Option<&str>) -> PermissionSetProvisioningStatus {
    let target =
        if account.is_some() { ProvisionTargetType::AwsAccount } else { ProvisionTargetType::AllProvisionedAccounts };
    let begin = center.sso.provision_permission_set().instance_arn(&center.instance).permission_set_arn(set);
    let begun = begin.target_type(target).set_target_id(account.map(str::to_owned)).send().await.unwrap();
    let id = begun.permission_set_provisioning_status().unwrap().request_id().unwrap().to_owned();
    loop {
        let status = center.sso.describe_permission_set_provisioning_status().instance_arn(&center.instance);
        let status = status.provision_permission_set_request_id(&id).send().await.unwrap();
        let status = status.permission_set_provisioning_status().unwrap().clone();
        if status.status() != Some(&StatusValues::InProgress) {
            return status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The accounts in which a permission set is, of this status.
async fn accounts(center: &Center, set: &str, status: ProvisioningStatus) -> Vec<String> {
    let list = center.sso.list_accounts_for_provisioned_permission_set().instance_arn(&center.instance);
    list.permission_set_arn(set).provisioning_status(status).send().await.unwrap().account_ids().to_vec()
}

#[tokio::test(start_paused = true)]
async fn a_changed_permission_set_is_old_in_its_accounts_until_it_is_provisioned_again() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let dev = account_id(&center.organizations, "dev").await;
    center.assigned(&set, MANAGEMENT, &group).await;
    center.assigned(&set, &dev, &group).await;
    let old = ProvisioningStatus::LatestPermissionSetNotProvisioned;
    assert!(accounts(&center, &set, old.clone()).await.is_empty());
    let update = center.sso.update_permission_set().instance_arn(&center.instance).permission_set_arn(&set);
    update.session_duration("PT2H").send().await.unwrap();
    assert_eq!(accounts(&center, &set, old.clone()).await.len(), 2);
    provision(&center, &set, Some(&dev)).await;
    assert_eq!(accounts(&center, &set, old.clone()).await, [MANAGEMENT]);
    assert_eq!(provision(&center, &set, None).await.status(), Some(&StatusValues::Succeeded));
    assert!(accounts(&center, &set, old).await.is_empty());
    let sets = center.sso.list_permission_sets_provisioned_to_account().instance_arn(&center.instance);
    let sets = sets.account_id(&dev).provisioning_status(ProvisioningStatus::LatestPermissionSetProvisioned);
    assert_eq!(sets.send().await.unwrap().permission_sets(), [set]);
}

#[tokio::test(start_paused = true)]
async fn the_customers_policies_must_exist_in_the_account() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let reference = CustomerManagedPolicyReference::builder().name("team").path("/").build().unwrap();
    let attach = center.sso.attach_customer_managed_policy_reference_to_permission_set();
    let attach = attach.instance_arn(&center.instance).permission_set_arn(&set);
    attach.customer_managed_policy_reference(reference).send().await.unwrap();
    let ended = center.assigned(&set, MANAGEMENT, &group).await;
    let missing = "Received a 404 status error: Policy arn:aws:iam::111111111111:policy/team does not exist or is not \
                   attachable.";
    assert_eq!((ended.status(), ended.failure_reason()), (Some(&StatusValues::Failed), Some(missing)));
    let policy = json!({"global": {"AWS::IAM::ManagedPolicy": {"arn:aws:iam::111111111111:policy/team": {}}}});
    center.sandbox.edit(|state| state["resources"][MANAGEMENT] = policy).unwrap();
    assert_eq!(center.assigned(&set, MANAGEMENT, &group).await.status(), Some(&StatusValues::Succeeded));
}

#[tokio::test(start_paused = true)]
async fn delegated_administrators_do_not_reach_into_the_management_account() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let audit = account_id(&center.organizations, "audit").await;
    center.assigned(&set, MANAGEMENT, &group).await;
    let delegated = json!({"sso.amazonaws.com": 0});
    let principal = json!({"arn": format!("arn:aws:iam::{audit}:user/auditor")});
    let change = |state: &mut serde_json::Value| {
        state["organization"]["delegated"][&audit] = delegated;
        state["principals"]["AKIAAUDIT"] = principal;
    };
    center.sandbox.edit(change).unwrap();
    let member = sso_admin_as(&center.sandbox, "AKIAAUDIT", "eu-west-1");
    let update = member.update_permission_set().instance_arn(&center.instance).permission_set_arn(&set);
    assert_eq!(code(update.send().await), "AccessDeniedException");
    let everywhere = member.provision_permission_set().instance_arn(&center.instance).permission_set_arn(&set);
    let everywhere = everywhere.target_type(ProvisionTargetType::AllProvisionedAccounts);
    assert_eq!(code(everywhere.send().await), "AccessDeniedException");
}
