//! AWS's own linter, which knows the schemas of all resource types in every region.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use landing::template::stacks;
use landing_cloudformation::{create_only, parse};
use serde_json::{Value, json};

use super::python::{Environment, environment, json as json_of};
use super::rendered::{self, GOVCLOUD, Regions};
use super::template_examples::{examples, folder, rendered};

/// Regions of every partition that has these services.
const REGIONS: [&str; 5] = ["us-east-1", "eu-west-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1"];

/// CloudFormation makes no budgets in GovCloud, whose costs are those of an account outside of it. Control Tower is not in
/// China. Hooks are configured by a template in neither.
const PARTLY: [(&str, &[&str]); 3] =
    [("budget", &["us-gov-"]), ("control-tower-controls", &["cn-"]), ("proactive-controls", &["us-gov-", "cn-"])];

fn is_in(region: &str, partitions: &[&str]) -> bool {
    partitions.iter().any(|partition| region.starts_with(partition))
}

/// What cfn-lint says of the files, in all of these regions.
fn lint(environment: &Environment, files: &[PathBuf], regions: &[impl AsRef<str>]) -> Output {
    environment
        .program("cfn-lint")
        .args(files)
        .arg("--regions")
        .args(regions.iter().map(AsRef::as_ref))
        .args(["--non-zero-exit-code", "informational", "--include-checks", "I"])
        .stdin(Stdio::null())
        .output()
        .expect("cfn-lint can be started")
}

/// Neither an error nor a warning nor a remark.
fn finds_nothing(environment: &Environment, files: &[PathBuf], regions: &[impl AsRef<str>]) {
    let output = lint(environment, files, regions);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn the_linter_finds_nothing_in_any_template_in_any_region() {
    let Some(environment) = environment() else { return };
    let tried = examples();
    assert!(stacks().all(|template| tried.iter().any(|(name, ..)| *name == template.name)));
    let folder = folder("cfn-lint");
    let elsewhere = |partitions| REGIONS.into_iter().filter(|region| !is_in(region, partitions)).collect();
    let everywhere =
        stacks().map(|template| template.name).filter(|name| PARTLY.iter().all(|(partly, _)| partly != name));
    let mut runs: Vec<(Vec<&str>, Vec<&str>)> = vec![(REGIONS.to_vec(), everywhere.collect())];
    runs.extend(PARTLY.map(|(name, partitions)| (elsewhere(partitions), vec![name])));
    for (regions, names) in runs {
        let shown = examples().into_iter().filter(|(name, ..)| names.contains(name));
        let files = shown.map(|(name, example, _)| folder.join(format!("{name}-{example}.yaml")));
        finds_nothing(environment, &files.collect::<Vec<_>>(), &regions);
    }
}

#[test]
fn the_linter_finds_nothing_in_what_is_rendered_of_any_blueprint_in_any_region_that_it_governs() {
    let Some(environment) = environment() else { return };
    let rendered = rendered::blueprints("cfn-lint-rendered", Regions::Own);
    let mut governed: Vec<String> = rendered.iter().flat_map(|rendered| rendered.governed.clone()).collect();
    governed.sort();
    governed.dedup();
    assert!(governed.len() > 2, "{governed:?}");
    finds_nothing(environment, &rendered::templates(&rendered), &governed);
}

#[test]
fn the_linter_finds_nothing_in_what_is_rendered_of_any_blueprint_in_govcloud_or_in_china() {
    let Some(environment) = environment() else { return };
    let govcloud = rendered::blueprints("cfn-lint-govcloud", GOVCLOUD);
    let china = rendered::as_in_china(&govcloud, "cfn-lint-china");
    for rendered in [govcloud, china] {
        let governed = &rendered[0].governed;
        let is_there = |path: &PathBuf| {
            let not_there = |(name, partitions): &(&str, &[&str])| {
                path.ends_with(format!("{name}.json")) && is_in(&governed[0], partitions)
            };
            !PARTLY.iter().any(not_there)
        };
        let files: Vec<PathBuf> = rendered::templates(&rendered).into_iter().filter(is_there).collect();
        finds_nothing(environment, &files, governed);
    }
}

/// The linter has the schema of every resource type that is rendered.
#[test]
fn the_linter_finds_a_property_that_no_resource_has_in_each_resource() {
    let Some(environment) = environment() else { return };
    let rendered = rendered::blueprints("cfn-lint-wrong", Regions::Own);
    let files = rendered::templates(&rendered);
    let wrong: BTreeSet<String> = files.iter().flat_map(|file| misspell(file)).collect();
    assert!(wrong.len() > 100, "{wrong:?}");
    let mut command = environment.program("cfn-lint");
    let output = command.args(&files).args(["--regions", "us-east-1", "--format", "json"]).output();
    let found: Value = serde_json::from_slice(&output.expect("cfn-lint can be started").stdout).expect("it is JSON");
    let found = found.as_array().expect("a list").iter().filter(|found| found["Rule"]["Id"] == "E3002");
    let place = |found: &Value| format!("{} {}", found["Filename"], found["Location"]["Path"][1]);
    assert_eq!(found.map(place).collect::<BTreeSet<_>>(), wrong);
}

/// Gives each resource of a template a property that none has; the file and the resource's name.
fn misspell(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("it is there");
    let mut template: Value = serde_json::from_str(&text).expect("a template is rendered as JSON");
    let resources = template["Resources"].as_object_mut().expect("a template has resources");
    for resource in resources.values_mut() {
        resource["Properties"]["NoSuchProperty"] = json!("");
    }
    let wrong = resources.keys().map(|name| format!("{} {}", json!(file), json!(name))).collect();
    fs::write(file, template.to_string()).expect("the target folder can be written");
    wrong
}

#[test]
fn what_replaces_a_resource_is_what_its_schema_says() {
    let Some(environment) = environment() else { return };
    let mut types: Vec<String> =
        examples().iter().flat_map(|(name, _, given)| types_of(&rendered(name, given))).collect();
    types.sort();
    types.dedup();
    assert!(types.len() > 15, "{types:?}");
    let schemas = json_of(environment.script("create_only.py").args(&types));
    for resource_type in &types {
        let known = create_only(resource_type).unwrap_or_else(|| panic!("{resource_type} is not known"));
        assert_eq!(json!(known), schemas[resource_type], "{resource_type}");
    }
}

fn types_of(text: &str) -> Vec<String> {
    let template = parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    let resources = template["Resources"].as_object().expect("a template has resources");
    resources.values().map(|resource| resource["Type"].as_str().expect("a resource has a type").to_owned()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
