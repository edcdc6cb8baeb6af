//! The organization's resource policy: made, changed, adopted, left and deleted.

use landing::model::{Action, Risk};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

fn blueprint(policy: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization:\n  regions: [eu-west-1]\n  account_email: \"{{name}}@example.com\"\n{policy}accounts: [audit]\n"
    )
}

/// It lets the account `audit` do this.
fn delegating(action: &str) -> String {
    blueprint(&format!(
        "  delegation_policy:\n    tags: {{team: security}}\n    content:\n      Version: '2012-10-17'\n      Statement: \
         [{{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::${{account/audit}}:root'}}, Action: '{action}', Resource: '*'}}]\n"
    ))
}

fn kept(world: &World) -> Value {
    world.sandbox.snapshot()["organization"]["resource_policy"].clone()
}

fn tags(world: &World) -> Value {
    let snapshot = world.sandbox.snapshot();
    let id = kept(world)["id"].as_str().expect("it has an id").to_owned();
    snapshot["organization"]["tags"][id].clone()
}

#[tokio::test(start_paused = true)]
async fn it_is_made_changed_and_deleted() {
    let world = World::new();
    world.applied(&delegating("organizations:List*"), How::default()).await;
    let first = kept(&world);
    let content: Value = serde_json::from_str(first["content"].as_str().expect("a text")).expect("it is JSON");
    let account = content["Statement"][0]["Principal"]["AWS"].as_str().expect("a text");
    assert!(account.starts_with("arn:aws:iam::2") && account.ends_with(":root"), "{account}");
    let own = json!({"landing:address": "resource-policy", "landing:blueprint": "ours", "team": "security"});
    assert_eq!(tags(&world), own);
    world.quiet(&delegating("organizations:List*")).await;
    world.applied(&delegating("organizations:Describe*"), How::default()).await;
    assert_eq!(kept(&world)["id"], first["id"]);
    assert!(kept(&world)["content"].as_str().is_some_and(|it| it.contains("organizations:Describe*")));
    world.quiet(&delegating("organizations:Describe*")).await;
    world.applied(&blueprint(""), How::default()).await;
    assert_ne!(kept(&world), Value::Null, "what the blueprint does not name stays");
    let absent = blueprint("  delegation_policy: {state: absent}\n");
    let plan = world.plan(&absent).await.expect("it can be planned").plan;
    let shown: Vec<_> = plan.changes.iter().map(|it| (it.address.as_str(), it.action, it.risk)).collect();
    assert_eq!(shown, [("resource-policy", Action::Delete, Risk::Destructive)]);
    world.applied(&absent, DESTROY).await;
    assert_eq!(kept(&world), Value::Null);
    world.quiet(&absent).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_is_there_is_adopted_by_what_it_means() {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    let snapshot = world.sandbox.snapshot();
    let accounts = snapshot["organization"]["accounts"].as_object().expect("a map");
    let audit = accounts.iter().find(|(_, account)| account["name"] == "audit").expect("it is there").0;
    let statement =
        json!({"Resource": ["*"], "Action": ["organizations:List*"], "Principal": {"AWS": [audit]}, "Effect": "Allow"});
    let content = json!({"Statement": [statement], "Version": "2012-10-17"}).to_string();
    let client = world.cloud().await.organizations.clone();
    client.put_resource_policy().content(&content).send().await.expect("it is made");
    let text = delegating("organizations:List*");
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    let change = plan.changes.iter().find(|it| it.address.as_str() == "resource-policy").expect("it is adopted");
    let paths: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!((change.action, change.risk, paths), (Action::Adopt, Risk::None, vec!["tags.team"]));
    world.applied(&text, How::default()).await;
    assert_eq!(kept(&world)["content"], content.as_str());
    world.quiet(&text).await;
    let others = text.replace("name: ours", "name: others");
    let plan = world.plan(&others).await.expect("it can be planned").plan;
    assert!(
        plan.refusals.iter().any(|it| it.code == "another-blueprint"
            && it.address.as_ref().is_some_and(|at| at.as_str() == "resource-policy"))
    );
}

#[tokio::test(start_paused = true)]
async fn tags_come_with_a_new_policy_alone_and_the_documents_mistakes_are_refused() {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    let client = world.cloud().await.organizations.clone();
    let put = |content: &str| client.put_resource_policy().content(content).send();
    for (content, reason) in [
        ("{", "INVALID_RESOURCE_POLICY_JSON"),
        (r#"{"Statement": []}"#, "INVALID_RESOURCE_POLICY_JSON"),
        (r#"{"Statement": {"Action": "organizations:List*"}}"#, "INVALID_PRINCIPAL"),
        (r#"{"Statement": {"Principal": "*", "Action": "s3:*"}}"#, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
    ] {
        let error = put(content).await.expect_err("it is refused");
        assert!(format!("{error:?}").contains(reason), "{content}: {error:?}");
    }
    let right = r#"{"Statement": {"Principal": "*", "Action": "organizations:List*"}}"#;
    put(right).await.expect("it is made");
    let tag = aws_sdk_organizations::types::Tag::builder().key("a").value("b").build().expect("it is a tag");
    let again = client.put_resource_policy().content(right).tags(tag).send().await;
    assert!(format!("{:?}", again.expect_err("it is there")).contains("InvalidInputException"));
}
