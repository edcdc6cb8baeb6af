//! Drift of a stack set's stacks.

use crate::stack_set_support::{TOPIC, World, status};
use crate::stack_support::REGION;

#[tokio::test(start_paused = true)]
async fn a_stack_whose_resource_was_changed_is_found_drifted() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.workloads).await;
    let detect = async || {
        let begun = world.client.detect_stack_set_drift().stack_set_name("set").send().await.unwrap();
        world.ended(begun.operation_id().unwrap()).await
    };
    assert_eq!(status(&detect().await), "SUCCEEDED");
    let of_set = async || {
        let set = world.client.describe_stack_set().stack_set_name("set").send().await.unwrap();
        let details = set.stack_set().unwrap().stack_set_drift_detection_details().unwrap().clone();
        (details.drift_status().unwrap().as_str().to_owned(), details.drifted_stack_instances_count())
    };
    assert_eq!(of_set().await, ("IN_SYNC".to_owned(), Some(0)));
    let change = |state: &mut serde_json::Value| {
        let topics = state["resources"][&world.a][REGION]["AWS::SNS::Topic"].as_object_mut().unwrap();
        topics.clear();
    };
    world.sandbox.edit(change).unwrap();
    detect().await;
    assert_eq!(of_set().await, ("DRIFTED".to_owned(), Some(1)));
    let instances = world.instances().await;
    let of = |account: &str| {
        let one = instances.iter().find(|instance| instance.account() == Some(account)).unwrap();
        (one.drift_status().unwrap().as_str(), one.status().unwrap().as_str())
    };
    assert_eq!((of(&world.a), of(&world.b)), (("DRIFTED", "CURRENT"), ("IN_SYNC", "CURRENT")));
}
