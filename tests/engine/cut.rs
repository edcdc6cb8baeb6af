use landing_sandbox::{Faults, Options};
use serde_json::Value;

use super::picture::{differences, picture};
use super::world::{DESTROY, World, builtin, on_a_paused_clock, state_after};

/// Everything that an engine without stacks has, in one organization.
const MEDIUM: &str = include_str!("medium.yaml");

/// An organization, which Identity Center can only be enabled for when it is there.
const NO_IDENTITY: &str = r#"
version: 1
name: people
organization: {regions: [eu-west-1], account_email: "{name}@example.com"}
accounts: [a]
"#;
/// Permission sets, groups and assignments.
const IDENTITY: &str = include_str!("identity.yaml");
/// The same with every sort of change: policies, sessions, tags, another name, another group, other accounts.
const OTHER_IDENTITY: &str = include_str!("identity-changed.yaml");

/// Settings of accounts, and what services want switched on by calls of their own.
const ACCOUNT_SETTINGS: &str = include_str!("account-settings.yaml");

fn options(cut_after: Option<u64>, faults: Option<Faults>) -> Options {
    Options { cut_after, faults, ..Options::default() }
}

/// How many requests for accounts were made, failed ones included.
fn creations(snapshot: &Value) -> usize {
    snapshot["organization"]["creations"].as_object().map_or(0, |creations| creations.len())
}

/// What one undisturbed apply makes, and in how many calls.
async fn undisturbed(before: &Value, text: &str) -> (Value, usize, u64) {
    let world = World::restored(before);
    world.applied(text, DESTROY).await;
    let snapshot = world.sandbox.snapshot();
    (picture(&snapshot), creations(&snapshot), world.sandbox.calls().len() as u64)
}

/// A plan of what is as expected has nothing to do. It is the same as in another case, and so only made in some.
async fn looked_at_again(world: &World, text: &str, case: u64) {
    if case.is_multiple_of(4) {
        world.quiet(text).await;
    }
}

pub fn cut_after_every_call(before: &[&str], text: &str) {
    let before = state_after(before);
    let (expected, requests, calls) = on_a_paused_clock(undisturbed(&before, text));
    for k in 1..=calls {
        on_a_paused_clock(async {
            let world = World::restored(&before);
            world.sandbox.set_options(options(Some(k), None));
            let cut = world.apply(text, DESTROY).await;
            let all_done = cut.is_ok_and(|applied| applied.outcome.is_complete());
            // The record of the apply and giving back the lease come last, and fail nothing.
            assert!(!all_done || k + 4 >= calls, "cut after call {k} of {calls} went unnoticed");
            world.sandbox.set_options(options(None, None));
            world.applied(text, DESTROY).await;
            let snapshot = world.sandbox.snapshot();
            assert_eq!(differences(&picture(&snapshot), &expected), [""; 0], "cut after call {k}");
            assert_eq!(creations(&snapshot), requests, "an account was asked for twice, cut after call {k}");
            looked_at_again(&world, text, k).await;
        });
    }
}

#[test]
fn cut_off_after_any_call_of_a_small_bootstrap_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(&[], builtin("minimal"));
}

#[test]
fn cut_off_after_any_call_that_makes_identities_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(&[NO_IDENTITY], IDENTITY);
}

#[test]
fn cut_off_after_any_call_that_changes_identities_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(&[NO_IDENTITY, IDENTITY], OTHER_IDENTITY);
}

#[test]
fn cut_off_after_any_call_of_a_medium_bootstrap_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(&[], MEDIUM);
}

#[test]
fn cut_off_after_any_call_that_sets_accounts_up_the_next_apply_ends_in_the_same_organization() {
    cut_after_every_call(&[], ACCOUNT_SETTINGS);
}

/// Faults of every kind: errors, lost requests, lost answers, collisions.
fn faulty(before: &[&str], text: &str, seeds: std::ops::Range<u64>) {
    let before = state_after(before);
    let (expected, _, _) = on_a_paused_clock(undisturbed(&before, text));
    for seed in seeds {
        let rate = [0.01, 0.05, 0.1, 0.2][usize::try_from(seed % 4).expect("it is small")];
        on_a_paused_clock(async {
            let world = World::restored(&before);
            world.sandbox.set_options(options(None, Some(Faults { seed, rate })));
            for _ in 0..20 {
                if world.apply(text, DESTROY).await.is_ok_and(|applied| applied.outcome.is_complete()) {
                    break;
                }
            }
            world.sandbox.set_options(options(None, None));
            let made = picture(&world.sandbox.snapshot());
            assert_eq!(differences(&made, &expected), [""; 0], "faults {seed}:{rate}");
            looked_at_again(&world, text, seed).await;
        });
    }
}

#[test]
fn faults_at_any_rate_and_seed_lead_to_the_same_organization() {
    faulty(&[], builtin("minimal"), 0..500);
}

#[test]
fn faults_in_a_medium_bootstrap_lead_to_the_same_organization() {
    faulty(&[], MEDIUM, 0..150);
}

#[test]
fn faults_while_accounts_are_set_up_lead_to_the_same_organization() {
    faulty(&[], ACCOUNT_SETTINGS, 0..100);
}

#[test]
fn faults_while_identities_are_made_lead_to_the_same_organization() {
    faulty(&[NO_IDENTITY], IDENTITY, 0..120);
}

#[test]
fn faults_while_identities_are_changed_lead_to_the_same_organization() {
    faulty(&[NO_IDENTITY, IDENTITY], OTHER_IDENTITY, 0..120);
}
