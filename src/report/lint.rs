//! What `lint` found, as text, JSON and SARIF.

use serde_json::{Value, json};

use super::excerpt::Remark;
use super::line::{Line, text_of};
use super::paint::Paint;
use crate::policy::{Code, Finding, ParseError, Part, Position, Severity, SourceText};

/// A policy's text with what was found in it, or why it cannot be read.
#[derive(Debug)]
pub enum Linted {
    /// What was found.
    Policy(SourceText, Vec<Finding>),
    /// The file's name, and why it is not JSON.
    NotJson(String, ParseError),
}

const SYNTAX: &str = "syntax";

impl Linted {
    /// How bad each finding is.
    pub fn severities(&self) -> Vec<Severity> {
        match self {
            Linted::Policy(_, findings) => findings.iter().map(|finding| finding.code.severity()).collect(),
            Linted::NotJson(..) => vec![Severity::Error],
        }
    }
}

/// What was found, as compilers show it, and how much; with ANSI escapes.
#[must_use]
pub fn lint_text(files: &[Linted], width: usize) -> String {
    let mut text = String::new();
    for file in files {
        match file {
            Linted::Policy(source, findings) => {
                for finding in in_order(source, findings) {
                    text += &remark(source, finding).render(source, width);
                }
            }
            Linted::NotJson(name, error) => text += &not_json(name, error),
        }
    }
    text + &text_of(&[summary(files)])
}

fn not_json(name: &str, error: &ParseError) -> String {
    let title = Line::of(Paint::Danger, format!("error[{SYNTAX}]"));
    let said = title.with(Paint::Strong, format!(": this is not JSON: {}", super::clean(&error.message)));
    let place = Line::of(Paint::Dim, format!(" --> {}:{}:{}", super::clean(name), error.line, error.column));
    text_of(&[said, place, Line::new()])
}

fn summary(files: &[Linted]) -> Line {
    let count = |severity| files.iter().flat_map(Linted::severities).filter(|found| *found == severity).count();
    let named = |number: usize, name: &str| format!("{number} {name}{}", if number == 1 { "" } else { "s" });
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    let found: Vec<String> = all.into_iter().map(|one| named(count(one), one.name())).collect();
    let paint = if count(Severity::Error) > 0 { Paint::Danger } else { Paint::Strong };
    Line::of(paint, format!("{} in {}", found.join(", "), named(files.len(), "file")))
}

fn remark<'a>(source: &SourceText, finding: &'a Finding) -> Remark<'a> {
    Remark {
        severity: finding.code.severity(),
        code: finding.code.name(),
        message: &finding.message,
        range: range(source, &finding.path, finding.part),
        help: finding.help.as_deref(),
        fix: finding.fix.as_ref().filter(|fix| fix.path == finding.path).map(|fix| fix.text.as_str()),
    }
}

fn range(source: &SourceText, path: &str, part: Part) -> std::ops::Range<usize> {
    match part {
        Part::Key => source.key_at(path),
        Part::Value => source.value_at(path),
    }
}

/// As a reader meets them, errors first at one place.
fn in_order<'a>(source: &SourceText, findings: &'a [Finding]) -> Vec<&'a Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| (range(source, &finding.path, finding.part).start, finding.code.severity()));
    sorted
}

/// `[{"code", "severity": "error|warning|note", "file", "line", "column", "end_line", "end_column", "message", "help",
/// "fix": TEXT or null, "fix_at": {"line", "column", "end_line", "end_column"} or null}]`. `fix` is the JSON text to
/// write in place of what stands at `fix_at`. Columns are in characters, ends behind the last one.
#[must_use]
pub fn lint_json(files: &[Linted]) -> Value {
    files.iter().flat_map(of_file).collect()
}

fn of_file(file: &Linted) -> Vec<Value> {
    match file {
        Linted::Policy(source, findings) => {
            in_order(source, findings).into_iter().map(|finding| as_json(source, finding)).collect()
        }
        Linted::NotJson(name, error) => vec![json!({
            "code": SYNTAX, "severity": Severity::Error.name(), "file": name, "line": error.line,
            "column": error.column, "end_line": error.line, "end_column": error.column,
            "message": format!("this is not JSON: {}", error.message), "help": null, "fix": null, "fix_at": null,
        })],
    }
}

fn as_json(source: &SourceText, finding: &Finding) -> Value {
    let (start, end) = ends(source, &finding.path, finding.part);
    let fix_at = finding.fix.as_ref().map(|fix| {
        let (start, end) = ends(source, &fix.path, fix.part);
        json!({"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column})
    });
    json!({
        "code": finding.code.name(),
        "severity": finding.code.severity().name(),
        "file": source.name(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "message": finding.message,
        "help": finding.help,
        "fix": finding.fix.as_ref().map(|fix| &fix.text),
        "fix_at": fix_at,
    })
}

fn ends(source: &SourceText, path: &str, part: Part) -> (Position, Position) {
    let range = range(source, path, part);
    (source.position(range.start), source.position(range.end))
}

/// What was found as a log in SARIF 2.1.0
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), which code hosts show beside the code.
#[must_use]
pub fn lint_sarif(files: &[Linted]) -> Value {
    let results: Vec<Value> = files.iter().flat_map(of_file).map(|finding| as_sarif(&finding)).collect();
    let rules = Code::ALL.iter().map(|(code, what)| {
        json!({
            "id": code.name(),
            "shortDescription": {"text": what.trim()},
            "defaultConfiguration": {"level": code.severity().name()},
        })
    });
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "landing", "version": env!("CARGO_PKG_VERSION"), "rules": rules.collect::<Value>()}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn as_sarif(finding: &Value) -> Value {
    let message = match finding["help"].as_str() {
        Some(help) => format!("{}: {help}", finding["message"].as_str().unwrap_or_default()),
        None => finding["message"].as_str().unwrap_or_default().to_owned(),
    };
    let location = json!({"uri": finding["file"].as_str().unwrap_or_default().replace('\\', "/")});
    let region = |place: &Value| {
        json!({"startLine": place["line"], "startColumn": place["column"],
               "endLine": place["end_line"], "endColumn": place["end_column"]})
    };
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
