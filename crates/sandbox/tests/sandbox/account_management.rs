//! Account Management: contacts, names and regions.

use std::time::Duration;

use aws_sdk_account::Client;
use aws_sdk_account::types::{AlternateContactType, ContactInformation, RegionOptStatus};
use landing_sandbox::{Options, Sandbox};

use crate::support::{account_id, code, credentials, organization};

fn account_management(sandbox: &Sandbox) -> Client {
    let config = aws_sdk_account::Config::builder()
        .behavior_version(aws_sdk_account::config::BehaviorVersion::latest())
        .region(aws_sdk_account::config::Region::new("us-east-1"))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .http_client(sandbox.http_client());
    Client::from_conf(config.build())
}

/// A sandbox with a member account and with trusted access for Account Management.
async fn trusted() -> (Client, aws_sdk_organizations::Client, String) {
    let (sandbox, organizations, _) = organization(Options::default()).await;
    let member = account_id(&organizations, "member").await;
    let service = organizations.enable_aws_service_access().service_principal("account.amazonaws.com");
    service.send().await.unwrap();
    (account_management(&sandbox), organizations, member)
}

#[tokio::test(start_paused = true)]
async fn a_member_account_can_be_asked_about_only_with_trusted_access() {
    let (sandbox, organizations, _) = organization(Options::default()).await;
    let member = account_id(&organizations, "member").await;
    let client = account_management(&sandbox);
    let about = |id: &str| client.get_account_information().account_id(id).send();
    assert_eq!(code(about(&member).await), "AccessDeniedException");
    let service = organizations.enable_aws_service_access().service_principal("account.amazonaws.com");
    service.send().await.unwrap();
    assert_eq!(about(&member).await.unwrap().account_name().map(String::from).as_deref(), Some("member"));
    assert_eq!(code(about("111111111111").await), "AccessDeniedException");
    assert_eq!(code(about("999999999999").await), "AccessDeniedException");
    let own = client.get_account_information().send().await.unwrap();
    assert_eq!(own.account_id(), Some("111111111111"));
}

#[tokio::test(start_paused = true)]
async fn an_alternate_contact_is_there_until_it_is_deleted() {
    let (client, _, member) = trusted().await;
    let security = AlternateContactType::Security;
    let get = client.get_alternate_contact().account_id(&member).alternate_contact_type(security.clone());
    assert_eq!(code(get.clone().send().await), "ResourceNotFoundException");
    let put = client.put_alternate_contact().account_id(&member).alternate_contact_type(security.clone());
    let put = put.name("Security").title("Team").email_address("security@example.com");
    put.phone_number("+61 2 0000 0000").send().await.unwrap();
    let contact = get.clone().send().await.unwrap();
    assert_eq!(contact.alternate_contact().unwrap().name(), Some("Security"));
    let delete = client.delete_alternate_contact().account_id(&member).alternate_contact_type(security);
    delete.send().await.unwrap();
    assert_eq!(code(get.send().await), "ResourceNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_renamed_in_the_organization_too() {
    let (client, organizations, member) = trusted().await;
    client.put_account_name().account_id(&member).account_name("renamed").send().await.unwrap();
    let account = organizations.describe_account().account_id(&member).send().await.unwrap();
    assert_eq!(account.account().unwrap().name(), Some("renamed"));
    for name in ["会計", "a<b", "a>b"] {
        let refused = client.put_account_name().account_id(&member).account_name(name).send().await;
        assert_eq!(code(refused), "ValidationException", "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn contact_information_is_given_whole() {
    let (client, _, member) = trusted().await;
    let information = ContactInformation::builder()
        .address_line1("1 Street")
        .city("Sydney")
        .country_code("AU")
        .full_name("Example")
        .phone_number("+61 2 0000 0000")
        .postal_code("2000")
        .build()
        .unwrap();
    let get = client.get_contact_information().account_id(&member);
    assert_eq!(code(get.clone().send().await), "ResourceNotFoundException");
    let put = client.put_contact_information().account_id(&member).contact_information(information.clone());
    put.send().await.unwrap();
    assert_eq!(get.send().await.unwrap().contact_information(), Some(&information));
}

#[tokio::test(start_paused = true)]
async fn a_region_takes_a_while_to_be_enabled() {
    let (client, _, member) = trusted().await;
    let status = || async {
        let status = client.get_region_opt_status().account_id(&member).region_name("ap-southeast-4");
        status.send().await.unwrap().region_opt_status().unwrap().clone()
    };
    assert_eq!(status().await, RegionOptStatus::Disabled);
    let enable = |region: &str| client.enable_region().account_id(&member).region_name(region).send();
    enable("ap-southeast-4").await.unwrap();
    assert_eq!(status().await, RegionOptStatus::Enabling);
    assert_eq!(code(enable("ap-southeast-4").await), "ConflictException");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(status().await, RegionOptStatus::Enabled);
    assert_eq!(code(enable("us-east-1").await), "ValidationException");
    let enabled = client.list_regions().account_id(&member).region_opt_status_contains(RegionOptStatus::Enabled);
    assert_eq!(enabled.send().await.unwrap().regions().len(), 1);
}
