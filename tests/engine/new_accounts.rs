//! What AWS does not let through yet: new accounts, and an organization that another program changes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use landing::engine::{Applied, Event, apply};
use landing_sandbox::{Lags, Options, Outcome};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::world::{How, World, builtin};

const BLUEPRINT: &str = include_str!("account-settings.yaml");

const STACKS: &str = "
version: 1
name: stacks
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [work]
stacks:
  budget:
    template: budget
    in: [work, management]
    parameters: {limit_usd: 500, emails: [costs@example.com]}
";

const fn minutes(number: u64) -> Duration {
    Duration::from_secs(60 * number)
}

fn world_with(lags: Lags) -> World {
    let world = World::new();
    world.sandbox.set_options(Options { lags, ..Options::default() });
    world
}

/// Each step on the way to an account that can be used takes so long, the others no time.
fn everything_stays_away_for(lag: Duration) -> [Lags; 4] {
    let none = Lags::default();
    [
        Lags { account_role: lag, ..none },
        Lags { account_region: lag, ..none },
        Lags { account_credentials: lag, ..none },
        Lags { account_services: lag, ..none },
    ]
}

/// The codes with which the simulated AWS refused calls.
fn refusals(world: &World) -> Vec<String> {
    let calls = world.sandbox.calls();
    let codes = calls.iter().filter_map(|call| match &call.outcome {
        Outcome::Refused(code) => Some(code.clone()),
        _ => None,
    });
    let mut codes: Vec<String> = codes.collect();
    codes.sort();
    codes.dedup();
    codes
}

#[tokio::test(start_paused = true)]
async fn startup_is_there_after_one_apply_whatever_aws_lets_show_late() {
    let world = world_with(Lags::aws());
    world.applied(builtin("startup"), How::default()).await;
    let refusals = refusals(&world);
    for code in [
        "AccessDenied",
        "AuthFailure",
        "ConcurrentModificationException",
        "ConstraintViolationException",
        "CreateAccountStatusNotFoundException",
        "InvalidClientTokenId",
        "OptInRequired",
        "RegionDisabledException",
    ] {
        assert!(refusals.iter().any(|refused| refused == code), "{code} in {refusals:?}");
    }
    world.quiet(builtin("startup")).await;
}

#[tokio::test(start_paused = true)]
async fn what_works_in_accounts_waits_for_new_ones_whichever_code_they_answer() {
    for lags in everything_stays_away_for(minutes(10)) {
        let world = world_with(lags);
        world.applied(BLUEPRINT, How::default()).await;
        world.quiet(BLUEPRINT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_new_account_says_what_it_waits_for() {
    let world = world_with(Lags { account_credentials: minutes(2), ..Lags::default() });
    let said: Arc<Mutex<Vec<String>>> = Arc::default();
    let listener = {
        let said = Arc::clone(&said);
        Arc::new(move |event: Event| {
            if let Event::Progress { address, message } = event
                && address.prefix() == "password-policy"
            {
                said.lock().unwrap_or_else(PoisonError::into_inner).push(message);
            }
        })
    };
    let applied = world.apply_listening(BLUEPRINT, How::default(), listener).await.expect("it can be applied");
    assert!(applied.is_complete(), "{:?}", applied.outcome.failed);
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    let words = "is new and cannot be used yet (InvalidClientTokenId); waiting until ";
    assert!(said.iter().any(|text| text.contains(words)), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_waited_for_no_longer_than_fifteen_minutes() {
    for lags in everything_stays_away_for(minutes(60)) {
        let world = world_with(lags);
        let start = Instant::now();
        let applied = world.apply(BLUEPRINT, How::default()).await.expect("it can be applied in part");
        assert!(!applied.outcome.failed.is_empty());
        assert!((minutes(14)..minutes(17)).contains(&start.elapsed()), "{lags:?} {:?}", start.elapsed());
    }
}

/// An account of the blueprint's that was created an hour ago and has no settings yet, whose state is `readiness`.
async fn with_an_old_account(readiness: &str) -> World {
    let world = World::new();
    let with_settings = ["delegated_administrators", "stacks:", "guardduty:", "account_settings:", "- {"];
    let lines = BLUEPRINT.lines().filter(|line| !with_settings.iter().any(|words| line.contains(words)));
    world.applied(&lines.collect::<Vec<_>>().join("\n"), How::default()).await;
    let lags = Lags {
        account_role: minutes(600),
        account_region: minutes(600),
        account_credentials: minutes(600),
        account_services: minutes(600),
        ..Lags::default()
    };
    world.sandbox.set_options(Options { lags, ..Options::default() });
    let old = |state: &mut Value| {
        let accounts = state["organization"]["accounts"].as_object_mut().expect("there are accounts");
        for account in accounts.values_mut().filter(|account| account["joined_method"] == "CREATED") {
            account["joined"] = json!(account["joined"].as_u64().expect("it is a time") - 3600);
            account["readiness"] = json!(readiness);
        }
    };
    world.sandbox.edit(old).expect("the state is kept");
    world
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_not_new_is_not_waited_for() {
    for readiness in ["no_role", "no_region", "unknown_credentials", "not_subscribed"] {
        let world = with_an_old_account(readiness).await;
        let start = Instant::now();
        let plan = world.plan(BLUEPRINT).await.expect("it can be planned").plan;
        assert!(start.elapsed() < minutes(1), "{readiness}");
        let words: Vec<&str> = plan.manual.iter().map(|manual| manual.what.as_str()).collect();
        let reported = |text: &&str| text.starts_with("let landing into account/");
        assert!(!words.is_empty() && words.iter().all(reported), "{readiness} {words:?}");
    }
}

/// Applied with a cut, so that its accounts are there and have no settings yet.
async fn cut_off_behind_accounts(lags: Lags) -> World {
    let world = world_with(lags);
    let (reported, stop) = watch::channel(false);
    let applying = world.applying(world.cloud().await, BLUEPRINT, How::default(), stop);
    let interrupted = async {
        tokio::time::sleep(minutes(3)).await;
        reported.send_replace(true);
        std::future::pending::<()>().await;
    };
    let mut consent = |_: &landing::model::Plan| true;
    let applied: Applied = tokio::select! {
        applied = apply(applying, &mut consent) => applied.expect("it was applied in part"),
        () = interrupted => unreachable!("it waits for ever"),
    };
    assert!(applied.outcome.interrupted);
    assert!(applied.outcome.failed.is_empty(), "{:?}", applied.outcome.failed);
    world
}

#[tokio::test(start_paused = true)]
async fn anyone_who_stops_an_apply_does_not_wait_for_new_accounts() {
    for lags in everything_stays_away_for(minutes(60)) {
        let start = Instant::now();
        cut_off_behind_accounts(lags).await;
        assert!(start.elapsed() < minutes(4), "{lags:?} {:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_calls_a_new_account_new_and_an_apply_waits_for_it() {
    for lags in everything_stays_away_for(minutes(10)) {
        let world = cut_off_behind_accounts(lags).await;
        let plan = world.plan(BLUEPRINT).await.expect("it can be planned").plan;
        let words: Vec<&str> = plan.manual.iter().map(|manual| manual.what.as_str()).collect();
        let reported = |text: &&str| text.contains(" is new and cannot be used yet in ");
        assert!(!words.is_empty() && words.iter().all(reported), "{words:?}");
        world.applied(BLUEPRINT, How::default()).await;
        world.quiet(BLUEPRINT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn parallel_writes_wait_while_another_program_changes_the_organization() {
    let units: String = (1..=15).map(|n| format!("  U{n}: {{}}\n")).collect();
    let blueprint = format!(
        "version: 1\nname: b\norganization: {{home_region: eu-west-1, regions: [eu-west-1]}}\norganizational_units:\n{units}"
    );
    let locked = Options { lags: Lags { organization_lock: minutes(5), ..Lags::default() }, ..Options::default() };
    let world = World::new();
    let empty = blueprint.split("organizational_units").next().expect("there is text before");
    world.applied(empty, How::default()).await;
    world.sandbox.set_options(locked.clone());
    world.applied(&blueprint, How::default()).await;
    world.quiet(&blueprint).await;
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_stays_is_waited_for_ten_minutes() {
    let base = "version: 1\nname: b\norganization: {home_region: eu-west-1, regions: [eu-west-1]}\n";
    let world = World::new();
    world.applied(base, How::default()).await;
    let lags = Lags { organization_lock: minutes(600), ..Lags::default() };
    world.sandbox.set_options(Options { lags, ..Options::default() });
    let start = Instant::now();
    let blueprint = format!("{base}organizational_units: {{A: {{}}}}\n");
    let applied = world.apply(&blueprint, How::default()).await.expect("it can be planned");
    let failed: Vec<&str> = applied.outcome.failed.iter().map(|failed| failed.error.as_str()).collect();
    assert!(failed.len() == 1 && failed[0].contains("ConcurrentModificationException"), "{failed:?}");
    assert!((minutes(10)..minutes(11)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stack_in_a_new_account_is_made_once_the_account_can_be_used() {
    for lags in everything_stays_away_for(minutes(10)) {
        let world = world_with(lags);
        world.applied(STACKS, How::default()).await;
        world.quiet(STACKS).await;
    }
}
