//! The writes of apply are those that plan showed, for any organization and blueprint.

use std::collections::BTreeMap;

use landing::model::{Address, Bindings};
use proptest::prelude::*;

use super::converges::{in_its_own_time, renamed, run, unmanaged};
use super::draw::{Drawn, Hand, drawn, drawn_with_stacks, hands, organized};
use super::world::{DESTROY, How, World};
use super::writes::{Promise, counts};

const CASES: u32 = 50;
const CASES_WITH_STACKS: u32 = 12;

/// What one case is drawn from beside two blueprints.
#[derive(Clone, Debug)]
struct Circumstances {
    hands: Vec<Hand>,
    /// Resources of the second blueprint that it is limited to.
    targets: Vec<u8>,
    is_deep: bool,
    allows_destruction: bool,
    /// Whether there is no organization before the second blueprint.
    is_new: bool,
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let targets = prop_oneof![3 => Just(Vec::new()), 1 => proptest::collection::vec(any::<u8>(), 1..3)];
    let flags = (any::<bool>(), proptest::bool::weighted(0.8), proptest::bool::weighted(0.2));
    (hands(), targets, flags).prop_map(|(hands, targets, (is_deep, allows_destruction, is_new))| Circumstances {
        hands,
        targets,
        is_deep,
        allows_destruction,
        is_new,
    })
}

async fn prepared(a: &Drawn, it: &Circumstances) -> World {
    if it.is_new {
        return World { deep: it.is_deep, ..World::new() };
    }
    let world = World { deep: it.is_deep, ..organized() };
    world.applied(&a.text(&BTreeMap::new()), DESTROY).await;
    unmanaged(&world).await;
    for hand in &it.hands {
        hand.act(&world).await;
    }
    world
}

async fn keeps_its_promise(a: Drawn, b: Drawn, it: Circumstances) -> Result<(), TestCaseError> {
    let mut world = prepared(&a, &it).await;
    let text = b.text(&renamed(&a, &b));
    let desired = world.declared(&text).desired;
    let addresses: Vec<&Address> = desired.resources.keys().collect();
    world.targets = it.targets.iter().map(|n| addresses[usize::from(*n) % addresses.len()].clone()).collect();
    let Ok(shown) = world.plan(&text).await else { return Ok(()) };
    let before = world.sandbox.calls().len();
    let how = How { allow_destroy: it.allows_destruction, ..How::default() };
    let applied = world.apply(&text, how).await;
    let calls = world.sandbox.calls()[before..].to_vec();
    let after = match world.plan(&text).await {
        Ok(draft) => draft.observed.bindings,
        Err(_) => Bindings::default(),
    };
    let promise = Promise { desired: &desired, shown: &shown, after: &after };
    prop_assert_eq!(promise.broken_by(&calls), Vec::<String>::new(), "{:?}", counts(&calls));
    match applied {
        Ok(applied) => {
            let changes = &applied.plan.changes[..shown.plan.changes.len()];
            prop_assert_eq!(changes, &shown.plan.changes[..], "apply looks at the same as plan");
        }
        // Only the lease is written then.
        Err(error) => {
            let writes = calls.iter().filter(|call| call.write && call.operation != "PutParameter").count();
            prop_assert_eq!(writes, 0, "{:?}", error);
        }
    }
    Ok(())
}

#[test]
fn the_writes_of_apply_are_those_that_plan_showed() {
    let drawn = (drawn(), drawn(), circumstances());
    run(CASES, &drawn, |(a, b, it)| in_its_own_time(keeps_its_promise(a, b, it)));
}

#[test]
fn the_writes_of_apply_are_those_that_plan_showed_where_there_are_stacks() {
    let drawn = (drawn_with_stacks(), drawn_with_stacks(), circumstances());
    run(CASES_WITH_STACKS, &drawn, |(a, b, it)| in_its_own_time(keeps_its_promise(a, b, it)));
}
