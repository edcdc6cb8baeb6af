//! A folder on disk out of which no blueprint leads: its real paths stay within one root.

use std::fs;
use std::path::{Path, PathBuf};

use super::glob;
use super::library::{Unreadable, refused};

/// The most files and folders that the patterns of one blueprint may look at together.
pub const MAX_STEPS: usize = 50_000;

/// The blueprint's folder, and the folder within which everything lies that it may read.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// As the user wrote it.
    written: PathBuf,
    /// The real path within which files are read; `None` where there is no such folder.
    root: Option<PathBuf>,
}

/// How many files and folders patterns may still look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    steps_left: usize,
}

impl Default for Walk {
    fn default() -> Self {
        Walk { steps_left: MAX_STEPS }
    }
}

impl Walk {
    fn step(&mut self) -> Result<(), Unreadable> {
        self.steps_left = self.steps_left.checked_sub(1).ok_or(Unreadable::TooMany)?;
        Ok(())
    }
}

impl Folder {
    /// The folder `written`, from which files below `root` are read, or below the folder itself.
    pub(super) fn new(written: &Path, root: Option<&Path>) -> Folder {
        let here = if written.as_os_str().is_empty() { Path::new(".") } else { written };
        Folder { written: written.to_owned(), root: fs::canonicalize(root.unwrap_or(here)).ok() }
    }

    /// The name as a user can open it from where the program was started.
    pub(super) fn shown(&self, name: &str) -> String {
        self.written.join(name).to_string_lossy().replace('\\', "/")
    }

    /// Where the file or folder called `name` really is, links followed.
    ///
    /// # Errors
    /// There is none, or it lies outside of the root. The message about what lies outside does not reveal whether it exists.
    pub(super) fn real(&self, name: &str) -> Result<PathBuf, Unreadable> {
        let path = if name.is_empty() && self.written.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            self.written.join(name)
        };
        let real = match fs::canonicalize(&path) {
            Ok(real) => real,
            Err(_) if self.leads_outside(name) => return Err(Unreadable::Outside),
            Err(error) => return Err(refused(&error)),
        };
        match &self.root {
            Some(root) if real.starts_with(root) => Ok(real),
            _ => Err(Unreadable::Outside),
        }
    }

    /// Whether a name that nothing has would lie outside: it climbs higher than the root, or its last existing part is a
    /// link, or lies outside.
    fn leads_outside(&self, name: &str) -> bool {
        let Some(root) = &self.root else { return false };
        let mut at = self.written.join(name);
        loop {
            if fs::symlink_metadata(&at).is_ok_and(|about| about.is_symlink()) {
                return true;
            }
            match fs::canonicalize(if at.as_os_str().is_empty() { Path::new(".") } else { &at }) {
                Ok(real) => return !real.starts_with(root),
                Err(_) if !at.pop() => return false,
                Err(_) => {}
            }
        }
    }

    /// Every file that could match `pattern`: no deeper than its parts unless it has a `**`, and not in hidden folders.
    ///
    /// # Errors
    /// The pattern begins outside of the root, or `walk` has no steps left.
    pub(super) fn files_below(&self, pattern: &str, walk: &mut Walk) -> Result<Vec<String>, Unreadable> {
        let top = glob::fixed_folder(pattern);
        match self.real(top) {
            Ok(_) => {}
            Err(Unreadable::Outside) => return Err(Unreadable::Outside),
            Err(_) => return Ok(Vec::new()),
        }
        let rest = pattern[top.len()..].trim_start_matches('/');
        let depth = if rest.split('/').any(|part| part == "**") { usize::MAX } else { rest.split('/').count() };
        let mut found = Vec::new();
        self.collect(top, depth, walk, &mut found)?;
        Ok(found)
    }

    fn collect(&self, name: &str, depth: usize, walk: &mut Walk, found: &mut Vec<String>) -> Result<(), Unreadable> {
        let path = self.written.join(name);
        let Ok(entries) = fs::read_dir(if path.as_os_str().is_empty() { Path::new(".") } else { &path }) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            walk.step()?;
            let (Some(child), Ok(kind)) = (entry.file_name().to_str().map(|last| join(name, last)), entry.file_type())
            else {
                continue;
            };
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if kind.is_dir() && !hidden && depth > 1 {
                self.collect(&child, depth - 1, walk, found)?;
            } else if kind.is_file() || (kind.is_symlink() && !entry.path().is_dir()) {
                found.push(child);
            }
        }
        Ok(())
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
