//! The same with stacks in accounts and stack sets in units.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;

use super::super::draw::{Drawn, ORGANIZATION, drawn_with_stacks};
use super::super::picture::{differences, stacks};
use super::super::world::{DESTROY, World};
use super::{in_its_own_time, renamed, run, unmanaged};

const PAIRS: u32 = 50;

/// The stacks once AWS has nothing to do any more, such as following accounts out of units and into others.
async fn at_rest(world: &World) -> Value {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let snapshot = world.sandbox.snapshot();
        if !is_at_work(&snapshot["stack_sets"]) {
            return stacks(&snapshot);
        }
    }
}

/// Whether an operation of a stack set is under way.
fn is_at_work(stack_sets: &Value) -> bool {
    let sets = stack_sets["regions"].as_object().into_iter().flatten();
    let sets = sets.flat_map(|(_, sets)| sets.as_object().into_iter().flatten());
    let mut operations = sets.flat_map(|(_, set)| set["operations"].as_array().into_iter().flatten());
    operations.any(|operation| operation["status"] == "RUNNING" || operation["status"] == "QUEUED")
}

async fn converges(a: Drawn, b: Drawn) -> Result<(), TestCaseError> {
    let (world, alone) = (World::new(), World::new());
    let (first, then) = (a.text(&BTreeMap::new()), b.text(&renamed(&a, &b)));
    for world in [&world, &alone] {
        world.applied(ORGANIZATION, DESTROY).await;
        unmanaged(world).await;
    }
    world.applied(&first, DESTROY).await;
    world.quiet(&first).await;
    let applied = world.apply(&then, DESTROY).await;
    let applied = applied.map_err(|error| TestCaseError::fail(format!("{error:#?}")))?;
    prop_assert!(applied.outcome.is_complete(), "{:#?}", applied.outcome);
    world.quiet(&then).await;
    let reached = at_rest(&world).await;
    world.quiet(&then).await;

    alone.applied(&b.text(&BTreeMap::new()), DESTROY).await;
    let expected = at_rest(&alone).await;
    prop_assert_eq!(differences(&reached, &expected), Vec::<String>::new());
    Ok(())
}

#[test]
fn any_stacks_after_any_others_lead_to_the_same_as_alone() {
    run(PAIRS, &(drawn_with_stacks(), drawn_with_stacks()), |(a, b)| in_its_own_time(converges(a, b)));
}
