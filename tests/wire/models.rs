//! What landing asks and what the sandbox answers, held against AWS's own service models in botocore.

use std::fs;
use std::path::{Path, PathBuf};

use landing::sections::builtin;
use serde_json::{Value, json};

use super::landing::{file, program};
use super::python::{self, Environment};

/// The folder that the sandboxes of this run record into, which the gate sets for all tests.
const EXCHANGES: &str = "LANDING_SANDBOX_EXCHANGES";

/// A blueprint in a simulated AWS of its own, whose exchanges are recorded.
struct Recorded<'a> {
    blueprint: &'a Path,
    state: PathBuf,
    exchanges: &'a Path,
}

impl Recorded<'_> {
    /// Runs the program there, which may find or leave something to do, also for a person.
    fn run(&self, arguments: &[&str]) {
        let output = program()
            .args(arguments)
            .arg(self.blueprint)
            .arg(format!("--sandbox={}", self.state.display()))
            .env(EXCHANGES, self.exchanges)
            .output()
            .expect("landing can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2 | 4)), "{arguments:?} {}: {said}", self.blueprint.display());
    }
}

fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn judged(environment: &Environment, exchanges: &Path) -> Value {
    python::json(environment.script("models").arg(exchanges).env("PYTHONDONTWRITEBYTECODE", "1"))
}

#[track_caller]
fn assert_as_the_models_say(judged: &Value) {
    let findings = judged["findings"].as_array().expect("a list");
    assert!(findings.is_empty(), "AWS's models say otherwise: {findings:#?}");
}

#[test]
fn what_blueprints_make_the_program_ask_and_the_sandbox_answer_is_as_the_models_say() {
    let Some(environment) = python::environment() else { return };
    let (folder, exchanges) = (empty_folder("models"), empty_folder("models-exchanges"));
    let mut blueprints = vec![file("tests/wire/medium/landing.yaml")];
    for builtin in builtin::list() {
        let path = folder.join(builtin.name).with_extension("yaml");
        fs::write(&path, builtin.files[0].1).expect("the target folder can be written");
        blueprints.push(path);
    }
    for (number, blueprint) in blueprints.iter().enumerate() {
        let state = folder.join(format!("{number}.json"));
        let recorded = Recorded { blueprint, state, exchanges: &exchanges };
        recorded.run(&["apply", "--yes"]);
        recorded.run(&["drift"]);
    }
    let judged = judged(environment, &exchanges);
    assert_as_the_models_say(&judged);
    let operations = judged["judged"].as_object().expect("operations by name");
    for operation in ["organizations:CreateAccount", "cloudformation:CreateStackSet", "sso-admin:CreatePermissionSet"] {
        assert!(operations.contains_key(operation), "{operation} is not among {:?}", operations.keys());
    }
}

/// Cargo runs `wire` last, so that the other tests have recorded by now.
#[test]
fn what_all_tests_made_the_program_ask_and_the_sandbox_answer_is_as_the_models_say() {
    let Some(environment) = python::environment() else { return };
    let Some(folder) = std::env::var_os(EXCHANGES) else {
        eprintln!("skipped: with {EXCHANGES}=FOLDER, tests record there what is judged here");
        return;
    };
    assert_as_the_models_say(&judged(environment, Path::new(&folder)));
}

#[test]
fn every_error_code_that_is_handled_is_one_that_the_operation_answers() {
    let Some(environment) = python::environment() else { return };
    let script = &mut environment.script("models/codes.py");
    let findings = python::json(script.arg(env!("CARGO_MANIFEST_DIR")).env("PYTHONDONTWRITEBYTECODE", "1"));
    assert_eq!(findings, json!([]), "see tests/wire/models/error-codes.txt");
}

/// Exchanges of JSON, written by hand: the target, the request, the status and the answer.
fn organizations(target: &str, request: &Value, status: u16, answer: &Value) -> Value {
    json!({
        "service": "organizations", "region": "us-east-1", "method": "POST", "target": "/",
        "headers": {"x-amz-target": format!("AWSOrganizationsV20161128.{target}")}, "body": request.to_string(),
        "answer": {"status": status, "headers": {}, "body": answer.to_string()},
    })
}

fn form(service: &str, body: &str, answer: &str) -> Value {
    json!({
        "service": service, "region": "us-east-1", "method": "POST", "target": "/", "headers": {}, "body": body,
        "answer": {"status": 200, "headers": {}, "body": answer},
    })
}

fn rest(service: &str, method: &str, target: &str, body: &str, answer: &str) -> Value {
    json!({
        "service": service, "region": "us-east-1", "method": method, "target": target, "headers": {}, "body": body,
        "answer": {"status": 200, "headers": {}, "body": answer},
    })
}

/// What the judge finds in these exchanges.
fn findings(environment: &Environment, folder: &str, exchanges: &[Value]) -> Vec<String> {
    let folder = empty_folder(folder);
    let lines: Vec<String> = exchanges.iter().map(Value::to_string).collect();
    fs::write(folder.join("engine-0-1.jsonl"), lines.join("\n")).expect("the target folder can be written");
    let judged = judged(environment, &folder);
    let findings = judged["findings"].as_array().expect("a list").iter();
    findings.map(|finding| finding["finding"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn the_judge_refuses_requests_that_are_not_as_the_models_say() {
    let Some(environment) = python::environment() else { return };
    let empty = json!({});
    let stacks = "<DescribeStacksResponse><DescribeStacksResult/></DescribeStacksResponse>";
    let found = findings(
        environment,
        "models-requests",
        &[
            organizations("CreateOrganizationalUnit", &json!({"Name": "x"}), 200, &empty),
            organizations("DescribeAccount", &json!({"AccountId": "12345"}), 200, &empty),
            organizations("ListPolicies", &json!({"Filter": "SCP"}), 200, &empty),
            organizations("ListRoots", &json!({"MaxResults": 21, "Page": 1}), 200, &empty),
            organizations("ListRoots", &json!({"MaxResults": "20"}), 200, &empty),
            organizations("ListRoot", &empty, 200, &empty),
            form("cloudformation", "Action=DescribeStacks&Version=2010-05-15&Stack=a", stacks),
            form("cloudformation", "Action=DescribeStacks&Version=2009-01-01", stacks),
            rest("guardduty", "GET", "/detector?maxResults=51&size=1", "", r#"{"detectorIds": []}"#),
            rest("guardduty", "GET", "/detectors", "", "{}"),
        ],
    );
    let expected = [
        "organizations:CreateOrganizationalUnit: request.ParentId is missing",
        "organizations:DescribeAccount: request.AccountId is '12345', which does not match ^\\d{12}$",
        "organizations:ListPolicies: request.Filter is 'SCP', which is none of",
        "organizations:ListRoots: request.Page is not in the model",
        "organizations:ListRoots: request.MaxResults is 21, more than 20",
        "organizations:ListRoots: request.MaxResults is '20', which is no integer",
        "organizations: request: there is no operation 'ListRoot'",
        "cloudformation:DescribeStacks: request.Stack is not in the model",
        "cloudformation: request: the version 2009-01-01 is not 2010-05-15",
        "guardduty:ListDetectors: request.size is not in the model's query",
        "guardduty:ListDetectors: request.MaxResults is 51, more than 50",
        "guardduty: request: no operation is at GET /detectors",
    ];
    assert_finds(&found, &expected);
}

#[test]
fn the_judge_refuses_answers_that_are_not_as_the_models_say() {
    let Some(environment) = python::environment() else { return };
    let organization = |feature_set| json!({"Organization": {"FeatureSet": feature_set}});
    let summary = "<StackSummaries><member><StackName>a</StackName><CreationTime>yesterday</CreationTime>\
                   <StackStatus>DONE</StackStatus></member></StackSummaries>";
    let stacks = format!("<ListStacksResponse><ListStacksResult>{summary}</ListStacksResult></ListStacksResponse>");
    let limit = |reason| json!({"__type": "ConstraintViolationException", "Message": "no", "Reason": reason});
    let empty = json!({});
    let found = findings(
        environment,
        "models-answers",
        &[
            organizations("DescribeOrganization", &empty, 200, &organization("SOME")),
            organizations("ListRoots", &empty, 200, &json!({"Roots": {}, "Next": "a"})),
            organizations("ListRoots", &empty, 400, &json!({"__type": "NoSuchException"})),
            organizations("CreateOrganization", &empty, 400, &limit("TOO_MUCH")),
            form("cloudformation", "Action=ListStacks&Version=2010-05-15", &stacks),
            rest("guardduty", "GET", "/detector", "", "{}"),
        ],
    );
    let expected = [
        "organizations:DescribeOrganization: answer.Organization.FeatureSet is 'SOME', which is none of",
        "organizations:ListRoots: answer.Next is not in the model",
        "organizations:ListRoots: answer.Roots is {}, which is no list",
        "organizations:ListRoots: answer: NoSuchException is no error of this operation",
        "organizations:CreateOrganization: answer ConstraintViolationException.Reason is 'TOO_MUCH', which is none of",
        "cloudformation:ListStacks: answer.StackSummaries[].CreationTime is 'yesterday', which is no timestamp",
        "cloudformation:ListStacks: answer.StackSummaries[].CreationTime is missing",
        "cloudformation:ListStacks: answer.StackSummaries[].StackStatus is 'DONE', which is none of",
        "guardduty:ListDetectors: answer.DetectorIds is missing",
    ];
    assert_finds(&found, &expected);
}

/// Makes sure that each is found. What botocore's own checks say of the same is beside it.
#[track_caller]
fn assert_finds(found: &[String], expected: &[&str]) {
    let missing: Vec<_> = expected.iter().filter(|start| !found.iter().any(|one| one.starts_with(**start))).collect();
    assert!(missing.is_empty(), "not found: {missing:#?}\nfound: {found:#?}");
    let is_expected = |one: &&String| expected.iter().any(|start| one.starts_with(start)) || one.contains("botocore");
    assert_eq!(found.iter().filter(|one| !is_expected(one)).count(), 0, "{found:#?}");
}
