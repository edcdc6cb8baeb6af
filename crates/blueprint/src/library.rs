//! The place that a blueprint's files come from: a folder on disk, or files held in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::Path;

use super::folder::{Folder, MAX_STEPS, Walk};
use super::glob;
use super::source::MAX_FILE_BYTES;

/// Files by name; a name is the path from the blueprint's own folder, with `/`, and with `..` only at its start.
#[derive(Clone, Debug)]
pub(super) enum Library {
    /// The files of a folder.
    Folder(Folder),
    /// Exactly these files, by name.
    Embedded(BTreeMap<String, String>),
}

/// Why a file cannot be read; shown as the end of a sentence that begins with the file's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Nothing has this name.
    Missing,
    /// A folder has this name.
    Folder,
    /// A device, socket or pipe has this name.
    NotAFile,
    /// It holds more than [`MAX_FILE_BYTES`].
    TooLarge,
    /// A pattern matches files below folders with more entries than [`MAX_STEPS`](super::folder::MAX_STEPS).
    TooMany,
    /// It lies outside of the folder that may be read.
    Outside,
    /// What the operating system says.
    Refused(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Missing => write!(f, "does not exist"),
            Unreadable::Folder => write!(f, "is a folder, not a file"),
            Unreadable::NotAFile => write!(f, "is not a regular file"),
            Unreadable::TooLarge => write!(f, "is larger than {} MB", MAX_FILE_BYTES >> 20),
            Unreadable::TooMany => write!(f, "looks at more than {MAX_STEPS} files and folders"),
            Unreadable::Outside => write!(f, "is outside of the folder that the blueprint may read"),
            Unreadable::Refused(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

impl Library {
    /// The file's bytes.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Unreadable> {
        match self {
            Library::Folder(folder) => read_file(&folder.real(name)?),
            Library::Embedded(files) => match files.get(name) {
                Some(text) if text.len() > MAX_FILE_BYTES => Err(Unreadable::TooLarge),
                Some(text) => Ok(text.clone().into_bytes()),
                None => Err(Unreadable::Missing),
            },
        }
    }

    /// The name as a user can open it from where the program was started.
    pub(super) fn shown(&self, name: &str) -> String {
        match self {
            Library::Folder(folder) => folder.shown(name),
            Library::Embedded(_) => name.to_owned(),
        }
    }

    /// The names that `pattern` matches, sorted. Links to folders are not followed, so that the walk ends.
    ///
    /// # Errors
    /// The pattern leads outside, or `walk` has no steps left.
    pub(super) fn matching(&self, pattern: &str, walk: &mut Walk) -> Result<Vec<String>, Unreadable> {
        let mut found: Vec<String> = match self {
            Library::Embedded(files) => files.keys().cloned().collect(),
            Library::Folder(folder) => folder.files_below(pattern, walk)?,
        };
        found.retain(|name| glob::matches(pattern, name));
        found.sort();
        Ok(found)
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let about = std::fs::metadata(path).map_err(|error| refused(&error))?;
    if about.is_dir() {
        return Err(Unreadable::Folder);
    }
    if !about.is_file() {
        return Err(Unreadable::NotAFile);
    }
    let file = std::fs::File::open(path).map_err(|error| refused(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Unreadable::TooLarge);
    }
    Ok(bytes)
}

pub(super) fn refused(error: &std::io::Error) -> Unreadable {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Unreadable::Missing,
        _ => Unreadable::Refused(error.to_string()),
    }
}

/// The name of what `path` means when it is written in the file `from`; `None` for an absolute path.
pub(super) fn resolve(from: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || Path::new(path).is_absolute() {
        return None;
    }
    let mut parts: Vec<&str> = from.rsplit_once('/').map_or(vec![], |(folder, _)| folder.split('/').collect());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn a_path_is_relative_to_the_file_that_names_it() {
        assert_eq!(resolve("landing.yaml", "./ous/dev.yaml").as_deref(), Some("ous/dev.yaml"));
        assert_eq!(resolve("ous/dev.yaml", "../policies/a.json").as_deref(), Some("policies/a.json"));
        assert_eq!(resolve("ous/dev.yaml", "../../shared/a.json").as_deref(), Some("../shared/a.json"));
        assert_eq!(resolve("../shared/a.yaml", "../../b.json").as_deref(), Some("../../b.json"));
        assert_eq!(resolve("landing.yaml", "/etc/passwd"), None);
    }
}
