//! Stack sets follow the accounts that enter and leave their targets.

use crate::stack_set_support::{ONE_BUCKET, TOPIC, World, at_once};
use crate::support::{account_id, unit};

#[tokio::test(start_paused = true)]
async fn an_account_that_enters_a_target_gets_its_stacks() {
    let world = World::new().await;
    world.following(TOPIC, false).await;
    world.deployed(&world.workloads).await;
    let inner = unit(&world.organizations, &world.workloads, "Dev").await;
    let new = account_id(&world.organizations, "new").await;
    world.rest().await;
    assert_eq!(world.topics(&new), 0, "it is not there yet");
    world.move_to(&new, &inner).await;
    world.rest().await;
    assert_eq!(world.topics(&new), 1);
    let instances = world.instances().await;
    let instance = instances.iter().find(|instance| instance.account() == Some(&new)).unwrap();
    assert_eq!(instance.organizational_unit_id(), Some(world.workloads.as_str()));
    assert_eq!(instance.status().unwrap().as_str(), "CURRENT");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_created_below_the_root_gets_what_the_root_has() {
    let world = World::new().await;
    world.following(TOPIC, false).await;
    world.deployed(&world.root).await;
    let new = account_id(&world.organizations, "new").await;
    world.rest().await;
    assert_eq!(world.topics(&new), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_leaves_loses_its_stacks() {
    let world = World::new().await;
    world.following(TOPIC, false).await;
    world.deployed(&world.workloads).await;
    world.move_to(&world.a, &world.root).await;
    world.rest().await;
    assert_eq!(world.accounts().await, [world.b.as_str()]);
    assert_eq!((world.topics(&world.a), world.topics(&world.b)), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_leaves_keeps_stacks_that_are_retained() {
    let world = World::new().await;
    world.following(TOPIC, true).await;
    world.deployed(&world.workloads).await;
    world.move_to(&world.a, &world.root).await;
    world.rest().await;
    assert_eq!(world.accounts().await, [world.b.as_str()]);
    assert_eq!(world.topics(&world.a), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_moves_between_targets_keeps_its_stack() {
    let world = World::new().await;
    world.following(TOPIC, false).await;
    let other = unit(&world.organizations, &world.root, "Other").await;
    world.deployed(&world.workloads).await;
    world.deployed(&other).await;
    let stack = |instances: Vec<aws_sdk_cloudformation::types::StackInstanceSummary>| {
        let one = instances.into_iter().find(|instance| instance.account() == Some(&world.a)).unwrap();
        (one.stack_id().unwrap().to_owned(), one.organizational_unit_id().unwrap().to_owned())
    };
    let before = stack(world.instances().await);
    world.move_to(&world.a, &other).await;
    world.rest().await;
    assert_eq!(stack(world.instances().await), (before.0, other));
}

#[tokio::test(start_paused = true)]
async fn without_automatic_deployment_no_one_is_followed() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.workloads).await;
    world.move_to(&world.a, &world.root).await;
    world.rest().await;
    assert_eq!(world.accounts().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_fails_is_not_tried_again_by_itself() {
    let world = World::new().await;
    world.following(ONE_BUCKET, false).await;
    world.deployed(&world.workloads).await;
    for _ in 0..3 {
        world.rest().await;
    }
    let all = world.client.list_stack_set_operations().stack_set_name("set").send().await.unwrap();
    assert_eq!(all.summaries().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_targets_are_listed_until_they_are_taken_away() {
    let world = World::new().await;
    world.following(TOPIC, false).await;
    world.deployed(&world.workloads).await;
    let list = world.client.list_stack_set_auto_deployment_targets().stack_set_name("set");
    let targets = list.clone().send().await.unwrap();
    assert_eq!(targets.summaries()[0].organizational_unit_id(), Some(world.workloads.as_str()));
    let withdraw = world.withdraw(&world.workloads, false).operation_preferences(at_once());
    world.ended(withdraw.send().await.unwrap().operation_id().unwrap()).await;
    assert!(list.send().await.unwrap().summaries().is_empty());
    let new = account_id(&world.organizations, "new").await;
    world.move_to(&new, &world.workloads).await;
    world.rest().await;
    assert_eq!(world.topics(&new), 0);
}
