//! Stack sets, on the simulated AWS.

use landing::model::{Action, Plan, Risk};
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

mod cut;
mod left_out;

/// Three accounts in two units, and what every account below them gets.
fn blueprint(units: &str, stacks: &str) -> String {
    format!(
        "version: 1\nname: sets\norganization: {{regions: [eu-west-1, us-east-1], account_email: '{{name}}@example.com'}}\n\
         organizational_units: {units}\nstacks: {{{stacks}}}\n"
    )
}

const UNITS: &str = "{Work: {accounts: [a, b]}, Play: {accounts: [c]}, Empty: }";

const BUDGET: &str =
    "budget: {template: budget, in: [Work], parameters: {limit_usd: 500, emails: [costs@example.com]}}";

/// Unlike a budget, which is an account's, it can be in several regions.
const NETWORK: &str = "network: {template: network, in: [Work], parameters: {cidr: 10.0.0.0/16, isolated: true, zones: 1, flow_logs: false}}";

fn usual() -> String {
    blueprint(UNITS, BUDGET)
}

fn network() -> String {
    blueprint(UNITS, NETWORK)
}

/// The stack sets that there are, and what accounts have of them, in names instead of ids.
fn picture(world: &World) -> Value {
    let snapshot = world.sandbox.snapshot();
    let organization = &snapshot["organization"];
    let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let account = |id: &str| organization["accounts"][id]["name"].as_str().unwrap_or(id).to_owned();
    let unit = |id: &str| organization["units"][id]["name"].as_str().unwrap_or("root").to_owned();
    let named = |pictured: Vec<(String, Value)>| Value::Object(pictured.into_iter().collect());
    let instances = |set: &Value| {
        let regions = |of: &Value| map(of).into_iter().map(|(region, it)| (region, it["status"].clone())).collect();
        named(map(&set["instances"]).iter().map(|(id, of)| (account(id), named(regions(of)))).collect())
    };
    let sets = map(&snapshot["stack_sets"]["regions"]["eu-west-1"]).into_iter().map(|(name, set)| {
        let targets = map(&set["targets"]).into_iter().map(|(id, regions)| (unit(&id), regions)).collect();
        let wanted = &set["wanted"];
        let said = json!({"template": wanted["template"], "parameters": wanted["parameters"], "tags": wanted["tags"]});
        let is = json!({"said": said, "auto": set["auto_deployment"], "instances": instances(&set)});
        (name, json!({"is": is, "targets": named(targets)}))
    });
    let made = map(&snapshot["resources"]).into_iter().map(|(id, regions)| {
        let count = |of: &Value| map(&of["AWS::Budgets::Budget"]).len() + map(&of["AWS::EC2::VPC"]).len();
        (account(&id), json!(map(&regions).values().map(count).sum::<usize>()))
    });
    json!({"sets": named(sets.collect()), "made": named(made.filter(|(_, count)| *count != json!(0)).collect())})
}

/// How many budgets and networks each account has.
fn made(world: &World) -> Value {
    picture(world)["made"].clone()
}

async fn planned(world: &World, text: &str) -> Plan {
    world.plan(text).await.expect("it can be planned").plan
}

/// The only change of a plan.
fn only(plan: &Plan) -> &landing::model::Change {
    assert_eq!(plan.changes.len(), 1, "{:#?}", plan.changes);
    &plan.changes[0]
}

#[tokio::test(start_paused = true)]
async fn every_account_of_the_units_gets_the_stack_and_the_next_plan_is_quiet() {
    let world = World::new();
    let plan = planned(&world, &usual()).await;
    let set = plan.changes.iter().find(|change| change.kind == "stack-set").expect("it is made");
    assert_eq!((set.action, set.reaches, set.accounts.join(" ")), (Action::Create, 2, "a b".to_owned()));
    world.applied(&usual(), How::default()).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1}));
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn the_management_account_gets_a_stack_beside_the_stack_set_of_the_root() {
    let world = World::new();
    let text = blueprint(UNITS, &BUDGET.replace("[Work]", "[management, root]"));
    world.applied(&text, How::default()).await;
    let made = made(&world);
    assert_eq!(made.as_object().map(serde_json::Map::len), Some(4), "{made}");
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_blueprint_that_has_no_stack_sets_and_never_had_any_asks_for_none() {
    let world = World::new();
    let text = blueprint(UNITS, "");
    world.applied(&text, How::default()).await;
    let plan = world.quiet(&text).await;
    assert!(plan.api_calls.by_operation.keys().all(|call| !call.contains("Set")), "{:?}", plan.api_calls);
}

#[tokio::test(start_paused = true)]
async fn a_plan_makes_three_calls_for_a_stack_set() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let plan = world.quiet(&usual()).await;
    let calls = |name: &str| plan.api_calls.by_operation.get(&format!("cloudformation:{name}")).copied();
    let all = ["DescribeStackSet", "ListStackSetAutoDeploymentTargets", "ListStackInstances"].map(calls);
    assert_eq!(all, [Some(1); 3]);
}

#[tokio::test(start_paused = true)]
async fn a_changed_template_reaches_all_accounts() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let changed = usual().replace("limit_usd: 500", "limit_usd: 700");
    let plan = planned(&world, &changed).await;
    assert!(only(&plan).fields.iter().all(|field| field.path.starts_with("resources.")), "{:#?}", plan.changes);
    world.applied(&changed, How::default()).await;
    let state = world.sandbox.snapshot()["resources"].to_string();
    assert_eq!((state.matches("\"Amount\":700").count() > 0, state.matches("\"Amount\":500").count()), (true, 0));
    world.quiet(&changed).await;
}

#[tokio::test(start_paused = true)]
async fn a_changed_parameter_tag_or_retention_is_reported_and_reaches_all_accounts() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let changed = usual().replace("limit_usd: 500,", "BudgetName: ours, limit_usd: 500,").replace(
        "in: [Work],",
        "in: [Work], tags: {team: ml}, auto_deployment: {retain_stacks_on_account_removal: false},",
    );
    let plan = planned(&world, &changed).await;
    let paths: Vec<&str> = only(&plan).fields.iter().map(|field| field.path.as_str()).collect();
    assert!(["auto_deployment", "parameters.BudgetName", "tags.team"].iter().all(|it| paths.contains(it)), "{paths:?}");
    world.applied(&changed, DESTROY).await;
    world.quiet(&changed).await;
}

#[tokio::test(start_paused = true)]
async fn units_and_regions_are_added_without_asking() {
    let world = World::new();
    world.applied(&network(), How::default()).await;
    let more = network().replace("in: [Work],", "in: [Work, Play, Empty], regions: [eu-west-1, us-east-1],");
    let plan = planned(&world, &more).await;
    assert_eq!(only(&plan).risk, Risk::None, "{:#?}", plan.changes);
    assert_eq!(only(&plan).fields.len(), 3);
    world.applied(&more, How::default()).await;
    assert_eq!(made(&world), json!({"a": 2, "b": 2, "c": 2}));
    world.quiet(&more).await;
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_is_dropped_keeps_its_stacks_unless_they_are_not_retained() {
    for (retained, risk, budgets_after) in
        [(true, Risk::Disruptive, json!({"a": 1, "b": 1, "c": 1})), (false, Risk::Destructive, json!({"a": 1, "b": 1}))]
    {
        let auto = format!("auto_deployment: {{retain_stacks_on_account_removal: {retained}}},");
        let world = World::new();
        let both = usual().replace("in: [Work],", &format!("in: [Work, Play], {auto}"));
        world.applied(&both, How::default()).await;
        let one = both.replace("[Work, Play]", "[Work]");
        let plan = planned(&world, &one).await;
        assert_eq!(only(&plan).risk, risk);
        let path = if retained { "keeps_stacks" } else { "deletes_stacks" };
        assert_eq!(only(&plan).field(path).expect("it is reported").before, json!(["account/c in eu-west-1"]));
        world.applied(&one, DESTROY).await;
        assert_eq!(made(&world), budgets_after);
        world.quiet(&one).await;
    }
}

#[tokio::test(start_paused = true)]
async fn stacks_that_are_to_go_have_gone_before_others_take_their_names() {
    let world = World::new();
    let going =
        |of: &str| of.replace("in: [Work],", "in: [Work], auto_deployment: {retain_stacks_on_account_removal: false},");
    let both = going(&network()).replace("in: [Work],", "in: [Work], regions: [eu-west-1, us-east-1],");
    world.applied(&both, DESTROY).await;
    // A budget has its name in all regions of the account.
    let one = going(&usual()).replace("budget: {", "network: {");
    world.applied(&one, DESTROY).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1}));
    world.quiet(&one).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_that_becomes_wider_or_narrower_is_in_every_account_after_it() {
    for (before, after, budgets) in
        [("[Work]", "[root]", json!({"a": 1, "b": 1, "c": 1})), ("[root]", "[Work]", json!({"a": 1, "b": 1}))]
    {
        let world = World::new();
        let within = |units: &str| {
            let auto = "auto_deployment: {retain_stacks_on_account_removal: false}";
            usual().replace("in: [Work],", &format!("in: {units}, {auto},"))
        };
        world.applied(&within(before), DESTROY).await;
        world.applied(&within(after), DESTROY).await;
        world.at_rest().await;
        assert_eq!(made(&world), budgets, "{before} to {after}");
        world.quiet(&within(after)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_comes_into_a_unit_gets_the_stack_and_the_plan_stays_quiet() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let more = usual().replace("accounts: [a, b]", "accounts: [a, b, new]");
    world.applied(&more, How::default()).await;
    world.quiet(&more).await;
    tokio::time::sleep(std::time::Duration::from_secs(300)).await;
    world.quiet(&more).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1, "new": 1}));
}

fn account_id(state: &Value, name: &str) -> String {
    let accounts = state["organization"]["accounts"].as_object().cloned().unwrap_or_default();
    accounts.iter().find(|(_, account)| account["name"] == name).map(|(id, _)| id.clone()).expect("it is there")
}

/// Takes the budgets of an account away, regardless of who made them.
fn free_budgets(world: &World, account: &str) {
    let free = |state: &mut Value| {
        let id = account_id(state, account);
        for (_, of_region) in state["resources"][id].as_object_mut().expect("there are resources") {
            of_region["AWS::Budgets::Budget"] = json!({});
        }
    };
    world.sandbox.edit(free).expect("it is a state");
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_one_account_is_reported_with_its_reason_and_repaired_by_the_next_apply() {
    let world = World::new();
    let theirs = BUDGET.replace("budget:", "theirs:").replace("[Work]", "[b]");
    world.applied(&blueprint(UNITS, &theirs), How::default()).await;
    let both = blueprint(UNITS, &format!("{theirs}, {BUDGET}"));
    let applied = world.apply(&both, How::default()).await.expect("it begins");
    let error = &applied.outcome.failed[0].error;
    assert!(["account/b (", "in eu-west-1", "landing-monthly"].iter().all(|part| error.contains(part)), "{error}");
    let plan = planned(&world, &both).await;
    let change = only(&plan);
    assert_eq!(change.fields[0].path, "instances.account/b.eu-west-1");
    assert!(change.fields[0].before.to_string().contains("landing-monthly"), "{:?}", change.fields);
    assert!(!world.apply(&both, How::default()).await.expect("it begins").outcome.is_complete());
    free_budgets(&world, "b");
    world.applied(&both, How::default()).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1}));
    world.quiet(&both).await;
}

/// Has AWS say of the instance in an account that it could not be deleted.
fn half_delete(world: &World, account: &str) {
    let fail = |state: &mut Value| {
        let id = account_id(state, account);
        let instance = &mut state["stack_sets"]["regions"]["eu-west-1"]["budget"]["instances"][id]["eu-west-1"];
        for key in ["status", "detailed_status"] {
            instance[key] = json!("INOPERABLE");
        }
    };
    world.sandbox.edit(fail).expect("it is a state");
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_could_not_be_deleted_is_made_anew_only_when_allowed() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    half_delete(&world, "a");
    let plan = planned(&world, &usual()).await;
    assert_eq!((only(&plan).risk, only(&plan).fields.len()), (Risk::Destructive, 1), "{:#?}", plan.changes);
    assert!(world.apply(&usual(), How::default()).await.is_err());
    world.applied(&usual(), DESTROY).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1}));
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_could_not_be_deleted_where_none_is_wanted_goes() {
    let world = World::new();
    let both = usual().replace("in: [Work],", "in: [Work, Play],");
    world.applied(&both, How::default()).await;
    let before = world.sandbox.snapshot();
    world.applied(&usual(), How::default()).await;
    let put_back = |state: &mut Value| {
        let c = account_id(state, "c");
        state["stack_sets"]["regions"]["eu-west-1"]["budget"]["instances"][&c] =
            before["stack_sets"]["regions"]["eu-west-1"]["budget"]["instances"][&c].clone();
    };
    world.sandbox.edit(put_back).expect("it is a state");
    half_delete(&world, "c");
    assert_eq!(only(&planned(&world, &usual()).await).fields[0].path, "instances.account/c.eu-west-1");
    world.applied(&usual(), DESTROY).await;
    let sets = picture(&world)["sets"].clone();
    assert_eq!(sets["budget"]["is"]["instances"].as_object().map(serde_json::Map::len), Some(2), "{sets}");
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn a_guardrail_that_stops_the_role_of_stack_sets_is_refused() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let guarded = usual().replace("Work: {", "Work: {policies: [stop], ")
        + "policies: {stop: {content: {Version: '2012-10-17', \
         Statement: [{Effect: Deny, Action: 'cloudformation:CreateStack', Resource: '*', Condition: {ArnLike: \
         {'aws:PrincipalArn': 'arn:aws:iam::*:role/stacksets-exec-*'}}}]}}}\n";
    let plan = planned(&world, &guarded).await;
    let refusal = plan.refusals.iter().find(|refusal| refusal.code == "lock-out").expect("it is refused");
    assert!(refusal.message.contains("stacksets-exec-*"), "{}", refusal.message);
    let elsewhere =
        guarded.replace("Work: {policies: [stop], ", "Work: {").replace("Play: {", "Play: {policies: [stop], ");
    assert!(planned(&world, &elsewhere).await.refusals.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_stack_set_that_is_dropped_goes_with_its_stacks_only_when_allowed() {
    let world = World::new();
    let gone =
        usual().replace("in: [Work],", "in: [Work], auto_deployment: {retain_stacks_on_account_removal: false},");
    world.applied(&gone, How::default()).await;
    let without = blueprint(UNITS, "");
    let plan = planned(&world, &without).await;
    assert_eq!((only(&plan).action, only(&plan).risk), (Action::Delete, Risk::Destructive));
    assert!(world.apply(&without, How::default()).await.is_err());
    world.applied(&without, DESTROY).await;
    assert_eq!(picture(&world), json!({"sets": {}, "made": {}}));
    world.quiet(&without).await;
}

#[tokio::test(start_paused = true)]
async fn a_move_out_of_its_units_names_the_stack_set_and_is_destructive_unless_stacks_are_retained() {
    for (retained, risk) in [(true, Risk::Disruptive), (false, Risk::Destructive)] {
        let auto = format!("in: [Work], auto_deployment: {{retain_stacks_on_account_removal: {retained}}},");
        let here = usual().replace("in: [Work],", &auto);
        let world = World::new();
        world.applied(&here, How::default()).await;
        let there = here.replace("accounts: [a, b]", "accounts: [a]").replace("accounts: [c]", "accounts: [b, c]");
        let plan = planned(&world, &there).await;
        assert_eq!((only(&plan).action, only(&plan).risk), (Action::Move, risk));
        assert!(only(&plan).loses.iter().any(|lost| lost.as_str() == "stack-set/budget"), "{:?}", only(&plan).loses);
        world.applied(&there, DESTROY).await;
        world.at_rest().await;
        assert_eq!(made(&world).get("b").is_some(), retained);
        world.quiet(&there).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_blueprints_stack_set_is_not_touched() {
    let world = World::new();
    world.applied(&usual(), How::default()).await;
    let before = picture(&world);
    let other = format!(
        "version: 1\nname: other\norganization: {{regions: [eu-west-1]}}\norganizational_units: {{Mine: }}\nstacks: {{{}}}\n",
        BUDGET.replace("[Work]", "[Mine]")
    );
    let plan = planned(&world, &other).await;
    assert!(plan.refusals.iter().any(|refusal| refusal.code == "another-blueprint"), "{:?}", plan.refusals);
    assert!(world.apply(&other, DESTROY).await.is_err());
    world.applied(&other.replace("budget: {", "another: {"), DESTROY).await;
    assert_eq!(picture(&world)["sets"]["budget"], before["sets"]["budget"]);
    world.quiet(&usual()).await;
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_comes_back_to_stacks_that_were_left_is_refused_by_their_names() {
    let world = World::new();
    let both = usual().replace("in: [Work],", "in: [Work, Play],");
    world.applied(&both, How::default()).await;
    world.applied(&usual(), How::default()).await;
    let plan = planned(&world, &both).await;
    let refusal = plan.refusals.iter().find(|refusal| refusal.code == "left-over-stacks").expect("it is refused");
    assert!(refusal.message.contains("account/c in eu-west-1 (arn:aws:cloudformation:"), "{}", refusal.message);
    assert!(refusal.message.contains("StackSet-budget-"), "{}", refusal.message);
    assert!(world.apply(&both, DESTROY).await.is_err());
    // Once they are gone, the unit gets its stacks.
    let delete = |state: &mut Value| {
        let id = account_id(state, "c");
        let stacks = state["stacks"]["places"][&id]["eu-west-1"]["stacks"].as_object_mut().expect("a map");
        stacks.retain(|name, _| !name.starts_with("StackSet-budget-"));
    };
    world.sandbox.edit(delete).expect("it is a state");
    free_budgets(&world, "c");
    world.applied(&both, How::default()).await;
    assert_eq!(made(&world), json!({"a": 1, "b": 1, "c": 1}));
    world.quiet(&both).await;
}
