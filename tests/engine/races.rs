//! A resource of the name comes into being after the plan: by an earlier attempt whose answer was lost, or by someone else.

use std::sync::Arc;

use aws_sdk_organizations::types::{PolicyType, Tag};
use landing::kinds::{Step, WriteContext, WriteError, kind};
use landing::model::Address;
use serde_json::json;

use super::identity::center;
use super::world::{How, World, declared};

fn blueprint(sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n{sections}"
    )
}

const POLICY: &str = "policies: {guard: {content: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: 's3:*', Resource: '*'}]}}}\n";
const UNIT: &str = "organizational_units: {A: }\n";
const GROUP: &str = "identity: {groups: {team: {description: those who run it}}}\n";

/// An organization in which the sections are planned and `meanwhile` happens before the change at `address` is made.
async fn created(
    sections: &str,
    address: &str,
    meanwhile: impl AsyncFnOnce(&World),
) -> Result<Option<String>, WriteError> {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    let text = blueprint(sections);
    let draft = world.plan(&text).await.expect("it can be planned");
    meanwhile(&world).await;
    let desired = Arc::new(declared(&text).desired);
    let address = Address::parse(address);
    let step = Step {
        change: draft.plan.change(&address).expect("it is made").clone(),
        wanted: desired.get(&address).cloned(),
        found: None,
    };
    let management = draft.plan.organization.management_account.clone().expect("it is known");
    let context =
        WriteContext::new(world.cloud().await, desired, &management, draft.observed.bindings.clone(), |_, _| {});
    kind(&step.change.kind).expect("it is a kind").write(&step, &context).await?;
    Ok(context.id(&address).ok())
}

fn tags(blueprint: &str, address: &str) -> Vec<Tag> {
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().expect("it is whole");
    vec![tag("landing:blueprint", blueprint), tag("landing:address", address)]
}

async fn policy(world: &World, action: &str, tags: Vec<Tag>) {
    let statement =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]});
    let client = world.cloud().await.organizations.clone();
    let request = client.create_policy().name("guard").description("").content(statement.to_string());
    request.r#type(PolicyType::ServiceControlPolicy).set_tags(Some(tags)).send().await.expect("it is made");
}

async fn unit(world: &World, tags: Vec<Tag>) {
    let client = world.cloud().await.organizations.clone();
    let root = client.list_roots().send().await.expect("there is a root").roots()[0].id().expect("an id").to_owned();
    let request = client.create_organizational_unit().parent_id(root).name("A");
    request.set_tags(Some(tags)).send().await.expect("it is made");
}

async fn group(world: &World, description: &str) {
    let store = center(world).await.1;
    let request = world.cloud().await.identity_store.create_group().identity_store_id(store);
    request.display_name("team").description(description).send().await.expect("it is made");
}

fn failed<T: std::fmt::Debug>(result: Result<T, WriteError>) -> String {
    match result {
        Err(WriteError::Failed { message, .. }) => message,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_attempt_made_is_taken_for_made() {
    let made = created(POLICY, "scp/guard", async |world| policy(world, "s3:*", tags("ours", "scp/guard")).await).await;
    assert!(made.expect("it is made").is_some());
    let made = created(UNIT, "ou/A", async |world| unit(world, tags("ours", "ou/A")).await).await;
    assert!(made.expect("it is made").is_some());
    let made = created(GROUP, "group/team", async |world| group(world, "those who run it [landing:ours]").await).await;
    assert!(made.expect("it is made").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_policy_with_our_tags_that_says_something_else_is_no_attempt_of_ours() {
    let made =
        created(POLICY, "scp/guard", async |world| policy(world, "sqs:*", tags("ours", "scp/guard")).await).await;
    assert_eq!(failed(made), "scp/guard exists since the plan was made, with other contents");
}

#[tokio::test(start_paused = true)]
async fn someone_elses_resource_of_the_same_name_is_not_ours() {
    let elses = |address: &str| format!("{address} was created by another program since the plan was made");
    for tags in [vec![], tags("theirs", "scp/guard"), tags("ours", "scp/other")] {
        let made = created(POLICY, "scp/guard", async |world| policy(world, "s3:*", tags.clone()).await).await;
        assert_eq!(failed(made), elses("scp/guard"));
    }
    for tags in [vec![], tags("theirs", "ou/A"), tags("ours", "ou/B")] {
        let made = created(UNIT, "ou/A", async |world| unit(world, tags.clone()).await).await;
        assert_eq!(failed(made), elses("ou/A"));
    }
    for description in ["those who run it", "those who run it [landing:theirs]"] {
        let made = created(GROUP, "group/team", async |world| group(world, description).await).await;
        assert_eq!(failed(made), elses("group/team"));
    }
}
