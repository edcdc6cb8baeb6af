use clap::Command;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;

pub(in super::super) fn run(program: Command, session: &Session) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(program).render(&mut page);
    rendered.map_err(|error| Failure::new(format!("the manual page could not be made: {error}")))?;
    session.out.result(&String::from_utf8_lossy(&page))?;
    Ok(Exit::DONE)
}
