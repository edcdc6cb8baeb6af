//! Who applied what and when, kept beside the lease.

use landing::engine::{Ended, history};
use landing_sandbox::Outcome;
use serde_json::{Value, json};

use super::world::{DESTROY, How, World};

const ONE: &str = "version: 1\nname: ml\norganization: {regions: [eu-west-1]}\norganizational_units: {A: {}, B: {}}\n";
const OTHER: &str =
    "version: 1\nname: ml\norganization: {regions: [eu-west-1]}\norganizational_units: {A: {}, C: {}}\n";
const PARAMETER: &str = "/landing/history/ml";

fn puts(world: &World) -> usize {
    let calls = world.sandbox.calls();
    calls.iter().filter(|call| call.operation == "PutParameter" && call.input["Name"] == PARAMETER).count()
}

#[tokio::test(start_paused = true)]
async fn each_apply_with_something_to_do_leaves_one_record() {
    let world = World::new();
    assert_eq!(history(&world.cloud().await, "ml").await.unwrap(), []);
    assert_eq!(world.applied(ONE, How::default()).await.unrecorded, None);
    world.applied(ONE, How::default()).await;
    assert_eq!(puts(&world), 1, "a plan without changes leaves none");
    world.apply(OTHER, How::default()).await.expect_err("what would be destroyed is refused");
    assert_eq!(puts(&world), 1, "what is refused leaves none");
    world.applied(OTHER, DESTROY).await;
    let kept = history(&world.cloud().await, "ml").await.unwrap();
    let numbers: Vec<i64> = kept.iter().map(|kept| kept.number).collect();
    assert_eq!(numbers, [2, 1]);
    let (last, first) = (kept[0].record.as_ref().unwrap(), kept[1].record.as_ref().unwrap());
    assert_eq!((first.outcome, last.outcome), (Ended::Complete, Ended::Complete));
    assert!(first.done.contains(&"create ou/A".to_owned()), "{:?}", first.done);
    // In the order in which they were finished.
    assert_eq!(last.done, ["delete ou/B", "create ou/C"]);
    assert_eq!((last.not_done.len(), last.unnamed), (0, 0));
    assert!(last.caller.starts_with("arn:aws:"), "{}", last.caller);
    assert_eq!(kept[0].written_by.as_deref(), Some(last.caller.as_str()));
    assert!(kept[0].written.ends_with('Z') && last.at.ends_with('Z'));
    assert_ne!(first.blueprint.sha256, last.blueprint.sha256);
}

#[tokio::test(start_paused = true)]
async fn a_failing_record_fails_no_apply() {
    let world = World::new();
    world.applied(ONE, How::default()).await;
    // The lease is a parameter too, so that only the record is refused: the oldest of its versions has a label.
    let labelled = |n: u64| json!({"value": "x", "version": n, "modified": 1, "labels": ["keep"]});
    let fill = |state: &mut Value| {
        let regions = state["parameters"]["111111111111"].as_object_mut().expect("the account has parameters");
        let parameter = regions.values_mut().find_map(|parameters| parameters.get_mut(PARAMETER));
        let parameter = parameter.expect("the record is there");
        parameter["version"] = json!(100);
        parameter["history"] = (1..100).map(labelled).collect();
    };
    world.sandbox.edit(fill).expect("it is a state");
    let applied = world.applied(OTHER, DESTROY).await;
    assert!(applied.is_complete());
    let why = applied.unrecorded.expect("the record was refused");
    assert!(why.contains("ParameterMaxVersionLimitExceeded") && why.contains("Move the label"), "{why}");
    let refused =
        |call: &&landing_sandbox::Call| call.input["Name"] == PARAMETER && matches!(call.outcome, Outcome::Refused(_));
    assert_eq!(world.sandbox.calls().iter().filter(refused).count(), 1);
    world.quiet(OTHER).await;
}

#[tokio::test(start_paused = true)]
async fn aws_keeps_a_hundred_records_and_all_are_read() {
    let world = World::new();
    world.applied(ONE, How::default()).await;
    let cloud = world.cloud().await;
    for _ in 0..129 {
        cloud.put_parameter_once(PARAMETER, "by hand", "no record", true).await.unwrap();
    }
    let kept = history(&cloud, "ml").await.unwrap();
    assert_eq!((kept.len(), kept[0].number, kept[99].number), (100, 130, 31));
    assert!(kept.iter().all(|kept| kept.record.is_none()));
}
