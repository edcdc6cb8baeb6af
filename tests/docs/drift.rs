//! `examples/drift/organization.json`: a sandbox in which a person has changed what landing had applied.

use std::path::Path;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region};
use landing_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::repository;
use super::shell::Shell;

/// The access key that stands for her in the sandbox's state.
const KEY: &str = "AKIAALICE";
const ALICE: &str = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_admin_0123456789abcdef/alice@acme.example";

/// The first of January 2026, in seconds of the Unix epoch; landing's apply is of then, and her calls of the morning after.
const BEGIN: u64 = 1_767_225_600;
const MORNING: u64 = BEGIN + 33 * 60 * 60;

/// Ids of units and policies come in the order of calls, which apply makes at once: what drift says is compared, not bytes.
#[tokio::test]
async fn the_organization_that_drifted_is_what_these_calls_make() {
    let mut shell = Shell::in_folder(Path::new("examples/drift"));
    shell.done("landing apply --sandbox=made.json --yes --quiet");
    let mut state = changed(&shell.path("made.json")).await;
    tidy(&mut state);
    let text = serde_json::to_string_pretty(&state).expect("a state is JSON") + "\n";
    std::fs::write(shell.path("made.json"), &text).expect("a file can be written");
    if std::env::var("SNAPSHOTS").is_ok_and(|how| how == "overwrite") {
        let kept = repository().join("examples/drift/organization.json");
        std::fs::write(kept, &text).expect("a file can be written");
        std::fs::write(shell.path("organization.json"), &text).expect("a file can be written");
    }
    let report = |shell: &mut Shell, state: &str| shell.run(&format!("landing drift --sandbox={state} --format json"));
    let (made, kept) = (report(&mut shell, "made.json"), report(&mut shell, "organization.json"));
    assert_eq!((made.code, kept.code), (Some(2), Some(2)), "{}\n{}", made.output, kept.output);
    assert_eq!(who(&made.output), who(&kept.output));
    assert_eq!(who(&kept.output).len(), 3, "{}", kept.output);
}

/// Each address of a plan with who changed or made it.
fn who(plan: &str) -> Vec<(String, Value)> {
    let plan: Value = serde_json::from_str(plan).unwrap_or_else(|error| panic!("{error}: {plan}"));
    let changes = plan["changes"].as_array().expect("a plan has changes").iter();
    let changes = changes.map(|change| (change["address"].to_string(), change["changed_by"].clone()));
    let made = plan["unmanaged_made_by"].as_object().into_iter().flatten();
    changes.chain(made.map(|(address, author)| (address.clone(), author.clone()))).collect()
}

async fn changed(file: &Path) -> Value {
    let sandbox = Sandbox::open(file, Options { event_history: 100, ..Options::default() }).expect("it is a state");
    sandbox.edit(|state| state["principals"] = json!({KEY: {"arn": ALICE}})).expect("the state can be edited");
    Alice::at(&sandbox).changes(&sandbox.snapshot()).await;
    sandbox.snapshot()
}

struct Alice {
    client: Client,
}

impl Alice {
    fn at(sandbox: &Sandbox) -> Alice {
        let config = aws_sdk_organizations::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new(KEY, "secret", None, None, "test"))
            .http_client(sandbox.http_client());
        Alice { client: Client::from_conf(config.build()) }
    }

    async fn changes(&self, state: &Value) {
        let (organization, client) = (&state["organization"], &self.client);
        let id = |sort: &str, name: &str| named(&organization[sort], name);
        let (production, development) = (id("units", "Production"), id("units", "Development"));
        let detach = client.detach_policy().policy_id(id("policies", "keep-trails")).target_id(&production);
        detach.send().await.expect("it is detached");
        let moves = client.move_account().account_id(id("accounts", "shop-dev")).source_parent_id(development);
        moves.destination_parent_id(production).send().await.expect("the account moves");
        let content = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:*","Resource":"*"}}"#;
        let policy = client.create_policy().name("no-queues").description("").content(content);
        policy.r#type("SERVICE_CONTROL_POLICY".into()).send().await.expect("it is made");
    }
}

/// The id of what has this name.
fn named(all: &Value, name: &str) -> String {
    let mut all = all.as_object().expect("there are some").iter();
    all.find(|(_, it)| it["name"] == name).unwrap_or_else(|| panic!("{name} is there")).0.clone()
}

/// Leaves out what differs from run to run: landing's own calls and records, times, and programs' versions.
fn tidy(state: &mut Value) {
    without_times(state);
    state["principals"] = json!({});
    state["parameters"] = json!({});
    let mut events = state["events"]["kept"].take();
    let kept = events.as_array_mut().expect("there are events");
    kept.retain(|event| event["identity"]["arn"] == ALICE);
    for (event, number) in kept.iter_mut().zip(1..) {
        event["id"] = json!(format!("e7e27000-0000-4000-8000-{number:012x}"));
        event["agent"] = "Mozilla/5.0".into();
        event["time"] = (MORNING + 60 * number).into();
        event["shown_from"] = event["time"].clone();
    }
    state["events"] = json!({"count": kept.len(), "kept": events});
}

/// Sets every point in time to the same one.
fn without_times(state: &mut Value) {
    match state {
        Value::Number(number) if number.as_u64().is_some_and(|number| number >= BEGIN) => *state = BEGIN.into(),
        Value::Object(map) => map.values_mut().for_each(without_times),
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}
