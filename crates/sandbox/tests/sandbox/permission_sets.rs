//! Permission sets, their policies and tags.

use aws_sdk_ssoadmin::types::{CustomerManagedPolicyReference, PermissionsBoundary, Tag};
use landing_sandbox::Options;

use crate::center::Center;
use crate::support::code;

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

#[tokio::test]
async fn a_permission_set_is_created_changed_and_deleted() {
    let center = Center::new(Options::default()).await;
    let create = center.sso.create_permission_set().instance_arn(&center.instance).name("engineer");
    let create = create.description("Builds").relay_state("https://example.com").session_duration("PT4H");
    let made = create.clone().send().await.unwrap().permission_set().unwrap().clone();
    assert_eq!((made.description(), made.session_duration()), (Some("Builds"), Some("PT4H")));
    assert_eq!(code(create.send().await), "ConflictException");
    let arn = made.permission_set_arn().unwrap();
    let update = center.sso.update_permission_set().instance_arn(&center.instance).permission_set_arn(arn);
    update.session_duration("PT1H").send().await.unwrap();
    let describe = center.sso.describe_permission_set().instance_arn(&center.instance).permission_set_arn(arn);
    let now = describe.clone().send().await.unwrap().permission_set().unwrap().clone();
    assert_eq!((now.description(), now.session_duration()), (Some("Builds"), Some("PT1H")));
    assert_eq!(now.relay_state(), None, "a relay state that an update does not repeat is gone");
    let delete = center.sso.delete_permission_set().instance_arn(&center.instance).permission_set_arn(arn);
    delete.send().await.unwrap();
    assert_eq!(code(describe.send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn what_aws_would_not_take_is_refused() {
    let center = Center::new(Options::default()).await;
    let create = |name: &str| center.sso.create_permission_set().instance_arn(&center.instance).name(name);
    let wrong = [
        create("no space"),
        create(&"x".repeat(33)),
        create("a").session_duration("PT13H"),
        create("b").session_duration("1h"),
        create("c").description("\u{2014}"),
        create("d").relay_state("<>"),
    ];
    for create in wrong {
        assert_eq!(code(create.send().await), "ValidationException");
    }
    center.sandbox.edit(|state| state["quotas"]["permission_sets"] = 1.into()).unwrap();
    create("first").send().await.unwrap();
    assert_eq!(code(create("second").send().await), "ServiceQuotaExceededException");
}

#[tokio::test]
async fn permission_sets_are_listed_in_pages() {
    let center = Center::new(Options::default()).await;
    for number in 0..5 {
        center.permission_set(&format!("set-{number}")).await;
    }
    let list = center.sso.list_permission_sets().instance_arn(&center.instance).max_results(2);
    let pages: Vec<_> = list.into_paginator().send().try_collect().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.permission_sets().len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn the_inline_policy_is_put_read_and_deleted() {
    let center = Center::new(Options::default()).await;
    let arn = center.permission_set("admin").await;
    let get = center.sso.get_inline_policy_for_permission_set().instance_arn(&center.instance).permission_set_arn(&arn);
    assert_eq!(get.clone().send().await.unwrap().inline_policy(), Some(""));
    let put = |policy: &str| {
        let put = center.sso.put_inline_policy_to_permission_set().instance_arn(&center.instance);
        put.permission_set_arn(&arn).inline_policy(policy).send()
    };
    put(POLICY).await.unwrap();
    assert_eq!(get.clone().send().await.unwrap().inline_policy(), Some(POLICY));
    assert_eq!(code(put("{}").await), "ValidationException");
    assert_eq!(code(put(&format!("{POLICY}{}", " ".repeat(32_768))).await), "ValidationException");
    let large = POLICY.replace("s3:*", &"s".repeat(10_240));
    assert_eq!(code(put(&large).await), "ServiceQuotaExceededException");
    let delete = center.sso.delete_inline_policy_from_permission_set().instance_arn(&center.instance);
    let delete = delete.permission_set_arn(&arn);
    delete.clone().send().await.unwrap();
    assert_eq!(code(delete.send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn managed_policies_are_attached_once_and_no_more_than_twenty() {
    let center = Center::new(Options::default()).await;
    let set = center.permission_set("admin").await;
    let attach = |name: &str| {
        let attach = center.sso.attach_managed_policy_to_permission_set().instance_arn(&center.instance);
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        attach.permission_set_arn(&set).managed_policy_arn(arn).send()
    };
    attach("job-function/Billing").await.unwrap();
    assert_eq!(code(attach("job-function/Billing").await), "ConflictException");
    let list = center.sso.list_managed_policies_in_permission_set().instance_arn(&center.instance);
    let listed = list.permission_set_arn(&set).send().await.unwrap();
    assert_eq!(listed.attached_managed_policies()[0].name(), Some("Billing"));
    for number in 1..20 {
        attach(&format!("Policy{number}")).await.unwrap();
    }
    assert_eq!(code(attach("OneMore").await), "ServiceQuotaExceededException");
    let detach = center.sso.detach_managed_policy_from_permission_set().instance_arn(&center.instance);
    let detach = detach.permission_set_arn(&set).managed_policy_arn("arn:aws:iam::aws:policy/job-function/Billing");
    detach.clone().send().await.unwrap();
    assert_eq!(code(detach.send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn customers_policies_are_known_by_name_and_path() {
    let center = Center::new(Options::default()).await;
    let set = center.permission_set("admin").await;
    let reference = |path: &str| CustomerManagedPolicyReference::builder().name("team").path(path).build().unwrap();
    let attach = |path: &str| {
        let attach = center.sso.attach_customer_managed_policy_reference_to_permission_set();
        let attach = attach.instance_arn(&center.instance).permission_set_arn(&set);
        attach.customer_managed_policy_reference(reference(path)).send()
    };
    attach("/").await.unwrap();
    attach("/teams/").await.unwrap();
    assert_eq!(code(attach("/teams/").await), "ConflictException");
    assert_eq!(code(attach("teams").await), "ValidationException");
    let detach = center.sso.detach_customer_managed_policy_reference_from_permission_set();
    let detach = detach.instance_arn(&center.instance).permission_set_arn(&set);
    detach.customer_managed_policy_reference(reference("/")).send().await.unwrap();
    let list = center.sso.list_customer_managed_policy_references_in_permission_set().instance_arn(&center.instance);
    let list = list.permission_set_arn(&set).send().await.unwrap();
    assert_eq!(list.customer_managed_policy_references(), [reference("/teams/")]);
}

#[tokio::test]
async fn the_permissions_boundary_is_one_policy() {
    let center = Center::new(Options::default()).await;
    let set = center.permission_set("admin").await;
    let get = center.sso.get_permissions_boundary_for_permission_set().instance_arn(&center.instance);
    let get = get.permission_set_arn(&set);
    assert_eq!(code(get.clone().send().await), "ResourceNotFoundException");
    let put = |boundary: PermissionsBoundary| {
        let put = center.sso.put_permissions_boundary_to_permission_set().instance_arn(&center.instance);
        put.permission_set_arn(&set).permissions_boundary(boundary).send()
    };
    let managed = PermissionsBoundary::builder().managed_policy_arn("arn:aws:iam::aws:policy/PowerUserAccess").build();
    put(managed.clone()).await.unwrap();
    assert_eq!(get.clone().send().await.unwrap().permissions_boundary(), Some(&managed));
    assert_eq!(code(put(PermissionsBoundary::builder().build()).await), "ValidationException");
    let delete = center.sso.delete_permissions_boundary_from_permission_set().instance_arn(&center.instance);
    delete.permission_set_arn(&set).send().await.unwrap();
    assert_eq!(code(get.send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn permission_sets_have_tags() {
    let center = Center::new(Options::default()).await;
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().unwrap();
    let create = center.sso.create_permission_set().instance_arn(&center.instance).name("admin");
    let made = create.tags(tag("landing:blueprint", "ml")).send().await.unwrap();
    let arn = made.permission_set().unwrap().permission_set_arn().unwrap().to_owned();
    let add = center.sso.tag_resource().instance_arn(&center.instance).resource_arn(&arn).tags(tag("owner", "x"));
    add.send().await.unwrap();
    let remove = center.sso.untag_resource().instance_arn(&center.instance).resource_arn(&arn);
    remove.tag_keys("landing:blueprint").send().await.unwrap();
    let listed = center.sso.list_tags_for_resource().instance_arn(&center.instance).resource_arn(&arn).send().await;
    assert_eq!(listed.unwrap().tags(), [tag("owner", "x")]);
    let reserved = center.sso.tag_resource().resource_arn(&arn).tags(tag("aws:x", ""));
    assert_eq!(code(reserved.send().await), "ValidationException");
}
