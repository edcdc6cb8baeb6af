//! Pages for browsers: when they are made, and where they may go.

use std::time::{Duration, SystemTime};

use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;

/// The time, or that of `SOURCE_DATE_EPOCH`, for files that shall not differ by when they are made.
/// <https://reproducible-builds.org/docs/source-date-epoch/>
pub(super) fn now() -> SystemTime {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let at = |seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
    seconds.and_then(at).unwrap_or_else(SystemTime::now)
}

/// A page is for a browser, which reads it from a file.
///
/// # Errors
/// When standard output is a terminal.
pub(super) fn to_a_file(session: &Session, command: &str) -> Result<(), Failure> {
    if !session.out.is_terminal() {
        return Ok(());
    }
    Err(Failure::new("a page is for a browser, and standard output is a terminal")
        .help(format!("write it to a file: `landing {command} --format html > {command}.html`"))
        .exit(Exit::USAGE))
}
