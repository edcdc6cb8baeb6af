//! Where the state is kept between processes.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use crate::error::Error;
use crate::state::State;
use crate::step::Step;
use journal::Journal;

mod journal;

/// Memory, or a file that several processes may share.
pub(super) struct Store {
    file: Option<Shared>,
}

/// A state file; beside it are its lock, and the journal of the steps since the file was written.
struct Shared {
    path: PathBuf,
    /// Which version of the file the state in memory is, but for the steps of the journal.
    seen: Option<Version>,
    journal: Journal,
    /// Whether this process has added to the journal.
    has_added: bool,
}

/// What changes whenever the file is replaced.
#[derive(PartialEq, Eq)]
struct Version {
    modified: SystemTime,
    length: u64,
    saves: String,
}

impl Store {
    pub(super) fn memory() -> Self {
        Self { file: None }
    }

    pub(super) fn file(path: &Path) -> Self {
        let journal = Journal::new(beside(path, "journal"));
        Self { file: Some(Shared { path: path.to_owned(), seen: None, journal, has_added: false }) }
    }

    /// Whether other processes may share the state.
    pub(super) fn is_shared(&self) -> bool {
        self.file.is_some()
    }

    /// The state in the file, which is made when absent, without the steps of the journal.
    pub(super) fn open(&mut self) -> Result<State, Error> {
        let _held = self.lock()?;
        if let Some(state) = self.changed()? {
            return Ok(state);
        }
        let mut state = State::default();
        self.save(&mut state)?;
        Ok(state)
    }

    /// Keeps other processes out of the file until the answer is dropped.
    pub(super) fn lock(&self) -> Result<Option<File>, Error> {
        let Some(shared) = &self.file else {
            return Ok(None);
        };
        let lock = beside(&shared.path, "lock");
        let failed = |error| Error::File(lock.clone(), error);
        if let Some(folder) = shared.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // What is counted there must not go into another file.
        if fs::symlink_metadata(&lock).is_ok_and(|about| about.is_symlink()) {
            return Err(failed(io::Error::other("it is a link: delete it")));
        }
        let held = File::options().create(true).append(true).open(&lock).map_err(failed)?;
        held.lock().map_err(failed)?;
        Ok(Some(held))
    }

    /// The state in the file, if it is not the one last read or saved here. The lock must be held.
    pub(super) fn changed(&mut self) -> Result<Option<State>, Error> {
        let Some(shared) = &mut self.file else {
            return Ok(None);
        };
        let version = shared.version();
        if version == shared.seen {
            return Ok(None);
        }
        let text = fs::read(&shared.path).map_err(|error| Error::File(shared.path.clone(), error))?;
        let state = State::read(&text).map_err(|error| Error::State(Some(shared.path.clone()), error))?;
        shared.journal.continues(state.saves);
        shared.seen = version;
        Ok(Some(state))
    }

    /// The steps that other processes have taken since. The lock must be held.
    pub(super) fn steps(&mut self) -> Result<Vec<Step>, Error> {
        self.file.as_mut().map_or(Ok(Vec::new()), |shared| shared.journal.read())
    }

    /// Keeps a step that led to `state`, at a cost that does not grow with it. The lock must be held.
    pub(super) fn add(&mut self, step: &Step, state: &mut State) -> Result<(), Error> {
        let Some(shared) = &mut self.file else {
            return Ok(());
        };
        // A journal is read wherever the file is: it is no longer than that, unless both are short.
        let longest = shared.seen.as_ref().map_or(0, |version| version.length).max(SHORT);
        if shared.journal.length() > longest {
            return self.save(state);
        }
        shared.has_added = true;
        shared.journal.add(step)
    }

    /// Replaces the file in one step, so that it is whole whenever the process dies. The lock must be held.
    pub(super) fn save(&mut self, state: &mut State) -> Result<(), Error> {
        let Some(shared) = &mut self.file else {
            return Ok(());
        };
        let failed = |error| Error::File(shared.path.clone(), error);
        state.saves += 1;
        shared.replace(state).map_err(failed)?;
        shared.count_save().map_err(failed)?;
        shared.journal.continues(state.saves);
        shared.journal.delete()?;
        shared.seen = shared.version();
        shared.has_added = false;
        Ok(())
    }

    /// Whether this process has left steps in the journal.
    pub(super) fn has_added(&self) -> bool {
        self.file.as_ref().is_some_and(|shared| shared.has_added && shared.journal.exists())
    }
}

/// The length up to which a journal is not worth a new file, in bytes.
const SHORT: u64 = 1 << 18;

/// The file of that ending beside the state's.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{ending}"));
    path.with_file_name(name)
}

/// Deletes a state file and what is beside it; whether there was any of it.
///
/// # Errors
/// When one of the files cannot be deleted.
pub fn delete(path: &Path) -> Result<bool, Error> {
    let files = [path.to_owned(), beside(path, "journal"), beside(path, "lock")];
    files.into_iter().try_fold(false, |any, file| match fs::remove_file(&file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(any),
        Err(error) => Err(Error::File(file, error)),
    })
}

impl Shared {
    /// By way of a file of a random name, which is deleted where anything fails. Its owner alone may read it, unless the file
    /// that it replaces says otherwise. Nothing is waited for until it is on the disk: what is simulated may be lost.
    fn replace(&self, state: &State) -> io::Result<()> {
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut new = tempfile::Builder::new().prefix(".sandbox-").tempfile_in(folder)?;
        let mut writer = BufWriter::new(new.as_file_mut());
        serde_json::to_writer(&mut writer, state)?;
        writer.flush()?;
        drop(writer);
        if let Ok(before) = fs::metadata(&path) {
            new.as_file().set_permissions(before.permissions())?;
        }
        new.persist(&path).map(drop).map_err(|error| error.error)
    }

    fn version(&self) -> Option<Version> {
        let file = fs::metadata(&self.path).ok()?;
        Some(Version {
            modified: file.modified().ok()?,
            length: file.len(),
            saves: fs::read_to_string(beside(&self.path, "lock")).unwrap_or_default(),
        })
    }

    /// Counts saves in the lock file: two of them may fall into one tick of the file system's clock.
    fn count_save(&self) -> io::Result<()> {
        let lock = beside(&self.path, "lock");
        let saves: u64 = fs::read_to_string(&lock)?.trim().parse().unwrap_or(0);
        fs::write(&lock, (saves + 1).to_string())
    }
}
