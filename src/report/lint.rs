//! What `lint` found, as text, JSON and SARIF.

mod sarif;
mod text;

use std::ops::Range;

use landing_policy::{Finding, Lines, ParseError, Part, Position, Severity, SourceText};
use serde_json::{Value, json};

pub use sarif::lint_sarif;
pub use text::lint_text;

/// The code of a text that is not JSON.
const SYNTAX: &str = "syntax";

/// A file with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// The file's name, as the user can open it.
    pub name: String,
    /// What it holds.
    pub text: String,
    /// What was found.
    pub found: Vec<Found>,
}

/// A finding, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Found {
    /// The code of the finding, such as `unknown-action`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The bytes that it is about.
    pub range: Range<usize>,
    /// What to write instead, where that is mechanical.
    pub fix: Option<Replacement>,
}

/// A stretch of a file and what to write in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Replacement {
    /// The bytes that are replaced.
    pub range: Range<usize>,
    /// The text to write instead.
    pub text: String,
}

impl Linted {
    /// A JSON file in which the findings have their places.
    #[must_use]
    pub fn json_file(source: &SourceText, findings: &[Finding]) -> Self {
        let found = findings.iter().map(|finding| {
            let fix = finding.fix.as_ref().map(|fix| {
                let range = range(source, &fix.path, fix.part);
                let indent = Indent::of_line(source.text(), range.start);
                Replacement { text: indent.put(&fix.text), range }
            });
            Found { fix, ..Found::new(finding, range(source, &finding.path, finding.part)) }
        });
        Self { name: source.name().to_owned(), text: source.text().to_owned(), found: found.collect() }
    }

    /// A text that is not JSON.
    #[must_use]
    pub fn not_json(name: String, text: String, error: &ParseError) -> Self {
        let at = error.byte_in(&text);
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let found = Found {
            code: SYNTAX,
            severity: Severity::Error,
            message: format!("this is not JSON: {}", error.message),
            help: None,
            range: at..end,
            fix: None,
        };
        Self { name, text, found: vec![found] }
    }

    /// As a reader meets them, the worst first at one place.
    fn in_order(&self) -> Vec<&Found> {
        let mut sorted: Vec<&Found> = self.found.iter().collect();
        sorted.sort_by_key(|found| (found.range.start, found.severity));
        sorted
    }
}

impl Found {
    /// A finding that is about these bytes; nothing is offered instead.
    #[must_use]
    pub fn new(finding: &Finding, range: Range<usize>) -> Self {
        Self {
            code: finding.code.name(),
            severity: finding.code.severity(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            range,
            fix: None,
        }
    }
}

/// The blanks that every line of a text but the first begins with, where it is put into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indent(usize);

impl Indent {
    /// That of the line in which this byte stands.
    #[must_use]
    pub fn of_line(text: &str, byte: usize) -> Self {
        let start = text[..byte].rfind('\n').map_or(0, |newline| newline + 1);
        Self(text[start..byte].chars().take_while(|c| c.is_whitespace()).count())
    }

    /// Up to this byte, as YAML wants it, where a nested value ends before a line that is indented less.
    #[must_use]
    pub fn up_to(text: &str, byte: usize) -> Self {
        Self(Position::of(text, byte).column - 1)
    }

    /// The text with its first line indented: a block is read as it stands.
    #[must_use]
    pub fn put_before(self, text: &str) -> String {
        " ".repeat(self.0) + text
    }

    /// The text with its lines but the first indented.
    #[must_use]
    pub fn put(self, text: &str) -> String {
        text.replace('\n', &format!("\n{}", " ".repeat(self.0)))
    }
}

fn range(source: &SourceText, path: &str, part: Part) -> Range<usize> {
    match part {
        Part::Key => source.key_at(path),
        Part::Value => source.value_at(path),
    }
}

/// `[{"code", "severity": "error|warning|note", "file", "line", "column", "end_line", "end_column", "message", "help",
/// "fix": TEXT or null, "fix_at": {"line", "column", "end_line", "end_column"} or null}]`. `fix` is the JSON text to
/// write in place of what stands at `fix_at`. Columns are in characters, ends behind the last one.
#[must_use]
pub fn lint_json(files: &[Linted]) -> Value {
    files.iter().flat_map(of_file).collect()
}

fn of_file(file: &Linted) -> Vec<Value> {
    let lines = Lines::of(&file.text);
    file.in_order().into_iter().map(|found| as_json(file, &lines, found)).collect()
}

fn as_json(file: &Linted, lines: &Lines, found: &Found) -> Value {
    let ends = |range: &Range<usize>| (lines.position(&file.text, range.start), lines.position(&file.text, range.end));
    let (start, end) = ends(&found.range);
    let fix_at = found.fix.as_ref().map(|fix| {
        let (start, end) = ends(&fix.range);
        json!({"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column})
    });
    json!({
        "code": found.code,
        "severity": found.severity.name(),
        "file": file.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "message": found.message,
        "help": found.help,
        "fix": found.fix.as_ref().map(|fix| &fix.text),
        "fix_at": fix_at,
    })
}
