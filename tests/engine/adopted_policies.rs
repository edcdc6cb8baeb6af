//! Policies that are there already and that the blueprint says otherwise: what is written and what is not.

use aws_sdk_organizations::types::PolicyType;
use landing::model::Action;
use serde_json::Value;

use super::world::{How, World};

const EMPTY: &str = "version: 1\nname: first\norganization: {regions: [eu-west-1], policy_types: [scp, rcp]}\n";

fn blueprint(policies: &str) -> String {
    format!("version: 1\nname: ours\norganization: {{regions: [eu-west-1]}}\npolicies: {{{policies}}}\n")
}

/// An organization with a policy of someone's, which lets no account leave in words of its own.
async fn with_policy(policy_type: PolicyType, content: &str) -> World {
    let world = World::new();
    world.applied(EMPTY, How::default()).await;
    let request = world.cloud().await.organizations.create_policy().name("Keep accounts").description("By hand");
    request.r#type(policy_type).content(content).send().await.expect("it is made");
    world
}

const LEAVING: &str = r#"{"Statement":{"Resource":["*"],"Action":["organizations:LeaveOrganization"],"Sid":"Mine","Effect":"Deny"},"Version":"2012-10-17"}"#;

/// The policy as AWS has it, without its tags.
fn policy(world: &World) -> Value {
    let snapshot = world.sandbox.snapshot();
    let policies = snapshot["organization"]["policies"].as_object().expect("a map");
    let mut ours = policies.values().find(|it| it["name"] == "Keep accounts").expect("it is there").clone();
    ours["tags"] = Value::Null;
    ours
}

#[tokio::test(start_paused = true)]
async fn adopting_a_policy_as_a_guardrail_or_template_writes_nothing_but_tags() {
    for says in ["guardrail: no-leaving", "template: deny-leave-organization"] {
        let world = with_policy(PolicyType::ServiceControlPolicy, LEAVING).await;
        let before = policy(&world);
        let text = blueprint(&format!("keep: {{name: Keep accounts, {says}}}"));
        let plan = world.plan(&text).await.expect("it can be planned").plan;
        let change = plan.changes.iter().find(|it| it.address.as_str() == "scp/Keep accounts").expect("it is adopted");
        assert_eq!((change.action, change.fields.len()), (Action::Adopt, 0), "{says}: {:?}", change.fields);
        world.applied(&text, How::default()).await;
        assert_eq!(policy(&world), before, "{says}");
        world.quiet(&text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_name_of_a_statement_is_a_change_where_the_blueprint_says_the_document() {
    let world = with_policy(PolicyType::ServiceControlPolicy, LEAVING).await;
    let text =
        blueprint(&format!("Keep accounts: {{description: By hand, content: {}}}", LEAVING.replace("Mine", "Ours")));
    world.applied(&text, How::default()).await;
    let content = policy(&world)["content"].to_string();
    assert!(content.contains("Ours") && !content.contains("Mine"), "{content}");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_guardrail_that_decides_otherwise_is_written() {
    let other = LEAVING.replace("LeaveOrganization", "DescribeOrganization");
    let world = with_policy(PolicyType::ServiceControlPolicy, &other).await;
    let text = blueprint("keep: {name: Keep accounts, guardrail: no-leaving}");
    world.applied(&text, How::default()).await;
    let kept = policy(&world);
    assert!(kept["content"].to_string().contains("LeaveOrganization"), "{kept}");
    assert_eq!(kept["description"], "By hand", "the description is the user's");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn policies_of_two_types_may_share_their_name() {
    let deny = "Effect: Deny, Action: 's3:PutObject', Resource: '*'";
    let policies = format!(
        "one: {{name: Keep accounts, content: {{Version: '2012-10-17', Statement: {{{deny}}}}}}}, \
         other: {{name: Keep accounts, type: rcp, content: {{Version: '2012-10-17', Statement: {{Principal: '*', {deny}}}}}}}"
    );
    let text = blueprint(&policies) + "organizational_units: {A: {policies: [one, other]}}\n";
    let world = with_policy(PolicyType::ServiceControlPolicy, LEAVING).await;
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
    let snapshot = world.sandbox.snapshot();
    let policies = snapshot["organization"]["policies"].as_object().expect("a map");
    let named: Vec<&Value> = policies.values().filter(|it| it["name"] == "Keep accounts").collect();
    assert!(
        named.len() == 2 && named.iter().all(|it| it["targets"].as_array().is_some_and(|it| it.len() == 1)),
        "{named:?}"
    );
}
