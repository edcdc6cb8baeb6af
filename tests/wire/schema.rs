//! The JSON Schema of blueprints, compared by an independent validator with what the program itself accepts and refuses.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use landing::sections::{builtin, declare_text, schema};
use landing_blueprint::Severity;
use serde_json::{Value, json};

use super::landing::file;
use super::python::{Environment, environment};

/// Documents by name.
type Documents = BTreeMap<String, String>;

/// What the validator says against each document, with the place.
pub fn mistakes(environment: &Environment, schema: &Value, documents: &Documents) -> BTreeMap<String, Vec<String>> {
    let mut command = environment.script("schema.py");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python can be started");
    let mut pipe = child.stdin.take().expect("it is piped");
    pipe.write_all(json!({"schema": schema, "documents": documents}).to_string().as_bytes()).expect("it reads");
    drop(pipe);
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "schema.py failed");
    let found: BTreeMap<String, Vec<Value>> = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let said = |it: Value| format!("{}: {}", it["at"].as_str().unwrap_or(""), it["message"].as_str().unwrap_or(""));
    found.into_iter().map(|(name, all)| (name, all.into_iter().map(said).collect())).collect()
}

/// Every whole blueprint in the repository: built in, an example, in a page, or of a test.
fn blueprints() -> Documents {
    let mut all: Documents = builtin::list().iter().map(|it| (it.name.to_owned(), it.files[0].1.to_owned())).collect();
    for path in files(&["examples", "tests", "docs"], &["yaml", "md"]).into_iter().chain([file("README.md")]) {
        let text = fs::read_to_string(&path).expect("it is UTF-8 text");
        let texts = if path.extension().is_some_and(|it| it == "md") { blocks(&text) } else { vec![text] };
        let has = |text: &str, start: &str| text.lines().any(|line| line.starts_with(start));
        let whole = texts.into_iter().filter(|text| has(text, "version: 1") && has(text, "name:"));
        all.extend(whole.enumerate().map(|(nth, text)| (format!("{} {nth}", path.display()), text)));
    }
    all
}

/// The blocks of YAML in a page, but those that are a part of some file.
fn blocks(page: &str) -> Vec<String> {
    let fenced = page.split("\n```yaml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    fenced.filter(|text| !text.starts_with("# ")).map(|text| format!("{text}\n")).collect()
}

fn files(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| file(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the repository can be read").flatten() {
            let path = entry.path();
            let is_wanted =
                |path: &Path| path.extension().and_then(|it| it.to_str()).is_some_and(|it| extensions.contains(&it));
            if path.is_dir() {
                open.push(path);
            } else if is_wanted(&path) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_blueprint_of_the_repository_is_valid_by_the_schema() {
    let Some(environment) = environment() else { return };
    let all = blueprints();
    assert!(all.len() > 25, "{}", all.len());
    let wrong = mistakes(environment, &schema(), &all);
    let wrong: Vec<_> = wrong.into_iter().filter(|(_, found)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Blueprints without their beginning, each with one mistake.
const WRONG: &str = include_str!("schema/wrong.yaml");
/// The same, right in ways that are easily forgotten.
const RIGHT: &str = include_str!("schema/right.yaml");

/// The documents of a file, each after a line `---`, as whole blueprints.
fn documents(text: &str) -> Documents {
    let begun = |part: &str| {
        if part.contains("version:") { part.to_owned() } else { format!("version: 1\nname: example\n{part}") }
    };
    text.split("---\n").filter(|part| !part.trim().is_empty()).map(|part| (part.to_owned(), begun(part))).collect()
}

#[test]
fn what_the_program_refuses_the_schema_refuses() {
    let Some(environment) = environment() else { return };
    let wrong = documents(WRONG);
    let taken: Vec<&String> = wrong.values().filter(|text| declare_text("landing.yaml", text).is_ok()).collect();
    assert!(wrong.len() > 60 && taken.is_empty(), "the program takes {taken:#?}");
    let found = mistakes(environment, &schema(), &wrong);
    let passed: Vec<_> = found.iter().filter(|(_, found)| found.is_empty()).map(|(text, _)| text).collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn what_the_program_takes_the_schema_takes() {
    let Some(environment) = environment() else { return };
    let right = documents(RIGHT);
    for text in right.values() {
        let failed = declare_text("landing.yaml", text).err();
        let said = failed.map(|failed| failed.diagnostics.render(&failed.sources, false, 120));
        assert!(said.is_none(), "{text}\n{}", said.unwrap_or_default());
    }
    let found = mistakes(environment, &schema(), &right);
    let refused: Vec<_> = found.iter().filter(|(_, found)| !found.is_empty()).collect();
    assert!(right.len() > 20 && refused.is_empty(), "{refused:#?}");
}

/// The mistakes of the checker, which sees nothing but the form of each value.
const OF_FORM: [&str; 7] = ["unknown-key", "type", "missing-key", "length", "range", "pattern", "invalid"];

#[test]
fn a_changed_blueprint_is_valid_by_the_schema_where_it_is_valid() {
    let Some(environment) = environment() else { return };
    let mut taken = Documents::new();
    let mut refused = Documents::new();
    for (name, every) in [("minimal", 2), ("startup", 16)] {
        let text = builtin::files(name).expect("it is built in")[0].1;
        for (nth, text) in changes(text).into_iter().enumerate().filter(|(nth, _)| nth % every == 0) {
            match declare_text("landing.yaml", &text) {
                Ok(_) => drop(taken.insert(format!("{nth}\n{text}"), text)),
                Err(failed) => {
                    let mut errors = failed.diagnostics.iter().filter(|it| it.severity == Severity::Error);
                    if errors.any(|it| OF_FORM.contains(&it.code)) {
                        refused.insert(format!("{nth}\n{text}"), text);
                    }
                }
            }
        }
    }
    assert!(taken.len() > 20 && refused.len() > 40, "{} {}", taken.len(), refused.len());
    let wrongly_refused = mistakes(environment, &schema(), &taken).into_iter().find(|(_, found)| !found.is_empty());
    assert!(wrongly_refused.is_none(), "{}", format!("{wrongly_refused:?}").replace("\\n", "\n"));
    let wrongly_taken = mistakes(environment, &schema(), &refused).into_iter().find(|(_, found)| found.is_empty());
    assert!(wrongly_taken.is_none(), "{}", format!("{wrongly_taken:?}").replace("\\n", "\n"));
}

/// The blueprint with each of its values replaced by others, left out, or under another key.
fn changes(text: &str) -> Vec<String> {
    let whole: Value = serde_yaml::from_str(text).expect("a built-in blueprint is YAML");
    let mut pointers = Vec::new();
    below(&whole, String::new(), &mut pointers);
    let others = [json!(null), json!(["x"]), json!("zzz"), json!(-1), json!({"x": "y"}), json!(true), json!([])];
    let mut all = Vec::new();
    for pointer in &pointers {
        for other in &others {
            let mut changed = whole.clone();
            *changed.pointer_mut(pointer).expect("it was found there") = other.clone();
            all.push(changed);
        }
        all.extend(without(&whole, pointer));
    }
    all.iter().map(|value| serde_yaml::to_string(value).expect("JSON is YAML")).collect()
}

/// The whole without a value, and with it under an unknown key.
fn without(whole: &Value, pointer: &str) -> Vec<Value> {
    let (parent, key) = pointer.rsplit_once('/').expect("pointers begin with a slash");
    let key = key.replace("~1", "/").replace("~0", "~");
    let mut changed = whole.clone();
    let Some(Value::Object(members)) = changed.pointer_mut(parent) else { return Vec::new() };
    let Some(value) = members.shift_remove(&key) else { return Vec::new() };
    let removed = Value::clone(&changed);
    if let Some(Value::Object(members)) = changed.pointer_mut(parent) {
        members.insert(format!("{key}x"), value);
    }
    vec![removed, changed]
}

fn below(value: &Value, pointer: String, found: &mut Vec<String>) {
    let step = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inner)| {
            found.push(step(key));
            below(inner, step(key), found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(nth, inner)| {
            found.push(step(&nth.to_string()));
            below(inner, step(&nth.to_string()), found);
        }),
        _ => {}
    }
}
