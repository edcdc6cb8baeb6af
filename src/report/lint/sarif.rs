//! Findings as code hosts take them.

use landing_policy::{Code, ProblemCode};
use serde_json::{Value, json};

use super::{Linted, of_file};

/// What was found as a log in SARIF 2.1.0
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), which code hosts show beside the code.
#[must_use]
pub fn lint_sarif(files: &[Linted]) -> Value {
    let results: Vec<Value> = files.iter().flat_map(of_file).map(|finding| result(&finding)).collect();
    let refused = ProblemCode::ALL.iter().map(|code| Code::Refused(*code));
    let rules: Value = refused.chain(Code::ALL.iter().copied()).map(rule).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "landing", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
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

fn result(finding: &Value) -> Value {
    let message = match finding["help"].as_str() {
        Some(help) => format!("{}: {help}", finding["message"].as_str().unwrap_or_default()),
        None => finding["message"].as_str().unwrap_or_default().to_owned(),
    };
    let location = json!({"uri": finding["file"].as_str().unwrap_or_default().replace('\\', "/")});
    let mut result = json!({
        "ruleId": finding["code"],
        "level": finding["severity"],
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region(finding)}}],
    });
    if let Some(fix) = finding["fix"].as_str() {
        result["fixes"] = json!([{
            "description": {"text": format!("write {fix}")},
            "artifactChanges": [{
                "artifactLocation": location,
                "replacements": [{"deletedRegion": region(&finding["fix_at"]), "insertedContent": {"text": fix}}],
            }],
        }]);
    }
    result
}

fn region(place: &Value) -> Value {
    json!({"startLine": place["line"], "startColumn": place["column"],
           "endLine": place["end_line"], "endColumn": place["end_column"]})
}
