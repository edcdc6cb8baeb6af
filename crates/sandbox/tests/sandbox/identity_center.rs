//! The instance of Identity Center: where it is and who may administer it.

use aws_sdk_ssoadmin::types::RegionScope;
use landing_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::center::{Center, sso_admin_as};
use crate::support::{account_id, code, organization};

async fn instances(client: &aws_sdk_ssoadmin::Client) -> usize {
    client.list_instances().send().await.unwrap().instances().len()
}

#[tokio::test]
async fn it_is_found_in_any_region_until_something_is_made_in_it_and_then_in_that_one_alone() {
    let center = Center::new(Options::default()).await;
    let elsewhere = sso_admin_as(&center.sandbox, "AKIAMANAGEMENT", "us-east-1");
    assert_eq!((instances(&center.sso).await, instances(&elsewhere).await), (1, 1));
    center.permission_set("admin").await;
    assert_eq!((instances(&center.sso).await, instances(&elsewhere).await), (1, 0));
    let all = elsewhere.list_instances().region_scope(RegionScope::AllRegions).send().await.unwrap();
    assert_eq!(all.instances()[0].primary_region(), Some("eu-west-1"));
    let asked = elsewhere.list_permission_sets().instance_arn(&center.instance).send().await;
    assert_eq!(code(asked), "ResourceNotFoundException");
}

#[tokio::test]
async fn reading_leaves_the_state_as_it_is() {
    let center = Center::new(Options::default()).await;
    let before = center.sandbox.snapshot();
    center.sso.describe_instance().instance_arn(&center.instance).send().await.unwrap();
    center.store.list_groups().identity_store_id(&center.store_id).send().await.unwrap();
    assert_eq!(center.sandbox.snapshot(), before);
}

#[tokio::test]
async fn there_is_none_where_no_one_enabled_it_or_without_an_organization() {
    let without = Sandbox::new(Options::default());
    assert_eq!(instances(&sso_admin_as(&without, "AKIAMANAGEMENT", "eu-west-1")).await, 0);
    let (sandbox, _, _) = organization(Options::default()).await;
    sandbox.edit(|state| state["identity_center"]["enabled"] = json!(false)).unwrap();
    assert_eq!(instances(&sso_admin_as(&sandbox, "AKIAMANAGEMENT", "eu-west-1")).await, 0);
}

#[tokio::test]
async fn no_api_enables_it_for_the_organization() {
    let center = Center::new(Options::default()).await;
    assert_eq!(code(center.sso.create_instance().send().await), "ValidationException");
}

#[tokio::test(start_paused = true)]
async fn members_see_it_and_only_delegated_ones_administer_it() {
    let center = Center::new(Options::default()).await;
    let audit = account_id(&center.organizations, "audit").await;
    let principal = json!({"arn": format!("arn:aws:iam::{audit}:user/auditor")});
    center.sandbox.edit(|state| state["principals"]["AKIAAUDIT"] = principal).unwrap();
    let member = sso_admin_as(&center.sandbox, "AKIAAUDIT", "eu-west-1");
    assert_eq!(instances(&member).await, 1);
    let list = member.list_permission_sets().instance_arn(&center.instance);
    assert_eq!(code(list.clone().send().await), "AccessDeniedException");
    let service = "sso.amazonaws.com";
    center.organizations.enable_aws_service_access().service_principal(service).send().await.unwrap();
    let register = center.organizations.register_delegated_administrator().account_id(&audit);
    register.service_principal(service).send().await.unwrap();
    assert!(list.send().await.unwrap().permission_sets().is_empty());
}
