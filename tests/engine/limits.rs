use landing::cloud::Pace;
use landing::sandbox::{Limits, Options};

use super::calls::large;
use super::world::{How, World, builtin};

fn limited() -> Options {
    Options { limits: Some(Limits::aws()), ..Options::default() }
}

#[tokio::test(start_paused = true)]
async fn under_awss_limits_a_plan_is_paced_and_never_throttled() {
    let world = World::new();
    world.applied(&large(), How::default()).await;
    let world = World { pace: Pace::FromTheStart, ..world };
    world.sandbox.set_options(limited());
    let start = tokio::time::Instant::now();
    world.quiet(&large()).await;
    // 51 lists of units at 5 a second after a burst of 8 are the longest wait.
    let bound = (51.0 - 8.0) / 5.0;
    assert!(start.elapsed().as_secs_f64() < bound * 1.1, "{:?}", start.elapsed());
    assert_eq!(world.throttled().await, 0);
}

#[tokio::test(start_paused = true)]
async fn under_awss_limits_a_bootstrap_is_paced_and_never_throttled() {
    let world = World { pace: Pace::FromTheStart, ..World::new() };
    world.sandbox.set_options(limited());
    world.applied(builtin("startup"), How::default()).await;
    world.quiet(builtin("startup")).await;
    assert_eq!(world.throttled().await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_throttles_unexpectedly_only_costs_time() {
    let world = World::new();
    world.sandbox.set_options(limited());
    world.applied(builtin("startup"), How::default()).await;
    world.quiet(builtin("startup")).await;
    assert!(world.throttled().await > 0);
}
