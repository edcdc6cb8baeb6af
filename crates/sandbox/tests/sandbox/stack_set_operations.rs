//! Operations on stack sets: one after the other, in batches, as far as failures are tolerated.

use aws_sdk_cloudformation::types::{
    ManagedExecution, RegionConcurrencyType, StackInstanceFilter, StackInstanceFilterName,
    StackSetOperationPreferences, StackSetOperationStatus,
};

use crate::stack_set_support::{ONE_BUCKET, TOPIC, World, at_once, status};
use crate::stack_support::REGION;
use crate::support::code;

/// The results of an operation as `ACCOUNT REGION STATUS`.
async fn results(world: &World, id: &str) -> Vec<String> {
    let all = world.client.list_stack_set_operation_results().stack_set_name("set").operation_id(id);
    let all = all.send().await.unwrap();
    let row = |row: &aws_sdk_cloudformation::types::StackSetOperationResultSummary| {
        format!("{} {} {}", row.account().unwrap(), row.region().unwrap(), row.status().unwrap().as_str())
    };
    all.summaries().iter().map(row).collect()
}

#[tokio::test(start_paused = true)]
async fn one_operation_is_under_way_at_a_time() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let first = world.deploy(&world.workloads).send().await.unwrap().operation_id().unwrap().to_owned();
    let update = world.client.update_stack_set().stack_set_name("set").use_previous_template(true);
    assert_eq!(code(update.clone().send().await), "OperationInProgressException");
    world.ended(&first).await;
    update.send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn with_managed_execution_operations_wait_for_their_turn() {
    let world = World::new().await;
    let managed = ManagedExecution::builder().active(true).build();
    world.create(TOPIC).managed_execution(managed).send().await.unwrap();
    world.deploy(&world.workloads).send().await.unwrap();
    let second = world.withdraw(&world.workloads, false).send().await.unwrap().operation_id().unwrap().to_owned();
    let waiting = world.client.describe_stack_set_operation().stack_set_name("set").operation_id(&second);
    let waiting = waiting.send().await.unwrap().stack_set_operation().unwrap().clone();
    assert_eq!(status(&waiting), "QUEUED");
    assert_eq!(status(&world.ended(&second).await), "SUCCEEDED");
    assert!(world.instances().await.is_empty());
    assert_eq!(world.topics(&world.a), 0);
}

#[tokio::test(start_paused = true)]
async fn the_same_request_is_done_once() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let deploy = world.deploy(&world.workloads).operation_id("mine");
    deploy.clone().send().await.unwrap();
    assert_eq!(deploy.send().await.unwrap().operation_id(), Some("mine"));
    world.ended("mine").await;
    let all = world.client.list_stack_set_operations().stack_set_name("set").send().await.unwrap();
    assert_eq!(all.summaries().len(), 1);
    let other = world.withdraw(&world.workloads, false).operation_id("mine").send().await;
    assert_eq!(code(other), "OperationIdAlreadyExistsException");
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_not_tolerated_cancels_what_is_left() {
    let world = World::new().await;
    world.create(ONE_BUCKET).send().await.unwrap();
    let one_by_one = StackSetOperationPreferences::builder().region_order(REGION).region_order("us-east-1").build();
    let deploy = world.deploy(&world.workloads).regions("us-east-1").operation_preferences(one_by_one);
    let id = deploy.send().await.unwrap().operation_id().unwrap().to_owned();
    let ended = world.ended(&id).await;
    assert_eq!((status(&ended), ended.status_details().unwrap().failed_stack_instances_count()), ("FAILED", Some(1)));
    let (first, second) = if world.a < world.b { (&world.a, &world.b) } else { (&world.b, &world.a) };
    let expected = [
        format!("{first} {REGION} SUCCEEDED"),
        format!("{second} {REGION} FAILED"),
        format!("{first} us-east-1 CANCELLED"),
        format!("{second} us-east-1 CANCELLED"),
    ];
    assert_eq!(results(&world, &id).await, expected);
    let instances = world.instances().await;
    let failed = instances.iter().find(|one| one.account() == Some(second) && one.region() == Some(REGION)).unwrap();
    assert_eq!(failed.status().unwrap().as_str(), "OUTDATED");
    let reason = failed.status_reason().unwrap();
    assert!(reason.starts_with("ResourceLogicalId:Bucket, ResourceType:AWS::S3::Bucket"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_tolerated_failure_is_a_success_and_can_be_tried_again() {
    let world = World::new().await;
    world.create(ONE_BUCKET).send().await.unwrap();
    let ended = world.deployed(&world.workloads).await;
    assert_eq!(
        (status(&ended), ended.status_details().unwrap().failed_stack_instances_count()),
        ("SUCCEEDED", Some(1))
    );
    let filter = StackInstanceFilter::builder().name(StackInstanceFilterName::DetailedStatus).values("FAILED").build();
    let failed = world.client.list_stack_instances().stack_set_name("set").filters(filter);
    assert_eq!(failed.clone().send().await.unwrap().summaries().len(), 1);
    let update = world.client.update_stack_set().stack_set_name("set").template_body(TOPIC);
    let id = update.operation_preferences(at_once()).send().await.unwrap().operation_id().unwrap().to_owned();
    assert_eq!(status(&world.ended(&id).await), "SUCCEEDED");
    assert!(failed.send().await.unwrap().summaries().is_empty());
    assert_eq!((world.topics(&world.a), world.topics(&world.b)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn accounts_have_their_turn_one_after_the_other_unless_more_may_at_once() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let one_by_one = StackSetOperationPreferences::builder().build();
    let begun = world.deploy(&world.workloads).operation_preferences(one_by_one).send().await.unwrap();
    let id = begun.operation_id().unwrap();
    let turns = results(&world, id).await;
    assert_eq!(turns.iter().filter(|row| row.ends_with(" RUNNING")).count(), 1);
    assert_eq!(turns.iter().filter(|row| row.ends_with(" PENDING")).count(), 1);
    world.ended(id).await;
    let parallel = at_once();
    let parallel = StackSetOperationPreferences::builder()
        .set_max_concurrent_count(parallel.max_concurrent_count())
        .set_failure_tolerance_count(parallel.failure_tolerance_count())
        .region_concurrency_type(RegionConcurrencyType::Parallel)
        .build();
    let deploy = world.deploy(&world.workloads).regions("us-east-1").operation_preferences(parallel);
    let id = deploy.send().await.unwrap().operation_id().unwrap().to_owned();
    assert!(results(&world, &id).await.iter().all(|row| row.ends_with(" RUNNING")));
}

#[tokio::test(start_paused = true)]
async fn a_stopped_operation_cancels_what_has_not_begun() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let one_by_one = StackSetOperationPreferences::builder().build();
    let begun = world.deploy(&world.workloads).operation_preferences(one_by_one).send().await.unwrap();
    let id = begun.operation_id().unwrap();
    let stop = world.client.stop_stack_set_operation().stack_set_name("set").operation_id(id);
    stop.clone().send().await.unwrap();
    assert_eq!(world.ended(id).await.status(), Some(&StackSetOperationStatus::Stopped));
    assert_eq!(results(&world, id).await.iter().filter(|row| row.ends_with(" CANCELLED")).count(), 1);
    assert_eq!(world.topics(&world.a) + world.topics(&world.b), 1);
    assert_eq!(code(stop.send().await), "InvalidOperationException");
}
