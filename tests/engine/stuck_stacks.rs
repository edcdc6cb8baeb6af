//! Stacks in states that CloudFormation does not update, and change sets that its validation finds fault with.

use std::sync::{Arc, Mutex};

use landing::engine::Event;
use landing::model::{Action, Address, Change, Risk};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

const BLUEPRINT: &str = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: '{name}@example.com'}\n\
    stacks: {spent: {template: budget, in: [management], parameters: {limit_usd: 1, emails: [a@x.example]}}}\n";

/// An applied blueprint whose stack has been brought into a state.
async fn stuck(status: &str, resource: Option<&str>) -> World {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let bring = |state: &mut Value| {
        let management = state["organization"]["management"].as_str().expect("an id").to_owned();
        let stacks = &mut state["stacks"]["places"][management]["eu-west-1"]["stacks"];
        let stack = &mut stacks["spent"];
        assert!(stack.is_object(), "{stacks:#}");
        stack["status"] = json!(status);
        let resources = stack["resources"].as_object_mut().expect("there are resources");
        if let Some(resource) = resource {
            resources.values_mut().next().expect("there is one")["status"] = json!(resource);
        }
    };
    world.sandbox.edit(bring).expect("it is a state");
    world
}

async fn planned(world: &World, text: &str) -> Change {
    let plan = world.plan(text).await.expect("it can be planned").plan;
    plan.change(&address()).expect("the stack differs").clone()
}

fn address() -> Address {
    Address::stack("management", "spent", "eu-west-1")
}

#[tokio::test(start_paused = true)]
async fn the_rollback_of_an_update_that_failed_is_continued_as_the_plan_says() {
    for (status, reason) in [
        ("UPDATE_ROLLBACK_FAILED", "the rollback of its last update failed: it is continued first"),
        ("UPDATE_FAILED", "its last update failed and was not rolled back: it is rolled back first"),
    ] {
        let world = stuck(status, None).await;
        let change = planned(&world, BLUEPRINT).await;
        assert_eq!((change.action, change.risk, change.reason.as_str()), (Action::Update, Risk::Disruptive, reason));
        world.applied(BLUEPRINT, How::default()).await;
        world.quiet(BLUEPRINT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_fails_again_names_the_resources_and_the_command_that_skips_them() {
    let world = stuck("UPDATE_ROLLBACK_FAILED", Some("UPDATE_FAILED")).await;
    let applied = world.apply(BLUEPRINT, How::default()).await.expect("it can be tried");
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome.failed) };
    assert!(failure.error.contains("ended as UPDATE_ROLLBACK_FAILED"), "{}", failure.error);
    assert!(failure.error.contains("failed to update: ["), "{}", failure.error);
    let help = failure.help.as_deref().unwrap_or_default();
    assert!(
        help.contains("continue-update-rollback --stack-name spent --region eu-west-1 --resources-to-skip"),
        "{help}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_cannot_be_updated_can_still_be_deleted() {
    let world = stuck("UPDATE_ROLLBACK_FAILED", Some("UPDATE_FAILED")).await;
    let dropped = BLUEPRINT.split("stacks:").next().expect("a blueprint");
    assert_eq!(planned(&world, dropped).await.action, Action::Delete);
    world.applied(dropped, DESTROY).await;
    world.quiet(dropped).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_whose_import_was_rolled_back_is_as_good_as_any_other() {
    let world = stuck("IMPORT_ROLLBACK_COMPLETE", None).await;
    world.quiet(BLUEPRINT).await;
    let changed = BLUEPRINT.replace("limit_usd: 1", "limit_usd: 2");
    world.applied(&changed, How::default()).await;
    world.quiet(&changed).await;
}

/// An applied blueprint of whose next change set CloudFormation's validation says something.
async fn validated(mode: &str) -> World {
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let finding = json!({
        "LogicalResourceId": "Budget", "ResourceType": "AWS::Budgets::Budget", "ValidationFailureMode": mode,
        "ValidationStatus": "FAILED", "ValidationName": "QUOTA", "ValidationStatusReason": "The quota is used up.",
    });
    let edited = world.sandbox.edit(|state| state["stacks"]["validations"] = json!({"spent": [finding]}));
    edited.expect("it is a state");
    world
}

#[tokio::test(start_paused = true)]
async fn warnings_of_a_change_set_are_shown_before_it_is_executed() {
    let world = validated("WARN").await;
    let reported = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&reported);
    let listener = Arc::new(move |event: Event| {
        if let Event::Progress { message, .. } = event {
            heard.lock().expect("it is free").push(message);
        }
    });
    let changed = BLUEPRINT.replace("limit_usd: 1", "limit_usd: 2");
    let applied = world.apply_listening(&changed, How::default(), listener).await.expect("it is applied");
    assert!(applied.outcome.is_complete());
    let reported = reported.lock().expect("it is free");
    let warning = "CloudFormation warns: Budget (AWS::Budgets::Budget): The quota is used up.";
    assert!(reported.iter().any(|what| what == warning), "{reported:?}");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_fails_its_validation_says_which_resource_and_why() {
    let world = validated("FAIL").await;
    let changed = BLUEPRINT.replace("limit_usd: 1", "limit_usd: 2");
    let applied = world.apply(&changed, How::default()).await.expect("it can be tried");
    let [failure] = applied.outcome.failed.as_slice() else { panic!("{:?}", applied.outcome.failed) };
    assert!(
        failure.error.contains("CloudFormation refuses it: Budget (AWS::Budgets::Budget): The quota is used up."),
        "{}",
        failure.error
    );
}
