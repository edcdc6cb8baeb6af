use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use landing::engine::ApplyError;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::draw::{Drawn, drawn, organized};
use super::picture::{differences, picture, without_scp};
use super::world::{DESTROY, World};

mod stacks;

const PAIRS: u32 = 200;

/// What a blueprint only adds, so that an earlier blueprint's stays.
fn only_added(picture: &mut Value) -> [BTreeSet<String>; 2] {
    ["trusted", "policy_types"].map(|key| {
        let added = picture[key].take();
        added.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    })
}

pub fn in_its_own_time(test: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(test)
}

/// Somebody else's unit, account and policy.
pub async fn unmanaged(world: &World) -> Value {
    let client = world.cloud().await.organizations.clone();
    let root =
        client.list_roots().send().await.expect("there is a root").roots()[0].id().expect("it has an id").to_owned();
    let unit = client.create_organizational_unit().parent_id(&root).name("Theirs").send().await.expect("it is made");
    let unit = unit.organizational_unit().and_then(|unit| unit.id()).expect("it has an id").to_owned();
    let account = client.create_account().account_name("theirs").email("theirs@example.org").send().await;
    account.expect("it is made");
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let _ = client
        .enable_policy_type()
        .root_id(&root)
        .policy_type(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy)
        .send()
        .await;
    let policy = client
        .create_policy()
        .name("theirs")
        .description("")
        .r#type(aws_sdk_organizations::types::PolicyType::ServiceControlPolicy)
        .content(r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:*","Resource":"*"}}"#)
        .send()
        .await
        .expect("it is made");
    let policy = policy.policy().and_then(|policy| policy.policy_summary()?.id()).expect("it has an id").to_owned();
    client.attach_policy().policy_id(policy).target_id(unit).send().await.expect("it is attached");
    theirs(&world.sandbox.snapshot())
}

fn theirs(snapshot: &Value) -> Value {
    let picture = picture(snapshot);
    json!([
        picture["units"]["Theirs"],
        picture["accounts"]["theirs@example.org"],
        picture["policies"]["SERVICE_CONTROL_POLICY/theirs"]
    ])
}

/// Some units of `b` at the top that `a` does not have take the place of one that `b` does not have.
pub fn renamed(a: &Drawn, b: &Drawn) -> BTreeMap<Vec<String>, String> {
    let top = |drawn: &Drawn| drawn.units.keys().filter(|path| path.len() == 1).cloned().collect::<BTreeSet<_>>();
    let (before, after) = (top(a), top(b));
    let gone = before.difference(&after);
    after.difference(&before).zip(gone).map(|(new, old)| (new.clone(), old[0].clone())).collect()
}

/// Whether the plan was refused because policies would hand denials to each other in a circle.
fn is_circle(error: &ApplyError) -> bool {
    let ApplyError::Refused { refusals, .. } = error else { return false };
    refusals.iter().all(|refusal| refusal.code == "circle" && refusal.message.contains("keeps denied"))
}

/// A first step where no order keeps denied what both sides deny: it gives that up, as only the blueprint may.
fn without_policies(drawn: Drawn) -> String {
    Drawn { policies: BTreeMap::new(), allow_lists: Vec::new(), ..drawn }.text(&BTreeMap::new())
}

async fn converges(a: Drawn, b: Drawn) -> Result<(), TestCaseError> {
    let (world, alone) = (organized(), organized());
    let (first, then) = (a.text(&BTreeMap::new()), b.text(&renamed(&a, &b)));
    world.applied(&first, DESTROY).await;
    world.quiet(&first).await;
    let their_things = unmanaged(&world).await;
    let bare = Arc::new(Mutex::new(Vec::new()));
    let listener: landing::engine::Listener = {
        let (bare, sandbox) = (Arc::clone(&bare), world.sandbox.clone());
        Arc::new(move |_| bare.lock().expect("no one panics").extend(without_scp(&sandbox.snapshot())))
    };
    let mut applied = world.apply_listening(&then, DESTROY, Arc::clone(&listener)).await;
    if applied.as_ref().is_err_and(is_circle) {
        world.applied(&without_policies(a), DESTROY).await;
        applied = world.apply_listening(&then, DESTROY, listener).await;
    }
    let applied = applied.map_err(|error| TestCaseError::fail(format!("{error:#?}")))?;
    prop_assert!(applied.outcome.is_complete(), "{:#?}", applied.outcome);
    world.quiet(&then).await;
    prop_assert_eq!(bare.lock().expect("no one panics").clone(), Vec::<String>::new());
    prop_assert_eq!(theirs(&world.sandbox.snapshot()), their_things.clone());

    alone.applied(&b.text(&BTreeMap::new()), DESTROY).await;
    unmanaged(&alone).await;
    // What is assigned in the whole organization is for their account too.
    alone.applied(&b.text(&BTreeMap::new()), DESTROY).await;
    let (mut reached, mut expected) = (picture(&world.sandbox.snapshot()), picture(&alone.sandbox.snapshot()));
    let (more, fewer) = (only_added(&mut reached), only_added(&mut expected));
    for (more, fewer) in more.iter().zip(&fewer) {
        prop_assert!(more.is_superset(fewer));
    }
    if b.root_tag.is_none() {
        reached["root_tags"].take();
        expected["root_tags"].take();
    }
    prop_assert_eq!(differences(&reached, &expected), Vec::<String>::new());
    Ok(())
}

/// Draws as many cases as are wanted, the same ones every time.
pub fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(strategy, test) {
        panic!("{error}");
    }
}

#[test]
fn any_blueprint_after_any_other_leads_to_the_same_as_alone() {
    run(PAIRS, &(drawn(), drawn()), |(a, b)| in_its_own_time(converges(a, b)));
}
