mod blueprint;
mod json_file;
mod paths;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use landing_policy::{PolicyType, Severity};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::session::Session;
use super::super::walk::{Wanted, files_below};
use crate::report::{Linted, clean, lint_json, lint_sarif, lint_text};

/// Find mistakes in policies
///
/// A blueprint is checked with all its policies, by the quotas and roles of its organization, and every path from the root down
/// as a whole. A JSON file holds one policy, or the levels of a path as `simulate --policies` takes them. Reports what AWS
/// refuses, what no request can match and what probably does not do what it was written for, each with its line and, where
/// that is mechanical, the text to write instead. Exits with 2 if there is more than notes.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Blueprints (YAML), policies (JSON) and folders: of a folder its landing.yaml, else all JSON files below;
    /// landing.yaml unless given
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What JSON files hold. Unless given: a management policy by the key at its top; of an SCP and an RCP the one with
    /// fewer mistakes
    #[arg(long = "type", value_name = "TYPE", value_parser = types())]
    policy_type: Option<PolicyType>,
}

/// By the prefixes of addresses: `scp`, `rcp`, `tag-policy` …
fn types() -> impl TypedValueParser<Value = PolicyType> {
    let names = PossibleValuesParser::new(PolicyType::ALL.map(PolicyType::address_prefix));
    names.try_map(|name| PolicyType::from_address_prefix(&name).ok_or("no such type"))
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let mut linted = Vec::new();
    for path in files(&arguments.files, session)? {
        if is_blueprint(&path) {
            linted.extend(blueprint::lint(&path, session)?);
        } else {
            linted.push(json_file::lint(&path, arguments.policy_type)?);
        }
    }
    match format {
        Format::Json => session.out.json(&lint_json(&linted))?,
        Format::Sarif => session.out.json(&lint_sarif(&linted))?,
        _ => session.out.result(&lint_text(&linted, session.out.layout()))?,
    }
    let mut severities = linted.iter().flat_map(|file: &Linted| &file.found).map(|found| found.severity);
    Ok(if severities.any(|severity| severity != Severity::Note) { Exit::DIFFERS } else { Exit::DONE })
}

/// The blueprints and JSON files to look at.
fn files(given: &[PathBuf], session: &Session) -> Result<Vec<PathBuf>, Failure> {
    if !given.is_empty() {
        return files_of(given, session);
    }
    let preset = PathBuf::from(BLUEPRINT);
    if preset.exists() {
        return Ok(vec![preset]);
    }
    let help = "name a blueprint, a policy as JSON, or a folder";
    Err(Failure::new(format!("there is no {BLUEPRINT} here")).help(help).exit(Exit::USAGE))
}

/// The files themselves; of a folder its blueprint, or all JSON files in it and below, by name.
fn files_of(given: &[PathBuf], session: &Session) -> Result<Vec<PathBuf>, Failure> {
    let blueprint = |folder: &Path| Some(folder.join(BLUEPRINT)).filter(|file| file.is_file());
    let is_json = |path: &Path| path.extension() == Some(OsStr::new("json"));
    let found = files_below(given, Wanted { instead_of_folder: &blueprint, keeps: &is_json })?;
    for path in found.special.iter().filter(|path| is_json(path)) {
        session
            .out
            .say(&format!("note: {} was not read: it is not a regular file\n", clean(&path.display().to_string())));
    }
    Ok(found.files)
}

fn is_blueprint(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
