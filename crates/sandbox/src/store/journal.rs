//! The steps since a state file was written: one line of JSON for each, after a line that says which file they continue.
//!
//! Lines are only added, so that a step costs as much as it says. A line without an end is that of a process that died before it
//! answered: it counts for nothing, and the next step is written over it.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::step::Step;

/// A journal of which this process knows the beginning. The state file's lock is held whenever it is used.
pub(super) struct Journal {
    path: PathBuf,
    /// Which state file it continues: how often that was written.
    continues: u64,
    /// How much of it this process has read or written, in bytes.
    known: u64,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    continues: u64,
}

impl Journal {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, continues: 0, known: 0 }
    }

    /// Another state file is there, which was written so many times.
    pub(super) fn continues(&mut self, saves: u64) {
        (self.continues, self.known) = (saves, 0);
    }

    /// How much of it is known, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.known
    }

    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The steps that are not known yet.
    pub(super) fn read(&mut self) -> Result<Vec<Step>, Error> {
        let text = self.rest().map_err(|error| self.failed(error))?;
        // What is behind the last end of a line was never answered.
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        if self.known == 0 && !lines.next().is_some_and(|head| self.is_ours(head)) {
            return Ok(Vec::new());
        }
        let steps = lines.map(serde_json::from_slice).collect::<Result<_, _>>();
        let steps = steps.map_err(|error| Error::State(Some(self.path.clone()), error))?;
        self.known += whole as u64;
        Ok(steps)
    }

    /// What is behind the part that is known.
    fn rest(&self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let mut file = match File::open(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(text),
            file => file?,
        };
        if file.metadata()?.len() > self.known {
            file.seek(SeekFrom::Start(self.known))?;
            file.read_to_end(&mut text)?;
        }
        Ok(text)
    }

    /// Whether it continues the state file that is there: a process may have died between writing that and deleting this.
    fn is_ours(&self, head: &[u8]) -> bool {
        serde_json::from_slice::<Head>(head).is_ok_and(|head| head.continues == self.continues)
    }

    /// Adds a step to all that are known.
    pub(super) fn add(&mut self, step: &Step) -> Result<(), Error> {
        let mut line = Vec::new();
        if self.known == 0 {
            self.line(&mut line, &Head { continues: self.continues })?;
        }
        self.line(&mut line, step)?;
        self.write(&line).map_err(|error| self.failed(error))?;
        self.known += line.len() as u64;
        Ok(())
    }

    fn line(&self, line: &mut Vec<u8>, value: &impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut *line, value).map_err(|error| Error::State(Some(self.path.clone()), error))?;
        line.push(b'\n');
        Ok(())
    }

    /// Its owner alone may read it.
    fn write(&self, line: &[u8]) -> io::Result<()> {
        if fs::symlink_metadata(&self.path).is_ok_and(|about| about.is_symlink()) {
            return Err(io::Error::other("it is a link: delete it"));
        }
        let mut options = File::options();
        options.create(true).write(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        file.set_len(self.known)?;
        file.seek(SeekFrom::Start(self.known))?;
        file.write_all(line)
    }

    /// Deletes it: the state file has all that it says.
    pub(super) fn delete(&self) -> Result<(), Error> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::File(self.path.clone(), error)
    }
}
