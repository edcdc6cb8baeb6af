//! Policies and where they are attached.

use aws_sdk_organizations::types::PolicyType::{self, ResourceControlPolicy, ServiceControlPolicy, TagPolicy};
use landing_sandbox::Options;

use crate::support::{DENY_ALL, account_id, code, enable, organization, policy, unit};

const FULL_ACCESS: &str = "p-FullAWSAccess";

async fn targets(client: &aws_sdk_organizations::Client, policy: &str) -> Vec<String> {
    let pages = client.list_targets_for_policy().policy_id(policy).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let targets = pages.iter().flat_map(|page| page.targets());
    targets.map(|target| target.target_id().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn enabling_scps_attaches_full_access_to_everything_there_and_to_come() {
    let (_, client, root) = organization(Options::default()).await;
    let old = unit(&client, &root, "Old").await;
    assert!(targets(&client, FULL_ACCESS).await.is_empty());
    enable(&client, &root, ServiceControlPolicy).await;
    assert!(targets(&client, FULL_ACCESS).await.contains(&old));
    let (new, account) = (unit(&client, &root, "New").await, account_id(&client, "dev").await);
    let attached = targets(&client, FULL_ACCESS).await;
    assert_eq!(attached.len(), 5, "the root, the management account, two units and an account");
    assert!(attached.contains(&new) && attached.contains(&account));
    let twice = client.enable_policy_type().root_id(&root).policy_type(ServiceControlPolicy).send().await;
    assert_eq!(code(twice), "PolicyTypeAlreadyEnabledException");
}

#[tokio::test]
async fn disabling_a_type_detaches_its_policies() {
    let (_, client, root) = organization(Options::default()).await;
    enable(&client, &root, ServiceControlPolicy).await;
    let deny = policy(&client, ServiceControlPolicy, "deny", DENY_ALL).await;
    client.attach_policy().policy_id(&deny).target_id(&root).send().await.unwrap();
    let disable = client.disable_policy_type().root_id(&root).policy_type(ServiceControlPolicy);
    disable.clone().send().await.unwrap();
    assert!(targets(&client, &deny).await.is_empty() && targets(&client, FULL_ACCESS).await.is_empty());
    assert_eq!(code(disable.send().await), "PolicyTypeNotEnabledException");
    let attach = client.attach_policy().policy_id(&deny).target_id(&root);
    assert_eq!(code(attach.send().await), "PolicyTypeNotEnabledException");
}

#[tokio::test]
async fn a_target_takes_ten_scps_and_keeps_at_least_one() {
    let (_, client, root) = organization(Options::default()).await;
    enable(&client, &root, ServiceControlPolicy).await;
    let unit = unit(&client, &root, "Unit").await;
    let mut made = Vec::new();
    for number in 0..10 {
        made.push(policy(&client, ServiceControlPolicy, &format!("deny {number}"), DENY_ALL).await);
    }
    let attach = |id: &str| client.attach_policy().policy_id(id).target_id(&unit).send();
    for id in &made[..9] {
        attach(id).await.unwrap();
    }
    let refused = format!("{:?}", attach(&made[9]).await.unwrap_err());
    assert!(refused.contains("MaxPolicyTypeAttachmentLimitExceeded"), "{refused}");
    let detach = |id: &str| client.detach_policy().policy_id(id).target_id(&unit).send();
    detach(FULL_ACCESS).await.unwrap();
    for id in &made[1..9] {
        detach(id).await.unwrap();
    }
    let refused = format!("{:?}", detach(&made[0]).await.unwrap_err());
    assert!(refused.contains("MinPolicyTypeAttachmentLimitExceeded"), "{refused}");
}

#[tokio::test]
async fn the_full_access_rcp_cannot_be_detached() {
    let (_, client, root) = organization(Options::default()).await;
    enable(&client, &root, ResourceControlPolicy).await;
    let detach = client.detach_policy().policy_id("p-RCPFullAWSAccess").target_id(&root);
    assert_eq!(code(detach.send().await), "InvalidInputException");
}

#[tokio::test]
async fn attachments_are_made_once_and_ended_once() {
    let (_, client, root) = organization(Options::default()).await;
    enable(&client, &root, TagPolicy).await;
    let tag = policy(&client, TagPolicy, "tags", r#"{"tags":{}}"#).await;
    let attach = client.attach_policy().policy_id(&tag).target_id(&root);
    let detach = client.detach_policy().policy_id(&tag).target_id(&root);
    assert_eq!(code(detach.clone().send().await), "PolicyNotAttachedException");
    attach.clone().send().await.unwrap();
    assert_eq!(code(attach.send().await), "DuplicatePolicyAttachmentException");
    assert_eq!(code(client.delete_policy().policy_id(&tag).send().await), "PolicyInUseException");
    detach.send().await.unwrap();
    client.delete_policy().policy_id(&tag).send().await.unwrap();
    assert_eq!(code(client.describe_policy().policy_id(&tag).send().await), "PolicyNotFoundException");
    let nowhere = client.attach_policy().policy_id(FULL_ACCESS).target_id("ou-none-00000000");
    assert_eq!(code(nowhere.send().await), "TargetNotFoundException");
}

#[tokio::test]
async fn contents_are_checked_for_size_and_form() {
    let (_, client, _) = organization(Options::default()).await;
    let create = |kind: PolicyType, content: String| {
        client.create_policy().r#type(kind).name("policy").description("").content(content).send()
    };
    let padded = |length: usize| format!("{DENY_ALL}{}", " ".repeat(length - DENY_ALL.len()));
    let refused = format!("{:?}", create(ServiceControlPolicy, padded(10_241)).await.unwrap_err());
    assert!(refused.contains("PolicyContentLimitExceeded"), "{refused}");
    create(ServiceControlPolicy, padded(10_240)).await.unwrap();
    assert_eq!(code(create(ServiceControlPolicy, "{}".into()).await), "MalformedPolicyDocumentException");
    assert_eq!(code(create(ResourceControlPolicy, DENY_ALL.into()).await), "MalformedPolicyDocumentException");
    assert_eq!(code(create(TagPolicy, "tags".into()).await), "MalformedPolicyDocumentException");
}

#[tokio::test]
async fn policies_of_one_type_have_different_names() {
    let (_, client, _) = organization(Options::default()).await;
    let first = policy(&client, ServiceControlPolicy, "one", DENY_ALL).await;
    policy(&client, TagPolicy, "one", "{}").await;
    let second = policy(&client, ServiceControlPolicy, "two", DENY_ALL).await;
    let rename = client.update_policy().policy_id(&second).name("one");
    assert_eq!(code(rename.send().await), "DuplicatePolicyException");
    let change = client.update_policy().policy_id(&first).description("changed");
    let changed = change.send().await.unwrap();
    let summary = changed.policy().unwrap().policy_summary().unwrap().clone();
    assert_eq!((summary.name(), summary.description()), (Some("one"), Some("changed")));
    assert_eq!(changed.policy().unwrap().content(), Some(DENY_ALL));
    let managed = client.update_policy().policy_id(FULL_ACCESS).description("mine");
    assert_eq!(code(managed.send().await), "InvalidInputException");
}

#[tokio::test]
async fn policies_are_listed_by_type_and_by_target() {
    let (_, client, root) = organization(Options::default()).await;
    enable(&client, &root, ServiceControlPolicy).await;
    policy(&client, ServiceControlPolicy, "deny", DENY_ALL).await;
    let scps = client.list_policies().filter(ServiceControlPolicy).send().await.unwrap();
    assert_eq!(scps.policies().len(), 2);
    let there = client.list_policies_for_target().target_id(&root).filter(ServiceControlPolicy).send().await.unwrap();
    assert_eq!(there.policies()[0].id(), Some(FULL_ACCESS));
    assert_eq!(there.policies().len(), 1);
}
