//! What AWS limits: accounts that are created and closed at once, and what it refuses for a reason of its own.

use std::sync::Arc;
use std::time::Duration;

use landing::cloud::{Cloud, Connection};
use landing::engine::apply;
use landing::model::Plan;
use landing_sandbox::{Lags, Options, Timings};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::world::{DESTROY, How, World, clock};

const fn minutes(number: u64) -> Duration {
    Duration::from_secs(60 * number)
}

fn blueprint(rest: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n{rest}"
    )
}

fn slowly(timings: Timings) -> Options {
    Options { timings, ..Options::default() }
}

/// The error and the help of the one change that failed.
async fn failure(world: &World, text: &str, how: How) -> (String, String) {
    let applied = world.apply(text, how).await.expect("it can be planned");
    let [failed] = &applied.outcome.failed[..] else { panic!("{:?}", applied.outcome.failed) };
    (failed.error.clone(), failed.help.clone().unwrap_or_default())
}

fn states(world: &World) -> Vec<Value> {
    let accounts = &world.sandbox.snapshot()["organization"]["accounts"];
    let created = accounts.as_object().expect("there are accounts").values();
    created.filter(|account| account["joined_method"] == "CREATED").map(|account| account["state"].clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_account_waits_while_another_program_creates_as_many_as_aws_takes() {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    world.sandbox.set_options(slowly(Timings { create_account: minutes(3), ..Timings::default() }));
    let others = world.cloud().await;
    for n in 0..5 {
        let request = others.organizations.create_account().account_name(format!("other-{n}"));
        request.email(format!("other-{n}@example.com")).send().await.expect("it is begun");
    }
    let refused = |world: &World| {
        let calls = world.sandbox.calls();
        calls.iter().any(|call| matches!(&call.outcome, landing_sandbox::Outcome::Refused(code) if code == "ConstraintViolationException"))
    };
    assert!(!refused(&world));
    world.applied(&blueprint("accounts: [ours]\n"), How::default()).await;
    assert!(refused(&world), "AWS refused the sixth");
}

#[tokio::test(start_paused = true)]
async fn a_new_organization_is_given_an_hour_to_take_accounts_and_an_older_one_is_not() {
    let world = World::new();
    let lags = Lags { account_places: minutes(50), ..Lags::default() };
    world.sandbox.set_options(Options { lags, ..Options::default() });
    world.applied(&blueprint("accounts: [ours]\n"), How::default()).await;
    let without_places = |state: &mut Value| {
        let management = state["organization"]["management"].as_str().expect("an id").to_owned();
        state["organization"]["without_places"] = json!(true);
        let joined = &mut state["organization"]["accounts"][management]["joined"];
        *joined = json!(joined.as_u64().expect("it is a time") - 3600);
    };
    world.sandbox.edit(without_places).expect("the state is kept");
    let start = Instant::now();
    let (error, help) = failure(&world, &blueprint("accounts: [ours, more]\n"), How::default()).await;
    assert!(error.contains("ConstraintViolationException (ACCOUNT_NUMBER_LIMIT_EXCEEDED): "), "{error}");
    assert!(help.contains("Service Quotas (Organizations, L-E619E033)"), "{help}");
    assert!(start.elapsed() < minutes(1), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_constraint_and_what_to_do() {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    world.sandbox.edit(|state| state["quotas"]["organizational_units"] = json!(0)).expect("the state is kept");
    let (error, help) = failure(&world, &blueprint("organizational_units: {A: {}}\n"), How::default()).await;
    assert!(error.contains("ConstraintViolationException (OU_NUMBER_LIMIT_EXCEEDED): "), "{error}");
    assert_eq!(help, "delete empty organizational units, or request more in Service Quotas");
}

const EIGHT: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn open() -> String {
    blueprint(&format!("accounts: [{}]\n", EIGHT.join(", ")))
}

fn closed() -> String {
    let accounts = EIGHT.map(|name| format!("{{name: {name}, state: closed}}"));
    blueprint(&format!("accounts: [{}]\n", accounts.join(", ")))
}

#[tokio::test(start_paused = true)]
async fn accounts_are_closed_three_at_once_and_their_closure_is_awaited() {
    let world = World::new();
    world.applied(&open(), How::default()).await;
    world.sandbox.set_options(slowly(Timings { close_account: minutes(2), ..Timings::default() }));
    let start = Instant::now();
    world.applied(&closed(), DESTROY).await;
    assert_eq!(states(&world), vec![json!("SUSPENDED"); 8]);
    assert!((minutes(6)..minutes(7)).contains(&start.elapsed()), "three, three and two: {:?}", start.elapsed());
    world.quiet(&closed()).await;
}

#[tokio::test(start_paused = true)]
async fn an_account_is_closed_once_others_have_closed_theirs() {
    let world = World::new();
    world.applied(&open(), How::default()).await;
    world.sandbox.set_options(slowly(Timings { close_account: minutes(2), ..Timings::default() }));
    let others = world.cloud().await;
    let listed = others.organizations.list_accounts().send().await.expect("they are listed");
    for account in listed.accounts().iter().filter(|it| ["a", "b", "c"].map(Some).contains(&it.name())) {
        let id = account.id().expect("it has an id");
        others.organizations.close_account().account_id(id).send().await.expect("it is being closed");
    }
    world.applied(&closed(), DESTROY).await;
    assert_eq!(states(&world), vec![json!("SUSPENDED"); 8]);
}

#[tokio::test(start_paused = true)]
async fn accounts_beyond_the_quota_of_thirty_days_are_refused_in_words() {
    let world = World::new();
    world.applied(&blueprint("accounts: [a]\n"), How::default()).await;
    world.sandbox.edit(|state| state["quotas"]["closures_per_month"] = json!(0)).expect("the state is kept");
    let (error, help) = failure(&world, &blueprint("accounts: [{name: a, state: closed}]\n"), DESTROY).await;
    assert!(error.contains("(CLOSE_ACCOUNT_QUOTA_EXCEEDED)"), "{error}");
    assert!(help.contains("be closed in 30 days: run apply again later"), "{help}");
}

#[tokio::test(start_paused = true)]
async fn anyone_who_stops_an_apply_does_not_wait_until_aws_has_closed_accounts() {
    let world = World::new();
    world.applied(&open(), How::default()).await;
    world.sandbox.set_options(slowly(Timings { close_account: minutes(40), ..Timings::default() }));
    let (reported, stop) = watch::channel(false);
    let applying = world.applying(world.cloud().await, &closed(), DESTROY, stop);
    tokio::spawn(async move {
        tokio::time::sleep(minutes(5)).await;
        reported.send_replace(true);
        std::future::pending::<()>().await;
    });
    let start = Instant::now();
    let mut consent = |_: &Plan| true;
    let applied = apply(applying, &mut consent).await.expect("it was applied in part");
    assert!(start.elapsed() < minutes(6), "{:?}", start.elapsed());
    let outcome = &applied.outcome;
    assert_eq!((outcome.done.len(), outcome.remaining.len(), outcome.failed.len()), (3, 5, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stale_read_of_the_lock_ends_no_apply() {
    let world = World::new();
    let timings = Timings { create_account: minutes(20), ..Timings::default() };
    let lags = Lags { reads: Duration::from_secs(6), ..Lags::default() };
    world.sandbox.set_options(Options { timings, lags, ..Options::default() });
    let applied = world.applied(&blueprint("accounts: [ours]\n"), How::default()).await;
    assert!(!applied.lost_lease);
    world.applied(&blueprint("accounts: [ours, more]\n"), How::default()).await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_reads_a_stale_lock_takes_it_from_no_one() {
    let world = World::new();
    world.applied(&blueprint(""), How::default()).await;
    let timings = Timings { create_account: minutes(20), ..Timings::default() };
    let lags = Lags { reads: Duration::from_secs(6), ..Lags::default() };
    world.sandbox.set_options(Options { timings, lags, ..Options::default() });
    let (first, second) = (blueprint("accounts: [one]\n"), blueprint("accounts: [two]\n"));
    let late = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.apply(&second, How::default()).await
    };
    let (holder, late) = tokio::join!(world.apply(&first, How::default()), late);
    let holder = holder.expect("it was applied");
    assert!(holder.is_complete() && !holder.lost_lease, "{:?}", holder.outcome.failed);
    assert!(matches!(late, Err(landing::engine::ApplyError::Held { .. })), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn the_lock_and_the_records_of_a_blueprint_stay_in_its_home_region() {
    let world = World::new();
    let connection = Connection {
        http_client: Some(world.sandbox.http_client()),
        clock: Some(clock()),
        region: Some("us-east-1".into()),
        ..Connection::default()
    };
    let elsewhere = Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await);
    let text = blueprint("");
    world.apply_by(elsewhere, &text, How::default(), Arc::new(|_| {})).await.expect("it can be applied");
    let snapshot = world.sandbox.snapshot();
    let regions = snapshot["parameters"]["111111111111"].as_object().expect("there are parameters");
    assert_eq!(regions.keys().collect::<Vec<_>>(), ["eu-west-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_while_a_stack_is_worked_on_is_begun_again() {
    let world = World::new();
    let before = blueprint("accounts: [work]\n");
    world.applied(&before, How::default()).await;
    let assumed = |world: &World| world.sandbox.calls().iter().filter(|call| call.operation == "AssumeRole").count();
    // Too short to be kept for the next call.
    world.sandbox.edit(|state| state["quotas"]["session_seconds"] = json!(5)).expect("the state is kept");
    world.sandbox.set_options(slowly(Timings { stack: minutes(20), ..Timings::default() }));
    let text = format!(
        "{before}stacks:\n  budget: {{template: budget, in: [work], parameters: {{limit_usd: 5, emails: [a@example.com]}}}}\n"
    );
    let earlier = assumed(&world);
    world.applied(&text, How::default()).await;
    // A look every 8 seconds.
    assert!(assumed(&world) - earlier > 100, "{}", assumed(&world) - earlier);
}
