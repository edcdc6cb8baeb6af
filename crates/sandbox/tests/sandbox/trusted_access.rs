//! Trusted access and delegated administrators, and the services that switch their own.

use aws_sdk_cloudformation::types::OrganizationStatus;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use landing_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::support::{account_id, code, credentials, organization, organizations_as};

async fn trusted(client: &Client) -> Vec<String> {
    let listed = client.list_aws_service_access_for_organization().send().await.unwrap();
    let services = listed.enabled_service_principals().iter();
    services.map(|service| service.service_principal().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn trusted_access_is_given_and_taken_any_number_of_times() {
    let (_, client, _) = organization(Options::default()).await;
    let enable = client.enable_aws_service_access().service_principal("config.amazonaws.com");
    enable.clone().send().await.unwrap();
    enable.send().await.unwrap();
    assert_eq!(trusted(&client).await, ["config.amazonaws.com"]);
    let disable = client.disable_aws_service_access().service_principal("config.amazonaws.com");
    disable.clone().send().await.unwrap();
    disable.send().await.unwrap();
    assert!(trusted(&client).await.is_empty());
    let nonsense = client.enable_aws_service_access().service_principal("config");
    assert_eq!(code(nonsense.send().await), "InvalidInputException");
}

#[tokio::test(start_paused = true)]
async fn a_delegated_administrator_needs_trusted_access_and_may_read_the_organization() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let audit = account_id(&client, "audit").await;
    let service = "guardduty.amazonaws.com";
    let register =
        |id: &str| client.register_delegated_administrator().account_id(id).service_principal(service).send();
    assert_eq!(code(register(&audit).await), "ConstraintViolationException");
    client.enable_aws_service_access().service_principal(service).send().await.unwrap();
    assert_eq!(code(register("111111111111").await), "ConstraintViolationException");
    register(&audit).await.unwrap();
    assert_eq!(code(register(&audit).await), "AccountAlreadyRegisteredException");

    let arn = format!("arn:aws:iam::{audit}:user/auditor");
    sandbox.edit(|state| state["principals"]["AKIAAUDIT"] = json!({"arn": arn})).unwrap();
    let auditor = organizations_as(&sandbox, "AKIAAUDIT");
    auditor.list_accounts().send().await.unwrap();
    assert_eq!(code(auditor.delete_organization().send().await), "AccessDeniedException");

    let of = |service: &str| client.list_delegated_administrators().service_principal(service).send();
    assert_eq!(of(service).await.unwrap().delegated_administrators()[0].id(), Some(audit.as_str()));
    assert!(of("config.amazonaws.com").await.unwrap().delegated_administrators().is_empty());
    let services = client.list_delegated_services_for_account().account_id(&audit).send().await.unwrap();
    assert_eq!(services.delegated_services()[0].service_principal(), Some(service));
    assert_eq!(code(client.close_account().account_id(&audit).send().await), "ConstraintViolationException");

    let deregister = client.deregister_delegated_administrator().account_id(&audit).service_principal(service);
    deregister.clone().send().await.unwrap();
    assert_eq!(code(deregister.send().await), "AccountNotRegisteredException");
    assert_eq!(code(auditor.list_accounts().send().await), "AccessDeniedException");
}

#[tokio::test]
async fn a_policy_type_that_needs_a_service_holds_on_to_its_trusted_access() {
    let (_, client, root) = organization(Options::default()).await;
    let service = "securityhub.amazonaws.com";
    let enable = client.enable_policy_type().root_id(&root).policy_type(PolicyType::SecurityhubPolicy);
    assert_eq!(code(enable.clone().send().await), "ConstraintViolationException");
    client.enable_aws_service_access().service_principal(service).send().await.unwrap();
    enable.send().await.unwrap();
    let disable = client.disable_aws_service_access().service_principal(service);
    assert_eq!(code(disable.send().await), "ConstraintViolationException");
}

fn cloudformation(sandbox: &Sandbox) -> aws_sdk_cloudformation::Client {
    let config = aws_sdk_cloudformation::Config::builder()
        .behavior_version(aws_sdk_cloudformation::config::BehaviorVersion::latest())
        .region(aws_sdk_cloudformation::config::Region::new("us-east-1"))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .http_client(sandbox.http_client());
    aws_sdk_cloudformation::Client::from_conf(config.build())
}

#[tokio::test]
async fn stack_sets_get_their_trusted_access_only_from_cloudformation() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let service = "member.org.stacksets.cloudformation.amazonaws.com";
    let cloudformation = cloudformation(&sandbox);
    let status =
        || async { cloudformation.describe_organizations_access().send().await.unwrap().status().unwrap().clone() };
    client.enable_aws_service_access().service_principal(service).send().await.unwrap();
    assert_eq!(status().await, OrganizationStatus::Disabled);
    cloudformation.activate_organizations_access().send().await.unwrap();
    assert_eq!(status().await, OrganizationStatus::Enabled);
    assert_eq!(trusted(&client).await, [service]);
    cloudformation.deactivate_organizations_access().send().await.unwrap();
    assert_eq!(status().await, OrganizationStatus::Disabled);
    assert!(trusted(&client).await.is_empty());
}

fn ram(sandbox: &Sandbox) -> aws_sdk_ram::Client {
    let config = aws_sdk_ram::Config::builder()
        .behavior_version(aws_sdk_ram::config::BehaviorVersion::latest())
        .region(aws_sdk_ram::config::Region::new("us-east-1"))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .http_client(sandbox.http_client());
    aws_sdk_ram::Client::from_conf(config.build())
}

#[tokio::test]
async fn sharing_with_the_organization_is_switched_by_ram_and_not_as_root() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let enable = ram(&sandbox).enable_sharing_with_aws_organization();
    assert_eq!(enable.clone().send().await.unwrap().return_value(), Some(true));
    assert_eq!(trusted(&client).await, ["ram.amazonaws.com"]);
    let root = json!({"arn": "arn:aws:iam::111111111111:root"});
    sandbox.edit(|state| state["principals"]["*"] = root).unwrap();
    assert_eq!(code(enable.send().await), "OperationNotPermittedException");
}
