//! The same with stacks in accounts and stack sets in units.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::draw::{Drawn, drawn_with_stacks, organized};
use super::super::picture::{differences, stacks};
use super::super::world::DESTROY;
use super::{in_its_own_time, is_circle, renamed, run, unmanaged, without_policies};

const PAIRS: u32 = 40;

async fn converges(a: Drawn, b: Drawn) -> Result<(), TestCaseError> {
    let (world, alone) = (organized(), organized());
    let (first, then) = (a.text(&BTreeMap::new()), b.text(&renamed(&a, &b)));
    for world in [&world, &alone] {
        unmanaged(world).await;
    }
    world.applied(&first, DESTROY).await;
    world.quiet(&first).await;
    let draft = world.plan(&then).await.map_err(|error| TestCaseError::fail(format!("{error:#?}")))?;
    // A set that changes to a wider or narrower unit would double the stacks that it retains.
    if draft.plan.refusals.iter().any(|refusal| refusal.code == "left-over-stacks") {
        return Ok(());
    }
    let mut applied = world.apply(&then, DESTROY).await;
    if applied.as_ref().is_err_and(is_circle) {
        world.applied(&without_policies(a), DESTROY).await;
        applied = world.apply(&then, DESTROY).await;
    }
    let applied = applied.map_err(|error| TestCaseError::fail(format!("{error:#?}")))?;
    prop_assert!(applied.outcome.is_complete(), "{:#?}", applied.outcome);
    world.quiet(&then).await;
    let reached = stacks(&world.at_rest().await);
    world.quiet(&then).await;

    alone.applied(&b.text(&BTreeMap::new()), DESTROY).await;
    let expected = stacks(&alone.at_rest().await);
    prop_assert_eq!(differences(&reached, &expected), Vec::<String>::new());
    Ok(())
}

#[test]
fn any_stacks_after_any_others_lead_to_the_same_as_alone() {
    run(PAIRS, &(drawn_with_stacks(), drawn_with_stacks()), |(a, b)| in_its_own_time(converges(a, b)));
}
