//! checkov's rules about encryption, public access, logging and rights, over everything that is rendered.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::python::{Environment, with_checkov};
use super::rendered::{self, Regions};
use super::{python, template_examples};

/// What must be among the rules that were met, so that rules which read nothing do not pass for rules that are met.
const MET: [(&str, &str); 17] = [
    ("CKV_AWS_19", "buckets are encrypted"),
    ("CKV_AWS_26", "topics are encrypted"),
    ("CKV_AWS_35", "trails are encrypted"),
    ("CKV_AWS_158", "log groups are encrypted"),
    ("CKV_AWS_187", "SageMaker's domains are encrypted"),
    ("CKV_AWS_7", "keys are rotated"),
    ("CKV_AWS_33", "keys are not everybody's"),
    ("CKV_AWS_53", "public ACLs are blocked"),
    ("CKV_AWS_54", "public policies are blocked"),
    ("CKV_AWS_55", "public ACLs are ignored"),
    ("CKV_AWS_56", "public buckets are restricted"),
    ("CKV_AWS_260", "no one comes in from the internet"),
    ("CKV_AWS_18", "who reads buckets is logged"),
    ("CKV_AWS_36", "trails are validated"),
    ("CKV_AWS_67", "trails are in all regions"),
    ("CKV_AWS_66", "logs are kept for as long as is said"),
    ("CKV_AWS_110", "policies do not let people widen their rights"),
];

/// What makes a bucket or a key safe, by the properties' names.
const MUST_STAY: [&str; 7] = [
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
    "VersioningConfiguration",
    "LoggingConfiguration",
    "EnableKeyRotation",
];

/// What checkov finds in the templates of a folder and of those below it.
fn checked(environment: &Environment, folder: &Path) -> Value {
    let mut command = environment.program("python");
    let checkov =
        ["-m", "checkov.main", "--framework", "cloudformation", "--skip-download", "--soft-fail", "-o", "json"];
    let found = python::json(command.args(checkov).arg("-d").arg(folder));
    assert_eq!(found["summary"]["parsing_errors"], 0, "{found}");
    found["results"].clone()
}

/// The rules, with the resources that they are about.
fn rules(of: &Value) -> BTreeSet<(String, String)> {
    let checks = of.as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    checks.map(|check| (text(&check["check_id"]), text(&check["resource"]))).collect()
}

/// Fails unless every rule is met, or left out with a reason in the template.
fn is_fine(found: &Value) {
    assert_eq!(rules(&found["failed_checks"]), BTreeSet::new());
    for skipped in found["skipped_checks"].as_array().expect("a list") {
        let reason = skipped["check_result"]["suppress_comment"].as_str().unwrap_or_default();
        assert!(reason.split(' ').count() > 3, "{} of {}: {reason}", skipped["check_id"], skipped["resource"]);
    }
    let met: BTreeSet<String> = rules(&found["passed_checks"]).into_iter().map(|(rule, _)| rule).collect();
    for (rule, what) in MET {
        assert!(met.contains(rule), "nothing is said about {rule}: {what}");
    }
}

#[test]
fn every_template_meets_checkovs_rules_or_says_why_not() {
    let Some(environment) = with_checkov() else { return };
    is_fine(&checked(environment, &template_examples::folder("checkov")));
}

#[test]
fn what_is_rendered_of_every_blueprint_meets_checkovs_rules_or_says_why_not() {
    let Some(environment) = with_checkov() else { return };
    let templates = rendered::templates(&rendered::blueprints("checkov-rendered", Regions::Own));
    is_fine(&checked(environment, folder_of_all(&templates)));
}

/// The folder that the blueprints' folders are in.
fn folder_of_all(templates: &[PathBuf]) -> &Path {
    templates[0].ancestors().nth(3).expect("folder/blueprint/stacks/file")
}

#[test]
fn checkov_finds_a_bucket_that_is_open_and_plain_and_unwatched() {
    let Some(environment) = with_checkov() else { return };
    let template = template_examples::rendered("log-archive", &json!({}));
    let weaker: Vec<&str> = template.lines().filter(|line| !MUST_STAY.iter().any(|part| line.contains(part))).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkov-weaker");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    fs::write(folder.join("log-archive.yaml"), weaker.join("\n")).expect("the target folder can be written");
    let failed = rules(&checked(environment, &folder)["failed_checks"]);
    for rule in ["CKV_AWS_7", "CKV_AWS_18", "CKV_AWS_21", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"] {
        assert!(failed.iter().any(|(found, _)| found == rule), "{rule} is not among {failed:?}");
    }
}
