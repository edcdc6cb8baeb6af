//! Where the state is kept between processes.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use crate::error::Error;
use crate::state::State;

/// Memory, or a file that several processes may share.
pub(super) struct Store {
    file: Option<Shared>,
}

struct Shared {
    path: PathBuf,
    /// Which version of the file the state in memory is.
    seen: Option<Version>,
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
        let path = path.to_owned();
        Self { file: Some(Shared { path, seen: None }) }
    }

    /// The state in the file, which is made when absent.
    pub(super) fn open(&mut self) -> Result<State, Error> {
        let _held = self.lock()?;
        if let Some(state) = self.changed()? {
            return Ok(state);
        }
        let state = State::default();
        self.save(&state)?;
        Ok(state)
    }

    /// Keeps other processes out of the file until the answer is dropped.
    pub(super) fn lock(&self) -> Result<Option<File>, Error> {
        let Some(shared) = &self.file else {
            return Ok(None);
        };
        let lock = shared.beside("lock");
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
        let state = serde_json::from_slice(&text).and_then(State::from_json);
        let state = state.map_err(|error| Error::State(Some(shared.path.clone()), error))?;
        shared.seen = version;
        Ok(Some(state))
    }

    /// Replaces the file in one step, so that it is whole whenever the process dies. The lock must be held.
    pub(super) fn save(&mut self, state: &State) -> Result<(), Error> {
        let Some(shared) = &mut self.file else {
            return Ok(());
        };
        let failed = |error| Error::File(shared.path.clone(), error);
        let text = serde_json::to_vec(state).map_err(|error| Error::State(Some(shared.path.clone()), error))?;
        shared.replace(&text).map_err(failed)?;
        shared.count_save().map_err(failed)?;
        shared.seen = shared.version();
        Ok(())
    }
}

impl Shared {
    /// By way of a file of a random name, which is deleted where anything fails. Its owner alone may read it, unless the file
    /// that it replaces says otherwise. Nothing is waited for until it is on the disk: what is simulated may be lost.
    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut new = tempfile::Builder::new().prefix(".sandbox-").tempfile_in(folder)?;
        new.write_all(text)?;
        if let Ok(before) = fs::metadata(&path) {
            new.as_file().set_permissions(before.permissions())?;
        }
        new.persist(&path).map(drop).map_err(|error| error.error)
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{ending}"));
        self.path.with_file_name(name)
    }

    fn version(&self) -> Option<Version> {
        let file = fs::metadata(&self.path).ok()?;
        Some(Version {
            modified: file.modified().ok()?,
            length: file.len(),
            saves: fs::read_to_string(self.beside("lock")).unwrap_or_default(),
        })
    }

    /// Counts saves in the lock file: two of them may fall into one tick of the file system's clock.
    fn count_save(&self) -> io::Result<()> {
        let lock = self.beside("lock");
        let saves: u64 = fs::read_to_string(&lock)?.trim().parse().unwrap_or(0);
        fs::write(&lock, (saves + 1).to_string())
    }
}
