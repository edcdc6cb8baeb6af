//! CloudTrail's logs on disk.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::bufread::MultiGzDecoder;

use crate::policy::{Replay, ReplayPolicies, Tally};

/// Where a log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Log {
    /// In a file, as JSON or compressed by gzip.
    File(PathBuf),
    /// In what is piped into the program.
    StandardInput,
}

/// A log or a folder of logs that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableLog(String);

impl fmt::Display for UnreadableLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UnreadableLog {}

/// The most that one log may inflate to; CloudTrail's are a hundredth of it.
const MAX_LOG_BYTES: u64 = 1 << 30;

/// The log itself (standard input for `-`), or all logs in the folder and those below, by name. Of a folder only what is
/// called as logs are counts: `.json`, `.json.gz`, `.gz`.
///
/// # Errors
/// When a folder cannot be read.
pub fn logs_below(path: &Path) -> Result<Vec<Log>, UnreadableLog> {
    if path == Path::new("-") {
        return Ok(vec![Log::StandardInput]);
    }
    if !path.is_dir() {
        return Ok(vec![Log::File(path.to_owned())]);
    }
    let unreadable = |error| UnreadableLog(format!("{} cannot be read: {error}", path.display()));
    let entries: Result<Vec<_>, _> = fs::read_dir(path).map_err(unreadable)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(unreadable)?.iter().map(fs::DirEntry::path).collect();
    paths.retain(|path| path.is_dir() || is_called_log(path));
    paths.sort();
    let below: Result<Vec<Vec<Log>>, _> = paths.iter().map(|path| logs_below(path)).collect();
    Ok(below?.concat())
}

fn is_called_log(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json" || extension == "gz")
}

/// Replays these logs, and those in these folders, as many at once as there are processors.
///
/// # Errors
/// At the first folder or log that cannot be read.
pub fn replay(paths: &[PathBuf], policies: &ReplayPolicies) -> Result<Tally, UnreadableLog> {
    let logs: Vec<Vec<Log>> = paths.iter().map(|path| logs_below(path)).collect::<Result<_, _>>()?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    tokio::task::block_in_place(|| replay_all(&logs.concat(), policies, workers))
}

/// Replays all logs, `workers` of them at once.
///
/// # Errors
/// At the first log that cannot be read.
pub fn replay_all(logs: &[Log], policies: &ReplayPolicies, workers: usize) -> Result<Tally, UnreadableLog> {
    let replays = read_all(logs, workers, || Replay::new(policies), Replay::read)?;
    let mut all = Tally::default();
    for replay in replays {
        all.add(&replay.finish());
    }
    Ok(all)
}

/// Reads all logs on several threads: each begins with what `begin` makes and hands it to `read` with every log that it
/// takes, inflated. Returns what the threads have in the end.
///
/// # Errors
/// At the first log that cannot be read, or of which `read` says that it is no log.
pub fn read_all<R: Send>(
    logs: &[Log],
    workers: usize,
    begin: impl Fn() -> R + Sync,
    read: impl Fn(&mut R, &[u8]) -> Result<(), serde_json::Error> + Sync,
) -> Result<Vec<R>, UnreadableLog> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = begin();
        let (mut packed, mut text) = (Vec::new(), Vec::new());
        while let Some(log) = logs.get(next.fetch_add(1, Ordering::Relaxed)) {
            log.read(&mut packed, &mut text).map_err(|error| log.unreadable("cannot be read", &error))?;
            read(&mut reader, &text).map_err(|error| log.unreadable("is not a CloudTrail log", &error))?;
        }
        Ok(reader)
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.min(logs.len()).max(1)).map(|_| scope.spawn(work)).collect();
        let gone = |_| Err(UnreadableLog("a thread that reads logs has died".to_owned()));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(gone)).collect()
    })
}

impl Log {
    fn unreadable(&self, what: &str, why: &dyn fmt::Display) -> UnreadableLog {
        let name = match self {
            Log::File(path) => path.display().to_string(),
            Log::StandardInput => "standard input".to_owned(),
        };
        UnreadableLog(format!("{name} {what}: {why}"))
    }

    /// Reads the log into `text`, inflated if it is compressed; `packed` is room to work in.
    fn read(&self, packed: &mut Vec<u8>, text: &mut Vec<u8>) -> io::Result<()> {
        packed.clear();
        match self {
            Log::File(path) => File::open(path)?.take(MAX_LOG_BYTES + 1).read_to_end(packed)?,
            Log::StandardInput => io::stdin().lock().take(MAX_LOG_BYTES + 1).read_to_end(packed)?,
        };
        inflate(packed, text)
    }
}

/// Replaces `text` by what is packed by gzip, or by `packed` itself if it is not.
///
/// # Errors
/// When it is cut off or damaged, or is of more than 1 GB.
pub fn inflate(packed: &mut Vec<u8>, text: &mut Vec<u8>) -> io::Result<()> {
    text.clear();
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
