//! What an editor offers in a blueprint: yaml-language-server from npm, the server of VS Code's and other editors' YAML
//! extensions, with the files that `landing init` writes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use landing::sections::{SCHEMA_FILE, schema_text, with_schema_line};
use serde_json::{Value, json};

use super::landing::file;
use super::{npm, python};

const PACKAGE: &str = "yaml-language-server@1.25.0";

/// The server; `None` where the user leaves these tests out, or npm is absent outside of CI.
fn server() -> Option<&'static PathBuf> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    if python::are_left_out() {
        return None;
    }
    let installed = INSTALLED.get_or_init(|| npm::required("yaml-language-server", PACKAGE));
    installed.as_ref()
}

/// A document whose cursor is at `¦`, and what is asked there.
struct Question {
    text: String,
    method: &'static str,
    line: usize,
    character: usize,
}

impl Question {
    fn new(method: &'static str, marked: &str) -> Question {
        let marked = with_schema_line(&format!("version: 1\nname: example\n{marked}"));
        let before = marked.split('¦').next().unwrap_or_default();
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap_or_default().chars().count();
        Question { text: marked.replace('¦', ""), method, line, character }
    }
}

/// The answers of one server to all questions.
fn answers(server: &Path, questions: &[Question]) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    fs::write(folder.join(SCHEMA_FILE), schema_text()).expect("the target folder can be written");
    let uri = |nth: usize| format!("file://{}/{nth}.yaml", folder.display());
    let documents = questions.iter().enumerate().map(|(nth, it)| json!({"uri": uri(nth), "text": it.text}));
    let asked = questions
        .iter()
        .enumerate()
        .map(|(nth, it)| json!({"uri": uri(nth), "method": it.method, "line": it.line, "character": it.character}));
    let input = json!({
        "server": server.join("node_modules/yaml-language-server/bin/yaml-language-server"),
        "documents": documents.collect::<Vec<_>>(),
        "questions": asked.collect::<Vec<_>>(),
    });
    let mut node = Command::new("node")
        .arg(file("tests/wire/editor.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is there where npm is");
    let mut pipe = node.stdin.take().expect("it is piped");
    pipe.write_all(input.to_string().as_bytes()).expect("node reads its input");
    drop(pipe);
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "node editor.mjs failed");
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// A place in a blueprint, and what must be offered there.
const COMPLETIONS: [(&str, &[&str]); 14] = [
    ("¦", &["organizational_units", "stacks", "identity"]),
    ("organization:\n  ¦", &["home_region", "regions", "trusted_access"]),
    ("organization:\n  home_region: ¦", &["eu-west-1", "us-gov-west-1"]),
    ("organization:\n  trusted_access:\n    - ¦", &["cloudtrail.amazonaws.com"]),
    ("guardrails:\n  - ¦", &["region-restriction", "no-root-user", "mandatory"]),
    ("guardrails:\n  - region-restriction:\n      ¦", &["exempt_roles", "regions", "except"]),
    ("organizational_units:\n  Workloads:\n    ¦", &["accounts", "guardrails"]),
    ("accounts:\n  - name: shop\n    state: ¦", &["open", "closed"]),
    ("stacks:\n  ¦", &["log-archive", "organization-trail"]),
    ("stacks:\n  log-archive:\n    in: [management]\n    parameters:\n      ¦", &["retain_days", "object_lock"]),
    ("stacks:\n  mine:\n    template: ¦", &["log-archive", "budget"]),
    ("policies:\n  mine:\n    type: ¦", &["rcp", "tag-policy"]),
    ("identity:\n  permission_sets:\n    - ¦", &["read-only", "administrator"]),
    ("identity:\n  permission_sets:\n    ops:\n      managed_policies:\n        - ¦", &["ReadOnlyAccess"]),
];

/// A place, and a part of the text that hovering over it shows.
const HOVERS: [(&str, &str); 4] = [
    ("organi¦zation:\n  home_region: eu-west-1", "The organization as a whole"),
    ("guardrails:\n  - no-root¦-user", "(strongly-recommended, preventive: SCP)"),
    ("organization:\n  home_region: eu-south¦-1", "each account must opt in to it"),
    (
        "stacks:\n  log-archive:\n    in: [management]\n    parameters:\n      retain¦_days: 30",
        "Days after which logs are deleted",
    ),
];

/// A blueprint, and the line of its only mistake, counted from 0; none where it is right.
const DIAGNOSTICS: [(&str, Option<u64>); 4] = [
    ("organization:\n  home_region: eu-west-1\nguardrails: [mandatory]\n¦", None),
    ("organization:\n  home_region: us-eats-1\n¦", Some(4)),
    ("guardrails:\n  - no-rot-user\n¦", Some(4)),
    ("accounts:\n  - name: a\n    emial: a@example.com\n¦", Some(5)),
];

#[test]
fn editors_complete_and_explain_blueprints() {
    let Some(server) = server() else { return };
    let completions = COMPLETIONS.iter().map(|(text, _)| Question::new("completion", text));
    let hovers = HOVERS.iter().map(|(text, _)| Question::new("hover", text));
    let diagnostics = DIAGNOSTICS.iter().map(|(text, _)| Question::new("diagnostics", text));
    let questions: Vec<Question> = completions.chain(hovers).chain(diagnostics).collect();
    let mut answers = answers(server, &questions).into_iter();
    for ((text, expected), answer) in COMPLETIONS.iter().zip(answers.by_ref()) {
        let items = answer["items"].as_array().or(answer.as_array()).cloned().unwrap_or_default();
        let labels: Vec<&str> = items.iter().filter_map(|item| item["label"].as_str()).collect();
        let missing: Vec<&&str> = expected.iter().filter(|label| !labels.contains(label)).collect();
        assert!(missing.is_empty(), "{text}\nlacks {missing:?}: {labels:?}");
    }
    for ((text, expected), answer) in HOVERS.iter().zip(answers.by_ref()) {
        let said = answer["contents"]["value"].as_str().unwrap_or_default();
        assert!(said.contains(expected), "{text}\n{said}");
    }
    for ((text, expected), answer) in DIAGNOSTICS.iter().zip(answers.by_ref()) {
        let found = answer.as_array().cloned().unwrap_or_default();
        let lines: Vec<u64> = found.iter().filter_map(|it| it["range"]["start"]["line"].as_u64()).collect();
        assert_eq!(lines, expected.iter().copied().collect::<Vec<u64>>(), "{text}\n{found:#?}");
    }
}
