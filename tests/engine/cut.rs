use landing::sandbox::{Faults, Options};
use serde_json::Value;

use super::picture::{differences, picture};
use super::world::{DESTROY, World, builtin};

/// Everything that an engine without stacks has, in one organization.
const MEDIUM: &str = include_str!("medium.yaml");

fn options(cut_after: Option<u64>, faults: Option<Faults>) -> Options {
    Options { cut_after, faults, ..Options::default() }
}

/// How many requests for accounts were made, failed ones included.
fn creations(snapshot: &Value) -> usize {
    snapshot["organization"]["creations"].as_object().map_or(0, |creations| creations.len())
}

fn on_a_paused_clock<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(test)
}

/// What one undisturbed apply makes, and in how many calls.
async fn undisturbed(text: &str) -> (Value, usize, usize) {
    let world = World::new();
    world.applied(text, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    (picture(&snapshot), creations(&snapshot), world.sandbox.calls().len())
}

fn cut_after_every_call(text: &str) {
    let (expected, requests, calls) = on_a_paused_clock(undisturbed(text));
    for k in 1..=calls as u64 {
        on_a_paused_clock(async {
            let world = World::new();
            world.sandbox.set_options(options(Some(k), None));
            let cut = world.apply(text, DESTROY).await;
            let all_done = cut.is_ok_and(|applied| applied.outcome.is_complete());
            assert!(!all_done || k + 3 >= calls as u64, "cut after call {k} of {calls} went unnoticed");
            world.sandbox.set_options(options(None, None));
            world.applied(text, DESTROY).await;
            let snapshot = world.sandbox.snapshot();
            assert_eq!(differences(&picture(&snapshot), &expected), [""; 0], "cut after call {k}");
            assert_eq!(creations(&snapshot), requests, "an account was asked for twice, cut after call {k}");
            world.quiet(text).await;
        });
    }
}

#[test]
fn cut_off_after_any_call_of_a_small_bootstrap_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(builtin("minimal"));
}

#[test]
fn cut_off_after_any_call_of_a_medium_bootstrap_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(MEDIUM);
}

/// Faults of every kind: errors, lost requests, lost answers, collisions.
fn faulty(text: &str, seeds: std::ops::Range<u64>) {
    let (expected, _, _) = on_a_paused_clock(undisturbed(text));
    for seed in seeds {
        let rate = [0.01, 0.05, 0.1, 0.2][usize::try_from(seed % 4).expect("it is small")];
        on_a_paused_clock(async {
            let world = World::new();
            world.sandbox.set_options(options(None, Some(Faults { seed, rate })));
            for _ in 0..20 {
                if world.apply(text, DESTROY).await.is_ok_and(|applied| applied.outcome.is_complete()) {
                    break;
                }
            }
            world.sandbox.set_options(options(None, None));
            let made = picture(&world.sandbox.snapshot());
            assert_eq!(differences(&made, &expected), [""; 0], "faults {seed}:{rate}");
            world.quiet(text).await;
        });
    }
}

#[test]
fn faults_at_any_rate_and_seed_lead_to_the_same_organization() {
    faulty(builtin("minimal"), 0..2000);
}

#[test]
fn faults_in_a_medium_bootstrap_lead_to_the_same_organization() {
    faulty(MEDIUM, 0..300);
}
