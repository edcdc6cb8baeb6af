//! What people type: arguments, one file per command, and the terminal.

mod against;
mod arguments;
mod ask;
mod command;
mod commit;
mod connect;
mod credentials;
mod exit;
mod failure;
mod files;
mod foreign;
mod global;
mod help;
mod interrupt;
pub mod logs;
mod next;
mod output;
mod page;
mod pager;
mod policies;
mod policy_file;
mod progress;
mod session;
mod source;
mod usage;
pub mod walk;

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use clap::error::ErrorKind;
use clap::{ArgMatches, Error, FromArgMatches};
use tokio::runtime::{Builder, Runtime};

use arguments::Cli;
use exit::Exit;
use failure::Failure;
use session::Session;

/// Does what the command line says, and returns how it ended.
pub fn run() -> ExitCode {
    let (cli, name) = match parse() {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error).into(),
    };
    let session = Session::new(cli.global);
    let ended = help::ensure_format(&name, session.global.format).and_then(|()| match runtime() {
        Ok(runtime) => runtime.block_on(command::execute(cli.command, help::described, &session)),
        Err(error) => Err(Failure::new(format!("the program's own threads could not be started: {error}"))),
    });
    let exit = ended.unwrap_or_else(|failure| {
        let failure = usage::about_sandbox(failure.about_credentials(&session.global), &session.global);
        session.out.failure(&failure);
        failure.exit
    });
    exit.into()
}

/// The command line, and the name of its command.
fn parse() -> Result<(Cli, String), Error> {
    let matches = help::program().try_get_matches()?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut help::program()))?;
    Ok((cli, name(&matches)))
}

/// A command is required, so that there is one.
fn name(matches: &ArgMatches) -> String {
    matches.subcommand_name().unwrap_or_default().to_owned()
}

/// Threads at least, and tasks between two looks at the clock: the lease is renewed in time while other tasks compute.
const MIN_THREADS: usize = 4;
const LOOK_AT_THE_CLOCK_EVERY: u32 = 4;

fn runtime() -> io::Result<Runtime> {
    let threads = thread::available_parallelism().map_or(MIN_THREADS, |threads| threads.get().max(MIN_THREADS));
    Builder::new_multi_thread().enable_all().worker_threads(threads).event_interval(LOOK_AT_THE_CLOCK_EVERY).build()
}

/// Help and the version are results; the rest is wrong usage.
fn usage(error: &clap::Error) -> Exit {
    // A closed pipe is the only failure possible here, and then no reader is left.
    let _ = error.print();
    if let Some(tip) = usage::tip(error) {
        // As for clap's own words.
        let _ = writeln!(io::stderr(), "\n  tip: {tip}");
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::DONE,
        _ => Exit::USAGE,
    }
}
