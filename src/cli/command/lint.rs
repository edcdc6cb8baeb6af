use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::super::arguments::Format;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::policy_file::{parse_json, read_text};
use super::super::session::Session;
use crate::policy::{PolicyType, Quotas, Severity, guess_type, lint, lint_levels};
use crate::report::{Linted, lint_json, lint_sarif, lint_text};

/// Find mistakes in policies
///
/// A file holds one policy, or the levels of a path as `simulate --policies` takes them. What AWS refuses, what no request can match and what probably does not do what was meant, each with its place and,
/// where that is mechanical, what to write instead. Exits with 2 if there is more than notes.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Policies as JSON, or folders of them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What they are, in place of what they look like
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    policy_type: Option<LintedType>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LintedType {
    Scp,
    Rcp,
}

impl From<LintedType> for PolicyType {
    fn from(linted: LintedType) -> PolicyType {
        match linted {
            LintedType::Scp => PolicyType::ServiceControl,
            LintedType::Rcp => PolicyType::ResourceControl,
        }
    }
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.only(&[Format::Text, Format::Json, Format::Sarif], "lint")?;
    let mut paths = Vec::new();
    for path in &arguments.files {
        policies_below(path, &mut paths)?;
    }
    let linted: Vec<Linted> =
        paths.iter().map(|path| lint_file(path, arguments.policy_type)).collect::<Result<_, _>>()?;
    match format {
        Format::Json => session.out.json(&lint_json(&linted))?,
        Format::Sarif => session.out.json(&lint_sarif(&linted))?,
        _ => session.out.result(&lint_text(&linted, session.out.layout().width))?,
    }
    let found = linted.iter().flat_map(Linted::severities).any(|severity| severity != Severity::Note);
    Ok(if found { Exit::DIFFERS } else { Exit::DONE })
}

/// The levels of a path, where the file holds them and not one policy, and where they stand.
fn levels_of(file: &Value) -> Option<(&'static str, &Value)> {
    let is_levels = |value: &Value| value.as_array().and_then(|list| list.first()?.get("policies")).is_some();
    match file.get("levels") {
        Some(levels) => Some(("/levels", levels)).filter(|_| is_levels(levels)),
        None => is_levels(file).then_some(("", file)),
    }
}

/// The file itself, or all JSON files in the folder and those below, by name.
fn policies_below(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}", path.display()));
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(unreadable)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(unreadable)?.iter().map(fs::DirEntry::path).collect();
    paths.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().try_for_each(|path| policies_below(path, found))
}

fn lint_file(path: &Path, policy_type: Option<LintedType>) -> Result<Linted, Failure> {
    let source = match parse_json(path, read_text(path)?) {
        Ok(source) => source,
        Err(error) => return Ok(Linted::NotJson(path.display().to_string(), error)),
    };
    if let Some((place, levels)) = levels_of(source.value()) {
        let findings = lint_levels(levels, &Quotas::default());
        let findings = findings.into_iter().map(|finding| finding.below(place)).collect();
        return Ok(Linted::Policy(source, findings));
    }
    let policy_type = policy_type.map_or_else(|| guess_type(source.value()), PolicyType::from);
    let findings = lint(source.value(), policy_type, &Quotas::default());
    Ok(Linted::Policy(source, findings))
}
