//! What commands print with `--format json`, held against the schemas that `landing schema` prints for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::landing::program;
use super::python::{Environment, environment};
use super::schema::mistakes;

const ACCOUNT: &str = "111111111111";

/// What a command prints in a folder, whatever it exits with.
fn printed(folder: &Path, command: &str) -> String {
    let output = program().current_dir(folder).args(command.split(' ')).output().expect("landing can be started");
    let text = String::from_utf8(output.stdout).expect("it is UTF-8 text");
    assert!(!text.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    text
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outputs").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("the target folder can be written");
}

/// The schema, without room for fields that it does not name: later versions may add some, this one prints none.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(keywords) => {
            if keywords.contains_key("properties") && !keywords.contains_key("additionalProperties") {
                keywords.insert("additionalProperties".to_owned(), json!(false));
            }
            keywords.iter_mut().filter(|(key, _)| *key != "anyOf").for_each(|(_, value)| *value = closed(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = closed(item.take())),
        _ => {}
    }
    schema
}

fn holds(environment: &Environment, command: &str, printed: &[String]) {
    let schema = self::printed(Path::new("."), &format!("schema {command}"));
    let schema = closed(serde_json::from_str(&schema).expect("a schema is JSON"));
    let documents: BTreeMap<String, String> =
        printed.iter().enumerate().map(|(nth, text)| (format!("{command} {nth}"), text.clone())).collect();
    let wrong = mistakes(environment, &schema, &documents);
    assert!(wrong.values().all(Vec::is_empty), "{wrong:#?}");
}

#[test]
fn plans_and_drift_are_as_their_schemas_say() {
    let Some(environment) = environment() else { return };
    let folder = folder("plans");
    printed(&folder, "init . --from minimal");
    let first = printed(&folder, "plan --sandbox --format json");
    printed(&folder, "apply --sandbox --yes --lags short --format json");
    let text = fs::read_to_string(folder.join("landing.yaml")).expect("it was written");
    let fewer = text.replace("eu-west-1, us-east-1", "eu-west-1");
    assert_ne!(fewer, text);
    write(&folder, "landing.yaml", &fewer);
    let later = printed(&folder, "plan --sandbox --format json");
    holds(environment, "plan", &[first, later]);
    holds(environment, "drift", &[printed(&folder, "drift --sandbox --format json")]);
}

/// Levels of one account with these policies beside FullAWSAccess.
fn levels(policies: &[(&str, Value)]) -> Value {
    let full = ("FullAWSAccess", json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    let all = std::iter::once(&full)
        .chain(policies)
        .map(|(name, statement)| json!({"name": name, "policy": {"Version": "2012-10-17", "Statement": [statement]}}));
    json!([{"id": ACCOUNT, "policies": all.collect::<Vec<_>>()}])
}

fn deny(action: &str) -> Value {
    json!({"Sid": "No", "Effect": "Deny", "Action": action, "Resource": "*"})
}

/// A statement that depends on a tag, which logs do not have.
fn by_tag(action: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod"}}})
}

fn event(nth: usize, source: &str, name: &str, error: Option<&str>) -> Value {
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/alice");
    json!({
        "eventVersion": "1.08", "eventID": format!("event-{nth}"), "eventTime": "2026-11-01T00:00:00Z",
        "eventSource": source, "eventName": name, "awsRegion": "eu-west-1", "errorCode": error,
        "recipientAccountId": ACCOUNT, "eventType": "AwsApiCall", "sourceIPAddress": "192.0.2.1",
        "userIdentity": {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT, "principalId": "AIDA", "userName": "alice"},
    })
}

#[test]
fn replays_are_as_their_schema_says() {
    let Some(environment) = environment() else { return };
    let folder = folder("replay");
    let after = levels(&[("Guard", deny("s3:*")), ("Tags", by_tag("ec2:StopInstances"))]);
    let account = json!({"before": levels(&[("Old", deny("iam:CreateUser"))]), "after": after});
    write(&folder, "p.json", &json!({"accounts": {ACCOUNT: account}}).to_string());
    let events = [
        event(0, "s3.amazonaws.com", "ListBuckets", None),
        event(1, "iam.amazonaws.com", "CreateUser", None),
        event(2, "ec2.amazonaws.com", "StopInstances", None),
        event(3, "nowhere.amazonaws.com", "DoIt", None),
        event(4, "s3.amazonaws.com", "CreateBucket", Some("AccessDenied")),
    ];
    write(&folder, "log.json", &json!({"Records": events}).to_string());
    let found = printed(&folder, "replay --policies p.json log.json --format json");
    let tally: Value = serde_json::from_str(&found).expect("it is JSON");
    for list in ["denied", "allowed", "undecided", "unmapped"] {
        assert_eq!(tally[list].as_array().map(Vec::len), Some(1), "{list}: {found}");
    }
    holds(environment, "replay", &[found]);
}

#[test]
fn simulations_and_findings_are_as_their_schemas_say() {
    let Some(environment) = environment() else { return };
    let folder = folder("simulate");
    let request = |action: &str| json!({"principal": format!("arn:aws:iam::{ACCOUNT}:role/dev"), "account": ACCOUNT, "action": action, "resource": "*", "context": {}});
    let after = levels(&[("Guard", deny("s3:*")), ("Tags", by_tag("ec2:StopInstances"))]);
    let cases = [
        json!({"id": "denied", "levels": after, "before": levels(&[]), "request": request("s3:GetObject")}),
        json!({"id": "allowed", "levels": after, "request": request("ec2:RunInstances")}),
    ];
    write(&folder, "cases.json", &json!(cases).to_string());
    let answers = printed(&folder, "simulate --cases cases.json --format json");
    assert!(["\"Deny\"", "\"Allow\""].iter().all(|decision| answers.contains(decision)), "{answers}");
    holds(environment, "simulate", &[answers]);
    let policy = json!({"Version": "2012-10-17", "Statement": [deny("s3:GetObjct"), deny("s3:GetObjct")]});
    write(&folder, "policy.json", &policy.to_string());
    write(&folder, "broken.json", "{");
    holds(environment, "lint", &[printed(&folder, "lint policy.json broken.json --format json")]);
}
