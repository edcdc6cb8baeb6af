//! What can go wrong with the sandbox itself, as opposed to what it answers.

use std::fmt;
use std::path::PathBuf;

/// Why a sandbox could not be opened, saved or served.
#[derive(Debug)]
pub enum Error {
    /// The state file could not be read or written.
    File(PathBuf, std::io::Error),
    /// The state is not what a sandbox saves.
    State(Option<PathBuf>, serde_json::Error),
    /// An option was not understood: what was given and what is expected.
    Option(String, &'static str),
    /// The listener failed.
    Listener(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "sandbox state {}: {error}", path.display()),
            Self::State(Some(path), error) => {
                write!(f, "{} is not a sandbox state: {error}", path.display())
            }
            Self::State(None, error) => write!(f, "not a sandbox state: {error}"),
            Self::Option(given, expected) => write!(f, "`{given}` is not {expected}"),
            Self::Listener(error) => write!(f, "sandbox listener: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, error) | Self::Listener(error) => Some(error),
            Self::State(_, error) => Some(error),
            Self::Option(..) => None,
        }
    }
}
