//! The workflow for GitHub Actions.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::repository;
use super::shell::Shell;

#[test]
fn every_command_of_the_workflow_runs() {
    let text = fs::read_to_string(repository().join("examples/ci/landing-zone.yml")).expect("there is a workflow");
    let workflow: Value = serde_yaml::from_str(&text).expect("a workflow is YAML");
    let mut shell = Shell::in_folder(Path::new("examples/split"));
    let mut count = 0;
    for job in ["plan", "apply"] {
        let steps = workflow["jobs"][job]["steps"].as_array().expect("a job has steps");
        for command in steps.iter().filter_map(|step| step["run"].as_str()) {
            shell.done(command);
            count += 1;
        }
    }
    assert!(count > 2, "only {count} commands were found");
    assert!(shell.done("landing plan --detailed-exitcode").contains("Nothing to do"));
}
