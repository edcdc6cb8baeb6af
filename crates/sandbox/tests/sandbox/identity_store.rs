//! Users and groups.

use aws_sdk_identitystore::types::{AlternateIdentifier, AttributeOperation, ExternalId, Filter, UniqueAttribute};
use landing_sandbox::Options;
use serde_json::json;

use crate::center::Center;
use crate::support::code;

fn by(path: &str, value: &str) -> AlternateIdentifier {
    let unique = UniqueAttribute::builder().attribute_path(path).attribute_value(value.into());
    AlternateIdentifier::UniqueAttribute(unique.build().unwrap())
}

#[tokio::test]
async fn groups_are_found_by_name_by_filter_and_by_the_id_of_anyone_who_synchronizes_them() {
    let center = Center::new(Options::default()).await;
    let id = center.group("platform").await;
    center.group("science").await;
    let find = center.store.get_group_id().identity_store_id(&center.store_id);
    let found = find.clone().alternate_identifier(by("displayName", "platform")).send().await.unwrap();
    assert_eq!(found.group_id(), id);
    let nobody = find.clone().alternate_identifier(by("displayName", "no one")).send().await;
    assert_eq!(code(nobody), "ResourceNotFoundException");
    let filter = Filter::builder().attribute_path("DisplayName").attribute_value("platform").build().unwrap();
    #[expect(deprecated, reason = "many programs still ask so")]
    let list = center.store.list_groups().identity_store_id(&center.store_id).filters(filter);
    let listed = list.send().await.unwrap();
    assert_eq!(listed.groups().iter().map(|group| group.group_id()).collect::<Vec<_>>(), [id.as_str()]);
    let external = json!([{"issuer": "https://idp", "id": "42"}]);
    center.sandbox.edit(|state| state["directory"]["groups"][&id]["external_ids"] = external).unwrap();
    let external = ExternalId::builder().issuer("https://idp").id("42").build().unwrap();
    let found = find.alternate_identifier(AlternateIdentifier::ExternalId(external)).send().await.unwrap();
    assert_eq!(found.group_id(), id);
}

#[tokio::test]
async fn a_groups_name_is_its_own_and_can_be_changed() {
    let center = Center::new(Options::default()).await;
    let id = center.group("platform").await;
    let create = |name: &str| center.store.create_group().identity_store_id(&center.store_id).display_name(name).send();
    assert_eq!(code(create("Platform").await), "ConflictException");
    assert_eq!(code(create("AWSAdministrators").await), "ValidationException");
    let change = |path: &str, value: &str| {
        let change = AttributeOperation::builder().attribute_path(path).attribute_value(value.into());
        let update = center.store.update_group().identity_store_id(&center.store_id).group_id(&id);
        update.operations(change.build().unwrap()).send()
    };
    change("displayName", "base").await.unwrap();
    change("description", "Runs it").await.unwrap();
    let group = center.store.describe_group().identity_store_id(&center.store_id).group_id(&id).send().await.unwrap();
    assert_eq!((group.display_name(), group.description()), (Some("base"), Some("Runs it")));
    create("platform").await.unwrap();
    assert_eq!(code(change("displayName", "platform").await), "ConflictException");
}

#[tokio::test]
async fn groups_come_in_pages_of_a_hundred() {
    let center = Center::new(Options::default()).await;
    for number in 0..101 {
        center.group(&format!("group {number}")).await;
    }
    let pages = center.store.list_groups().identity_store_id(&center.store_id).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.groups().len()).collect::<Vec<_>>(), [100, 1]);
}

#[tokio::test]
async fn users_are_made_found_and_gone() {
    let center = Center::new(Options::default()).await;
    let create = center.store.create_user().identity_store_id(&center.store_id).user_name("jane").display_name("Jane");
    let id = create.clone().send().await.unwrap().user_id().to_owned();
    assert_eq!(code(create.send().await), "ConflictException");
    let find = center.store.get_user_id().identity_store_id(&center.store_id);
    let find = find.alternate_identifier(by("userName", "jane"));
    assert_eq!(find.clone().send().await.unwrap().user_id(), id);
    let user = center.store.describe_user().identity_store_id(&center.store_id).user_id(&id).send().await.unwrap();
    assert_eq!(user.display_name(), Some("Jane"));
    center.store.delete_user().identity_store_id(&center.store_id).user_id(&id).send().await.unwrap();
    assert_eq!(code(find.send().await), "ResourceNotFoundException");
}

#[tokio::test]
async fn another_directory_is_not_found() {
    let center = Center::new(Options::default()).await;
    let other = center.store.list_groups().identity_store_id("d-0000000000").send().await;
    assert_eq!(code(other), "ResourceNotFoundException");
}
