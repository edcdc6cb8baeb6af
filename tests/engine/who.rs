//! Drift says who made each difference, by the simulated AWS's event history.

use std::collections::BTreeSet;

use landing::cloud::{Request, Service};
use landing::engine::{look_and_plan, show_who};
use landing::facts::Facts;
use landing::model::{ChangedBy, Plan};
use landing_sandbox::{Lags, Options};
use serde_json::{Value, json};

use super::hand::Hand;
use super::world::{How, World};

const BLUEPRINT: &str = "
version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
policies:
  guard: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:Delete*', Resource: '*'}}}
organizational_units:
  A: {tags: {team: red}, policies: [guard], accounts: [a]}
  B: {accounts: [b]}
";

const RECORDING: usize = 1_000;

fn recording() -> Options {
    Options { event_history: RECORDING, ..Options::default() }
}

async fn settled() -> World {
    let world = World::new();
    world.sandbox.set_options(recording());
    world.applied(BLUEPRINT, How::default()).await;
    world
}

async fn drift(world: &World) -> Plan {
    drift_of(world, BLUEPRINT).await
}

async fn drift_of(world: &World, blueprint: &str) -> Plan {
    let mut declared = world.declared(blueprint);
    (declared.desired.settings.deep, declared.desired.settings.detects_drift) = (true, true);
    let (cloud, mut facts) = (world.cloud().await, Facts::default());
    let draft = look_and_plan(&cloud, &mut facts, &declared.desired, &declared.blueprint, &[]).await;
    let mut draft = draft.expect("drift can be looked for");
    show_who(&cloud, &declared.desired, &mut draft).await;
    draft.plan
}

/// How many events there are.
fn recorded(world: &World) -> usize {
    world.sandbox.snapshot()["events"]["kept"].as_array().map_or(0, Vec::len)
}

/// Says that alice, in the console, made all calls since there were so many events.
fn by_alice(world: &World, since: usize) {
    let events = |state: &mut Value| {
        for event in state["events"]["kept"].as_array_mut().expect("there are events").iter_mut().skip(since) {
            event["identity"] = json!({"type": "IAMUser", "userName": "alice"});
            event["agent"] = json!("Mozilla/5.0");
        }
    };
    world.sandbox.edit(events).expect("the state can be edited");
}

/// Each address with who changed it by which call.
fn reported(plan: &Plan) -> Vec<(&str, String)> {
    let who = |by: &Option<ChangedBy>| match by {
        Some(ChangedBy::Author(author)) if author.is_landing => format!("landing: {}", author.event),
        Some(ChangedBy::Author(author)) => format!("{}: {}", author.principal, author.event),
        Some(ChangedBy::NotKnown { not_known }) => not_known.clone(),
        None => String::new(),
    };
    plan.changes.iter().map(|change| (change.address.as_str(), who(&change.changed_by))).collect()
}

#[tokio::test(start_paused = true)]
async fn each_difference_says_who_made_it() {
    let world = settled().await;
    let (hand, before) = (Hand::in_world(&world, BLUEPRINT).await, recorded(&world));
    hand.weakens("scp/guard").await;
    hand.moves("account/b", "ou/B", "root").await;
    hand.detaches("scp/guard", "ou/A").await;
    hand.tags("ou/A").await;
    hand.attaches("scp/guard", "account/b").await;
    by_alice(&world, before);
    let plan = drift(&world).await;
    let expected = [
        ("account/b", "IAM user alice: MoveAccount"),
        ("ou/A", "IAM user alice: TagResource"),
        ("scp/guard", "IAM user alice: UpdatePolicy"),
        ("scp/guard@account/b", "IAM user alice: AttachPolicy"),
        ("scp/guard@ou/A", "IAM user alice: DetachPolicy"),
    ];
    let mut reported = reported(&plan);
    reported.sort();
    assert_eq!(reported, expected.map(|(address, who)| (address, who.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn what_landing_wrote_last_differs_because_of_the_blueprint() {
    let world = settled().await;
    let plan = drift_of(&world, &BLUEPRINT.replace("policies: [guard], ", "")).await;
    assert_eq!(reported(&plan), [("scp/guard@ou/A", "landing: AttachPolicy".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn what_is_unmanaged_and_new_says_who_made_it() {
    let world = settled().await;
    let before = recorded(&world);
    let client = world.cloud().await.organizations.clone();
    let content = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:*","Resource":"*"}}"#;
    let request = client.create_policy().name("theirs").description("").content(content);
    request.r#type("SERVICE_CONTROL_POLICY".into()).send().await.expect("it is made");
    by_alice(&world, before);
    let plan = drift(&world).await;
    let made: Vec<_> = plan.unmanaged_made_by.iter().collect();
    assert_eq!(made.len(), 1, "{made:?}");
    let (address, author) = made[0];
    assert_eq!((address.as_str(), author.principal.as_str()), ("scp/theirs", "IAM user alice"));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_note_and_no_failure() {
    let world = settled().await;
    Hand::in_world(&world, BLUEPRINT).await.weakens("scp/guard").await;
    let denied = |state: &mut Value| {
        state["principals"] =
            json!({"*": {"arn": "arn:aws:iam::111111111111:user/ci", "deny": ["cloudtrail:LookupEvents"]}});
    };
    world.sandbox.edit(denied).expect("the state can be edited");
    let plan = drift(&world).await;
    assert_eq!(reported(&plan), [("scp/guard", String::new())]);
    let note = plan.notes.iter().find(|note| note.what.starts_with("who made the changes is not known: "));
    assert!(note.is_some_and(|note| note.what.contains("cloudtrail:LookupEvents")), "{:?}", plan.notes);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_does_not_show_yet_is_not_known() {
    let world = settled().await;
    let hand = Hand::in_world(&world, BLUEPRINT).await;
    let lags = Lags { events: std::time::Duration::from_secs(3_600), ..Lags::default() };
    world.sandbox.edit(|state| state["events"] = json!({})).expect("the state can be edited");
    world.sandbox.set_options(Options { lags, ..recording() });
    hand.weakens("scp/guard").await;
    assert_eq!(reported(&drift(&world).await), [("scp/guard", "no event in the last 90 days".to_owned())]);
}

/// What is within accounts, and what other services record.
const INSIDE: &str = "
version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com', trusted_access: [account.amazonaws.com]}
organizational_units:
  A: {accounts: [{name: a, contacts: {billing: {name: B, title: T, email: b@example.com, phone: '1'}}}]}
  C: {accounts: [c]}
identity:
  permission_sets: {reader: {managed_policies: [ReadOnlyAccess]}}
  groups: {team: {description: some}}
stacks:
  budget: {template: budget, in: [a], tags: {team: red}, parameters: {limit_usd: 500, emails: [costs@example.com]}}
  wide: {template: budget, in: [C], parameters: {limit_usd: 500, emails: [costs@example.com]}}
account_settings:
  - {in: a, password_policy: {minimum_length: 20}, ebs_encryption: {}, alias: 'ours-{name}'}
";

/// An organization of that blueprint, and how many events there were.
async fn settled_inside() -> (World, usize) {
    let world = World::new();
    world.sandbox.set_options(recording());
    world.applied(INSIDE, How::default()).await;
    world.applied(INSIDE, How::default()).await;
    let before = recorded(&world);
    (world, before)
}

#[tokio::test(start_paused = true)]
async fn every_call_of_an_apply_says_that_it_is_landings() {
    let (world, _) = settled_inside().await;
    let snapshot = world.sandbox.snapshot();
    let events = snapshot["events"]["kept"].as_array().expect("there are events");
    let named: BTreeSet<&str> = events.iter().filter_map(|event| event["name"].as_str()).collect();
    for expected in
        ["CreateChangeSet", "UpdateAccountPasswordPolicy", "EnableEbsEncryptionByDefault", "PutAlternateContact"]
    {
        assert!(named.contains(expected), "{expected} is not among {named:?}");
    }
    let is_landing = |event: &Value| event["agent"].as_str().is_some_and(|agent| agent.contains(" app/landing"));
    let others: BTreeSet<&str> =
        events.iter().filter(|event| !is_landing(event)).filter_map(|event| event["name"].as_str()).collect();
    assert!(others.is_empty(), "{others:?}");
}

fn iam(operation: &'static str, input: Value) -> Request {
    Request::new(Service::IAM, operation, input)
}

#[tokio::test(start_paused = true)]
async fn what_is_within_accounts_is_looked_up_there() {
    let (world, before) = settled_inside().await;
    let hand = Hand::in_world(&world, INSIDE).await;
    hand.retags_stack().await;
    hand.stops("wide").await;
    hand.writes_to("account/a", "BILLING").await;
    hand.describes("group/team", "other [landing:ours]").await;
    hand.asks("account/a", iam("UpdateAccountPasswordPolicy", json!({"MinimumPasswordLength": 8}))).await;
    hand.asks("account/a", iam("CreateAccountAlias", json!({"AccountAlias": "by-hand"}))).await;
    hand.asks("account/a", Request::new(Service::EC2, "DisableEbsEncryptionByDefault", Value::Null)).await;
    by_alice(&world, before);
    let plan = drift_of(&world, INSIDE).await;
    let mut reported = reported(&plan);
    reported.sort();
    let expected = [
        ("account-alias/a", "IAM user alice: CreateAccountAlias"),
        ("alternate-contact/a/BILLING", "IAM user alice: PutAlternateContact"),
        ("ebs-encryption/a/eu-west-1", "IAM user alice: DisableEbsEncryptionByDefault"),
        ("group/team", "IAM user alice: UpdateGroup"),
        ("password-policy/a", "IAM user alice: UpdateAccountPasswordPolicy"),
        ("stack-set/wide", "IAM user alice: UpdateStackSet"),
        ("stack/a/budget/eu-west-1", "IAM user alice: UpdateStack"),
    ];
    assert_eq!(reported, expected.map(|(address, who)| (address, who.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_looked_up_says_why() {
    let (world, before) = settled_inside().await;
    let hand = Hand::in_world(&world, INSIDE).await;
    hand.raises_budget("account/a");
    hand.asks("account/a", iam("UpdateAccountPasswordPolicy", json!({"MinimumPasswordLength": 8}))).await;
    by_alice(&world, before);
    let (role, account) = (hand.role_in("account/a"), hand.id("account/a").to_owned());
    let denied = |state: &mut Value| {
        state["principals"][&role] = json!({"arn": role, "deny": ["cloudtrail:LookupEvents"]});
        state["account_settings"][&account]["alternate_contacts"]["BILLING"]["Name"] = "M".into();
    };
    world.sandbox.edit(denied).expect("the state can be edited");
    let plan = drift_of(&world, INSIDE).await;
    let reported = reported(&plan);
    let why = |address: &str| reported.iter().find(|(it, _)| *it == address).map_or("", |(_, why)| why.as_str());
    let inside = "no event in the management account shows it, and the account's own history was not looked up";
    assert_eq!(why("alternate-contact/a/BILLING"), inside, "{reported:?}");
    let drifted = "not looked up: the calls that landing knows do not lead to this difference alone";
    assert_eq!(why("stack/a/budget/eu-west-1"), drifted);
    let refused = why("password-policy/a");
    assert!(refused.starts_with("not looked up in ") && refused.contains("cloudtrail:LookupEvents"), "{reported:?}");
    assert_eq!(plan.notes, [], "the management account's history was read");
}
