//! parliament, a linter of IAM policies, over those of all identities: permission sets, roles, boundaries, and what
//! `landing permissions` prints. Policies of buckets and keys are among what cfn-lint reads.

use std::fs;
use std::path::{Path, PathBuf};

use landing::sections::{builtin, declare_text};
use landing_cloudformation::parse;
use serde_json::{Value, json};

use super::iam_data::all_permission_sets;
use super::landing::program;
use super::python::{Environment, environment, json as json_of};
use super::rendered::{self, Regions};
use super::template_examples::{examples, rendered};

/// What parliament finds that is meant so: the policy, the statement's Sid, the finding, and why.
const MEANT: [(&str, &str, &str, &str); 21] = [
    ("landing-roles", "", "RESOURCE_STAR", "they read"),
    ("ml-boundary", "Interfaces", "RESOURCE_STAR", "a boundary allows nothing by itself"),
    ("ml-boundary", "Keys", "RESOURCE_STAR", "a boundary allows nothing by itself"),
    ("ml-boundary", "MachineLearning", "RESOURCE_STAR", "a boundary allows nothing by itself"),
    ("ml-boundary", "Roles", "RESOURCE_STAR", "a boundary allows nothing by itself"),
    ("permission set", "Artifacts", "RESOURCE_STAR", "its condition is the organization"),
    ("permission set", "Data", "RESOURCE_STAR", "its condition is the organization"),
    ("permission set", "Images", "RESOURCE_STAR", "it reads"),
    ("permission set", "KeysForVolumes", "RESOURCE_STAR", "its condition is a grant for an AWS service"),
    ("permission set", "KeysThroughServices", "RESOURCE_STAR", "its condition is the services"),
    ("permission set", "Look", "RESOURCE_STAR", "it reads"),
    ("permission set", "Alarms", "RESOURCE_EFFECTIVELY_STAR", "all resources of a type of the account"),
    ("permission set", "InterfacesOfModelsGo", "RESOURCE_EFFECTIVELY_STAR", "all resources of a type of the account"),
    (
        "permission set",
        "InterfacesOfNotebooksGo",
        "RESOURCE_EFFECTIVELY_STAR",
        "all resources of a type of the account",
    ),
    ("permission set", "Processing", "RESOURCE_EFFECTIVELY_STAR", "all resources of a type of the account"),
    ("permission set", "Queries", "RESOURCE_EFFECTIVELY_STAR", "all resources of a type of the account"),
    ("permission set", "Scaling", "RESOURCE_EFFECTIVELY_STAR", "all resources of a type of the account"),
    ("permissions", "Read", "RESOURCE_STAR", "it reads"),
    (
        "permissions",
        "Write",
        "RESOURCE_STAR",
        "AWS chooses the ids of what it makes, the blueprint the names of stacks",
    ),
    ("sagemaker-studio", "Images", "RESOURCE_STAR", "it reads"),
    ("sagemaker-studio", "Look", "RESOURCE_STAR", "it reads"),
];

/// A finding that is no matter of width: wildcards for actions that read, of which two know no resources.
const HARMLESS: (&str, &str, &str) = ("sagemaker-studio", "Work", "RESOURCE_MISMATCH");

/// The inline policies of all built-in permission sets.
fn of_permission_sets() -> Vec<Value> {
    let text = all_permission_sets();
    let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes: {text}") };
    let bodies = declared.desired.resources.values().filter_map(|wanted| wanted.body.get("inline_policy"));
    bodies.map(|policy| json!({"name": "permission set", "policy": policy})).collect()
}

/// The same as `landing render` writes them.
fn rendered_sets() -> Vec<Value> {
    let files = rendered::blueprints("identity-policies", Regions::Own);
    let files: Vec<PathBuf> = files.iter().flat_map(rendered::Rendered::inline_policies).collect();
    assert!(!files.is_empty(), "no permission set is rendered");
    let read = |file: &PathBuf| fs::read_to_string(file).expect("it was written");
    files.iter().map(|file| json!({"name": "permission set", "policy": parse(&read(file)).expect("JSON")})).collect()
}

/// What `landing permissions` prints, by itself and for each built-in blueprint.
fn of_landing() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let blueprints = builtin::list().iter().map(|builtin| {
        let file = folder.join(format!("identity-policies-{}.yaml", builtin.name));
        fs::write(&file, builtin.files[0].1).expect("the target folder can be written");
        Some(file)
    });
    let printed = |blueprint: Option<PathBuf>, flags: &[&str]| json!({"name": "permissions", "policy": json_of(program().arg("permissions").args(flags).args(blueprint))});
    let each =
        blueprints.chain([None]).flat_map(|blueprint| [(blueprint.clone(), &[][..]), (blueprint, &["--read-only"])]);
    each.map(|(blueprint, flags)| printed(blueprint, flags)).collect()
}

/// The policies of a template's identities. Who may assume a role is no policy of an identity.
fn of_template(name: &str, template: &Value) -> Vec<Value> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    let identities = resources.filter(|(_, it)| it["Type"].as_str().is_some_and(|it| it.starts_with("AWS::IAM::")));
    let policies = identities.flat_map(|(_, identity)| documents(&identity["Properties"]));
    policies.map(|policy| json!({"name": name, "policy": policy, "template": template})).collect()
}

fn documents(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(map) if map.contains_key("Statement") => vec![value.clone()],
        Value::Object(map) => {
            map.iter().filter(|(key, _)| *key != "AssumeRolePolicyDocument").flat_map(|(_, it)| documents(it)).collect()
        }
        Value::Array(items) => items.iter().flat_map(documents).collect(),
        _ => Vec::new(),
    }
}

/// `name sid issue detail` of each finding.
fn findings(environment: &Environment, file: &str, policies: &[Value]) -> Vec<Value> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    fs::write(&path, json!(policies).to_string()).expect("the target folder can be written");
    let found = json_of(environment.script("identity_policies.py").arg(path));
    found.as_array().expect("a list").clone()
}

fn is_meant(finding: &Value) -> bool {
    let text = |key: &str| finding[key].as_str().unwrap_or_default();
    let found = (text("name"), text("sid"), text("issue"));
    found == HARMLESS || MEANT.iter().any(|(name, sid, issue, _)| found == (*name, *sid, *issue))
}

#[test]
fn the_linter_of_policies_finds_nothing_in_any_policy_of_an_identity_but_what_is_meant() {
    let Some(environment) = environment() else { return };
    let mut policies = [of_permission_sets(), rendered_sets(), of_landing()].concat();
    for (name, _, given) in examples() {
        let template = parse(&rendered(name, &given)).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        policies.extend(of_template(name, &template));
    }
    assert!(policies.len() > 30, "only {} policies", policies.len());
    let found = findings(environment, "identity-policies.json", &policies);
    let wrong: Vec<&Value> = found.iter().filter(|finding| !is_meant(finding)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_linter_of_policies_finds_what_is_wrong() {
    let Some(environment) = environment() else { return };
    let policy = |action: &str, resource: &str| {
        let statement = json!({"Sid": "It", "Effect": "Allow", "Action": action, "Resource": resource});
        json!({"name": "wrong", "policy": {"Version": "2012-10-17", "Statement": [statement]}})
    };
    for (action, resource, expected) in [
        ("sagemaker:CreateApp", "arn:*:sagemaker:*:${aws:PrincipalAccount}:app/*", "INVALID_ARN"),
        ("sts:AssumeRole", "*", "RESOURCE_STAR"),
        ("s3:GetObjekt", "arn:aws:s3:::x/*", "UNKNOWN_ACTION"),
        ("s3:GetObject", "arn:aws:s3:::x", "RESOURCE_MISMATCH"),
    ] {
        let found = findings(environment, "identity-policies-wrong.json", &[policy(action, resource)]);
        let issues: Vec<&str> = found.iter().filter_map(|finding| finding["issue"].as_str()).collect();
        assert!(issues.contains(&expected), "{action} on {resource}: {issues:?}");
    }
}
