//! What is done and does not show yet, each with the code that AWS answers.

use std::time::Duration;

use aws_sdk_cloudformation::config as cloudformation;
use aws_sdk_organizations::types::CreateAccountState;
use aws_sdk_sts::config as sts;
use landing_sandbox::{Lags, Options, Sandbox};

use crate::support::{account_id, code, credentials, organization};

const fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn lagging(lags: Lags) -> Options {
    Options { lags, ..Options::default() }
}

fn sts_client(sandbox: &Sandbox) -> aws_sdk_sts::Client {
    let config = sts::Builder::new()
        .behavior_version(sts::BehaviorVersion::latest())
        .region(sts::Region::new("eu-west-1"))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .retry_config(sts::retry::RetryConfig::disabled())
        .http_client(sandbox.http_client());
    aws_sdk_sts::Client::from_conf(config.build())
}

/// CloudFormation with a session of an account's access role, as it will be once it can be assumed.
fn cloudformation_in(sandbox: &Sandbox, account: &str) -> aws_sdk_cloudformation::Client {
    let token = format!("sandbox-session/{account}/OrganizationAccountAccessRole/landing");
    let config = cloudformation::Builder::new()
        .behavior_version(cloudformation::BehaviorVersion::latest())
        .region(cloudformation::Region::new("eu-west-1"))
        .credentials_provider(credentials("ASIAMEMBER", Some(token)))
        .retry_config(cloudformation::retry::RetryConfig::disabled())
        .http_client(sandbox.http_client());
    aws_sdk_cloudformation::Client::from_conf(config.build())
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_usable_step_by_step() {
    let lags = Lags {
        account_role: seconds(60),
        account_region: seconds(60),
        account_credentials: seconds(60),
        account_services: seconds(60),
        ..Lags::default()
    };
    let (sandbox, client, _) = organization(lagging(lags)).await;
    let account = account_id(&client, "new").await;
    let arn = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let assume = || sts_client(&sandbox).assume_role().role_arn(&arn).role_session_name("landing").send();
    let look = || cloudformation_in(&sandbox, &account).describe_stacks().send();
    assert_eq!(code(assume().await), "AccessDenied");
    tokio::time::advance(seconds(60)).await;
    assert_eq!(code(assume().await), "RegionDisabledException");
    tokio::time::advance(seconds(60)).await;
    assume().await.expect("the role can be assumed");
    assert_eq!(code(look().await), "InvalidClientTokenId");
    tokio::time::advance(seconds(60)).await;
    assert_eq!(code(look().await), "OptInRequired");
    tokio::time::advance(seconds(60)).await;
    look().await.expect("CloudFormation can be called");
}

#[tokio::test(start_paused = true)]
async fn another_program_may_hold_the_lock_of_organizations() {
    let (sandbox, client, root) = organization(Options::default()).await;
    sandbox.set_options(lagging(Lags { organization_lock: seconds(60), ..Lags::default() }));
    let create = |name: &str| client.create_organizational_unit().parent_id(&root).name(name).send();
    client.list_roots().send().await.expect("reads are not locked out");
    tokio::time::advance(seconds(60)).await;
    assert_eq!(code(create("A").await), "ConcurrentModificationException");
    tokio::time::advance(seconds(59)).await;
    assert_eq!(code(create("A").await), "ConcurrentModificationException");
    tokio::time::advance(seconds(1)).await;
    create("A").await.expect("the lock is free");
}

#[tokio::test(start_paused = true)]
async fn reads_show_what_was_there_before() {
    let (_, client, _) = organization(lagging(Lags { reads: seconds(3), ..Lags::default() })).await;
    let begun = client.create_account().account_name("a").email("a@example.com").send().await.unwrap();
    let id = begun.create_account_status().unwrap().id().unwrap().to_owned();
    let status = || client.describe_create_account_status().create_account_request_id(&id).send();
    assert_eq!(code(status().await), "CreateAccountStatusNotFoundException");
    assert!(client.list_create_account_status().send().await.unwrap().create_account_statuses().is_empty());
    tokio::time::advance(seconds(3)).await;
    let shown = status().await.unwrap();
    assert_eq!(shown.create_account_status().unwrap().state(), Some(&CreateAccountState::Succeeded));
}

#[tokio::test(start_paused = true)]
async fn a_policy_type_is_pending_before_it_is_enabled_and_before_it_is_gone() {
    let lags = Lags { policy_type: seconds(60), ..Lags::default() };
    let (_sandbox, client, root) = organization(lagging(lags)).await;
    let kind = aws_sdk_organizations::types::PolicyType::ServiceControlPolicy;
    let states = || async {
        let roots = client.list_roots().send().await.unwrap();
        let types = roots.roots()[0].policy_types().iter();
        types.map(|it| it.status().unwrap().as_str().to_owned()).collect::<Vec<_>>()
    };
    let attach = || client.attach_policy().policy_id("p-FullAWSAccess").target_id(&root).send();
    let enable = || client.enable_policy_type().root_id(&root).policy_type(kind.clone()).send();
    enable().await.unwrap();
    assert_eq!(states().await, ["PENDING_ENABLE"]);
    assert_eq!(code(attach().await), "PolicyTypeNotEnabledException");
    assert_eq!(code(enable().await), "PolicyTypeAlreadyEnabledException");
    tokio::time::advance(seconds(60)).await;
    assert_eq!(states().await, ["ENABLED"]);
    assert_eq!(code(attach().await), "DuplicatePolicyAttachmentException");
    client.disable_policy_type().root_id(&root).policy_type(kind.clone()).send().await.unwrap();
    assert_eq!(states().await, ["PENDING_DISABLE"]);
    assert_eq!(code(enable().await), "PolicyChangesInProgressException");
    tokio::time::advance(seconds(60)).await;
    assert!(states().await.is_empty());
}
