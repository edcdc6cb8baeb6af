use std::path::PathBuf;

use clap::Args;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::session::Session;
use crate::engine::{StoredRecord, history};
use crate::report::{history_json, history_markdown, history_text, record_json, record_markdown, record_text};

/// Show who applied the blueprint, when and what
///
/// Each apply that has something to do leaves a record in Parameter Store, in the home region of the management account,
/// where AWS keeps the last hundred.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint, and the number of an apply
    #[arg(value_name = "BLUEPRINT|N", num_args = 0..=2)]
    what: Vec<String>,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let (path, number) = asked(&arguments.what)?;
    let declared = session.declare(&path)?;
    let name = &declared.blueprint.name;
    let cloud = session.global.connect(&declared.desired.settings).await?;
    let kept = history(&cloud, name).await?;
    let Some(number) = number else {
        match format {
            Format::Json => session.out.json(&history_json(name, &kept))?,
            Format::Markdown => session.out.result(&history_markdown(name, &kept))?,
            _ => session.out.result(&history_text(name, &kept, session.out.layout()))?,
        }
        return Ok(Exit::DONE);
    };
    let one = kept.iter().find(|kept| kept.number == number).ok_or_else(|| unknown(number, &kept))?;
    match format {
        Format::Json => session.out.json(&record_json(name, one))?,
        Format::Markdown => session.out.result(&record_markdown(name, one))?,
        _ => session.out.result(&record_text(name, one, session.out.layout()))?,
    }
    Ok(Exit::DONE)
}

/// A number is one of an apply, all else is the blueprint.
fn asked(what: &[String]) -> Result<(PathBuf, Option<i64>), Failure> {
    let (numbers, paths): (Vec<&String>, Vec<&String>) =
        what.iter().partition(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    if numbers.len() > 1 || paths.len() > 1 {
        return Err(Failure::new("history takes one blueprint and one number")
            .help("landing history landing.yaml 12")
            .exit(Exit::USAGE));
    }
    let number = numbers.first().map(|text| text.parse().unwrap_or(i64::MAX));
    Ok((paths.first().map_or_else(|| PathBuf::from(BLUEPRINT), PathBuf::from), number))
}

fn unknown(number: i64, kept: &[StoredRecord]) -> Failure {
    let help = match (kept.last(), kept.first()) {
        (Some(oldest), Some(newest)) => format!("AWS keeps {} to {}", oldest.number, newest.number),
        _ => "no apply has left a record yet".into(),
    };
    Failure::new(format!("there is no record {number}")).help(help)
}
