//! What people type: arguments, one file per command, and the terminal.

mod against;
mod arguments;
mod ask;
mod command;
mod commit;
mod connect;
mod exit;
mod failure;
mod files;
mod foreign;
mod global;
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
pub mod walk;

use std::io;
use std::process::ExitCode;
use std::thread;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use tokio::runtime::{Builder, Runtime};

use arguments::Cli;
use exit::Exit;
use failure::Failure;
use session::Session;

/// Does what the command line says, and tells how it ended.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    let session = Session::new(cli.global);
    let ended = match runtime() {
        Ok(runtime) => runtime.block_on(command::execute(cli.command, Cli::command, &session)),
        Err(error) => Err(Failure::new(format!("the program's own threads could not be started: {error}"))),
    };
    let exit = ended.unwrap_or_else(|failure| {
        session.out.failure(&failure);
        failure.exit
    });
    exit.into()
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
    // A closed pipe is all that can go wrong here, and then nobody reads it.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::DONE,
        _ => Exit::USAGE,
    }
}
