//! Findings as code hosts take them.

use landing_policy::{Code, ProblemCode};
use serde_json::{Value, json};

use super::super::sarif::{Found, artifact, log};
use super::{Linted, of_file};

/// What was found as a log in SARIF 2.1.0, which code hosts show beside the code.
#[must_use]
pub fn lint_sarif(files: &[Linted]) -> Value {
    let refused = ProblemCode::ALL.iter().map(|code| Code::Refused(*code));
    let mut rules: Vec<Value> = refused.chain(Code::ALL.iter().copied()).map(rule).collect();
    let found: Vec<Found> =
        files.iter().flat_map(|file| of_file(file).into_iter().map(|it| found(file, &it))).collect();
    // What makes a blueprint unusable has codes that are not those of policies.
    for found in &found {
        if !rules.iter().any(|rule| rule["id"] == found.rule.as_str()) {
            rules.push(json!({"id": found.rule, "shortDescription": {"text": "what makes the file unusable"}}));
        }
    }
    log(&rules, found)
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.name(),
        "shortDescription": {"text": code.summary()},
        "defaultConfiguration": {"level": code.severity().name()},
    });
    let explanation = code.explanation();
    if !explanation.is_empty() {
        rule["help"] = json!({"text": explanation, "markdown": explanation});
    }
    rule
}

fn found(file: &Linted, finding: &Value) -> Found {
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let message = match finding["help"].as_str() {
        Some(help) => format!("{}: {help}", text("message")),
        None => text("message"),
    };
    let level = match finding["severity"].as_str() {
        Some("error") => "error",
        Some("note") => "note",
        _ => "warning",
    };
    let about = text("message");
    Found {
        rule: text("code"),
        level,
        message,
        region: region(finding),
        about,
        fixes: fixes(finding),
        file: file.name.clone(),
    }
}

fn fixes(finding: &Value) -> Option<Value> {
    let fix = finding["fix"].as_str()?;
    let location = artifact(finding["file"].as_str().unwrap_or_default());
    Some(json!([{
        "description": {"text": format!("write {fix}")},
        "artifactChanges": [{
            "artifactLocation": location,
            "replacements": [{"deletedRegion": region(&finding["fix_at"]), "insertedContent": {"text": fix}}],
        }],
    }]))
}

fn region(place: &Value) -> Value {
    json!({"startLine": place["line"], "startColumn": place["column"],
           "endLine": place["end_line"], "endColumn": place["end_column"]})
}
