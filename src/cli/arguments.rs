use clap::Parser;

use super::command::Command;
use super::global::Global;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and nothing differs
  1    an error; nothing was written
  2    it worked and something differs (drift, lint, replay, plan --detailed-exitcode)
  3    refused by a guard, or not confirmed
  4    apply ended part way: run it again
  5, 6 import left something out; its blueprint would change something
  64   wrong usage
  130  interrupted, with what was done and what remains";

/// Create and maintain an AWS landing zone from one declarative blueprint.
///
/// `landing plan` compares the blueprint with the live organization, `landing apply` makes the changes. Without an AWS
/// account, add --sandbox to any command.
#[derive(Debug, Parser)]
#[command(name = "landing", version, max_term_width = 100, after_long_help = EXIT_CODES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}
