//! The network goes away while a built-in blueprint is set up, and the next apply ends in the same organization.

use landing_sandbox::{Lags, Options};
use regex_lite::Regex;
use serde_json::{Map, Value, json};

use super::super::enforcement::Enforced;
use super::super::picture::{differences, picture, stacks};
use super::super::world::{How, builtin, on_a_paused_clock};
use super::{first_contact, options};

/// The organization and its stacks, and how many accounts were asked for.
async fn made(enforced: &Enforced) -> Value {
    let snapshot = enforced.world.at_rest().await;
    let creations = snapshot["organization"]["creations"].as_object().map_or(0, Map::len);
    json!({"organization": picture(&snapshot), "stacks": stacks(&snapshot), "creations": creations})
}

/// What one undisturbed apply makes, and in how many calls.
async fn undisturbed(name: &str, lags: Lags) -> (Value, u64) {
    let enforced = first_contact(lags);
    enforced.world.applied(builtin(name), How::default()).await;
    let calls = enforced.world.sandbox.calls().len() as u64;
    (made(&enforced).await, calls)
}

async fn cut_after(name: &str, lags: Lags, call: u64, expected: &Value) {
    let enforced = first_contact(lags);
    let cut = Options { cut_after: Some(call), ..options(&enforced, lags) };
    enforced.world.sandbox.set_options(cut);
    let _ = enforced.world.apply(builtin(name), How::default()).await;
    enforced.world.sandbox.set_options(options(&enforced, lags));
    enforced.world.applied(builtin(name), How::default()).await;
    assert_eq!(reported(&made(&enforced).await, expected), [""; 0], "{name}, cut after call {call}");
    enforced.world.quiet(builtin(name)).await;
    enforced.denied_nothing();
}

/// What differs, but for what AWS draws anew for whatever is made: UUIDs, hexadecimal ids and the ends of names.
fn reported(made: &Value, expected: &Value) -> Vec<String> {
    let drawn = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|-[A-Z0-9]{12}\\b|config-aggregator-[a-z0-9]{8}|\\bd-[a-z0-9]{12}\\b";
    let drawn = Regex::new(drawn).expect("it is a pattern");
    let differs = |line: &String| {
        let masked = drawn.replace_all(line, "*");
        let sides = masked.split_once(": ").and_then(|(_, sides)| sides.split_once(" instead of "));
        sides.is_none_or(|(made, expected)| made != expected)
    };
    differences(made, expected).into_iter().filter(differs).collect()
}

/// Cut off after every so many calls, from one of the first on.
fn cut_after_every(name: &str, lags: Lags, every: usize, first: u64) {
    let (expected, calls) = on_a_paused_clock(undisturbed(name, lags));
    for call in (first..=calls).step_by(every) {
        on_a_paused_clock(cut_after(name, lags, call, &expected));
    }
}

#[test]
fn cut_off_after_any_call_minimal_is_finished_by_the_next_apply_while_aws_lags_limits_and_enforces() {
    cut_after_every("minimal", Lags::short(), 1, 1);
}

#[test]
fn cut_off_startup_is_finished_by_the_next_apply_while_aws_lags_limits_and_enforces() {
    cut_after_every("startup", Lags::short(), 46, 31);
}

#[test]
fn cut_off_ml_landing_zone_is_finished_by_the_next_apply_while_aws_lags_limits_and_enforces() {
    cut_after_every("ml-landing-zone", Lags::short(), 122, 101);
}

#[test]
fn cut_off_regulated_is_finished_by_the_next_apply_while_aws_lags_limits_and_enforces() {
    cut_after_every("regulated", Lags::short(), 122, 62);
}
