//! Who may use which permission set where.

use aws_sdk_ssoadmin::types::{PrincipalType, StatusValues};
use landing_sandbox::Options;

use crate::center::Center;
use crate::support::{account_id, code};

const MANAGEMENT: &str = "111111111111";

#[tokio::test(start_paused = true)]
async fn an_assignment_is_there_when_its_request_is_done() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let dev = account_id(&center.organizations, "dev").await;
    let begun = center.assign(&set, &dev, &group).send().await.unwrap();
    let begun = begun.account_assignment_creation_status().unwrap();
    assert_eq!(begun.status(), Some(&StatusValues::InProgress));
    let list = center.sso.list_account_assignments().instance_arn(&center.instance).account_id(&dev);
    let list = list.permission_set_arn(&set);
    assert!(list.clone().send().await.unwrap().account_assignments().is_empty());
    let done = center.creation(begun.request_id().unwrap()).await;
    assert_eq!((done.status(), done.target_id()), (Some(&StatusValues::Succeeded), Some(dev.as_str())));
    let listed = list.send().await.unwrap();
    assert_eq!(listed.account_assignments()[0].principal_id(), Some(group.as_str()));
    assert_eq!(center.assigned(&set, &dev, &group).await.status(), Some(&StatusValues::Succeeded), "asked again");
}

#[tokio::test(start_paused = true)]
async fn the_accounts_role_comes_with_the_first_assignment_and_goes_with_the_last() {
    let center = Center::new(Options::default()).await;
    let (set, dev) = (center.permission_set("admin").await, account_id(&center.organizations, "dev").await);
    let (one, two) = (center.group("one").await, center.group("two").await);
    let roles = || {
        let roles = center.sandbox.snapshot()["roles"][&dev].as_array().cloned().unwrap_or_default();
        roles.iter().filter(|role| role.as_str().unwrap().starts_with("AWSReservedSSO_admin_")).count()
    };
    center.assigned(&set, &dev, &one).await;
    center.assigned(&set, &dev, &two).await;
    assert_eq!(roles(), 1);
    center.unassigned(&set, &dev, &one).await;
    assert_eq!(roles(), 1);
    let delete = center.sso.delete_permission_set().instance_arn(&center.instance).permission_set_arn(&set);
    assert_eq!(code(delete.clone().send().await), "ConflictException");
    center.unassigned(&set, &dev, &two).await;
    assert_eq!(roles(), 0);
    delete.send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_assignment_outlives_its_group_and_can_still_be_deleted() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let dev = account_id(&center.organizations, "dev").await;
    center.assigned(&set, &dev, &group).await;
    let delete = center.store.delete_group().identity_store_id(&center.store_id).group_id(&group);
    delete.send().await.unwrap();
    let list = center.sso.list_account_assignments().instance_arn(&center.instance).account_id(&dev);
    let list = list.permission_set_arn(&set);
    let listed = list.clone().send().await.unwrap();
    assert_eq!(listed.account_assignments()[0].principal_id(), Some(group.as_str()));
    let described = center.store.describe_group().identity_store_id(&center.store_id).group_id(&group);
    assert_eq!(code(described.send().await), "ResourceNotFoundException");
    let ended = center.unassigned(&set, &dev, &group).await;
    assert_eq!(ended.status(), Some(&StatusValues::Succeeded));
    assert!(list.send().await.unwrap().account_assignments().is_empty());
}

#[tokio::test(start_paused = true)]
async fn taking_away_what_is_not_assigned_fails() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let ended = center.unassigned(&set, MANAGEMENT, &group).await;
    assert_eq!(ended.status(), Some(&StatusValues::Failed));
    assert_eq!(ended.failure_reason(), Some("Received a 404 status error: Assignment not found."));
}

#[tokio::test(start_paused = true)]
async fn closed_accounts_take_no_assignment() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let old = account_id(&center.organizations, "old").await;
    center.organizations.close_account().account_id(&old).send().await.unwrap();
    let ended = center.assigned(&set, &old, &group).await;
    assert_eq!(ended.status(), Some(&StatusValues::Failed));
    assert!(ended.failure_reason().unwrap().contains("unable to complete your request"), "{ended:?}");
}

#[tokio::test]
async fn what_is_assigned_must_exist() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let nobody = center.assign(&set, MANAGEMENT, "00000000-0000-4000-8000-000000000000").send().await;
    assert_eq!(code(nobody), "ResourceNotFoundException");
    let nowhere = center.assign(&set, "999999999999", &group).send().await;
    assert_eq!(code(nowhere), "ResourceNotFoundException");
    let nothing = set.replace("/ps-", "/ps-0");
    assert_eq!(code(center.assign(&nothing, MANAGEMENT, &group).send().await), "ResourceNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn ten_assignments_may_be_outstanding_and_one_of_each() {
    let center = Center::new(Options::default()).await;
    let group = center.group("platform").await;
    let mut sets = Vec::new();
    for number in 0..11 {
        sets.push(center.permission_set(&format!("set-{number}")).await);
    }
    let first = center.assign(&sets[0], MANAGEMENT, &group).send().await.unwrap();
    assert_eq!(code(center.assign(&sets[0], MANAGEMENT, &group).send().await), "ConflictException");
    assert_eq!(code(center.unassign(&sets[0], MANAGEMENT, &group).send().await), "ConflictException");
    for set in &sets[1..10] {
        center.assign(set, MANAGEMENT, &group).send().await.unwrap();
    }
    assert_eq!(code(center.assign(&sets[10], MANAGEMENT, &group).send().await), "ThrottlingException");
    center.creation(first.account_assignment_creation_status().unwrap().request_id().unwrap()).await;
    center.assign(&sets[10], MANAGEMENT, &group).send().await.unwrap();
    let statuses = center.sso.list_account_assignment_creation_status().instance_arn(&center.instance).send().await;
    assert_eq!(statuses.unwrap().account_assignments_creation_status().len(), 11);
}

#[tokio::test(start_paused = true)]
async fn a_principals_assignments_are_listed_across_accounts_with_those_of_the_users_groups() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    let dev = account_id(&center.organizations, "dev").await;
    center.assigned(&set, &dev, &group).await;
    center.assigned(&set, MANAGEMENT, &group).await;
    let user = center.store.create_user().identity_store_id(&center.store_id).user_name("jane").send().await.unwrap();
    let join = center.store.create_group_membership().identity_store_id(&center.store_id).group_id(&group);
    let member = aws_sdk_identitystore::types::MemberId::UserId(user.user_id().into());
    join.member_id(member).send().await.unwrap();
    let list = center.sso.list_account_assignments_for_principal().instance_arn(&center.instance);
    let of_group = list.clone().principal_type(PrincipalType::Group).principal_id(&group).send().await.unwrap();
    assert_eq!(of_group.account_assignments().len(), 2);
    let of_user = list.principal_type(PrincipalType::User).principal_id(user.user_id()).send().await.unwrap();
    assert_eq!(of_user.account_assignments(), of_group.account_assignments());
}

#[tokio::test(start_paused = true)]
async fn assignments_outlive_their_group() {
    let center = Center::new(Options::default()).await;
    let (set, group) = (center.permission_set("admin").await, center.group("platform").await);
    center.assigned(&set, MANAGEMENT, &group).await;
    center.store.delete_group().identity_store_id(&center.store_id).group_id(&group).send().await.unwrap();
    let list = center.sso.list_account_assignments().instance_arn(&center.instance).account_id(MANAGEMENT);
    assert_eq!(list.permission_set_arn(&set).send().await.unwrap().account_assignments().len(), 1);
    assert_eq!(center.unassigned(&set, MANAGEMENT, &group).await.status(), Some(&StatusValues::Succeeded));
}
