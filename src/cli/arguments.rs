use clap::Parser;

use super::command::Command;
use super::global::Global;

const EXIT_CODES: &str = "\
Exit codes:
  0    done, and nothing differs
  1    an error; nothing was written
  2    it worked and something differs (drift, plan --detailed-exitcode)
  3    refused by a guard, or nobody agreed
  4    apply ended part way: run it again
  64   wrong usage
  130  interrupted, with what was done and what remains";

/// Sets up and keeps an AWS landing zone from one declarative blueprint.
///
/// `landing plan` compares the blueprint with the organization as it really is, `landing apply` makes it so. Without an
/// AWS account, add --sandbox to any command.
#[derive(Debug, Parser)]
#[command(name = "landing", version, max_term_width = 100, disable_help_subcommand = true, after_long_help = EXIT_CODES)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}
