use std::path::PathBuf;
use std::thread;

use clap::Args;

use super::super::arguments::Format;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::logs::{Log, logs_below, replay_all};
use super::super::policy_file::{read_json, refused};
use super::super::session::Session;
use crate::policy::read_replay_policies;
use crate::report::replay_text;

/// Find calls in CloudTrail logs that policies would deny
///
/// Every call that succeeded goes through the policies before and after. Exits with 2 if one would be decided otherwise,
/// or might be.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Logs as CloudTrail writes them, compressed or not; folders of them; `-` for standard input
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// The policies of every account before and after, as JSON
    #[arg(long, value_name = "FILE")]
    policies: PathBuf,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.only(&[Format::Text, Format::Json], "replay")?;
    let source = read_json(&arguments.policies)?;
    let policies = read_replay_policies(source.value()).map_err(|problems| refused(&problems, &source, session))?;
    let mut logs: Vec<Log> = Vec::new();
    for path in &arguments.logs {
        logs.extend(logs_below(path)?);
    }
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let tally = replay_all(&logs, &policies, workers)?;
    match format {
        Format::Json => session.out.json(&tally.to_json())?,
        _ => session.out.result(&replay_text(&tally, session.out.layout().width))?,
    }
    Ok(if tally.has_findings() { Exit::DIFFERS } else { Exit::DONE })
}
