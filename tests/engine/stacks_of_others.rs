//! Stacks that others made, or that failed, where the blueprint has some, on the simulated AWS.

use landing::model::{Action, Plan, Risk};
use serde_json::{Value, json};

use crate::world::{DESTROY, How, World};

const BLUEPRINT: &str = "
version: 1
name: stacks
organization: {regions: [eu-west-1], account_email: '{name}@example.com', trusted_access: [cloudtrail.amazonaws.com]}
accounts: [logs, zeta]
stacks:
  archive:
    template: log-archive
    in: [logs]
    parameters: {bucket_prefix: acme}
  budget:
    template: budget
    in: [zeta]
    parameters: {limit_usd: 500, emails: [costs@example.com]}
  trail:
    template: organization-trail
    in: [management]
    parameters:
      BucketName: ${stack/logs/archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/archive/eu-west-1.KeyArn}
";

async fn applied() -> World {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    world
}

fn account_id(state: &Value, name: &str) -> String {
    let accounts = state["organization"]["accounts"].as_object().cloned().unwrap_or_default();
    accounts.iter().find(|(_, account)| account["name"] == name).map(|(id, _)| id.clone()).expect("it is there")
}

/// The stacks of an account in the home region, by name.
fn stacks<'a>(state: &'a mut Value, account: &str) -> &'a mut Value {
    let id = account_id(state, account);
    &mut state["stacks"]["places"][id]["eu-west-1"]["stacks"]
}

/// Puts a copy of a stack into an account under another name, with tags of anyone who administers that account.
fn plant(world: &World, account: &str, (from, copied): (&str, &str), name: &str, tags: Value) {
    let plant = |state: &mut Value| {
        let id = account_id(state, account);
        let mut stack = stacks(state, from)[copied].clone();
        stack["name"] = json!(name);
        stack["id"] = json!(format!("arn:aws:cloudformation:eu-west-1:{id}:stack/{name}/planted"));
        stack["wanted"]["tags"] = tags;
        for output in stack["outputs"].as_array_mut().expect("there are outputs") {
            output["value"] = json!("evil");
        }
        stacks(state, account)[name] = stack;
    };
    world.sandbox.edit(plant).expect("it is a state");
}

fn ours(address: &str) -> Value {
    json!({"landing:blueprint": "stacks", "landing:address": address})
}

async fn planned(world: &World) -> Plan {
    world.plan(BLUEPRINT).await.expect("it can be planned").plan
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.refusals.iter().map(|refusal| refusal.code.as_str()).collect()
}

const ARCHIVE: &str = "stack/logs/archive/eu-west-1";

#[tokio::test(start_paused = true)]
async fn a_stack_of_another_account_that_claims_an_address_by_its_tags_takes_no_part() {
    let world = applied().await;
    let before = world.sandbox.snapshot();
    plant(&world, "zeta", ("logs", "archive"), "shadow", ours(ARCHIVE));
    let plan = world.quiet(BLUEPRINT).await;
    assert_eq!(plan.untrusted.len(), 1);
    assert_eq!(plan.untrusted[0].address.as_str(), "stack/zeta/shadow/eu-west-1");
    assert!(plan.untrusted[0].why.contains(ARCHIVE), "{}", plan.untrusted[0].why);
    // Also where the blueprint's own stack is not there any more.
    let gone = |state: &mut Value| {
        stacks(state, "logs").as_object_mut().expect("a map").remove("archive");
    };
    world.sandbox.edit(gone).expect("it is a state");
    let plan = planned(&world).await;
    let archive = plan.changes.iter().find(|change| change.address.as_str() == ARCHIVE).expect("it is made anew");
    assert_eq!(archive.action, Action::Create);
    assert!(!serde_json::to_string(&plan.changes).expect("it is JSON").contains("evil"));
    assert!(before.to_string().contains("acme"));
}

#[tokio::test(start_paused = true)]
async fn two_stacks_of_one_account_that_claim_an_address_are_refused() {
    let world = applied().await;
    plant(&world, "logs", ("logs", "archive"), "shadow", ours(ARCHIVE));
    let plan = planned(&world).await;
    assert_eq!(codes(&plan), ["two-claimants"]);
    let message = &plan.refusals[0].message;
    assert!(message.contains(":stack/archive/") && message.contains(":stack/shadow/planted"), "{message}");
    assert!(world.apply(BLUEPRINT, DESTROY).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_output_that_is_not_what_it_stands_for_is_refused_by_name() {
    for (output, value) in [("KeyArn", "arn:aws:kms:eu-west-1:999999999999:key/1"), ("TrailBucketName", "*")] {
        let world = applied().await;
        let change = |state: &mut Value| {
            let outputs = stacks(state, "logs")["archive"]["outputs"].as_array_mut().expect("there are outputs");
            let changed = outputs.iter_mut().find(|it| it["key"] == output).expect("it has the output");
            changed["value"] = json!(value);
        };
        world.sandbox.edit(change).expect("it is a state");
        let plan = planned(&world).await;
        assert_eq!(codes(&plan), ["output"]);
        let message = &plan.refusals[0].message;
        assert!(message.contains(&format!("{ARCHIVE}.{output}")) && message.contains(value), "{message}");
    }
}

/// Has the stack `budget` of zeta be left by an operation that failed.
fn fail(world: &World, status: &str, tags: Option<Value>, resources: Option<Value>) {
    let fail = |state: &mut Value| {
        let stack = &mut stacks(state, "zeta")["budget"];
        stack["status"] = json!(status);
        stack["change_sets"] = json!({});
        if let Some(tags) = tags {
            stack["wanted"]["tags"] = tags;
        }
        if let Some(resources) = resources {
            stack["resources"] = resources;
        }
    };
    world.sandbox.edit(fail).expect("it is a state");
}

fn budgets(world: &World) -> Value {
    let mut state = world.sandbox.snapshot();
    stacks(&mut state, "zeta").clone()
}

#[tokio::test(start_paused = true)]
async fn what_others_left_of_a_stack_of_the_wanted_name_stays_and_is_refused() {
    for status in ["CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "DELETE_FAILED"] {
        for (tags, code) in [
            (json!({}), "stack-of-others"),
            (json!({"landing:blueprint": "x", "landing:address": "y"}), "another-blueprint"),
        ] {
            let world = applied().await;
            fail(&world, status, Some(tags), None);
            let before = budgets(&world);
            assert_eq!(codes(&planned(&world).await), [code], "{status}");
            assert!(world.apply(BLUEPRINT, DESTROY).await.is_err(), "{status}");
            assert_eq!(budgets(&world), before, "{status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_ours_and_holds_resources_is_deleted_only_when_allowed() {
    for status in ["CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"] {
        let world = applied().await;
        fail(&world, status, None, None);
        let plan = planned(&world).await;
        assert_eq!(plan.changes.len(), 1, "{:#?}", plan.changes);
        assert_eq!((plan.changes[0].action, plan.changes[0].risk), (Action::Update, Risk::Destructive), "{status}");
        assert!(plan.changes[0].fields[0].before.to_string().contains("Budget"), "{:?}", plan.changes[0].fields);
        assert!(world.apply(BLUEPRINT, How::default()).await.is_err(), "{status}");
        world.applied(BLUEPRINT, DESTROY).await;
        assert_eq!(budgets(&world)["budget"]["status"], "CREATE_COMPLETE");
        world.quiet(BLUEPRINT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_ours_and_holds_nothing_is_made_anew_without_asking() {
    let world = applied().await;
    fail(&world, "ROLLBACK_COMPLETE", None, Some(json!({})));
    let free = |state: &mut Value| {
        let id = account_id(state, "zeta");
        for (_, of_region) in state["resources"][id].as_object_mut().expect("there are resources") {
            of_region["AWS::Budgets::Budget"] = json!({});
        }
    };
    world.sandbox.edit(free).expect("it is a state");
    let plan = planned(&world).await;
    assert_eq!((plan.changes.len(), plan.changes[0].action), (1, Action::Create));
    world.applied(BLUEPRINT, How::default()).await;
    world.quiet(BLUEPRINT).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_the_blueprint_never_made_is_not_deleted_whatever_its_tags_say() {
    let world = applied().await;
    plant(&world, "zeta", ("logs", "archive"), "shadow", ours("stack/zeta/shadow/eu-west-1"));
    let plan = world.quiet(BLUEPRINT).await;
    assert_eq!(plan.untrusted.len(), 1);
}

/// Has someone put a resource into the stack `budget` of zeta, as an update by hand does.
fn add_by_hand(state: &mut Value) {
    let stack = &mut stacks(state, "zeta")["budget"];
    let mut template: Value =
        serde_json::from_str(stack["wanted"]["template"].as_str().expect("a text")).expect("JSON");
    template["Resources"]["Extra"] = json!({"Type": "AWS::SNS::Topic"});
    stack["wanted"]["template"] = json!(template.to_string());
    let mut extra = stack["resources"]["Budget"].clone();
    extra["kind"] = json!("AWS::SNS::Topic");
    stack["resources"]["Extra"] = extra;
}

#[tokio::test(start_paused = true)]
async fn what_a_change_set_would_remove_unseen_stays() {
    let world = std::sync::Arc::new(applied().await);
    let changed = BLUEPRINT.replace("limit_usd: 500", "limit_usd: 700");
    let (inside, once) = (world.clone(), std::sync::Once::new());
    // After the plan was shown and before the stack is written.
    let listener: landing::engine::Listener = std::sync::Arc::new(move |_| {
        once.call_once(|| inside.sandbox.edit(add_by_hand).expect("it is a state"));
    });
    let applied = world.apply_listening(&changed, How::default(), listener).await.expect("it begins");
    let failed = &applied.outcome.failed;
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert!(failed[0].error.contains("remove Extra"), "{}", failed[0].error);
    let budget = budgets(&world)["budget"].clone();
    assert!(budget["resources"]["Extra"].is_object() && budget["status"] == "CREATE_COMPLETE", "{}", budget["status"]);
    let waiting =
        budget["change_sets"].as_object().expect("a map").values().filter(|it| it["execution"] == "AVAILABLE");
    assert_eq!(waiting.count(), 0, "the change set is discarded");
}
