//! The workflows for CI systems, with the action and the component that they use.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::repository;
use super::shell::Shell;

const JOBS: [&str; 3] = ["plan", "apply", "drift"];

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("a workflow is YAML")
}

/// The steps or commands that every job has.
fn list<'a>(job: &'a Value, key: &str) -> &'a [Value] {
    job[key].as_array().expect("a job has steps")
}

/// Runs commands after one another: after an apply, nothing drifts.
fn run(commands: impl Iterator<Item = String>) {
    let mut shell = Shell::in_folder(Path::new("examples/split"));
    for command in commands {
        shell.done(&command);
    }
    assert!(shell.done("landing drift").contains("No drift"));
}

/// A step of the workflow as a command; none where it is another action, or installs landing.
fn command_of(step: &Value) -> Option<String> {
    const OUTPUTS: &str = "touch ~/outputs; PLAN_SHA256=$(sed -n 's/^plan-sha256=//p' ~/outputs)";
    if let Some(command) = step["run"].as_str() {
        return Some(format!("{OUTPUTS} && {command}"));
    }
    let is_ours = step["uses"].as_str().is_some_and(|uses| uses.contains("/landing@"));
    (is_ours && step["with"]["command"] != "install").then(|| action(&step["with"]))
}

/// What the action runs for the inputs of a step.
fn action(inputs: &Value) -> String {
    let input = |name: &str| inputs[name].as_str().unwrap_or_default().to_owned();
    format!(
        "RUNNER_TEMP=~ GITHUB_OUTPUT=~/outputs INPUT_COMMAND='{}' INPUT_PLAN_FILE='{}' bash '{}' && \
         CODE=$(sed -n 's/^exit-code=//p' ~/outputs | tail -n 1) bash '{}'",
        input("command"),
        input("plan-file"),
        repository().join("ci/github/run.sh").display(),
        repository().join("ci/github/verdict.sh").display()
    )
}

#[test]
fn every_command_of_the_workflow_for_github_runs() {
    let jobs = &yaml(&read("examples/ci/github.yml"))["jobs"];
    run(JOBS.iter().flat_map(|job| list(&jobs[job], "steps")).filter_map(command_of));
}

/// Installing landing, signing in and commenting are left out.
#[test]
fn every_command_of_the_component_for_gitlab_runs() {
    let component = read("ci/gitlab/templates/landing.yml");
    let (head, jobs) = component.split_once("\n---\n").expect("a component has two documents");
    let blueprint = &yaml(head)["spec"]["inputs"]["blueprint"]["default"];
    let blueprint = blueprint.as_str().expect("the blueprint has a default");
    let jobs = yaml(jobs);
    let commands = JOBS.iter().flat_map(|job| list(&jobs[job], "script")).filter_map(Value::as_str);
    run(commands.map(|command| format!("LANDING_BLUEPRINT={blueprint}; touch plan.env && . ./plan.env && {command}")));
}

#[test]
fn the_example_for_gitlab_gives_the_component_what_it_requires() {
    let component = read("ci/gitlab/templates/landing.yml");
    let (head, _) = component.split_once("\n---\n").expect("a component has two documents");
    let head = yaml(head);
    let inputs = head["spec"]["inputs"].as_object().expect("a component has inputs");
    let given = yaml(&read("examples/ci/gitlab.yml"))["include"][0]["inputs"].clone();
    let given = given.as_object().expect("the example gives inputs");
    let required = inputs.iter().filter(|(_, input)| input.get("default").is_none()).map(|(name, _)| name);
    assert_eq!(required.collect::<Vec<_>>(), given.keys().collect::<Vec<_>>());
}
