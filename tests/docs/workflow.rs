//! The workflows for CI systems.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::repository;
use super::shell::Shell;

const JOBS: [&str; 3] = ["plan", "apply", "drift"];

fn workflow(name: &str) -> Value {
    let text = fs::read_to_string(repository().join("examples/ci").join(name)).expect("there is a workflow");
    serde_yaml::from_str(&text).expect("a workflow is YAML")
}

/// The lists of a workflow's steps, which every job has.
fn steps<'a>(job: &'a Value, key: &str) -> &'a [Value] {
    job[key].as_array().expect("a job has steps")
}

/// Runs the jobs' commands after one another: after an apply, nothing drifts.
fn run<'a>(commands: impl Iterator<Item = &'a str>) {
    let mut shell = Shell::in_folder(Path::new("examples/split"));
    let mut verbs = Vec::new();
    for command in commands {
        shell.done(command);
        verbs.extend(command.strip_prefix("landing ").and_then(|rest| rest.split(' ').next()));
    }
    assert_eq!(verbs, ["validate", "plan", "apply", "drift"]);
    assert!(shell.done("landing drift").contains("No drift"));
}

#[test]
fn every_command_of_the_workflow_for_github_runs() {
    let jobs = &workflow("github.yml")["jobs"];
    run(JOBS.iter().flat_map(|job| steps(&jobs[job], "steps")).filter_map(|step| step["run"].as_str()));
}

/// What signs in and comments is not landing's.
#[test]
fn every_command_of_the_pipeline_for_gitlab_runs() {
    let jobs = workflow("gitlab.yml");
    run(JOBS.iter().flat_map(|job| steps(&jobs[job], "script")).filter_map(Value::as_str));
}
