//! Every built-in blueprint in a simulated AWS that limits requests, lags and enforces policies as AWS does, all at once.

mod cut;

use std::time::Duration;

use landing::cloud::Pace;
use landing_sandbox::{Lags, Limits, Options, Timings};

use super::enforcement::{Enforced, blueprints, permissions};
use super::world::{How, builtin};

/// How the simulated AWS behaves.
fn options(enforced: &Enforced, lags: Lags) -> Options {
    Options {
        latency: Duration::from_millis(40),
        limits: Some(Limits::aws()),
        timings: Timings { create_account: Duration::from_secs(2), ..Timings::default() },
        lags,
        ..enforced.options()
    }
}

/// A caller with what `landing permissions` prints, in an account that has no organization yet.
fn first_contact(lags: Lags) -> Enforced {
    let mut enforced = Enforced::with(&[permissions(&[])]);
    enforced.world.pace = Pace::FromTheStart;
    enforced.world.sandbox.set_options(options(&enforced, lags));
    enforced
}

/// The blueprint with one more account below its guardrails, and other settings in the accounts that are there.
fn changed(name: &str) -> String {
    let text = builtin(name);
    let changed = match name {
        "minimal" => text.replace("  Workloads:\n", "  Workloads: {accounts: [late]}\n"),
        "startup" => text.replace("[app-prod]", "[app-prod, late]"),
        "ml-landing-zone" => text.replace("[ml-test]", "[ml-test, late]"),
        "regulated" => text.replace("[core-prod, ", "[core-prod, late, "),
        _ => panic!("say where {name} gets another account"),
    };
    assert_ne!(text, changed, "{name} has no such unit any more");
    changed
        .replace("minimum_length: 14", "minimum_length: 16")
        .replace("retain_days: 731", "retain_days: 800")
        .replace("retain_days: 2555", "retain_days: 2600")
        .replace("limit_usd: ", "limit_usd: 1")
}

/// One apply sets it up, a plan of a caller who only reads finds nothing to do, and a changed blueprint is applied while the
/// guardrails hold; no call is denied.
async fn set_up_and_changed(name: &str, lags: Lags) {
    let enforced = first_contact(lags);
    enforced.world.applied(builtin(name), How::default()).await;
    enforced.world.quiet(builtin(name)).await;
    enforced.call_as_reader(name);
    enforced.world.quiet(builtin(name)).await;
    enforced.call_as_landing();
    let again = enforced.world.applied(builtin(name), How::default()).await;
    assert!(again.outcome.done.is_empty(), "{name}: {:?}", again.outcome.done);
    let changed = changed(name);
    let applied = enforced.world.applied(&changed, How::default()).await;
    assert!(!applied.outcome.done.is_empty());
    // The role of a new account comes with a stack set, which follows the account by itself.
    enforced.world.at_rest().await;
    enforced.call_as_reader(name);
    enforced.world.quiet(&changed).await;
    enforced.denied_nothing();
}

#[tokio::test(start_paused = true)]
async fn built_in_blueprints_are_set_up_by_one_apply_and_changed_below_their_guardrails() {
    // The others are cut off while AWS lags so, in `cut`.
    for name in ["minimal", "ml-landing-zone"] {
        set_up_and_changed(name, Lags::short()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn built_in_blueprints_are_set_up_and_changed_however_late_aws_shows_what_was_made() {
    for name in blueprints() {
        set_up_and_changed(name, Lags::aws()).await;
    }
}
