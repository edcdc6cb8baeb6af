//! Stack sets, cut off and under faults.

use landing_sandbox::{Faults, Options};
use serde_json::Value;

use super::super::picture::differences;
use super::super::world::{DESTROY, How, World, on_a_paused_clock, state_after};
use super::left_out::without;
use super::{UNITS, blueprint, network, picture, usual};

/// What an undisturbed apply makes, in how many calls.
fn undisturbed(before: &Value, text: &str) -> (Value, u64) {
    on_a_paused_clock(async {
        let world = World::restored(before);
        world.applied(text, DESTROY).await;
        let calls = world.sandbox.calls().len() as u64;
        world.at_rest().await;
        (picture(&world), calls)
    })
}

fn changed() -> String {
    let changed = network().replace("zones: 1", "zones: 2");
    changed.replace("in: [Work],", "in: [Play, Empty], regions: [eu-west-1, us-east-1], tags: {team: ml},")
}

fn cut_after_every_call(before: &[&str], text: &str) {
    let before = state_after(before);
    let (expected, calls) = undisturbed(&before, text);
    for k in 1..=calls {
        on_a_paused_clock(async {
            let world = World::restored(&before);
            world.sandbox.set_options(Options { cut_after: Some(k), ..Options::default() });
            let _ = world.apply(text, DESTROY).await;
            world.sandbox.set_options(Options::default());
            world.applied(text, How { break_lock: true, ..DESTROY }).await;
            world.at_rest().await;
            assert_eq!(differences(&picture(&world), &expected), [""; 0], "cut after call {k}");
            world.quiet(text).await;
        });
    }
}

#[test]
fn cut_off_after_any_call_that_makes_a_stack_set_the_next_apply_ends_the_same() {
    cut_after_every_call(&[], &usual());
}

#[test]
fn cut_off_after_any_call_that_changes_a_stack_set_the_next_apply_ends_the_same() {
    cut_after_every_call(&[&network()], &changed());
}

#[test]
fn cut_off_after_any_call_that_deletes_a_stack_set_the_next_apply_ends_the_same() {
    cut_after_every_call(&[&usual()], &blueprint(UNITS, ""));
}

fn faulty(before: &[&str], text: &str) {
    let before = state_after(before);
    let (expected, _) = undisturbed(&before, text);
    for seed in 0..60 {
        let rate = [0.01, 0.05, 0.1, 0.2][usize::try_from(seed % 4).expect("it is small")];
        on_a_paused_clock(async {
            let world = World::restored(&before);
            world.sandbox.set_options(Options { faults: Some(Faults { seed, rate }), ..Options::default() });
            for _ in 0..20 {
                if world.apply(text, DESTROY).await.is_ok_and(|applied| applied.outcome.is_complete()) {
                    break;
                }
            }
            world.sandbox.set_options(Options::default());
            world.at_rest().await;
            assert_eq!(differences(&picture(&world), &expected), [""; 0], "faults {seed}:{rate}");
            world.quiet(text).await;
        });
    }
}

#[test]
fn faults_while_a_stack_set_is_made_lead_to_the_same() {
    faulty(&[], &usual());
}

#[test]
fn faults_while_a_stack_set_is_changed_lead_to_the_same() {
    faulty(&[&network()], &changed());
}

#[test]
fn accounts_are_left_out_and_taken_in_wherever_the_apply_is_cut_off() {
    cut_after_every_call(&[&without("[b]")], &without("[a]"));
    cut_after_every_call(&[&without("[b]")], &without("[]"));
}

/// A budget that single accounts have under another name.
fn with_own_names(accounts: &str) -> String {
    let values = format!("costs@example.com], BudgetName: all}}, parameters_by: {{accounts: {accounts}}}}}");
    let own = usual().replace("costs@example.com]}}", &values);
    assert!(own.contains("parameters_by"));
    own
}

#[test]
fn values_of_single_accounts_are_given_wherever_the_apply_is_cut_off() {
    let own = with_own_names("{b: {BudgetName: own}}");
    cut_after_every_call(&[&usual()], &own);
    cut_after_every_call(&[], &own);
    cut_after_every_call(&[], &with_own_names("{a: {BudgetName: mine}, b: {BudgetName: own}}"));
}

/// Budgets in two regions, of which one has its own name for them, in all accounts but these.
fn in_two_regions(except: &str) -> String {
    let by = "costs@example.com], BudgetName: all}, parameters_by: {regions: {us-east-1: {BudgetName: far}}}}";
    let text = without(except).replace("costs@example.com]}}", by);
    text.replace("in: [Work],", "in: [Work], regions: [eu-west-1, us-east-1],")
}

#[test]
fn regions_with_values_of_their_own_are_all_reached_wherever_the_apply_is_cut_off() {
    cut_after_every_call(&[], &in_two_regions("[]"));
    cut_after_every_call(&[&in_two_regions("[b]")], &in_two_regions("[]"));
}

#[test]
fn an_account_that_comes_into_a_unit_has_its_values_wherever_the_apply_is_cut_off() {
    let own = with_own_names("{late: {BudgetName: late}}").replace("[a, b]", "[a, b, late]");
    cut_after_every_call(&[&usual()], &own);
}
