//! Plans that were saved: carried to their end whatever stopped them on the way, and refused where anything else changed.

use landing::engine::{ApplyError, Event, PlanFileError, seal, unseal};
use landing::model::{Action, Address, Plan};
use landing_sandbox::Options;
use serde_json::{Value, json};

use super::picture::{differences, picture};
use super::world::{DESTROY, How, World, builtin, on_a_paused_clock, state_after};
use super::writes::Promise;

const IDENTITY: &str = include_str!("identity.yaml");

fn saved(plan: &Plan) -> How {
    How { saved: Some(plan.clone()), ..DESTROY }
}

/// The state after `before`, and a plan of `text` there as a file keeps it.
fn planned(before: &[&str], text: &str) -> (Value, Plan) {
    let state = state_after(before);
    let plan = on_a_paused_clock(async {
        let world = World::restored(&state);
        let plan = world.plan(text).await.expect("it can be planned").plan;
        Plan { desired: Some(world.declared(text).desired), ..plan }
    });
    let file = seal(&serde_json::to_string_pretty(&plan).expect("it is JSON"));
    let read = unseal(file.as_bytes(), true).expect("it is a plan").expect("it is a plan");
    assert_eq!(read, plan);
    (state, read)
}

/// Cut off after any call, the same saved plan is carried to its end.
fn cut_after_every_call(before: &[&str], text: &str, every: usize) {
    let (state, plan) = planned(before, text);
    let (expected, calls) = on_a_paused_clock(async {
        let world = World::restored(&state);
        world.applied(text, saved(&plan)).await;
        let calls = world.sandbox.calls().len() as u64;
        world.quiet(text).await;
        (picture(&world.sandbox.snapshot()), calls)
    });
    for cut in (1..=calls).step_by(every) {
        on_a_paused_clock(async {
            let world = World::restored(&state);
            world.sandbox.set_options(Options { cut_after: Some(cut), ..Options::default() });
            let _ = world.apply(text, saved(&plan)).await;
            world.sandbox.set_options(Options::default());
            let how = How { break_lock: true, ..saved(&plan) };
            match world.apply(text, how).await {
                Ok(applied) => assert!(applied.outcome.is_complete(), "cut after call {cut}: {:#?}", applied.outcome),
                Err(error) => panic!("cut after call {cut} of {calls}: {error:#?}"),
            }
            let made = picture(&world.sandbox.snapshot());
            assert_eq!(differences(&made, &expected), [""; 0], "cut after call {cut}");
            world.quiet(text).await;
        });
    }
}

#[test]
fn a_saved_bootstrap_that_was_cut_off_after_any_call_is_carried_to_its_end() {
    cut_after_every_call(&[], builtin("minimal"), 1);
}

#[test]
fn a_saved_plan_of_identities_that_was_cut_off_after_any_call_is_carried_to_its_end() {
    cut_after_every_call(&[include_str!("identity.yaml")], include_str!("identity-changed.yaml"), 3);
}

#[test]
fn a_saved_plan_with_stacks_that_was_cut_off_is_carried_to_its_end() {
    cut_after_every_call(&[], include_str!("medium.yaml"), 11);
}

const OWN_VALUES: &str = r#"
version: 1
name: own
organization: {regions: [eu-west-1], account_email: "{name}@example.com"}
organizational_units: {Work: {accounts: [a, b]}}
stacks:
  budget:
    in: [Work]
    parameters: {limit_usd: 500, emails: [costs@example.com], BudgetName: all}
    parameters_by: {accounts: {b: {BudgetName: own}}}
"#;

#[test]
fn a_saved_plan_of_a_stack_set_with_values_of_single_accounts_that_was_cut_off_is_carried_to_its_end() {
    cut_after_every_call(&[], OWN_VALUES, 3);
    cut_after_every_call(
        &[&OWN_VALUES.replace("    parameters_by: {accounts: {b: {BudgetName: own}}}\n", "")],
        OWN_VALUES,
        2,
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_organization_is_planned_whole_and_done_as_planned() {
    let world = World::new();
    let shown = world.plan(IDENTITY).await.expect("it can be planned");
    assert!(shown.plan.summary.waiting > 0, "{:?}", shown.plan.summary);
    assert!(shown.plan.waiting.iter().all(|waiting| waiting.waits_for.as_str() == "identity-center"));
    assert!(shown.plan.waiting.iter().all(|waiting| waiting.change.action == Action::Create));
    assert!(!shown.plan.agrees());
    let plan = Plan { desired: Some(world.declared(IDENTITY).desired), ..shown.plan.clone() };
    let calls = world.sandbox.calls().len();
    let applied = world.applied(IDENTITY, saved(&plan)).await;
    assert!(applied.is_complete(), "{:?} {:?}", applied.plan.manual, applied.unseen);
    assert_eq!(applied.outcome.done.len(), plan.changes.len() + plan.waiting.len());
    let desired = world.declared(IDENTITY).desired;
    let after = world.plan(IDENTITY).await.expect("it can be planned").observed.bindings;
    let promise = Promise { desired: &desired, shown: &shown, after: &after };
    assert_eq!(promise.broken_by(&world.sandbox.calls()[calls..]), Vec::<String>::new());
    assert!(world.quiet(IDENTITY).await.agrees());
}

#[tokio::test(start_paused = true)]
async fn what_a_person_enables_later_is_done_by_the_same_plan() {
    let world = World::new();
    world.sandbox.edit(|state| state["identity_center"] = json!({"enabled": false})).expect("the state can be edited");
    let plan = world.plan(IDENTITY).await.expect("it can be planned").plan;
    let applied = world.applied(IDENTITY, saved(&plan)).await;
    assert!(!applied.is_complete() && applied.plan.manual.len() == 1, "{:?}", applied.plan.manual);
    world.sandbox.edit(|state| state["identity_center"] = json!({"enabled": true})).expect("the state can be edited");
    let applied = world.applied(IDENTITY, saved(&plan)).await;
    assert!(applied.is_complete(), "{:?}", applied.plan.manual);
    assert_eq!(applied.outcome.done.len(), plan.waiting.len());
    world.quiet(IDENTITY).await;
}

const ON_THE_ROOT: &str = r#"
version: 1
name: people
organization: {regions: [eu-west-1], account_email: "{name}@example.com"}
accounts: [a]
identity: {permission_sets: {admin: }, assignments: {team: {admin: [root]}}}
"#;

#[tokio::test(start_paused = true)]
async fn what_comes_up_on_the_way_is_left_to_another_apply() {
    let world = World::new();
    let shown = world.plan(ON_THE_ROOT).await.expect("it can be planned");
    let sandbox = world.sandbox.clone();
    let listener = std::sync::Arc::new(move |event: Event| {
        let made = |address: &Address, action: Action| *address == Address::organization() && action == Action::Create;
        if matches!(&event, Event::Finished { address, action, .. } if made(address, *action)) {
            let theirs = |state: &mut Value| {
                let root = state["organization"]["root"].clone();
                let account =
                    json!({"name": "theirs", "email": "theirs@example.org", "state": "ACTIVE", "parent": root});
                state["organization"]["accounts"]["999999999999"] = account;
            };
            sandbox.edit(theirs).expect("the state can be edited");
        }
    });
    let applied = world.apply_listening(ON_THE_ROOT, DESTROY, listener).await.expect("it can be applied");
    let unseen: Vec<&str> = applied.unseen.iter().map(Address::as_str).collect();
    assert_eq!(unseen, ["assignment/admin/group/team@account/theirs"]);
    assert!(!applied.is_complete() && applied.outcome.is_complete());
    assert_eq!(applied.outcome.done.len(), shown.plan.changes.len() + shown.plan.waiting.len());
    let left = world.plan(ON_THE_ROOT).await.expect("it can be planned").plan;
    assert_eq!(left.changes.iter().map(|change| change.address.as_str()).collect::<Vec<_>>(), unseen);
    world.applied(ON_THE_ROOT, DESTROY).await;
    assert!(world.quiet(ON_THE_ROOT).await.agrees());
}

/// What an apply of a plan says that was half done before this was done by hand.
fn after_half(by_hand: impl FnOnce(&mut Value)) -> Vec<String> {
    let (state, plan) = planned(&[], builtin("minimal"));
    on_a_paused_clock(stale(&World::restored(&state), &plan, by_hand))
}

async fn stale(world: &World, plan: &Plan, by_hand: impl FnOnce(&mut Value)) -> Vec<String> {
    world.sandbox.set_options(Options { cut_after: Some(40), ..Options::default() });
    let _ = world.apply(builtin("minimal"), saved(plan)).await;
    world.sandbox.set_options(Options::default());
    world.sandbox.edit(by_hand).expect("the state can be edited");
    let how = How { break_lock: true, ..saved(plan) };
    match world.apply(builtin("minimal"), how).await {
        Err(ApplyError::Stale(differences)) => differences,
        other => panic!("it is not refused as stale: {other:#?}"),
    }
}

#[test]
fn what_others_changed_after_a_plan_was_half_done_is_refused() {
    let differences = after_half(|state| {
        let root = state["organization"]["root"].clone();
        state["organization"]["units"]["ou-abcd-theirs01"] = json!({"name": "Theirs", "parent": root});
    });
    assert_eq!(differences, ["ou/Theirs is new"]);
    let differences = after_half(|state| {
        let units = state["organization"]["units"].as_object_mut().expect("there are units");
        units.values_mut().next().expect("one was made")["name"] = json!("Renamed");
    });
    assert!(differences.len() == 1 && differences[0].ends_with(" is new"), "{differences:?}");
}

/// Every value in a file, by the way to it.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, inner)| {
                leaves(inner, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found)
            });
        }
        Value::Array(list) if !list.is_empty() => {
            list.iter().enumerate().for_each(|(nth, inner)| leaves(inner, &format!("{path}/{nth}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

fn edited(value: &Value) -> Value {
    match value {
        Value::Bool(is) => json!(!is),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 1.0),
        Value::String(text) => json!(format!("{text}x")),
        Value::Null => json!("x"),
        Value::Array(_) => json!(["x"]),
        Value::Object(_) => json!({"x": "y"}),
    }
}

#[test]
fn any_single_edit_of_a_plan_file_is_refused() {
    let (_, plan) = planned(&[], IDENTITY);
    let file = seal(&serde_json::to_string_pretty(&plan).expect("it is JSON"));
    let json: Value = serde_json::from_str(&file).expect("it is JSON");
    let mut paths = Vec::new();
    leaves(&json, "", &mut paths);
    assert!(paths.len() > 200, "{}", paths.len());
    for path in paths {
        let mut other = json.clone();
        let leaf = other.pointer_mut(&path).expect("it is there");
        *leaf = edited(leaf);
        let text = serde_json::to_string_pretty(&other).expect("it is JSON") + "\n";
        let expected = match path.as_str() {
            "/format" => PlanFileError::Format("landing-plan/1x".into()),
            _ => PlanFileError::Edited,
        };
        assert_eq!(unseal(text.as_bytes(), true), Err(expected), "{path}");
    }
}
