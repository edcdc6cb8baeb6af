//! The files in folders and the folders below.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to look for in folders.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The one file that stands for a folder and all below it, if the folder has such a file.
    pub instead_of_folder: &'a dyn Fn(&Path) -> Option<PathBuf>,
    /// Whether a file in a folder counts, by its path.
    pub keeps: &'a dyn Fn(&Path) -> bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each file once, whatever names and links lead to it: those given, and those in folders by name.
    pub files: Vec<PathBuf>,
    /// What in the folders cannot be read as a file: pipes, sockets, devices, and links that lead nowhere. Opening a pipe
    /// would wait for its writer, a device may have no end.
    pub special: Vec<PathBuf>,
}

/// A file or folder that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} cannot be read: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for Unreadable {}

/// The files that are given, and the wanted ones of folders that are given. Every folder is walked once, by its real path,
/// so that links in a circle end and files that several links lead to are found once. A pipe that is given by name is a
/// file: that is how shells hand over the output of a command.
///
/// # Errors
/// When a given path does not exist, or a folder cannot be read.
pub fn files_below(given: &[PathBuf], wanted: Wanted<'_>) -> Result<Found, Unreadable> {
    let mut walk = Walk { wanted, seen: HashSet::new(), found: Found::default() };
    for path in given {
        let is_folder = fs::metadata(path).map_err(|error| unreadable(path, error))?.is_dir();
        if is_folder {
            walk.folders(path)?;
        } else {
            walk.take(path.clone());
        }
    }
    Ok(walk.found)
}

struct Walk<'a> {
    wanted: Wanted<'a>,
    /// The real paths of the files and folders that were met.
    seen: HashSet<PathBuf>,
    found: Found,
}

impl Walk<'_> {
    /// Walks a folder and those below it. Paths still to visit are kept in a list: folders may be nested deeper than calls.
    fn folders(&mut self, top: &Path) -> Result<(), Unreadable> {
        let mut to_visit = vec![top.to_owned()];
        while let Some(path) = to_visit.pop() {
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => self.folder(&path, &mut to_visit)?,
                Ok(found) if found.is_file() && (self.wanted.keeps)(&path) => self.take(path),
                Ok(found) if found.is_file() => {}
                _ => self.found.special.push(path),
            }
        }
        Ok(())
    }

    fn folder(&mut self, path: &Path, to_visit: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
        if !self.is_new(path) {
            return Ok(());
        }
        if let Some(file) = (self.wanted.instead_of_folder)(path) {
            self.take(file);
            return Ok(());
        }
        let entries: io::Result<Vec<PathBuf>> =
            fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        let mut entries = entries.map_err(|error| unreadable(path, error))?;
        entries.sort_by(|a, b| b.cmp(a));
        to_visit.extend(entries);
        Ok(())
    }

    fn take(&mut self, file: PathBuf) {
        if self.is_new(&file) {
            self.found.files.push(file);
        }
    }

    /// Whether no name of this file or folder was met before. What has no real path, such as a pipe of the shell, is new.
    fn is_new(&mut self, path: &Path) -> bool {
        fs::canonicalize(path).map_or(true, |real| self.seen.insert(real))
    }
}

fn unreadable(path: &Path, error: io::Error) -> Unreadable {
    Unreadable { path: path.to_owned(), error }
}

#[cfg(test)]
mod tests;
