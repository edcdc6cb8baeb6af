//! An import that AWS slows down, answers with errors or that loses its network: what is written is the same, or nothing is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use landing::cloud::{Cloud, Connection, Pace};
use landing::facts::Facts;
use landing::import::{Imported, import};
use landing_sandbox::{Faults, Limits, Options};
use serde_json::Value;

use super::super::world::{World, clock};
use super::{SMALL, imported, made_by_hand, options, writes};

/// One of each.
const ONE: &str = r#"
version: 1
name: first
organization: {regions: [eu-west-1], account_email: "{name}@example.com", tags: {of: root}, trusted_access: [config.amazonaws.com]}
policies: {deny: {content: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "sqs:*", Resource: "*"}]}}}
organizational_units: {Work: {policies: [deny], accounts: [app]}}
account_settings: [{in: [Work], password_policy: {minimum_length: 14}}]
identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}}
  assignments: {team: {admin: [app]}}
"#;

/// An organization made by hand, and what an undisturbed import writes of it.
async fn undisturbed(blueprint: &str) -> (World, Imported) {
    let world = World::new();
    made_by_hand(&world, blueprint).await;
    let imported = imported(&world, &options()).await.expect("it can be imported");
    assert!(imported.proof.holds());
    (world, imported)
}

/// How every request fails at first.
#[derive(Clone, Copy, Debug)]
enum Failure {
    Throttled,
    InternalError,
}

/// What stands between the SDK and the simulated AWS, and fails the first attempts of every request.
#[derive(Clone, Debug)]
struct Hindrance {
    how: Failure,
    attempts: u32,
    seen: Arc<Mutex<HashMap<String, u32>>>,
    inner: SharedHttpClient,
}

#[derive(Debug)]
struct Hindered {
    hindrance: Hindrance,
    inner: SharedHttpConnector,
}

impl HttpClient for Hindrance {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Hindered { hindrance: self.clone(), inner })
    }
}

impl HttpConnector for Hindered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut seen = self.hindrance.seen.lock().expect("no one panics");
        let attempts = seen.entry(key(&request)).or_default();
        *attempts += 1;
        // The same question of a later look fails anew.
        if !attempts.is_multiple_of(self.hindrance.attempts + 1) {
            return HttpConnectorFuture::ready(Ok(self.hindrance.how.answer(&request)));
        }
        self.inner.call(request)
    }
}

/// What is asked for by whom, whenever it is.
fn key(request: &HttpRequest) -> String {
    let authorization = request.headers().get("authorization").unwrap_or_default();
    let caller = authorization.split('/').next().unwrap_or_default();
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let body = String::from_utf8_lossy(request.body().bytes().expect("it is in memory"));
    format!("{caller} {} {} {target} {body}", request.method(), request.uri())
}

impl Failure {
    fn answer(self, request: &HttpRequest) -> HttpResponse {
        let is_query = request.headers().get("content-type").is_some_and(|it| it.contains("form-urlencoded"));
        let is_ec2 = request.uri().contains("//ec2.");
        let (status, code) = match self {
            // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
            Failure::Throttled if is_ec2 => (503, "RequestLimitExceeded"),
            Failure::Throttled if is_query => (400, "Throttling"),
            Failure::Throttled => (400, "ThrottlingException"),
            Failure::InternalError => (500, "InternalFailure"),
        };
        let error = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
        let body = match (is_ec2, is_query) {
            (true, _) => format!("<Response><Errors>{error}</Errors></Response>"),
            (_, true) => format!("<ErrorResponse>{error}</ErrorResponse>"),
            _ => format!("{{\"__type\":\"{code}\",\"message\":\"no\"}}"),
        };
        HttpResponse::new(status.try_into().expect("it is a status"), SdkBody::from(body))
    }
}

async fn the_same_is_written_where_every_request_fails(how: Failure, attempts: u32) {
    let (world, expected) = undisturbed(SMALL).await;
    let seen = Arc::default();
    let hindrance = Hindrance { how, attempts, seen: Arc::clone(&seen), inner: world.sandbox.http_client() };
    let connection = Connection {
        http_client: Some(SharedHttpClient::new(hindrance)),
        pace: Some(Pace::OnceThrottled),
        clock: Some(clock()),
        ..Connection::default()
    };
    let cloud = Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await);
    let imported = import(&cloud, &mut Facts::default(), &options()).await.expect("it can be imported");
    assert!(imported.proof.holds());
    assert_eq!(imported.files, expected.files);
    assert!(seen.lock().expect("no one panics").len() > 50, "every request failed");
}

#[tokio::test(start_paused = true)]
async fn every_request_throttled_some_times_the_same_is_written() {
    for attempts in [1, 4] {
        the_same_is_written_where_every_request_fails(Failure::Throttled, attempts).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_request_answered_with_an_error_at_first_the_same_is_written() {
    for attempts in [1, 3] {
        the_same_is_written_where_every_request_fails(Failure::InternalError, attempts).await;
    }
}

#[tokio::test(start_paused = true)]
async fn under_awss_limits_the_same_is_written_and_nothing_is_throttled() {
    let (world, expected) = undisturbed(SMALL).await;
    world.sandbox.set_options(Options { limits: Some(Limits::aws()), ..Options::default() });
    let world = World { pace: Pace::FromTheStart, ..world };
    // One program, which knows of all its calls.
    let cloud = world.cloud().await;
    let imported = import(&cloud, &mut Facts::default(), &options()).await.expect("it can be imported");
    assert_eq!(imported.files, expected.files);
    assert_eq!(world.throttled().await, 0);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_throttles_unexpectedly_only_costs_time() {
    let (world, expected) = undisturbed(SMALL).await;
    world.sandbox.set_options(Options { limits: Some(Limits::aws()), ..Options::default() });
    let imported = imported(&world, &options()).await.expect("it can be imported");
    assert_eq!(imported.files, expected.files);
    assert!(world.throttled().await > 0);
}

#[tokio::test(start_paused = true)]
async fn faults_at_any_rate_and_seed_lead_to_the_same_files() {
    let (world, expected) = undisturbed(SMALL).await;
    for seed in 0..12 {
        let rate = [0.01, 0.05, 0.1, 0.2][usize::try_from(seed % 4).expect("it is small")];
        world.sandbox.set_options(Options { faults: Some(Faults { seed, rate }), ..Options::default() });
        let imported = imported(&world, &options()).await.unwrap_or_else(|error| panic!("{seed}:{rate}: {error:?}"));
        assert_eq!(imported.files, expected.files, "faults {seed}:{rate}");
        assert!(imported.proof.holds(), "faults {seed}:{rate}");
    }
}

#[tokio::test(start_paused = true)]
async fn cut_off_after_any_call_an_import_fails_or_says_what_it_does_not_know_and_writes_nothing_to_aws() {
    let (world, expected) = undisturbed(ONE).await;
    let before: Value = world.sandbox.snapshot();
    let start = world.sandbox.calls().len();
    imported(&world, &options()).await.expect("it can be imported");
    let calls = (world.sandbox.calls().len() - start) as u64;
    for k in (1..=calls).step_by(2) {
        world.sandbox.set_options(Options { cut_after: Some(k), ..Options::default() });
        let start = world.sandbox.calls().len();
        if let Ok(cut) = imported(&world, &options()).await {
            let says_so = cut.summary.gaps().next().is_some() || !cut.proof.holds();
            assert!(says_so, "cut after call {k} of {calls} went unnoticed");
        }
        assert_eq!(writes(&world.sandbox.calls()[start..]), Default::default(), "cut after call {k}");
    }
    world.sandbox.set_options(Options::default());
    assert_eq!(world.sandbox.snapshot()["organization"], before["organization"]);
    let again = imported(&world, &options()).await.expect("it can be imported");
    assert_eq!(again.files, expected.files);
}
