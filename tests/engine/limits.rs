use landing::cloud::Pace;
use landing_sandbox::{Limits, Options};

use super::calls::large;
use super::world::{DESTROY, How, World, builtin};

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
    // AWS has forgotten the calls of the run before, which the next knows nothing of.
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
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

/// A hundred accounts of which two groups get one permission set, and the blueprint without them.
fn two_hundred_assignments() -> [String; 2] {
    let accounts: Vec<String> = (0..100).map(|n| format!("a{n}")).collect();
    let text = |assignments: &str| {
        format!(
            "version: 1\nname: people\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
             organizational_units: {{A: {{accounts: [{}]}}}}\nidentity: {{permission_sets: {{s: , t: }}, assignments: {{{assignments}}}}}\n",
            accounts.join(", ")
        )
    };
    [text("one: {s: [A]}, two: {s: [A]}"), text("one: {t: [A]}, two: {t: [A]}")]
}

/// Seconds and calls of Identity Center that an apply takes under AWS's limits.
async fn measured(world: &World, text: &str) -> (f64, u64) {
    // AWS has forgotten the calls of anyone who came before.
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    let start = tokio::time::Instant::now();
    let applied = world.applied(text, DESTROY).await;
    let sso = applied.plan.api_calls.by_operation.iter().filter(|(call, _)| call.starts_with("sso:"));
    (start.elapsed().as_secs_f64(), sso.map(|(_, count)| count).sum())
}

#[tokio::test(start_paused = true)]
async fn two_hundred_assignments_change_as_fast_as_aws_lets_them() {
    let world = World::new();
    let [before, after] = two_hundred_assignments();
    world.applied(&before, How::default()).await;
    let world = World { pace: Pace::FromTheStart, ..world };
    world.sandbox.set_options(limited());
    let (seconds, calls) = measured(&world, &before).await;
    eprintln!("200 assignments made: {seconds:.0} s, {calls} calls");
    let (seconds_to_change, calls_to_change) = measured(&world, &after).await;
    eprintln!("200 assignments made and 200 removed: {seconds_to_change:.0} s, {calls_to_change} calls");
    // One call asks for an assignment and one looks whether it is done: at 20 a second. Nine in ten of the time is that.
    for (seconds, calls, assignments) in [(seconds, calls, 200.0), (seconds_to_change, calls_to_change, 400.0)] {
        assert!(calls as f64 <= assignments * 2.0 * 1.1, "{calls} calls for {assignments} assignments");
        assert!(seconds <= assignments * 2.0 / 20.0 * 1.5, "{seconds} s for {assignments} assignments");
    }
    assert_eq!(world.throttled().await, 0);
    world.quiet(&after).await;
}
