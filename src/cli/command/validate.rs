use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::next;
use super::super::session::Session;
use crate::report::{Line, Paint};
use crate::sections::Declared;

/// Validate a blueprint offline
///
/// Reports all errors at once, each with its line and with help.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    match session.global.format {
        Format::Json => json_result(arguments, session),
        _ => text_result(arguments, session),
    }
}

/// `{"valid", "diagnostics": [{"code", "severity", "file", "line", "column", "message", "help" …}], "omitted"}`: how many
/// diagnostics there are beside those.
fn json_result(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let (exit, diagnostics, omitted) = match session.read(&arguments.blueprint) {
        Ok(Declared { warnings, sources, .. }) => (Exit::DONE, warnings.json(&sources), warnings.left_out_of_json()),
        Err(failed) => {
            let diagnostics = &failed.diagnostics;
            (Exit::ERROR, diagnostics.json(&failed.sources), diagnostics.left_out_of_json())
        }
    };
    session.out.json(&json!({"valid": exit == Exit::DONE, "diagnostics": diagnostics, "omitted": omitted}))?;
    Ok(exit)
}

fn text_result(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let declared = session.declare(&arguments.blueprint)?;
    let warnings = match declared.warnings.warnings() {
        0 => String::new(),
        1 => ", 1 warning".into(),
        many => format!(", {many} warnings"),
    };
    let resources = declared.desired.resources.len();
    let line = Line::of(Paint::Good, format!("{} is valid", arguments.blueprint.display()))
        .plain(format!(": {resources} resources{warnings}."));
    let next = next::command("plan", Some(&arguments.blueprint), &session.global);
    let next = Line::of(Paint::Dim, "Next: ").with(Paint::Link, next);
    session.out.result(&format!("{}\n{}\n", line.to_ansi(), next.to_ansi()))?;
    Ok(Exit::DONE)
}
