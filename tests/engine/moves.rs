//! Accounts that go from one unit to another, on the simulated AWS.

use landing::engine::ApplyError;
use landing::model::{Action, Address, Change, Risk};

use crate::world::{DESTROY, How, World};

/// An account that is in one unit or the other, or in a unit below the first.
fn blueprint(dev: &str, inner: &str, prod: &str) -> String {
    format!(
        "
version: 1
name: moves
organization:
  regions: [eu-west-1]
  account_email: '{{name}}@example.com'
  trusted_access: [ram.amazonaws.com]
policies:
  everywhere: {{content: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'sqs:DeleteQueue', Resource: '*'}}]}}}}
  dev-only: {{content: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'sns:DeleteTopic', Resource: '*'}}]}}}}
  prod-only: {{content: {{Version: '2012-10-17', Statement: [{{Effect: Deny, Action: 'ses:DeleteIdentity', Resource: '*'}}]}}}}
accounts: [network]
organizational_units:
  Dev:
    policies: [everywhere, dev-only]
    accounts: [{dev}]
    organizational_units: {{Inner: {{accounts: [{inner}]}}}}
  Prod: {{policies: [everywhere, prod-only], accounts: [{prod}]}}
stacks:
  net:
    template: network
    in: [network]
    parameters:
      cidr: 10.0.0.0/16
      ShareWith: ['arn:aws:organizations::${{management}}:ou/${{organization}}/${{ou/Dev}}']
identity:
  permission_sets: {{look: {{managed_policies: [ReadOnlyAccess]}}, run: {{managed_policies: [PowerUserAccess]}}}}
  assignments: {{developers: {{run: [Dev], look: [root]}}, operators: {{run: [Prod]}}}}
"
    )
}

async fn in_dev() -> World {
    let world = World::new();
    world.applied("version: 1\nname: moves\norganization: {regions: [eu-west-1]}", How::default()).await;
    world.applied(&blueprint("app", "", ""), How::default()).await;
    world
}

fn moved(changes: &[Change]) -> &Change {
    changes.iter().find(|change| change.action == Action::Move).expect("an account moves")
}

fn names(addresses: &[Address]) -> Vec<&str> {
    addresses.iter().map(Address::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn the_plan_names_what_an_account_gains_and_loses_by_moving() {
    let world = in_dev().await;
    let plan = world.plan(&blueprint("", "", "app")).await.expect("it can be planned").plan;
    let moved = moved(&plan.changes);
    assert_eq!(names(&moved.gains), ["assignment/run/group/operators@account/app", "scp/prod-only"]);
    assert_eq!(
        names(&moved.loses),
        ["assignment/run/group/developers@account/app", "scp/dev-only", "stack/network/net/eu-west-1"]
    );
}

#[tokio::test(start_paused = true)]
async fn leaving_shared_subnets_needs_permission() {
    let world = in_dev().await;
    let there = blueprint("", "", "app");
    match world.apply(&there, How::default()).await {
        Err(ApplyError::Refused { plan: Some(plan), refusals }) => {
            assert_eq!(refusals[0].code, "destruction");
            assert_eq!(moved(&plan.changes).risk, Risk::Destructive);
        }
        other => panic!("{other:?}"),
    }
    world.applied(&there, DESTROY).await;
    world.quiet(&there).await;
}

#[tokio::test(start_paused = true)]
async fn a_move_below_the_same_unit_loses_nothing_and_needs_no_permission() {
    let world = in_dev().await;
    let there = blueprint("", "app", "");
    let plan = world.plan(&there).await.expect("it can be planned").plan;
    let moved = moved(&plan.changes);
    assert_eq!((names(&moved.gains), names(&moved.loses)), (vec![], vec![]));
    world.applied(&there, How::default()).await;
    world.quiet(&there).await;
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_someone_else_is_named_as_well() {
    let world = in_dev().await;
    let cloud = world.cloud().await;
    let content = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"kms:*","Resource":"*"}}"#;
    let policy = cloud.organizations.create_policy().name("theirs").description("").content(content);
    let policy =
        policy.r#type(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy).send().await.expect("it is made");
    let id = policy.policy.and_then(|policy| policy.policy_summary).and_then(|summary| summary.id).expect("an id");
    let observed = world.plan(&blueprint("app", "", "")).await.expect("it can be planned").observed;
    let prod = observed.bindings.id(&Address::unit(["Prod"])).expect("it is there");
    cloud.organizations.attach_policy().policy_id(id).target_id(prod).send().await.expect("it is attached");
    let plan = world.plan(&blueprint("", "", "app")).await.expect("it can be planned").plan;
    assert!(names(&moved(&plan.changes).gains).contains(&"scp/theirs"));
}

/// A stack set on the one unit; the account is in it or in the other.
fn with_stack_set(place: &str, retain: bool) -> String {
    let (dev, prod) = if place == "Dev" { ("app", "") } else { ("", "app") };
    format!(
        "
version: 1
name: moves
organization: {{regions: [eu-west-1], account_email: '{{name}}@example.com'}}
organizational_units: {{Dev: {{accounts: [{dev}]}}, Prod: {{accounts: [{prod}]}}}}
stacks:
  spend:
    template: budget
    in: [Dev]
    parameters: {{limit_usd: 500, emails: [costs@example.com]}}
    auto_deployment: {{retain_stacks_on_account_removal: {retain}}}
"
    )
}

#[tokio::test(start_paused = true)]
async fn leaving_a_stack_set_is_destructive_unless_it_retains_its_stacks() {
    for (retain, risk) in [(true, Risk::Disruptive), (false, Risk::Destructive)] {
        let world = World::new();
        world.applied(&with_stack_set("Dev", retain), How::default()).await;
        let plan = world.plan(&with_stack_set("Prod", retain)).await.expect("it can be planned").plan;
        let moved = moved(&plan.changes);
        assert_eq!((names(&moved.loses), moved.risk), (vec!["stack-set/spend"], risk), "{retain}");
        world.applied(&with_stack_set("Prod", retain), if retain { How::default() } else { DESTROY }).await;
        world.quiet(&with_stack_set("Prod", retain)).await;
        let back = world.plan(&with_stack_set("Dev", retain)).await.expect("it can be planned").plan;
        assert_eq!(names(&self::moved(&back.changes).gains), ["stack-set/spend"]);
    }
}
