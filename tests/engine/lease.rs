//! One apply at a time, whatever becomes of the network and the machine.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use landing::cloud::{Cause, Clock, Cloud, Connection, Explain, Pace};
use landing::engine::{Applied, ApplyError, Event, Lease, LeaseError};
use landing_sandbox::Options;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::world::{How, World};

/// A call as it was sent.
#[derive(Clone, Debug)]
struct Sent {
    run: &'static str,
    operation: String,
    at: Duration,
}

impl Sent {
    fn changes_the_organization(&self) -> bool {
        let is_read = ["Describe", "List", "Get"].iter().any(|verb| self.operation.contains(&format!(".{verb}")));
        !is_read && !self.operation.starts_with("AmazonSSM")
    }
}

/// What happens to calls of Systems Manager.
const WORKS: u8 = 0;
const FAILS: u8 = 1;
const STALLS: u8 = 2;

/// What happens once, to the next write of the lease.
#[derive(Clone, Copy)]
enum Once {
    /// It never arrives.
    LostRequest,
    /// It is made, and its answer never arrives.
    LostAnswer,
    /// Another run writes just before it, which expects this version.
    Second(u64),
    /// Another run writes, which expects this version, and it never arrives.
    LostTo(u64),
    /// AWS answers with this error.
    Refused(&'static str),
}

/// The network of one run, to the sandbox that all share.
#[derive(Clone)]
struct Network {
    run: &'static str,
    ssm: Arc<AtomicU8>,
    /// The same for all other services.
    others: Arc<AtomicU8>,
    once: Arc<Mutex<Option<Once>>>,
    start: Instant,
    /// Seconds for which the machine was suspended.
    suspended: Arc<AtomicU64>,
    log: Arc<Mutex<Vec<Sent>>>,
    world: Arc<World>,
}

impl Network {
    fn new(world: &Arc<World>) -> Network {
        Network {
            run: "first",
            ssm: Arc::default(),
            others: Arc::default(),
            once: Arc::default(),
            start: Instant::now(),
            suspended: Arc::default(),
            log: Arc::default(),
            world: Arc::clone(world),
        }
    }

    /// Another run's network.
    fn other(&self) -> Network {
        let Network { start, log, world, .. } = self.clone();
        Network { run: "second", start, log, ..Network::new(&world) }
    }

    fn next_write_of_the_lease(&self, once: Once) {
        *self.once.lock().expect("no one panics") = Some(once);
    }

    fn client(&self) -> SharedHttpClient {
        let (network, inner) = (self.clone(), self.world.sandbox.http_client());
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Wire { network: network.clone(), inner })
        })
    }

    async fn cloud(&self) -> Arc<Cloud> {
        let (start, suspended) = (self.start, Arc::clone(&self.suspended));
        let connection = Connection {
            http_client: Some(self.client()),
            pace: Some(Pace::OnceThrottled),
            clock: Some(Clock::reading(move || {
                start.elapsed() + Duration::from_secs(suspended.load(Ordering::SeqCst))
            })),
            ..Connection::default()
        };
        Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await)
    }

    async fn apply(&self, break_lock: bool) -> Result<Applied, ApplyError> {
        let how = How { break_lock, ..How::default() };
        self.world.apply_by(self.cloud().await, &blueprint(), how, Arc::new(|_| {})).await
    }

    fn sent(&self, run: &str, wanted: impl Fn(&Sent) -> bool) -> Vec<Sent> {
        let log = self.log.lock().expect("no one panics");
        log.iter().filter(|sent| sent.run == run && wanted(sent)).cloned().collect()
    }

    /// When the run sent its last change of the organization.
    fn last_change(&self, run: &str) -> Duration {
        self.sent(run, Sent::changes_the_organization).last().expect("it changed something").at
    }

    /// When the run wrote over the lease of another: before that it tried to make one.
    fn took_the_lease(&self, run: &str) -> Duration {
        self.sent(run, |sent| sent.operation == "AmazonSSM.PutParameter").get(1).expect("it took the lease").at
    }
}

struct Wire {
    network: Network,
    inner: SharedHttpConnector,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.network.run)
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Network { run, ssm, others, once, start, log, world, .. } = &self.network;
        let operation = request.headers().get("x-amz-target").unwrap_or("Query.Get").to_owned();
        let of_ssm = operation.starts_with("AmazonSSM");
        let once = if operation == "AmazonSSM.PutParameter" { next(once, &request) } else { None };
        log.lock().expect("no one panics").push(Sent { run, operation, at: start.elapsed() });
        let lost = || ConnectorError::io("the connection was reset".into());
        match if of_ssm { ssm } else { others }.load(Ordering::SeqCst) {
            FAILS => return HttpConnectorFuture::ready(Err(lost())),
            STALLS => return HttpConnectorFuture::new(std::future::pending()),
            _ => {}
        }
        match once {
            Some(Once::LostRequest) => return HttpConnectorFuture::ready(Err(lost())),
            Some(Once::Second(expected)) => overwrite(world, "other", true, expected),
            Some(Once::LostTo(expected)) => {
                overwrite(world, "other", true, expected);
                return HttpConnectorFuture::ready(Err(lost()));
            }
            Some(Once::Refused(code)) => return HttpConnectorFuture::ready(Ok(refusal(code))),
            _ => {}
        }
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            if matches!(once, Some(Once::LostAnswer)) { Err(lost()) } else { answer }
        })
    }
}

fn refusal(code: &str) -> HttpResponse {
    let body = json!({"__type": code, "message": "no"}).to_string();
    HttpResponse::new(400.try_into().expect("it is a status"), SdkBody::from(body))
}

/// What happens to this write of the lease. Another run can only be before one that overwrites.
fn next(once: &Mutex<Option<Once>>, request: &HttpRequest) -> Option<Once> {
    let mut once = once.lock().expect("no one panics");
    let body = String::from_utf8_lossy(request.body().bytes().expect("it is in memory"));
    let is_for_this = !matches!(*once, Some(Once::Second(_))) || body.contains("\"Overwrite\":true");
    if is_for_this { once.take() } else { None }
}

/// Units and accounts enough to keep an apply busy for minutes.
fn blueprint() -> String {
    let accounts: Vec<String> = (0..40).map(|number| format!("a{number}")).collect();
    format!(
        "version: 1\nname: busy\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units:\n  Work: {{accounts: [{}]}}\n",
        accounts.join(", ")
    )
}

fn slow_world() -> Arc<World> {
    let world = World::new();
    world.sandbox.set_options(Options { latency: Duration::from_secs(1), ..Options::default() });
    Arc::new(world)
}

/// What the parameter says and its version.
fn parameter(world: &World) -> (Value, u64) {
    let snapshot = world.sandbox.snapshot();
    let parameter = &snapshot["parameters"]["111111111111"]["eu-west-1"]["/landing/lock"];
    let text = parameter["value"].as_str().expect("there is a lease");
    (serde_json::from_str(text).expect("it is a note"), parameter["version"].as_u64().expect("it has a version"))
}

/// Writes as another run does, which expected to get `expected`.
fn overwrite(world: &World, id: &str, held: bool, expected: u64) {
    let note = json!({"id": id, "holder": id, "held": held, "version": expected}).to_string();
    let edited = world.sandbox.edit(|state| {
        let parameter = &mut state["parameters"]["111111111111"]["eu-west-1"]["/landing/lock"];
        parameter["value"] = json!(note);
        parameter["version"] = json!(parameter["version"].as_u64().unwrap_or_default() + 1);
    });
    edited.expect("the state can be edited");
}

async fn taken(cloud: &Arc<Cloud>) -> Lease {
    Lease::take(cloud, "a test", false, &(Arc::new(|_| {}) as landing::engine::Listener)).await.expect("it is free")
}

/// The first run loses its way to the lease; a second one takes over.
async fn second_takes_over_when_the_first(ssm: u8) {
    let world = slow_world();
    let first = Network::new(&world);
    let second = first.other();
    let losing = async {
        sleep(Duration::from_secs(25)).await;
        first.ssm.store(ssm, Ordering::SeqCst);
        sleep(Duration::from_secs(1)).await;
        second.apply(false).await.expect("it takes over")
    };
    let (one, two) = tokio::join!(first.apply(false), losing);
    let one = one.expect("it was under way");
    assert!(one.lost_lease);
    assert!(!one.outcome.is_complete());
    assert!(two.outcome.is_complete(), "{:?}", two.outcome.failed);
    let (last, taken) = (first.last_change("first"), first.took_the_lease("second"));
    assert!(last < taken, "the first run changed something at {last:?}, the second took the lease at {taken:?}");
    assert!(last > Duration::from_secs(26), "the first run was not busy any more: {last:?}");
    world.sandbox.set_options(Options::default());
    world.quiet(&blueprint()).await;
}

#[tokio::test(start_paused = true)]
async fn a_holder_that_cannot_renew_its_lease_stops_before_another_takes_over() {
    second_takes_over_when_the_first(FAILS).await;
}

#[tokio::test(start_paused = true)]
async fn a_holder_whose_renewal_is_never_answered_stops_before_another_takes_over() {
    second_takes_over_when_the_first(STALLS).await;
}

#[tokio::test(start_paused = true)]
async fn a_holder_whose_lock_was_broken_notices_within_seconds() {
    let world = slow_world();
    let first = Network::new(&world);
    let second = first.other();
    let breaking = async {
        sleep(Duration::from_secs(30)).await;
        second.apply(true).await.expect("it takes over")
    };
    let (one, two) = tokio::join!(first.apply(false), breaking);
    let one = one.expect("it was under way");
    assert!(one.lost_lease);
    assert!(!one.outcome.is_complete());
    let (last, taken) = (first.last_change("first"), first.took_the_lease("second"));
    assert!(last < taken + Duration::from_secs(6), "the lock was broken at {taken:?}, the last change at {last:?}");
    assert!(two.outcome.is_complete() && !two.lost_lease, "{:?}", two.outcome.failed);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_was_suspended_changes_nothing_more() {
    let world = slow_world();
    let first = Network::new(&world);
    let waking = async {
        sleep(Duration::from_secs(31)).await;
        first.suspended.store(60, Ordering::SeqCst);
    };
    let (one, ()) = tokio::join!(first.apply(false), waking);
    let one = one.expect("it was under way");
    assert!(one.lost_lease);
    assert!(!one.outcome.is_complete());
    assert!(first.last_change("first") <= Duration::from_secs(31), "{:?}", first.last_change("first"));
    let said: Vec<&str> = one.outcome.failed.iter().map(|failure| failure.error.as_str()).collect();
    assert!(said.iter().all(|error| error.contains("the lease of this run was not renewed for")), "{said:?}");
    // What had asked AWS for nothing yet has not failed: it is left for the next apply.
    assert!(one.outcome.remaining.len() > one.outcome.failed.len(), "{:?}", one.outcome);
    let asked = first.sent("first", Sent::changes_the_organization).len();
    assert!(one.outcome.failed.len() <= asked && one.outcome.interrupted, "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_every_ten_seconds_for_as_long_as_it_is_held() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    sleep(Duration::from_secs(605)).await;
    assert!(!*lease.lost().borrow());
    assert_eq!(parameter(&world).1, 61);
    lease.release().await;
    let (note, version) = parameter(&world);
    assert_eq!((note["held"].as_bool(), note["version"].as_u64(), version), (Some(false), Some(62), 62));
    sleep(Duration::from_secs(60)).await;
    assert_eq!(parameter(&world).1, 62);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_dropped_is_not_renewed() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    drop(taken(&network.cloud().await).await);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(parameter(&world).1, 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_given_back_is_taken_at_once() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    taken(&network.cloud().await).await.release().await;
    let start = Instant::now();
    let lease = taken(&network.other().cloud().await).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(parameter(&world).1, 3);
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn a_release_never_overwrites_the_lease_of_another_run() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    sleep(Duration::from_secs(1)).await;
    // Taken over, and the holder has not looked since.
    overwrite(&world, "other", true, 2);
    lease.release().await;
    assert_eq!(parameter(&world), (json!({"id": "other", "holder": "other", "held": true, "version": 2}), 2));
    assert_eq!(network.sent("first", |sent| sent.operation.ends_with("PutParameter")).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_counts_as_lost_is_not_given_back() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    network.suspended.store(25, Ordering::SeqCst);
    lease.release().await;
    assert_eq!(parameter(&world).1, 1);
    assert!(network.sent("first", |sent| sent.operation.ends_with("GetParameter")).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_renewal_never_steals_back_a_lease_that_was_taken_over() {
    for late in [false, true] {
        let world = Arc::new(World::new());
        let network = Network::new(&world);
        let lease = taken(&network.cloud().await).await;
        overwrite(&world, "other", true, 2);
        if late {
            // A third run that came second hides who took it over.
            overwrite(&world, "third", true, 2);
        }
        let before = parameter(&world);
        sleep(Duration::from_secs(60)).await;
        assert!(*lease.lost().borrow());
        lease.release().await;
        assert_eq!(parameter(&world), before);
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_came_second_takes_nothing_from_the_holder() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    sleep(Duration::from_secs(15)).await;
    assert_eq!(parameter(&world).1, 2);
    overwrite(&world, "late", true, 2);
    sleep(Duration::from_secs(10)).await;
    assert!(!*lease.lost().borrow());
    let (note, version) = parameter(&world);
    assert_eq!((note["holder"].as_str(), note["version"].as_u64(), version), (Some("a test"), Some(4), 4));
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_given_back_by_a_run_that_had_lost_it_is_watched_on() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    let second = network.other();
    let cloud = second.cloud().await;
    let taking = tokio::spawn(async move {
        let listener: landing::engine::Listener = Arc::new(|_| {});
        Lease::take(&cloud, "a second", false, &listener).await
    });
    sleep(Duration::from_secs(1)).await;
    // Its writer expected version 1, which the holder got: it had lost the lease before.
    overwrite(&world, "stale", false, 1);
    let taking = taking.await.expect("no one panics");
    assert!(matches!(taking, Err(landing::engine::LeaseError::Held { holder }) if holder == "a test"));
    assert!(!*lease.lost().borrow());
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_given_back_while_it_is_watched_is_not_said_to_be_taken_over() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    let cloud = network.other().cloud().await;
    let said: Arc<Mutex<Vec<Event>>> = Arc::default();
    let listener: landing::engine::Listener = Arc::new({
        let said = Arc::clone(&said);
        move |event| said.lock().expect("no one panics").push(event)
    });
    let giving_back = async {
        sleep(Duration::from_secs(4)).await;
        lease.release().await;
    };
    let start = Instant::now();
    let (taken, ()) = tokio::join!(Lease::take(&cloud, "a second", false, &listener), giving_back);
    drop(taken.expect("it was given back"));
    assert_eq!(start.elapsed(), Duration::from_secs(6), "at the second look");
    let said = said.lock().expect("no one panics");
    assert!(matches!(&said[..], [Event::LeaseWatched { holder, seconds: 30 }] if holder == "a test"), "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn a_write_of_the_lease_whose_answer_is_lost_is_made_once() {
    for (once, expected) in [(Once::LostRequest, [1, 2, 3]), (Once::LostAnswer, [1, 2, 3])] {
        let world = Arc::new(World::new());
        let network = Network::new(&world);
        network.next_write_of_the_lease(once);
        let lease = taken(&network.cloud().await).await;
        assert_eq!(parameter(&world).1, expected[0]);
        network.next_write_of_the_lease(once);
        sleep(Duration::from_secs(15)).await;
        assert!(!*lease.lost().borrow());
        assert_eq!(parameter(&world).1, expected[1]);
        network.next_write_of_the_lease(once);
        lease.release().await;
        let (note, version) = parameter(&world);
        assert_eq!((note["held"].as_bool(), version), (Some(false), expected[2]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_write_of_the_lease_is_an_error_and_a_throttled_one_is_made_again() {
    let take = async |network: &Network| {
        let listener: landing::engine::Listener = Arc::new(|_| {});
        Lease::take(&network.cloud().await, "a test", false, &listener).await
    };
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let code = |taken: Result<Lease, LeaseError>| match taken {
        Err(LeaseError::Aws(error)) => error.code().map(str::to_owned),
        other => panic!("{other:?}"),
    };
    network.next_write_of_the_lease(Once::Refused("AccessDeniedException"));
    assert_eq!(code(take(&network).await).as_deref(), Some("AccessDeniedException"), "while there is none");
    let start = Instant::now();
    network.next_write_of_the_lease(Once::Refused("ThrottlingException"));
    take(&network).await.expect("it is made again").release().await;
    assert_eq!((start.elapsed(), parameter(&world).1), (Duration::from_millis(500), 2));
    network.next_write_of_the_lease(Once::Refused("AccessDeniedException"));
    assert_eq!(code(take(&network).await).as_deref(), Some("AccessDeniedException"), "over one that was given back");
    network.next_write_of_the_lease(Once::Refused("ThrottlingException"));
    drop(take(&network).await.expect("it is made again"));
    assert_eq!(parameter(&world).1, 3);
}

#[tokio::test(start_paused = true)]
async fn a_lost_renewal_is_not_taken_for_made_where_another_run_has_written() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    network.next_write_of_the_lease(Once::LostTo(2));
    sleep(Duration::from_secs(12)).await;
    assert!(*lease.lost().borrow());
    assert_eq!(parameter(&world), (json!({"id": "other", "holder": "other", "held": true, "version": 2}), 2));
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn who_writes_second_does_not_hold_the_lease() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    taken(&network.cloud().await).await.release().await;
    assert_eq!(parameter(&world).1, 2);
    let second = network.other();
    second.next_write_of_the_lease(Once::Second(3));
    let start = Instant::now();
    let lease = taken(&second.cloud().await).await;
    // The other run, which was first, was watched for a sign of life before.
    assert!(start.elapsed() >= Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!(parameter(&world).1, 5);
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_comes_second_is_the_end_of_the_lease() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    sleep(Duration::from_secs(5)).await;
    network.next_write_of_the_lease(Once::Second(2));
    sleep(Duration::from_secs(10)).await;
    assert!(*lease.lost().borrow());
    assert_eq!(parameter(&world).1, 3);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(parameter(&world).1, 3);
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_while_every_other_call_stalls() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let cloud = network.cloud().await;
    let lease = taken(&cloud).await;
    network.others.store(STALLS, Ordering::SeqCst);
    let stalled: Vec<_> = (0..40)
        .map(|_| {
            let organizations = cloud.organizations.clone();
            tokio::spawn(async move { organizations.list_roots().send().await.is_ok() })
        })
        .collect();
    sleep(Duration::from_secs(55)).await;
    assert!(!*lease.lost().borrow());
    assert_eq!(parameter(&world).1, 6);
    stalled.iter().for_each(tokio::task::JoinHandle::abort);
    drop(lease);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_of_a_write_is_fenced_by_itself() {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let cloud = network.cloud().await;
    // Where nothing ever answered, little is tried again.
    assert!(cloud.organizations.describe_organization().send().await.is_err());
    cloud.fence.close(cloud.fence.now());
    network.others.store(FAILS, Ordering::SeqCst);
    let made = cloud.organizations.create_organization().send().await.explain("organizations:CreateOrganization");
    let error = made.expect_err("nothing answers");
    assert_eq!(error.cause, Cause::NoLease);
    assert_eq!(
        error.to_string(),
        format!(
            "organizations:CreateOrganization was not sent: the lease of this run was not renewed for {} seconds, so that \
             another run may take it over",
            network.start.elapsed().as_secs()
        )
    );
    let sent = network.sent("first", Sent::changes_the_organization);
    assert!(sent.len() > 3 && sent.iter().all(|sent| sent.at < Duration::from_secs(20)), "{sent:?}");
    // What only reads goes on.
    network.others.store(WORKS, Ordering::SeqCst);
    assert!(
        cloud
            .organizations
            .describe_organization()
            .send()
            .await
            .explain("x")
            .is_err_and(|error| error.code().is_some())
    );
    // So does signing in to accounts, which changes nothing.
    assert!(
        cloud
            .sts
            .assume_role()
            .role_arn("arn:aws:iam::111111111111:role/x")
            .role_session_name("landing")
            .send()
            .await
            .explain("x")
            .is_err_and(|error| error.cause != Cause::NoLease)
    );
}

/// How long it takes to give a lease back when Systems Manager stops answering `after` it was taken.
async fn release_takes(ssm: u8, after: Duration) -> Duration {
    let world = Arc::new(World::new());
    let network = Network::new(&world);
    let lease = taken(&network.cloud().await).await;
    sleep(after).await;
    network.ssm.store(ssm, Ordering::SeqCst);
    // Long enough for a look or a renewal to be under way.
    sleep(Duration::from_millis(3_500)).await;
    let start = Instant::now();
    lease.release().await;
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn giving_the_lease_back_takes_five_seconds_at_most() {
    for ssm in [WORKS, FAILS, STALLS] {
        for after in [0, 7, 10] {
            let took = release_takes(ssm, Duration::from_secs(after)).await;
            assert!(took <= Duration::from_secs(5), "{ssm}: {took:?}");
        }
    }
}
