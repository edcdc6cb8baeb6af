use clap::{Args, Command};
use clap_complete::Shell;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;

/// Print completions for a shell
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(in super::super) fn run(arguments: &Arguments, mut program: Command, session: &Session) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "landing", &mut script);
    session.out.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::DONE)
}
