//! CloudTrail's logs on disk.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::bufread::MultiGzDecoder;

use super::failure::Failure;
use crate::policy::{Replay, ReplayPolicies, Tally};

/// Where a log is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Log {
    File(PathBuf),
    StandardInput,
}

/// The most that one log may inflate to; CloudTrail's are a hundredth of it.
const MAX_LOG_BYTES: u64 = 1 << 30;

/// The log itself, or all logs in the folder and those below, by name. Of a folder only what is called as logs are
/// counts: `.json`, `.json.gz`, `.gz`.
///
/// # Errors
/// When a folder cannot be read.
fn logs_below(path: &Path, found: &mut Vec<Log>) -> Result<(), Failure> {
    if path == Path::new("-") {
        found.push(Log::StandardInput);
        return Ok(());
    }
    if !path.is_dir() {
        found.push(Log::File(path.to_owned()));
        return Ok(());
    }
    let unreadable = |error| Failure::new(format!("{} cannot be read: {error}", path.display()));
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(unreadable)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(unreadable)?.iter().map(fs::DirEntry::path).collect();
    paths.retain(|path| path.is_dir() || is_called_log(path));
    paths.sort();
    paths.iter().try_for_each(|path| logs_below(path, found))
}

fn is_called_log(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json" || extension == "gz")
}

/// Replays these logs, and those in these folders.
///
/// # Errors
/// At the first folder or log that cannot be read.
pub(super) fn replay(paths: &[PathBuf], policies: &ReplayPolicies) -> Result<Tally, Failure> {
    let mut logs = Vec::new();
    paths.iter().try_for_each(|path| logs_below(path, &mut logs))?;
    tokio::task::block_in_place(|| replay_all(&logs, policies))
}

/// As many at once as there are processors.
fn replay_all(logs: &[Log], policies: &ReplayPolicies) -> Result<Tally, Failure> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(logs.len().max(1));
    let next = AtomicUsize::new(0);
    let tallies: Vec<Result<Tally, Failure>> = thread::scope(|scope| {
        let spawn = |_| scope.spawn(|| replay_some(logs, &next, policies));
        let threads: Vec<_> = (0..workers).map(spawn).collect();
        let gone = |_| Err(Failure::new("a thread that reads logs has died"));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(gone)).collect()
    });
    let mut all = Tally::default();
    for tally in tallies {
        all.add(&tally?);
    }
    Ok(all)
}

fn replay_some(logs: &[Log], next: &AtomicUsize, policies: &ReplayPolicies) -> Result<Tally, Failure> {
    let mut replay = Replay::new(policies);
    let (mut packed, mut text) = (Vec::new(), Vec::new());
    while let Some(log) = logs.get(next.fetch_add(1, Ordering::Relaxed)) {
        let name = log.name();
        log.read(&mut packed, &mut text).map_err(|error| Failure::new(format!("{name} cannot be read: {error}")))?;
        replay.read(&text).map_err(|error| Failure::new(format!("{name} is not a CloudTrail log: {error}")))?;
    }
    Ok(replay.finish())
}

impl Log {
    fn name(&self) -> String {
        match self {
            Log::File(path) => path.display().to_string(),
            Log::StandardInput => "standard input".to_owned(),
        }
    }

    /// Reads the log into `text`, inflated if it is compressed; `packed` is room to work in.
    fn read(&self, packed: &mut Vec<u8>, text: &mut Vec<u8>) -> io::Result<()> {
        packed.clear();
        text.clear();
        match self {
            Log::File(path) => File::open(path)?.take(MAX_LOG_BYTES + 1).read_to_end(packed)?,
            Log::StandardInput => io::stdin().lock().take(MAX_LOG_BYTES + 1).read_to_end(packed)?,
        };
        if packed.starts_with(&[0x1f, 0x8b]) {
            MultiGzDecoder::new(packed.as_slice()).take(MAX_LOG_BYTES + 1).read_to_end(text)?;
        } else {
            std::mem::swap(packed, text);
        }
        if text.len() as u64 > MAX_LOG_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it has more than 1 GB"));
        }
        Ok(())
    }
}
