//! What people change behind landing's back is found by drift, repaired by apply, and gone from drift.

use std::pin::Pin;

use landing::model::{Action, Plan};
use landing_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::hand::{BUDGET_STACK, Hand};
use super::identity::user;
use super::world::{How, World};

const BLUEPRINT: &str = "
version: 1
name: ours
organization:
  regions: [eu-west-1]
  account_email: '{name}@example.com'
  trusted_access: [guardduty.amazonaws.com]
policies:
  guard:
    tags: {team: red}
    content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:Delete*', Resource: '*'}}
organizational_units:
  A: {tags: {team: red}, policies: [guard], accounts: [{name: a, tags: {team: red}}]}
  B: {accounts: [b]}
  C: {accounts: [c]}
  Empty:
identity:
  permission_sets: {reader: {managed_policies: [ReadOnlyAccess]}}
  assignments: {team: {reader: [A]}}
stacks:
  budget: {template: budget, in: [a], tags: {team: red}, parameters: {limit_usd: 500, emails: [costs@example.com]}}
  wide: {template: budget, in: [C], parameters: {limit_usd: 500, emails: [costs@example.com]}}
";

/// An organization to which the blueprint was applied, and whose directory has the user bob, as a state to start from.
async fn settled() -> Value {
    let world = World::new();
    // Identity Center comes with the organization, so that the first plan cannot look into it.
    world.applied(BLUEPRINT, How::default()).await;
    world.applied(BLUEPRINT, How::default()).await;
    user(&world, "bob").await;
    assert_eq!(found(&world.drift(BLUEPRINT).await), []);
    world.sandbox.snapshot()
}

fn world_from(state: &Value) -> World {
    let sandbox = Sandbox::restore(state.clone(), Options::default()).expect("it is a state");
    World { sandbox, ..World::new() }
}

/// What drift says of a plan's changes.
fn found(plan: &Plan) -> Vec<(&str, Action, Vec<&str>)> {
    let fields = |change: &landing::model::Change| change.fields.len();
    assert!(plan.changes.iter().all(|change| change.action != Action::Update || fields(change) > 0));
    let changes = plan.changes.iter();
    changes
        .map(|change| {
            let fields =
                change.fields.iter().map(|field| field.path.as_str()).filter(|_| change.action != Action::Create);
            (change.address.as_str(), change.action, fields.collect())
        })
        .collect()
}

type Found = (&'static str, Action, &'static [&'static str]);
type Doing<'h> = Pin<Box<dyn Future<Output = ()> + 'h>>;

/// Something that someone does, and what drift must find of it: that and nothing else.
struct Case {
    what: &'static str,
    act: for<'h> fn(&'h Hand<'h>) -> Doing<'h>,
    found: &'static [Found],
}

/// `case!("what", hand => hand.does(this), [found])`
macro_rules! case {
    ($what:literal, $hand:ident => $act:expr, [$($found:expr),* $(,)?]) => {
        Case { what: $what, act: |$hand| Box::pin(async move { $act; }), found: &[$($found),*] }
    };
}

use Action::{Create, Delete, Move, Update};

const CASES: &[Case] = &[
    case!("an SCP's content", it => it.weakens("scp/guard").await, [("scp/guard", Update, &["content"])]),
    case!("an SCP's name", it => it.renames_policy("scp/guard", "theirs").await, [("scp/guard", Update, &["name"])]),
    case!("an SCP detached", it => it.detaches("scp/guard", "ou/A").await, [("scp/guard@ou/A", Create, &[])]),
    case!("our SCP elsewhere", it => it.attaches("scp/guard", "account/b").await, [("scp/guard@account/b", Delete, &[])]),
    case!("an SCP deleted", it => { it.detaches("scp/guard", "ou/A").await; it.deletes_policy("scp/guard").await },
        [("scp/guard", Create, &[]), ("scp/guard@ou/A", Create, &[])]),
    // It is noted, and attached again only where the blueprint says so: tests/engine/full_access.rs.
    case!("FullAWSAccess detached", it => it.detaches("scp/FullAWSAccess", "ou/A").await, []),
    case!("an account moved", it => it.moves("account/b", "ou/B", "root").await, [("account/b", Move, &["parent"])]),
    case!("a unit renamed", it => it.renames_unit("ou/A", "Theirs").await, [("ou/A", Update, &["name"])]),
    case!("a unit deleted", it => it.deletes_unit("ou/Empty").await, [("ou/Empty", Create, &[])]),
    case!("a unit emptied and deleted",
        it => { it.moves("account/b", "ou/B", "root").await; it.deletes_unit("ou/B").await },
        [("account/b", Move, &["parent"]), ("ou/B", Create, &[])]),
    case!("a permission set's policies", it => it.widens("reader").await,
        [("permission-set/reader", Update, &["managed_policies", "provisioned"])]),
    case!("an assignment added", it => it.assigns("reader", "bob", "b").await,
        [("assignment/reader/user/bob@account/b", Delete, &[])]),
    case!("an assignment added beside ours", it => it.assigns("reader", "bob", "a").await,
        [("assignment/reader/user/bob@account/a", Delete, &[])]),
    case!("an assignment removed", it => it.unassigns("reader", "group/team", "account/a").await,
        [("assignment/reader/group/team@account/a", Create, &[])]),
    case!("trusted access", it => it.switches_off("guardduty.amazonaws.com").await,
        [("trusted-access/guardduty.amazonaws.com", Create, &[])]),
    case!("a unit's tags", it => it.tags("ou/A").await, [("ou/A", Update, &["tags.note", "tags.team"])]),
    case!("an account's tags", it => it.tags("account/a").await, [("account/a", Update, &["tags.note", "tags.team"])]),
    case!("a policy's tags", it => it.tags("scp/guard").await, [("scp/guard", Update, &["tags.note", "tags.team"])]),
    case!("a stack's tags", it => it.retags_stack().await, [(BUDGET_STACK, Update, &["tags.team"])]),
    case!("a stack deleted", it => it.deletes_stack().await, [(BUDGET_STACK, Create, &[])]),
    case!("a stack's resource", it => it.raises_budget("account/a"),
        [(BUDGET_STACK, Update, &["drift.Budget.Budget.BudgetLimit.Amount"])]),
    case!("a stack's resource deleted", it => it.edits_budget("account/a", |budgets| *budgets = json!({})),
        [(BUDGET_STACK, Update, &["drift.Budget"])]),
    case!(
        "a resource in a stack set's account",
        it => it.raises_budget("account/c"),
        [("stack-set/wide", Update, &["drift.account/c.eu-west-1.Budget.Budget.BudgetLimit.Amount"])]
    ),
    case!(
        "a resource in a stack set's account deleted",
        it => it.edits_budget("account/c", |budgets| *budgets = json!({})),
        [("stack-set/wide", Update, &["drift.account/c.eu-west-1.Budget"])]
    ),
];

#[tokio::test(start_paused = true)]
async fn each_change_behind_landings_back_is_found_repaired_and_gone() {
    let state = settled().await;
    for Case { what, act, found: expected } in CASES {
        let world = world_from(&state);
        let hand = Hand::in_world(&world, BLUEPRINT).await;
        act(&hand).await;
        let drift = world.drift(BLUEPRINT).await;
        let expected: Vec<_> =
            expected.iter().map(|(address, action, fields)| (*address, *action, fields.to_vec())).collect();
        assert_eq!(found(&drift), expected, "{what}: {:#?}", drift.changes);
        let deep = World { deep: true, ..world };
        // What the command that drift ends with shows.
        assert_eq!(found(&deep.plan(BLUEPRINT).await.expect("it can be planned").plan), expected, "{what}");
        deep.applied(BLUEPRINT, How::default()).await;
        let left = deep.drift(BLUEPRINT).await;
        assert!(left.is_quiet() && left.undetected.is_empty(), "{what}: {:#?}", left.changes);
        deep.quiet(BLUEPRINT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn drift_in_a_stack_shows_how_each_property_is_and_how_it_will_be() {
    let world = world_from(&settled().await);
    Hand::in_world(&world, BLUEPRINT).await.raises_budget("account/a");
    let drift = world.drift(BLUEPRINT).await;
    let field = &drift.changes[0].fields[0];
    assert_eq!((&field.before, &field.after), (&json!("1000000"), &json!("500")));
    assert_eq!(drift.changes[0].reason, "resources drifted from the template");
}

#[tokio::test(start_paused = true)]
async fn looking_for_drift_writes_nothing_and_takes_no_lease() {
    let world = world_from(&settled().await);
    let before = world.sandbox.calls().len();
    world.drift(BLUEPRINT).await;
    let calls = world.sandbox.calls();
    assert!(calls[before..].iter().any(|call| call.operation == "DetectStackDrift"));
    let written: Vec<_> = calls[before..].iter().filter(|call| call.write).collect();
    assert!(written.is_empty(), "{written:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_repaired_by_hand_is_not_planned_for_ever() {
    let world = world_from(&settled().await);
    let before = world.sandbox.snapshot();
    Hand::in_world(&world, BLUEPRINT).await.raises_budget("account/a");
    assert!(!world.drift(BLUEPRINT).await.is_quiet());
    world.sandbox.edit(|state| state["resources"] = before["resources"].clone()).expect("the state can be edited");
    // What AWS found when it last looked still says that it has drifted.
    let plan = world.plan(BLUEPRINT).await.expect("it can be planned").plan;
    assert_eq!(plan.changes.len(), 1);
    world.applied(BLUEPRINT, How::default()).await;
    world.quiet(BLUEPRINT).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_cannot_be_looked_at_is_reported_and_the_rest_is_found() {
    let world = world_from(&settled().await);
    let hand = Hand::in_world(&world, BLUEPRINT).await;
    hand.raises_budget("account/a");
    hand.weakens("scp/guard").await;
    let role = hand.role_in("account/a");
    let denied = json!({role.clone(): {"arn": role, "deny": ["cloudformation:DetectStackDrift"]}});
    world.sandbox.edit(|state| state["principals"] = denied).expect("the state can be edited");
    let drift = world.drift(BLUEPRINT).await;
    assert_eq!(found(&drift), [("scp/guard", Update, vec!["content"])]);
    let [undetected] = drift.undetected.as_slice() else { panic!("{:?}", drift.undetected) };
    assert_eq!(undetected.address.as_str(), BUDGET_STACK);
    assert!(undetected.why.contains("cloudformation:DetectStackDrift"), "{undetected:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_that_cannot_be_looked_at_is_reported() {
    let world = world_from(&settled().await);
    let denied =
        json!({"*": {"arn": "arn:aws:iam::111111111111:user/ci", "deny": ["cloudformation:DetectStackSetDrift"]}});
    world.sandbox.edit(|state| state["principals"] = denied).expect("the state can be edited");
    let drift = world.drift(BLUEPRINT).await;
    assert_eq!(found(&drift), []);
    let reported: Vec<&str> = drift.undetected.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(reported, ["stack-set/wide"]);
}

#[tokio::test(start_paused = true)]
async fn full_aws_access_is_looked_for_everywhere_with_few_calls() {
    let world = world_from(&settled().await);
    let drift = world.drift(BLUEPRINT).await;
    // The guard's targets and those of FullAWSAccess.
    assert_eq!(drift.api_calls.by_operation["organizations:ListTargetsForPolicy"], 2);
    assert!(!drift.api_calls.by_operation.contains_key("organizations:ListPoliciesForTarget"));
}

#[tokio::test(start_paused = true)]
async fn an_effective_policy_that_aws_calls_invalid_is_part_of_drift() {
    let world = World::new();
    let text = "version: 1\nname: ours\norganization: {regions: [eu-west-1], account_email: \"{name}@example.com\", \
                policy_types: [tag-policy]}\naccounts: [app, other]\n";
    world.applied(text, How::default()).await;
    assert_eq!(world.drift(text).await.manual, []);
    let snapshot = world.sandbox.snapshot();
    let accounts = snapshot["organization"]["accounts"].as_object().expect("there are accounts");
    let (app, _) = accounts.iter().find(|(_, account)| account["name"] == "app").expect("it is there");
    let error = serde_json::json!({
        "ErrorCode": "ELEMENTS_TOO_MANY", "ErrorMessage": "It has too many values.", "PathToError": "tags/cost",
        "ContributingPolicies": ["p-1234567890"],
    });
    let edited = world.sandbox.edit(|state| {
        state["organization"]["invalid_policies"] = serde_json::json!({"TAG_POLICY": {app: [error]}});
    });
    edited.expect("it can be changed");
    let steps = world.drift(text).await.manual;
    let reported: Vec<&str> = steps.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(
        reported,
        [
            "correct the policies of the type TAG_POLICY that apply to account/app: their effective policy is invalid, and AWS \
          keeps the last valid one in force: ELEMENTS_TOO_MANY at tags/cost: It has too many values. (p-1234567890)"
        ]
    );
    // A plan without the look for drift asks nothing more.
    assert_eq!(world.plan(text).await.expect("it can be planned").plan.manual, []);
}
