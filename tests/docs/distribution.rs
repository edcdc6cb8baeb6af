//! What builds, releases and installs landing, as files: workflows, the action, the component, hooks, forms, scripts.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex_lite::Regex;
use serde_json::Value;

use super::commands::commands;
use super::{files_below, repository};

/// A file of the repository, from its top.
struct File {
    path: PathBuf,
    text: String,
}

/// Every file that this is about.
fn files() -> Vec<File> {
    let folders = [".github", "ci", "examples/ci"].into_iter().flat_map(|it| files_below(&repository().join(it)));
    let single = ["action.yml", ".pre-commit-hooks.yaml", "Dockerfile", "SECURITY.md", "docs/install.md"];
    let all = folders.chain(single.map(|file| repository().join(file)));
    all.map(|path| File {
        text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        path: path.strip_prefix(repository()).expect("it is in the repository").to_owned(),
    })
    .collect()
}

fn with_extension(extensions: &[&str]) -> Vec<File> {
    let has = |file: &File| file.path.extension().is_some_and(|own| extensions.iter().any(|it| own == *it));
    files().into_iter().filter(has).collect()
}

/// The documents of every YAML file; a component has two.
fn documents() -> Vec<(PathBuf, Value)> {
    with_extension(&["yml", "yaml"]).iter().flat_map(documents_of).collect()
}

fn documents_of(file: &File) -> Vec<(PathBuf, Value)> {
    file.text.split("\n---\n").map(|text| (file.path.clone(), parsed(file, text))).collect()
}

fn parsed(file: &File, text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", file.path.display()))
}

/// The texts in a document that shells run: under `run`, `script` and its like, and `entry` of hooks.
fn scripts(document: &Value) -> Vec<&str> {
    const RUN: [&str; 5] = ["run", "script", "before_script", "after_script", "entry"];
    match document {
        Value::Object(map) => {
            let own = map.iter().filter(|(key, _)| RUN.contains(&key.as_str())).flat_map(|(_, value)| texts(value));
            own.chain(map.values().flat_map(scripts)).collect()
        }
        Value::Array(items) => items.iter().flat_map(scripts).collect(),
        _ => Vec::new(),
    }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map_or_else(|| value.as_str().into_iter().collect(), |it| it.iter().flat_map(texts).collect())
}

#[test]
fn every_action_is_pinned_by_its_commit_and_landings_own_by_its_version() {
    let uses = Regex::new(r"(?m)uses: +(\S+)(.*)$").expect("a valid pattern");
    let pinned = Regex::new(r"^[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}$").expect("a valid pattern");
    let version = Regex::new(r"^ # v\d+\.\d+\.\d+$").expect("a valid pattern");
    let own = format!("{}/landing@v{}", owner(), env!("CARGO_PKG_VERSION"));
    let mut found = 0;
    for file in with_extension(&["yml", "yaml", "md"]) {
        for step in uses.captures_iter(&file.text) {
            let (action, comment) = (&step[1], &step[2]);
            let is_pinned = pinned.is_match(action) && version.is_match(comment);
            assert!(is_pinned || action == own, "{}: {}", file.path.display(), &step[0]);
            found += 1;
        }
    }
    assert!(found > 20, "{found} actions");
}

#[test]
fn values_come_into_scripts_by_the_environment_alone() {
    for (path, document) in documents() {
        for script in scripts(&document) {
            assert!(!script.contains("${{") && !script.contains("$[["), "{}: {script}", path.display());
        }
    }
}

#[test]
fn every_command_of_landing_in_scripts_and_pages_exists() {
    let known = commands();
    let command =
        Regex::new(r#"(?m)(?:^|[;&|(`]|run )\s*(?:"[^"\n]*/)?landing"?[ ]([a-z]+)"#).expect("a valid pattern");
    let documents = documents();
    let in_yaml = documents.iter().flat_map(|(_, document)| scripts(document)).map(str::to_owned);
    let files = with_extension(&["sh", "md"]).into_iter().filter(|file| file.path != Path::new("SECURITY.md"));
    let in_files = files.map(|file| without_comments(&file.text));
    let mut found = BTreeSet::new();
    for text in in_yaml.chain(in_files) {
        for named in command.captures_iter(&text) {
            assert!(known.contains(&named[1]), "no command `{}`:\n{text}", &named[1]);
            found.insert(named[1].to_owned());
        }
    }
    let expected = ["apply", "drift", "lint", "plan", "schema", "validate"];
    assert!(expected.iter().all(|command| found.contains(*command)), "{found:?}");
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn shell_scripts_are_valid() {
    let scripts = with_extension(&["sh"]);
    assert!(scripts.len() > 10);
    for script in scripts {
        let path = repository().join(&script.path);
        let shell = if script.text.starts_with("#!/bin/sh") { "sh" } else { "bash" };
        let checked = Command::new(shell).arg("-n").arg(&path).status().expect("a shell can be started");
        assert!(checked.success(), "{}", script.path.display());
        let is_program = script.text.starts_with("#!");
        let mode = fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o111 != 0, is_program, "{}: the mode of a program", script.path.display());
    }
}

/// Who publishes landing, as Cargo.toml says.
fn owner() -> &'static str {
    let repository = env!("CARGO_PKG_REPOSITORY");
    repository.strip_prefix("https://github.com/").and_then(|rest| rest.strip_suffix("/landing")).expect("on GitHub")
}

#[test]
fn the_repository_is_that_of_cargo_toml_everywhere() {
    let named = Regex::new(
        r"(?:github(?:usercontent)?\.com/|@)([\w-]+)/(?:landing\b|tap\b|maintainers|release-managers)|(?:uses: +|--repo |LANDING_VERIFY=)([\w-]+)/landing\b",
    )
    .expect("a valid pattern");
    let mut found = 0;
    for file in files() {
        for name in named.captures_iter(&file.text) {
            let name = name.get(1).or(name.get(2)).expect("one of the two matched").as_str();
            assert!(name == owner(), "{}: {name}", file.path.display());
            found += 1;
        }
    }
    assert!(found > 20, "{found} mentions");
}

#[test]
fn versions_are_that_of_cargo_toml_everywhere() {
    let version =
        Regex::new(r#"(?m)(?:landing@v?|rev: v|landing/v|default: ")(\d+\.\d+\.\d+)"#).expect("a valid pattern");
    let mut found = 0;
    for file in with_extension(&["yml", "md"]) {
        for number in version.captures_iter(&file.text) {
            assert_eq!(&number[1], env!("CARGO_PKG_VERSION"), "{}", file.path.display());
            found += 1;
        }
    }
    assert!(found > 5, "{found} versions");
}

fn yaml(path: &str) -> Value {
    let text = fs::read_to_string(repository().join(path)).expect("it can be read");
    serde_yaml::from_str(text.split("\n---\n").next().expect("a first document")).expect("it is YAML")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("a map").keys().map(String::as_str).collect()
}

#[test]
fn the_page_lists_what_the_action_and_the_component_take_and_give() {
    let page = fs::read_to_string(repository().join("docs/install.md")).expect("it can be read");
    let rows: String = page.lines().filter(|line| line.starts_with("| `")).collect();
    let (action, component) = (yaml("action.yml"), yaml("ci/gitlab/templates/landing.yml"));
    let all = [&action["inputs"], &action["outputs"], &component["spec"]["inputs"]];
    for name in all.into_iter().flat_map(keys) {
        assert!(rows.contains(&format!("`{name}`")), "docs/install.md does not list `{name}`");
    }
}

#[test]
fn the_action_gives_its_scripts_what_they_read() {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_array().expect("an action has steps");
    let given: BTreeSet<&str> =
        steps.iter().flat_map(|step| step["env"].as_object()).flatten().map(|(name, _)| name.as_str()).collect();
    let read = Regex::new(r"\$\{?(INPUT_[A-Z_]+)").expect("a valid pattern");
    for file in files_below(&repository().join("ci/github")) {
        let text = fs::read_to_string(&file).expect("it can be read");
        for name in read.captures_iter(&text) {
            assert!(given.contains(&name[1]), "{}: {} is not given", file.display(), &name[1]);
        }
    }
}
