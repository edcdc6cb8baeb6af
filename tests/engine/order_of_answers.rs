//! What a plan asks does not depend on which answers come first: nothing is asked that an answer still to come makes needless.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use landing::cloud::{Cloud, Connection, Pace};
use landing::engine::look_and_plan;
use landing::facts::Facts;
use tokio::time::sleep;

use super::world::{How, World};

const INSIDE: &str = "
version: 1
name: ours
organization:
  regions: [eu-west-1]
  account_email: '{name}@example.com'
  trusted_access: [account.amazonaws.com]
  contacts: {security: {name: Security, title: Team, email: security@example.com, phone: '1'}}
guardrails: [mandatory]
organizational_units:
  A: {accounts: [a, b], organizational_units: {Inner: {accounts: [i]}}}
  C: {accounts: [c]}
identity:
  permission_sets: {reader: {managed_policies: [ReadOnlyAccess]}, writer: {boundary: {managed: PowerUserAccess}}}
  groups: {team: {description: some}, others: }
  assignments: {team: {reader: [A], writer: [c]}, others: {reader: [management]}}
stacks:
  budget: {template: budget, in: [a], parameters: {limit_usd: 500, emails: [costs@example.com]}}
  wide: {template: budget, in: [C], parameters: {limit_usd: 500, emails: [costs@example.com]}}
account_settings:
  - {in: a, password_policy: {minimum_length: 20}, ebs_encryption: {}, alias: 'ours-{name}'}
";

/// How much longer the answers of one operation take.
const LATER: Duration = Duration::from_secs(3);

/// Makes the answers of one operation late.
struct Late {
    operation: String,
    inner: SharedHttpConnector,
}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)
    }
}

/// Whether a request is of an operation: by its header, by its form or, of a REST service, by its path.
fn is_of(request: &HttpRequest, operation: &str) -> bool {
    let target = request.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
    let form = request.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    let is_in_path = || {
        let path = request.uri().split('?').next().unwrap_or_default();
        path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(operation))
    };
    target == Some(operation) || form.starts_with(&format!("Action={operation}&")) || target.is_none() && is_in_path()
}

impl HttpConnector for Late {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_late = is_of(&request, &self.operation);
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            if is_late {
                sleep(LATER).await;
            }
            answer.await
        })
    }
}

/// Clients to which the answers of one operation come late.
async fn cloud(world: &World, operation: &str) -> Arc<Cloud> {
    let (operation, inner) = (operation.to_owned(), world.sandbox.http_client());
    let http_client: SharedHttpClient = http_client_fn(move |settings, components| {
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(Late { operation: operation.clone(), inner })
    });
    let connection =
        Connection { http_client: Some(http_client), pace: Some(Pace::OnceThrottled), ..Connection::default() };
    Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await)
}

/// How many calls a plan makes, by operation, where the answers of one are late.
async fn calls(world: &World, text: &str, operation: &str) -> BTreeMap<String, u64> {
    let declared = world.declared(text);
    let cloud = cloud(world, operation).await;
    let draft = look_and_plan(&cloud, &mut Facts::default(), &declared.desired, &declared.blueprint, &[]).await;
    let plan = draft.expect("it can be planned").plan;
    assert!(plan.is_quiet(), "{operation}: {:#?}", plan.changes);
    cloud.meter.calls().by_operation
}

async fn assert_the_same_is_asked_whichever_answer_is_late(text: &str) {
    let world = World::new();
    world.applied(text, How::default()).await;
    world.applied(text, How::default()).await;
    let usual = calls(&world, text, "none").await;
    let mut wrong = Vec::new();
    // Where the pages of accounts are slow, accounts are read by unit as well.
    for operation in usual.keys().filter(|operation| *operation != "organizations:ListAccounts") {
        let name = operation.rsplit(':').next().unwrap_or_default();
        let made = calls(&world, text, name).await;
        if made != usual {
            let more = made.iter().filter(|(asked, count)| usual.get(*asked) != Some(count));
            wrong.push(format!("{operation} late: {:?}", more.collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{}\nusual: {usual:#?}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn of_an_organization_the_same_is_asked_whichever_answer_is_late() {
    assert_the_same_is_asked_whichever_answer_is_late(include_str!("medium.yaml")).await;
}

#[tokio::test(start_paused = true)]
async fn of_people_and_accounts_the_same_is_asked_whichever_answer_is_late() {
    assert_the_same_is_asked_whichever_answer_is_late(INSIDE).await;
}
