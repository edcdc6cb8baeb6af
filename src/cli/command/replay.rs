use std::path::PathBuf;

use clap::Args;
use landing_policy::{ReplayPolicies, read_replay_policies};

use super::super::against::Against;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::logs::replay;
use super::super::policies::before_and_after;
use super::super::policy_file::{read_json, refused};
use super::super::session::Session;
use super::super::source::Source;
use crate::report::{AccountNames, replay_markdown, replay_text};

/// Find logged calls that a plan would deny
///
/// Evaluates every call that succeeded by the organization's policies before and after the plan. Exits with 2 if a decision
/// changes, or may change, and with 1 if a file that is named is not a CloudTrail log.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Logs as CloudTrail writes them or as other services export its events (lookup-events, EventBridge, CloudWatch Logs,
    /// Athena, CloudTrail Lake, Splunk), compressed or not; folders of them, whatever the files are called; `-` for standard
    /// input
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// The blueprint, or a plan that `landing plan --out` saved
    #[arg(long, value_name = "BLUEPRINT|PLAN-FILE", default_value = BLUEPRINT, conflicts_with = "policies")]
    blueprint: PathBuf,
    /// The policies of every account before and after, as JSON, in place of an organization and a blueprint
    #[arg(long, value_name = "FILE")]
    policies: Option<PathBuf>,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let (policies, names) = policies(arguments, session).await?;
    let replayed = replay(&arguments.logs, &policies)?;
    let (tally, failure) = (&replayed.tally, replayed.failure());
    if let Some(failure) = failure.clone().filter(|_| tally.events == 0) {
        return Err(failure.into());
    }
    match format {
        Format::Json => session.out.json(&tally.to_json())?,
        Format::Markdown => session.out.result(&replay_markdown(tally, &names))?,
        _ => session.out.result(&replay_text(tally, &names, session.out.layout().width))?,
    }
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    if tally.evaluated == 0 {
        session.out.say(
            "warning: no event was decided: compare the accounts and the time of the logs with the organization\n",
        );
    }
    Ok(if tally.has_findings() { Exit::DIFFERS } else { Exit::DONE })
}

async fn policies(arguments: &Arguments, session: &Session) -> Result<(ReplayPolicies, AccountNames), Failure> {
    let Some(file) = &arguments.policies else {
        let source = Source::read(&arguments.blueprint, session)?;
        let hierarchies = before_and_after(&source, &arguments.against, session).await?;
        return Ok((hierarchies.to_replay(), hierarchies.before.names()));
    };
    let source = read_json(file)?;
    let policies = read_replay_policies(source.value()).map_err(|problems| refused(&problems, &source, session))?;
    Ok((policies, AccountNames::new()))
}
