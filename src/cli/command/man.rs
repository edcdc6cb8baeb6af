use clap::CommandFactory;

use super::super::arguments::Cli;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;

pub(in super::super) fn run(session: &Session) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
    rendered.map_err(|error| Failure::new(format!("the manual page could not be made: {error}")))?;
    session.out.result(&String::from_utf8_lossy(&page))?;
    Ok(Exit::DONE)
}
