use std::fs;
use std::io;
use std::path::Path;

use landing_policy::{ParseError, Problem, SourceText};

use super::failure::Failure;
use super::session::{Session, mistakes, near_files};
use crate::report::problems_text;

/// Reads a JSON file.
///
/// # Errors
/// When it cannot be read or is not JSON.
pub(super) fn read_json(path: &Path) -> Result<SourceText, Failure> {
    parse_json(path, read_text(path)?).map_err(|error| {
        let ParseError { line, column, message } = error;
        Failure::new(format!("{}:{line}:{column}: this is not JSON: {message}", path.display()))
    })
}

/// The text of a file, without a byte order mark.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("{} cannot be read: {error}", path.display()));
    match near_files(path).filter(|_| error.kind() == io::ErrorKind::NotFound) {
        Some(near) => failure.help(format!("did you mean {near}?")),
        None => failure,
    }
}

/// Reads the text of a JSON file.
pub(super) fn parse_json(path: &Path, text: String) -> Result<SourceText, ParseError> {
    SourceText::read(path.display().to_string(), text)
}

/// Shows what is wrong in a file that cannot be used.
pub(super) fn refused(problems: &[Problem], source: &SourceText, session: &Session) -> Failure {
    session.out.insist(&problems_text(problems, source, session.out.layout_of_stderr().width));
    Failure::new(format!("{} cannot be used: {}", source.name(), mistakes(problems.len())))
}
