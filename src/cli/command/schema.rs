use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;

pub(in super::super) fn run(session: &Session) -> Result<Exit, Failure> {
    session.out.json(&crate::sections::schema())?;
    Ok(Exit::DONE)
}
