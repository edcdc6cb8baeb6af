//! Names that are in use again: exchanged, rotated, moved up, on the simulated AWS.

use landing::model::{Action, Address, Plan};
use landing_sandbox::Options;
use serde_json::{Value, json};

use proptest::prelude::*;

use super::converges::{in_its_own_time, run};
use super::cut::cut_after_every_call;
use super::world::{DESTROY, How, World, state_after};

/// A blueprint with service control policies, by name: what the policy was, the action that it denies and the unit that it is on.
fn policies(policies: &[(&str, Option<&str>, &str, &str)]) -> String {
    let mut units = json!({"Alpha": {"accounts": ["a"]}, "Beta": {"accounts": ["b"]}, "Gamma": {"accounts": ["c"]}});
    let mut section = json!({});
    for (name, was, action, unit) in policies {
        let statement = json!([{"Effect": "Deny", "Action": action, "Resource": "*"}]);
        section[name] = json!({"content": {"Version": "2012-10-17", "Statement": statement}});
        if let Some(was) = was {
            section[name]["was"] = json!(was);
        }
        let on = &mut units[unit]["policies"];
        match on.as_array_mut() {
            Some(on) => on.push(json!(name)),
            None => *on = json!([name]),
        }
    }
    blueprint(&json!({"policies": section, "organizational_units": units}))
}

fn blueprint(sections: &Value) -> String {
    let mut blueprint = sections.clone();
    blueprint["version"] = json!(1);
    blueprint["name"] = json!("names");
    blueprint["organization"] = json!({"regions": ["eu-west-1"], "account_email": "{name}@example.com"});
    blueprint.to_string()
}

/// The denied actions and the name of the policy that denies each, by the unit's name.
fn denials(snapshot: &Value, unit: &str) -> Vec<(String, String)> {
    let organization = &snapshot["organization"];
    let units = organization["units"].as_object().expect("there are units");
    let id = units.iter().find(|(_, it)| it["name"] == unit).expect("it is there").0;
    let policies = organization["policies"].as_object().expect("there are policies").values();
    let on = policies.filter(|it| it["targets"].as_array().is_some_and(|targets| targets.contains(&json!(id))));
    let mut denials: Vec<(String, String)> = on
        .filter_map(|policy| {
            let content: Value = serde_json::from_str(policy["content"].as_str()?).ok()?;
            let action = content["Statement"][0]["Action"].as_str().filter(|action| *action != "*")?.to_owned();
            Some((action, policy["name"].as_str()?.to_owned()))
        })
        .collect();
    denials.sort();
    denials
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(action, name)| ((*action).to_owned(), (*name).to_owned())).collect()
}

/// Applies one after the other and looks at what is denied after each call of the second apply.
async fn never_less_denied(before: &str, after: &str, always: &[(&str, &str)]) {
    let state = state_after(&[before]);
    let whole = World::restored(&state);
    whole.applied(after, How::default()).await;
    let calls = whole.sandbox.calls().len() as u64;
    for k in 1..=calls {
        let world = World::restored(&state);
        world.sandbox.set_options(Options { cut_after: Some(k), ..Options::default() });
        let _ = world.apply(after, How::default()).await;
        let snapshot = world.sandbox.snapshot();
        for (unit, action) in always {
            let denied = denials(&snapshot, unit).iter().any(|(denied, _)| denied == action);
            assert!(denied, "after call {k} of {calls}, {action} is allowed in {unit}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn policies_exchange_names_and_nothing_is_allowed_on_the_way() {
    let before = policies(&[("one", None, "s3:DeleteBucket", "Alpha"), ("two", None, "ec2:DeleteVpc", "Beta")]);
    for (was_one, was_two) in [(Some("two"), Some("one")), (None, None)] {
        let after =
            policies(&[("two", was_two, "s3:DeleteBucket", "Alpha"), ("one", was_one, "ec2:DeleteVpc", "Beta")]);
        let world = World::new();
        world.applied(&before, How::default()).await;
        let plan = world.plan(&after).await.expect("it can be planned").plan;
        let changed: Vec<_> = plan.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
        assert_eq!(changed, [("scp/one", Action::Update), ("scp/two", Action::Update)]);
        assert!(plan.notes.iter().any(|note| note.what.contains("temporary name")), "{:?}", plan.notes);
        world.applied(&after, How::default()).await;
        let snapshot = world.sandbox.snapshot();
        assert_eq!(denials(&snapshot, "Alpha"), pairs(&[("s3:DeleteBucket", "two")]));
        assert_eq!(denials(&snapshot, "Beta"), pairs(&[("ec2:DeleteVpc", "one")]));
        world.quiet(&after).await;
        never_less_denied(&before, &after, &[("Alpha", "s3:DeleteBucket"), ("Beta", "ec2:DeleteVpc")]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn three_policies_rotate_their_names() {
    let before = policies(&[("a", None, "s3:A", "Alpha"), ("b", None, "s3:B", "Beta"), ("c", None, "s3:C", "Gamma")]);
    let after = policies(&[
        ("b", Some("a"), "s3:A", "Alpha"),
        ("c", Some("b"), "s3:B", "Beta"),
        ("a", Some("c"), "s3:C", "Gamma"),
    ]);
    let world = World::new();
    world.applied(&before, How::default()).await;
    world.applied(&after, How::default()).await;
    let snapshot = world.sandbox.snapshot();
    for (unit, action, name) in [("Alpha", "s3:A", "b"), ("Beta", "s3:B", "c"), ("Gamma", "s3:C", "a")] {
        assert_eq!(denials(&snapshot, unit), pairs(&[(action, name)]));
    }
    world.quiet(&after).await;
    never_less_denied(&before, &after, &[("Alpha", "s3:A"), ("Beta", "s3:B"), ("Gamma", "s3:C")]).await;
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_names_moves_up() {
    let before = policies(&[("base-1", None, "s3:DeleteBucket", "Alpha"), ("base-2", None, "ec2:DeleteVpc", "Alpha")]);
    let after = policies(&[
        ("base-1", None, "iam:CreateUser", "Alpha"),
        ("base-2", Some("base-1"), "s3:DeleteBucket", "Alpha"),
        ("base-3", Some("base-2"), "ec2:DeleteVpc", "Alpha"),
    ]);
    let world = World::new();
    world.applied(&before, How::default()).await;
    world.applied(&after, How::default()).await;
    assert_eq!(
        denials(&world.sandbox.snapshot(), "Alpha"),
        pairs(&[("ec2:DeleteVpc", "base-3"), ("iam:CreateUser", "base-1"), ("s3:DeleteBucket", "base-2")])
    );
    world.quiet(&after).await;
    never_less_denied(&before, &after, &[("Alpha", "s3:DeleteBucket"), ("Alpha", "ec2:DeleteVpc")]).await;
}

#[test]
fn an_exchange_of_names_that_is_cut_off_after_any_call_is_finished_by_the_next_apply() {
    let before = policies(&[("one", None, "s3:DeleteBucket", "Alpha"), ("two", None, "ec2:DeleteVpc", "Beta")]);
    let after =
        policies(&[("two", Some("one"), "s3:DeleteBucket", "Alpha"), ("one", Some("two"), "ec2:DeleteVpc", "Beta")]);
    cut_after_every_call(&[&before], &after);
}

/// Two units with an account each, and a policy on the first account's.
fn units(first: (&str, Option<&str>), second: (&str, Option<&str>)) -> String {
    let statement = json!({"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"});
    let policies = json!({"no-s3": {"content": {"Version": "2012-10-17", "Statement": [statement]}}});
    let mut units = json!({});
    units[first.0] = json!({"accounts": ["a"], "policies": ["no-s3"]});
    units[second.0] = json!({"accounts": ["b"]});
    for (name, was) in [first, second] {
        if let Some(was) = was {
            units[name]["was"] = json!(was);
        }
    }
    blueprint(&json!({"policies": policies, "organizational_units": units}))
}

fn notes(plan: &Plan) -> Vec<&str> {
    plan.notes.iter().map(|note| note.what.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn units_that_exchange_names_stay_and_the_plan_says_what_moves_instead() {
    let before = units(("Alpha", None), ("Beta", None));
    let after = units(("Beta", Some("Alpha")), ("Alpha", Some("Beta")));
    let world = World::new();
    world.applied(&before, How::default()).await;
    let plan = world.plan(&after).await.expect("it can be planned").plan;
    assert_eq!(
        notes(&plan),
        [
            "`was: Beta` has no effect: ou/Beta exists; both exist, so neither is renamed",
            "`was: Alpha` has no effect: ou/Alpha exists; both exist, so neither is renamed"
        ]
    );
    for account in ["a", "b"] {
        let change = plan.change(&Address::account(account)).expect("it moves");
        assert_eq!((change.action, &change.gains, &change.loses), (Action::Move, &vec![], &vec![]), "{account}");
    }
    world.applied(&after, How::default()).await;
    assert_eq!(denials(&world.sandbox.snapshot(), "Beta"), pairs(&[("s3:DeleteBucket", "no-s3")]));
    assert_eq!(notes(&world.quiet(&after).await), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn units_whose_names_were_exchanged_by_hand_get_them_back() {
    let text = units(("Alpha", None), ("Beta", None));
    let world = World::new();
    world.applied(&text, How::default()).await;
    let before = world.sandbox.snapshot();
    let units = |state: &mut Value, names: [&str; 2]| {
        let units = state["organization"]["units"].as_object_mut().expect("there are units");
        for unit in units.values_mut() {
            let nth = usize::from(unit["name"] == "Alpha");
            unit["name"] = json!(names[nth]);
        }
    };
    world.sandbox.edit(|state| units(state, ["Alpha", "Beta"])).expect("the state can be edited");
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    assert_eq!(plan.refusals, []);
    let changed: Vec<_> = plan.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
    assert_eq!(changed, [("ou/Alpha", Action::Update), ("ou/Beta", Action::Update)]);
    world.applied(&text, How::default()).await;
    assert_eq!(world.sandbox.snapshot()["organization"]["units"], before["organization"]["units"]);
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn was_of_a_policy_that_goes_on_existing_has_no_effect_and_that_is_said() {
    let before = policies(&[("one", None, "s3:A", "Alpha"), ("two", None, "s3:B", "Beta")]);
    let after = policies(&[("one", None, "s3:A", "Alpha"), ("two", Some("one"), "s3:C", "Beta")]);
    let world = World::new();
    world.applied(&before, How::default()).await;
    let plan = world.plan(&after).await.expect("it can be planned").plan;
    assert_eq!(notes(&plan), ["`was: one` has no effect: scp/one exists; both exist, so neither is renamed"]);
    world.applied(&after, DESTROY).await;
    world.quiet(&after).await;
}

#[tokio::test(start_paused = true)]
async fn two_policies_that_claim_one_address_are_refused_by_both_names() {
    let text = policies(&[("one", None, "s3:A", "Alpha")]);
    let world = World::new();
    world.applied(&text, How::default()).await;
    let cloud = world.cloud().await;
    let content = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"kms:*","Resource":"*"}}"#;
    let tag = |key: &str, value: &str| {
        aws_sdk_organizations::types::Tag::builder().key(key).value(value).build().expect("it is whole")
    };
    let request = cloud.organizations.create_policy().name("decoy").description("").content(content);
    let request = request.r#type(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy);
    let request = request.tags(tag("landing:blueprint", "names")).tags(tag("landing:address", "scp/one"));
    request.send().await.expect("it is made");
    let plan = world.plan(&text).await.expect("it can be planned").plan;
    let refusals: Vec<_> = plan.refusals.iter().map(|it| (it.code.as_str(), it.message.as_str())).collect();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(refusals[0].0, "claimed-twice");
    assert!(refusals[0].1.contains("one (p-") && refusals[0].1.contains("decoy (p-"), "{}", refusals[0].1);
}

const NAMES: [&str; 4] = ["p1", "p2", "p3", "p4"];
const ACTIONS: [&str; 4] = ["s3:A", "s3:B", "s3:C", "s3:D"];
const UNITS: [&str; 3] = ["Alpha", "Beta", "Gamma"];

/// Policies by name: which one each was, what it denies and where.
type Drawn = Vec<Option<(Option<usize>, usize, usize)>>;

fn drawn() -> impl Strategy<Value = Drawn> {
    let policy = (proptest::option::of(0..NAMES.len()), 0..ACTIONS.len(), 0..UNITS.len());
    proptest::collection::vec(proptest::option::weighted(0.8, policy), NAMES.len())
}

/// The blueprint, and what it denies in each unit by which policy.
fn of_drawn(drawn: &Drawn, with_was: bool) -> (String, Vec<Vec<(String, String)>>) {
    let named = NAMES.iter().zip(drawn).filter_map(|(name, policy)| Some((*name, (*policy)?)));
    let all: Vec<(&str, Option<&str>, &str, &str)> = named
        .map(|(name, (was, action, unit))| {
            let was = was.map(|was| NAMES[was]).filter(|was| with_was && *was != name);
            (name, was, ACTIONS[action], UNITS[unit])
        })
        .collect();
    let on = |unit: &&str| {
        let here = all.iter().filter(|(_, _, _, at)| at == unit);
        let mut here: Vec<(String, String)> =
            here.map(|(name, _, action, _)| ((*action).to_owned(), (*name).to_owned())).collect();
        here.sort();
        here
    };
    (policies(&all), UNITS.iter().map(on).collect())
}

async fn names_converge(before: Drawn, after: Drawn) -> Result<(), TestCaseError> {
    let world = World::new();
    world.applied(&of_drawn(&before, false).0, How::default()).await;
    let (text, expected) = of_drawn(&after, true);
    world.applied(&text, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    let denied: Vec<_> = UNITS.iter().map(|unit| denials(&snapshot, unit)).collect();
    prop_assert_eq!(denied, expected);
    let kept = snapshot["organization"]["policies"]
        .as_object()
        .map_or(0, |all| all.values().filter(|policy| policy["aws_managed"] == false).count());
    prop_assert_eq!(kept, after.iter().flatten().count());
    world.quiet(&text).await;
    Ok(())
}

#[test]
fn whatever_names_policies_had_one_apply_makes_them_as_the_blueprint_says() {
    run(80, &(drawn(), drawn()), |(before, after)| in_its_own_time(names_converge(before, after)));
}
