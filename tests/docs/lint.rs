//! `docs/reference/lint.md`, written from the codes of findings and the table of cases that tests hold `lint` to.

use std::fmt::Write;

use landing_policy::{Code, Finding, OrganizationContext, PolicyType, ProblemCode, lint};
use serde_json::{Value, json};
use snapbox::{Data, assert_data_eq};

use super::repository;

const CASES: &str = include_str!("../../crates/policy/tests/policy/lint.json");

/// Codes that need more than one policy, or a very long one, to be shown.
const WITHOUT_EXAMPLE: [Code; 5] =
    [Code::NearlyFull, Code::Oversized, Code::AllowListGap, Code::TooManyPolicies, Code::NoPlaceLeft];

const HEAD: &str = "# Findings of lint

This page is written by `tests/docs/lint.rs` from `crates/policy/src/lint/code.rs` and the cases in `crates/policy/tests/policy/lint.json`:
change those instead.

`landing lint` checks a blueprint with all policies that it makes, or policies in JSON files, and needs no AWS. It
exits with 2 if it finds errors or warnings, with 0 if it finds none or only notes. `--format json` and `--format sarif`
give the place of each finding and, as `fix`, the text to write instead where that is mechanical.

## What is checked

- A **blueprint** (`.yaml`, or a folder with a `landing.yaml`): every policy, written there, in a file or made by a
  template, by the organization's own quotas; and for every unit and account with policies the path from the root down.
  A finding is where the statement is written, in a template's case where the policy is named.
- A **JSON file** with one policy, or with the levels of a path as `landing simulate --policies` takes them (SCPs, and
  under `rcpLevels` RCPs).

## Which type a policy has

In a blueprint its `type` says it; for a JSON file `--type` does (`scp`, `rcp`, `tag-policy` and so on); without it

- a document without statements is a management policy, of the type to which the key at its top belongs (`tags`,
  `plans` …) or one that this key resembles;
- one with statements is a service or a resource control policy: the one with fewer mistakes. One `Allow` among
  statements with a `Principal` is the one mistake of an RCP. Statements about services alone that RCPs do not reach
  count against an RCP. With as many mistakes of either type, it is an RCP if every statement denies something to a
  `Principal`, else an SCP.

## What AWS refuses

All of these are errors.

| code | |
|---|---|
| `syntax` | A file that is not JSON. |
";

#[test]
fn the_page_on_lint_says_what_the_codes_say() {
    let page = Data::read_from(&repository().join("docs/reference/lint.md"), None).raw();
    assert_data_eq!(page_text(), page);
}

#[test]
fn every_code_is_explained_and_has_an_example() {
    for code in Code::ALL {
        assert!(!code.explanation().is_empty(), "say more about {} in crates/policy/src/lint/code.rs", code.name());
        let has_example = example(*code).is_some();
        assert_ne!(
            has_example,
            WITHOUT_EXAMPLE.contains(code),
            "{} in crates/policy/tests/policy/lint.json",
            code.name()
        );
    }
}

fn page_text() -> String {
    let mut text = HEAD.to_owned();
    for code in ProblemCode::ALL {
        writeln!(text, "| `{}` | {} |", code.name(), Code::Refused(*code).summary()).expect("a text takes everything");
    }
    text += "\n## What AWS accepts\n\n| code | | |\n|---|---|---|\n";
    for code in Code::ALL {
        let (name, severity) = (code.name(), code.severity().name());
        writeln!(text, "| [`{name}`](#{name}) | {severity} | {} |", code.summary()).expect("a text takes everything");
    }
    text + &Code::ALL.iter().map(|code| section(*code)).collect::<String>()
}

fn section(code: Code) -> String {
    let (name, severity) = (code.name(), code.severity().name());
    let mut text = format!("\n### {name}\n\n*{severity}.* {}\n\n{}\n", code.summary(), code.explanation());
    if let Some((statements, finding)) = example(code) {
        write!(text, "\n```json\n{statements}\n```\n\n{}", said(&finding)).expect("a text takes everything");
    }
    text
}

/// The first case of the table in which the code is found: its statements, one a line, and the finding.
fn example(code: Code) -> Option<(String, Finding)> {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("JSON");
    cases.iter().find_map(|case| {
        let statements = case.get("statements").cloned().unwrap_or_else(|| json!([case["statement"]]));
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        let policy_type = if case["type"] == "rcp" { PolicyType::ResourceControl } else { PolicyType::ServiceControl };
        let found = lint(&document, policy_type, &OrganizationContext::default());
        let finding = found.into_iter().find(|finding| finding.code == code)?;
        let lines: Vec<String> = statements.as_array()?.iter().map(Value::to_string).collect();
        Some((lines.join(",\n"), finding))
    })
}

fn said(finding: &Finding) -> String {
    let mut text = format!("- {}\n", finding.message);
    if let Some(help) = &finding.help {
        writeln!(text, "- help: {help}").expect("a text takes everything");
    }
    if let Some(fix) = &finding.fix {
        let offered = serde_json::from_str::<Value>(&fix.text).expect("what is offered is JSON");
        writeln!(text, "- offered: `{offered}`").expect("a text takes everything");
    }
    text
}
