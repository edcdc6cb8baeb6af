//! CloudTrail's logs on disk.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use landing_policy::{LogError, Replay, ReplayPolicies, Tally, inflated};

use super::walk::{Wanted, files_below};

/// Where a log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Log {
    /// In a file that is named, as text or compressed by gzip.
    File(PathBuf),
    /// In a file of a folder that is named, which may hold other files too.
    InFolder(PathBuf),
    /// In what is piped into the program.
    StandardInput,
}

/// Logs and folders of logs that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableLog {
    /// What and why.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl UnreadableLog {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }
}

impl fmt::Display for UnreadableLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for UnreadableLog {}

/// How many logs are read at once at most. Each takes as much memory as its longest event, which is limited to 8 MiB, so that
/// a replay takes no more than 256 MiB, however many processors there are and however much a log inflates to.
const MOST_WORKERS: usize = 8;

/// What a replay of logs found, and which of them could not be read, or not to their end.
#[derive(Debug, Default)]
pub struct Replayed {
    /// What was found in all others.
    pub tally: Tally,
    /// Which logs could not be read.
    pub unreadable: Vec<UnreadableLog>,
}

impl Replayed {
    /// What was found, if everything could be read.
    ///
    /// # Errors
    /// When some log could not be read: what was found does not show all.
    pub fn complete(self) -> Result<Tally, UnreadableLog> {
        self.failure().map_or(Ok(self.tally), Err)
    }

    /// The logs that could not be read as one message, if there are any.
    #[must_use]
    pub fn failure(&self) -> Option<UnreadableLog> {
        const NAMED: usize = 5;
        let mut failure = self.unreadable.first()?.clone();
        let others: Vec<&str> = self.unreadable.iter().skip(1).map(|log| log.message.as_str()).collect();
        for message in others.iter().take(NAMED - 1) {
            failure.message += &format!("; {message}");
        }
        if others.len() >= NAMED {
            failure.message += &format!("; and {} more", others.len() - (NAMED - 1));
        }
        Some(failure)
    }
}

/// The logs in a folder and those below, whatever they are called, or the log itself (standard input for `-`).
///
/// # Errors
/// When a folder cannot be read.
pub fn logs_below(path: &Path) -> Result<Vec<Log>, UnreadableLog> {
    Ok(find(&[path.to_owned()])?.0)
}

/// The logs at these paths, and what else is in the folders and is no file.
fn find(paths: &[PathBuf]) -> Result<(Vec<Log>, Vec<PathBuf>), UnreadableLog> {
    let (piped, paths): (Vec<&PathBuf>, Vec<&PathBuf>) =
        paths.iter().partition(|path| path.as_path() == Path::new("-"));
    let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
    let is_shown = |path: &Path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let wanted = Wanted { instead_of_folder: &|_| None, keeps: &is_shown };
    let found = files_below(&paths, wanted).map_err(|error| UnreadableLog::new(error.to_string()))?;
    let is_named = |path: &PathBuf| paths.contains(path);
    let log = |path: PathBuf| if is_named(&path) { Log::File(path) } else { Log::InFolder(path) };
    let mut logs: Vec<Log> = found.files.into_iter().map(log).collect();
    logs.extend(piped.first().map(|_| Log::StandardInput));
    Ok((logs, found.special))
}

/// Replays these logs, and those in these folders.
///
/// # Errors
/// When a path does not exist, a folder cannot be read, or no event is in any of the logs.
pub fn replay(paths: &[PathBuf], policies: &ReplayPolicies) -> Result<Replayed, UnreadableLog> {
    let (logs, special) = find(paths)?;
    let workers = thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
    let mut replayed = tokio::task::block_in_place(|| replay_all(&logs, policies, workers));
    for path in special {
        replayed.tally.add_unread(&path.display().to_string(), "no file but a pipe, a device or a broken link", 1);
    }
    if replayed.tally.events == 0 && replayed.unreadable.is_empty() {
        return Err(nothing_read(paths, &replayed.tally));
    }
    Ok(replayed)
}

/// That there is no event in any of the logs.
fn nothing_read(paths: &[PathBuf], tally: &Tally) -> UnreadableLog {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let found = tally.unread.keys().next().map_or_else(
        || "there are no files".to_owned(),
        |unread| format!("{} looks like {}", unread.log, unread.looks_like),
    );
    let message = format!("no CloudTrail event is in {}: {found}", paths.join(", "));
    UnreadableLog { message, help: Some(HELP.to_owned()) }
}

const HELP: &str = "name files as CloudTrail delivers them to its bucket, or what lookup-events, EventBridge, CloudWatch Logs, \
                    Athena, CloudTrail Lake or Splunk export of them; a folder of them, or `-` for standard input";

/// Replays all logs, `workers` of them at once.
#[must_use]
pub fn replay_all(logs: &[Log], policies: &ReplayPolicies, workers: usize) -> Replayed {
    let begin = || (Replay::new(policies), Replayed::default());
    let read = |(replay, found): &mut (Replay<'_>, Replayed), log: &Log| log.replay(replay, found);
    let mut all = Replayed::default();
    for (replay, found) in for_each_log(logs, workers, begin, read) {
        all.tally.add(&replay.finish());
        all.tally.add(&found.tally);
        all.unreadable.extend(found.unreadable);
    }
    all.unreadable.sort_by(|a, b| a.message.cmp(&b.message));
    all
}

/// Takes all logs on several threads: each begins with what `begin` makes and hands it to `each` with every log that it takes.
/// Returns what the threads have in the end.
pub fn for_each_log<R: Send>(
    logs: &[Log],
    workers: usize,
    begin: impl Fn() -> R + Sync,
    each: impl Fn(&mut R, &Log) + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = begin();
        while let Some(log) = logs.get(next.fetch_add(1, Ordering::Relaxed)) {
            each(&mut reader, log);
        }
        reader
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.min(logs.len()).max(1)).map(|_| scope.spawn(work)).collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended.map(|ended| ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

impl Log {
    /// What it is called in messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Log::File(path) | Log::InFolder(path) => path.display().to_string(),
            Log::StandardInput => "standard input".to_owned(),
        }
    }

    /// The log as a stream, inflated if it is compressed.
    ///
    /// # Errors
    /// When it cannot be opened, or its first bytes cannot be read.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        match self {
            Log::File(path) | Log::InFolder(path) => inflated(BufReader::new(File::open(path)?)),
            Log::StandardInput => inflated(BufReader::new(io::stdin())),
        }
    }

    fn replay(&self, replay: &mut Replay<'_>, found: &mut Replayed) {
        let name = self.name();
        let read = self.open().map_err(LogError::from).and_then(|log| replay.read_log(&name, log));
        match (self, read) {
            (_, Ok(())) => {}
            (Log::InFolder(_), Err(LogError::Empty)) => found.tally.add_unread(&name, "an empty file", 1),
            (Log::InFolder(_), Err(LogError::Unknown(what))) => found.tally.add_unread(&name, &what, 1),
            (_, Err(error)) => {
                let help = (!matches!(error, LogError::Damaged(_))).then(|| HELP.to_owned());
                found.unreadable.push(UnreadableLog { message: format!("{name} {error}"), help });
            }
        }
    }
}
