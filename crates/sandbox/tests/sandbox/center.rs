//! Identity Center of an organization, to begin with.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::retry::RetryConfig;
use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_ssoadmin::operation::create_account_assignment::builders::CreateAccountAssignmentFluentBuilder;
use aws_sdk_ssoadmin::operation::delete_account_assignment::builders::DeleteAccountAssignmentFluentBuilder;
use aws_sdk_ssoadmin::types::{AccountAssignmentOperationStatus, PrincipalType, StatusValues, TargetType};
use landing_sandbox::{Options, Sandbox};

use crate::support::{credentials, organization};

/// A client of Identity Center's administration in `region`, for the access key `key`.
pub fn sso_admin_as(sandbox: &Sandbox, key: &str, region: &'static str) -> aws_sdk_ssoadmin::Client {
    let config = aws_sdk_ssoadmin::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(Credentials::new(key, "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(sandbox.http_client());
    aws_sdk_ssoadmin::Client::from_conf(config.build())
}

/// A client of the directory in `region`, for the management account.
pub fn identity_store(sandbox: &Sandbox, region: &'static str) -> aws_sdk_identitystore::Client {
    let config = aws_sdk_identitystore::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .retry_config(RetryConfig::disabled())
        .http_client(sandbox.http_client());
    aws_sdk_identitystore::Client::from_conf(config.build())
}

/// An organization with Identity Center in eu-west-1, as the management account sees it.
pub struct Center {
    pub sandbox: Sandbox,
    pub organizations: Client,
    pub sso: aws_sdk_ssoadmin::Client,
    pub store: aws_sdk_identitystore::Client,
    pub instance: String,
    pub store_id: String,
}

impl Center {
    pub async fn new(options: Options) -> Self {
        let (sandbox, organizations, _) = organization(options).await;
        let sso = sso_admin_as(&sandbox, "AKIAMANAGEMENT", "eu-west-1");
        let store = identity_store(&sandbox, "eu-west-1");
        let found = sso.list_instances().send().await.unwrap();
        let found = &found.instances()[0];
        let (instance, store_id) = (found.instance_arn().unwrap().into(), found.identity_store_id().unwrap().into());
        Self { sandbox, organizations, sso, store, instance, store_id }
    }

    /// Makes a permission set and answers its ARN.
    pub async fn permission_set(&self, name: &str) -> String {
        let made = self.sso.create_permission_set().instance_arn(&self.instance).name(name).send().await.unwrap();
        made.permission_set().unwrap().permission_set_arn().unwrap().to_owned()
    }

    /// Makes a group and answers its id.
    pub async fn group(&self, name: &str) -> String {
        let made = self.store.create_group().identity_store_id(&self.store_id).display_name(name).send().await;
        made.unwrap().group_id().to_owned()
    }

    /// The request to assign a group to an account.
    pub fn assign(&self, set: &str, account: &str, group: &str) -> CreateAccountAssignmentFluentBuilder {
        let request = self.sso.create_account_assignment().instance_arn(&self.instance).permission_set_arn(set);
        let request = request.target_type(TargetType::AwsAccount).target_id(account);
        request.principal_type(PrincipalType::Group).principal_id(group)
    }

    /// The request to remove it again.
    pub fn unassign(&self, set: &str, account: &str, group: &str) -> DeleteAccountAssignmentFluentBuilder {
        let request = self.sso.delete_account_assignment().instance_arn(&self.instance).permission_set_arn(set);
        let request = request.target_type(TargetType::AwsAccount).target_id(account);
        request.principal_type(PrincipalType::Group).principal_id(group)
    }

    /// Assigns, waits, and answers how it ended.
    pub async fn assigned(&self, set: &str, account: &str, group: &str) -> AccountAssignmentOperationStatus {
        let begun = self.assign(set, account, group).send().await.unwrap();
        let id = begun.account_assignment_creation_status().unwrap().request_id().unwrap().to_owned();
        self.creation(&id).await
    }

    /// How an assignment ended.
    pub async fn creation(&self, id: &str) -> AccountAssignmentOperationStatus {
        loop {
            let status = self.sso.describe_account_assignment_creation_status().instance_arn(&self.instance);
            let status = status.account_assignment_creation_request_id(id).send().await.unwrap();
            let status = status.account_assignment_creation_status().unwrap().clone();
            if status.status() != Some(&StatusValues::InProgress) {
                return status;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Takes an assignment away, waits, and answers how that ended.
    pub async fn unassigned(&self, set: &str, account: &str, group: &str) -> AccountAssignmentOperationStatus {
        let begun = self.unassign(set, account, group).send().await.unwrap();
        let id = begun.account_assignment_deletion_status().unwrap().request_id().unwrap().to_owned();
        loop {
            let status = self.sso.describe_account_assignment_deletion_status().instance_arn(&self.instance);
            let status = status.account_assignment_deletion_request_id(&id).send().await.unwrap();
            let status = status.account_assignment_deletion_status().unwrap().clone();
            if status.status() != Some(&StatusValues::InProgress) {
                return status;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}
