//! The organization, its root and its units.

use aws_sdk_organizations::types::{OrganizationFeatureSet, PolicyType};
use landing_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::support::{account_id, code, organization, organizations, organizations_as, root_id, unit};

#[tokio::test]
async fn before_the_organization_exists_there_is_nothing_to_describe() {
    let client = organizations(&Sandbox::new(Options::default()));
    assert_eq!(code(client.describe_organization().send().await), "AWSOrganizationsNotInUseException");
    assert_eq!(code(client.list_accounts().send().await), "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn a_new_organization_has_all_features_and_no_policy_type() {
    let (_, client, root) = organization(Options::default()).await;
    let described = client.describe_organization().send().await.unwrap();
    let described = described.organization().unwrap();
    assert_eq!(described.feature_set(), Some(&OrganizationFeatureSet::All));
    assert_eq!(described.master_account_id(), Some("111111111111"));
    assert!(described.id().unwrap().starts_with("o-") && root.starts_with("r-"));
    let roots = client.list_roots().send().await.unwrap();
    assert!(roots.roots()[0].policy_types().is_empty());
    assert_eq!(code(client.create_organization().send().await), "AlreadyInOrganizationException");
}

#[tokio::test]
async fn consolidated_billing_knows_no_policies_until_all_features_are_enabled() {
    let client = organizations(&Sandbox::new(Options::default()));
    let billing = OrganizationFeatureSet::ConsolidatedBilling;
    client.create_organization().feature_set(billing).send().await.unwrap();
    let root = root_id(&client).await;
    let scp = client.enable_policy_type().root_id(&root).policy_type(PolicyType::ServiceControlPolicy);
    assert_eq!(code(scp.clone().send().await), "PolicyTypeNotAvailableForOrganizationException");
    let begun = client.enable_all_features().send().await.unwrap();
    assert_eq!(code(scp.clone().send().await), "PolicyTypeNotAvailableForOrganizationException");
    assert_eq!(code(client.enable_all_features().send().await), "HandshakeConstraintViolationException");
    let id = begun.handshake().unwrap().id().unwrap();
    client.accept_handshake().handshake_id(id).send().await.unwrap();
    scp.send().await.unwrap();
}

#[tokio::test]
async fn siblings_have_different_names_and_cousins_may_share_one() {
    let (_, client, root) = organization(Options::default()).await;
    let first = unit(&client, &root, "First").await;
    let second = unit(&client, &root, "Second").await;
    let create = |parent: &str, name: &str| client.create_organizational_unit().parent_id(parent).name(name).send();
    assert_eq!(code(create(&root, "First").await), "DuplicateOrganizationalUnitException");
    create(&first, "Dev").await.unwrap();
    create(&second, "Dev").await.unwrap();
    let rename = client.update_organizational_unit().organizational_unit_id(&second).name("First");
    assert_eq!(code(rename.send().await), "DuplicateOrganizationalUnitException");
    assert_eq!(code(create("ou-none-00000000", "Dev").await), "ParentNotFoundException");
}

#[tokio::test]
async fn units_nest_five_levels_deep() {
    let (_, client, mut parent) = organization(Options::default()).await;
    for level in 1..=5 {
        parent = unit(&client, &parent, &format!("Level {level}")).await;
    }
    let sixth = client.create_organizational_unit().parent_id(&parent).name("Level 6").send().await;
    let error = sixth.unwrap_err().into_service_error();
    assert!(error.is_constraint_violation_exception(), "{error:?}");
    assert!(format!("{error:?}").contains("OuDepthLimitExceeded"), "{error:?}");
}

#[tokio::test]
async fn only_an_empty_unit_can_be_deleted() {
    let (_, client, root) = organization(Options::default()).await;
    let parent = unit(&client, &root, "Parent").await;
    let child = unit(&client, &parent, "Child").await;
    let delete = |id: &str| client.delete_organizational_unit().organizational_unit_id(id).send();
    assert_eq!(code(delete(&parent).await), "OrganizationalUnitNotEmptyException");
    delete(&child).await.unwrap();
    delete(&parent).await.unwrap();
    assert_eq!(code(delete(&parent).await), "OrganizationalUnitNotFoundException");
}

#[tokio::test]
async fn lists_come_in_pages_of_twenty_and_refuse_foreign_tokens() {
    let (_, client, root) = organization(Options::default()).await;
    for number in 0..45 {
        unit(&client, &root, &format!("Unit {number}")).await;
    }
    let list = client.list_organizational_units_for_parent().parent_id(&root);
    let pages: Vec<_> = list.clone().into_paginator().send().try_collect().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.organizational_units().len()).collect();
    assert_eq!(sizes, [20, 20, 5]);
    let three = list.clone().max_results(3).send().await.unwrap();
    assert_eq!(three.organizational_units().len(), 3);
    assert_eq!(code(list.clone().max_results(21).send().await), "InvalidInputException");
    let token = three.next_token().unwrap();
    let of_another_list = client.list_children().parent_id(&root).next_token(token);
    let of_another_list = of_another_list.child_type(aws_sdk_organizations::types::ChildType::OrganizationalUnit);
    assert_eq!(code(of_another_list.send().await), "InvalidInputException");
    assert_eq!(code(list.next_token("nonsense").send().await), "InvalidInputException");
}

#[tokio::test]
async fn the_tree_can_be_walked_both_ways() {
    let (_, client, root) = organization(Options::default()).await;
    let workloads = unit(&client, &root, "Workloads").await;
    let dev = unit(&client, &workloads, "Dev").await;
    let parents = client.list_parents().child_id(&dev).send().await.unwrap();
    assert_eq!(parents.parents()[0].id(), Some(workloads.as_str()));
    let parents = client.list_parents().child_id("111111111111").send().await.unwrap();
    assert_eq!(parents.parents()[0].id(), Some(root.as_str()));
    assert_eq!(code(client.list_parents().child_id("999999999999").send().await), "ChildNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn an_organization_with_members_cannot_be_deleted() {
    let (_, client, _) = organization(Options::default()).await;
    account_id(&client, "member").await;
    assert_eq!(code(client.delete_organization().send().await), "OrganizationNotEmptyException");
}

#[tokio::test(start_paused = true)]
async fn members_may_look_at_the_organization_but_not_into_it() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let member = account_id(&client, "member").await;
    let arn = format!("arn:aws:iam::{member}:user/someone");
    sandbox.edit(|state| state["principals"]["AKIAMEMBER"] = json!({"arn": arn})).unwrap();
    let member = organizations_as(&sandbox, "AKIAMEMBER");
    member.describe_organization().send().await.unwrap();
    assert_eq!(code(member.list_accounts().send().await), "AccessDeniedException");
    let stranger = json!({"arn": "arn:aws:iam::999999999999:user/someone"});
    sandbox.edit(|state| state["principals"]["*"] = stranger).unwrap();
    let stranger = organizations_as(&sandbox, "AKIAUNKNOWN");
    assert_eq!(code(stranger.describe_organization().send().await), "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn missing_permissions_are_worded_as_aws_words_them() {
    let (sandbox, _, root) = organization(Options::default()).await;
    let arn = "arn:aws:iam::111111111111:user/reader";
    let reader = json!({"arn": arn, "deny": ["organizations:Create*"]});
    sandbox.edit(|state| state["principals"]["AKIAREADER"] = reader).unwrap();
    let client = organizations_as(&sandbox, "AKIAREADER");
    client.list_roots().send().await.unwrap();
    let refused = client.create_organizational_unit().parent_id(&root).name("X").send().await.unwrap_err();
    let refused = refused.into_service_error();
    assert!(refused.is_access_denied_exception());
    let expected = format!("User: {arn} is not authorized to perform: organizations:CreateOrganizationalUnit");
    assert!(refused.to_string().contains(&expected) || format!("{refused:?}").contains(&expected), "{refused:?}");
}
