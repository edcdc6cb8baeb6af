//! Tags, by Organizations and by the tagging API.

use aws_sdk_organizations::types::{PolicyType, Tag};
use aws_sdk_resourcegroupstagging::types::TagFilter;
use landing_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::support::{DENY_ALL, code, credentials, organization, policy, unit};

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

fn tagging(sandbox: &Sandbox, region: &'static str) -> aws_sdk_resourcegroupstagging::Client {
    let config = aws_sdk_resourcegroupstagging::Config::builder()
        .behavior_version(aws_sdk_resourcegroupstagging::config::BehaviorVersion::latest())
        .region(aws_sdk_resourcegroupstagging::config::Region::new(region))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .http_client(sandbox.http_client());
    aws_sdk_resourcegroupstagging::Client::from_conf(config.build())
}

#[tokio::test]
async fn tags_are_added_replaced_and_removed() {
    let (_, client, root) = organization(Options::default()).await;
    let id = unit(&client, &root, "Unit").await;
    let add = |tag: Tag| client.tag_resource().resource_id(&id).tags(tag).send();
    add(tag("owner", "one")).await.unwrap();
    add(tag("owner", "two")).await.unwrap();
    add(tag("landing:blueprint", "ml")).await.unwrap();
    client.untag_resource().resource_id(&id).tag_keys("owner").send().await.unwrap();
    let tags = client.list_tags_for_resource().resource_id(&id).send().await.unwrap();
    assert_eq!(tags.tags(), [tag("landing:blueprint", "ml")]);
    assert_eq!(code(add(tag("aws:owner", "x")).await), "InvalidInputException");
    let nothing = client.tag_resource().resource_id("ou-none-00000000").tags(tag("a", "b"));
    assert_eq!(code(nothing.send().await), "TargetNotFoundException");
}

#[tokio::test]
async fn a_resource_has_at_most_fifty_tags() {
    let (_, client, root) = organization(Options::default()).await;
    let tags = (0..50).map(|number| tag(&format!("key {number}"), "")).collect();
    client.tag_resource().resource_id(&root).set_tags(Some(tags)).send().await.unwrap();
    let one_more = client.tag_resource().resource_id(&root).tags(tag("one more", "")).send().await;
    assert_eq!(code(one_more), "ConstraintViolationException");
    let pages = client.list_tags_for_resource().resource_id(&root).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    assert_eq!(pages.iter().map(|page| page.tags().len()).sum::<usize>(), 50);
}

#[tokio::test]
async fn the_tagging_api_finds_the_organizations_resources_in_us_east_1_alone() {
    let (sandbox, client, root) = organization(Options::default()).await;
    let owner = tag("landing:blueprint", "ml");
    let create = client.create_organizational_unit().parent_id(&root).name("Unit").tags(owner.clone());
    let arn = create.send().await.unwrap().organizational_unit().unwrap().arn().unwrap().to_owned();
    let scp = policy(&client, PolicyType::ServiceControlPolicy, "deny", DENY_ALL).await;
    client.tag_resource().resource_id(&scp).tags(owner).send().await.unwrap();
    client.tag_resource().resource_id(&root).tags(tag("other", "")).send().await.unwrap();
    let owned = TagFilter::builder().key("landing:blueprint").values("ml").build();
    let find = |region| tagging(&sandbox, region).get_resources().tag_filters(owned.clone());
    let found = find("us-east-1").send().await.unwrap();
    assert_eq!(found.resource_tag_mapping_list().len(), 2);
    let units = find("us-east-1").resource_type_filters("organizations:ou").send().await.unwrap();
    assert_eq!(units.resource_tag_mapping_list()[0].resource_arn(), Some(arn.as_str()));
    assert_eq!(units.resource_tag_mapping_list().len(), 1);
    assert!(find("eu-west-1").send().await.unwrap().resource_tag_mapping_list().is_empty());
}

#[tokio::test]
async fn the_tagging_api_gives_pages_of_up_to_a_hundred() {
    let (sandbox, client, root) = organization(Options::default()).await;
    for number in 0..120 {
        let create = client.create_organizational_unit().parent_id(&root).name(format!("Unit {number}"));
        create.tags(tag("owner", "x")).send().await.unwrap();
    }
    let client = tagging(&sandbox, "us-east-1");
    let pages = client.get_resources().resources_per_page(100).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await.unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.resource_tag_mapping_list().len()).collect();
    assert_eq!(sizes, [100, 20]);
}

#[tokio::test]
async fn the_tagging_api_can_lag_behind() {
    let (sandbox, client, root) = organization(Options::default()).await;
    client.tag_resource().resource_id(&root).tags(tag("owner", "new")).send().await.unwrap();
    sandbox.edit(|state| state["tagging"]["lag"] = json!("empty")).unwrap();
    let find = tagging(&sandbox, "us-east-1").get_resources();
    assert!(find.clone().send().await.unwrap().resource_tag_mapping_list().is_empty());
    let arn = "arn:aws:organizations::111111111111:root/o-x/r-x";
    sandbox.edit(|state| state["tagging"] = json!({"lag": "stale", "stale": {arn: {"owner": "old"}}})).unwrap();
    let found = find.send().await.unwrap();
    assert_eq!(found.resource_tag_mapping_list()[0].tags()[0].value(), "old");
}
