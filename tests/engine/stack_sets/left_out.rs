//! Accounts that stack sets leave out of their units.

use landing::model::{Action, Risk};
use serde_json::json;

use super::super::world::{DESTROY, How, World};
use super::{BUDGET, UNITS, blueprint, made, only, planned};

/// The budgets' stack set without some accounts.
pub(super) fn without(except: &str) -> String {
    let deleting = BUDGET.replace(
        "in: [Work],",
        &format!("in: [Work], except: {except}, auto_deployment: {{retain_stacks_on_account_removal: false}},"),
    );
    blueprint(UNITS, &deleting)
}

#[tokio::test(start_paused = true)]
async fn accounts_that_are_left_out_get_no_stack_and_lose_or_get_one_as_the_blueprint_changes() {
    let world = World::new();
    let plan = planned(&world, &without("[b]")).await;
    let set = plan.changes.iter().find(|change| change.kind == "stack-set").expect("it is made");
    assert_eq!((set.reaches, set.accounts.join(" ")), (1, "a".to_owned()));
    world.applied(&without("[b]"), How::default()).await;
    assert_eq!(made(&world), json!({"a": 1}));
    world.quiet(&without("[b]")).await;
    // The other way round: one loses its stack, the other gets one.
    let plan = planned(&world, &without("[a]")).await;
    let change = only(&plan);
    assert_eq!(change.accounts, ["a", "b"]);
    assert_eq!((change.action, change.risk), (Action::Update, Risk::Destructive), "{change:?}");
    let except = change.field("except").expect("it says who is left out");
    assert_eq!((&except.before, &except.after), (&json!(["account/b"]), &json!(["account/a"])));
    assert_eq!(change.field("deletes_stacks").map(|field| &field.before), Some(&json!(["account/a in eu-west-1"])));
    world.applied(&without("[a]"), DESTROY).await;
    assert_eq!(made(&world), json!({"b": 1}));
    world.quiet(&without("[a]")).await;
    let plan = planned(&world, &without("[]")).await;
    let change = only(&plan);
    assert_eq!(change.field("except").map(|field| &field.before), Some(&json!(["account/a"])));
    world.applied(&without("[]"), How::default()).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1}));
    world.quiet(&without("[]")).await;
}

#[tokio::test(start_paused = true)]
async fn an_account_that_comes_into_a_unit_where_it_is_left_out_has_no_stack_in_the_end() {
    let world = World::new();
    world.applied(&without("[]"), How::default()).await;
    let more = without("[late]").replace("[a, b]", "[a, b, late, later]");
    world.applied(&more, DESTROY).await;
    world.quiet(&more).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1, "later": 1}));
}
