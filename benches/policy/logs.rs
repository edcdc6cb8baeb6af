//! Logs on disk: some hundred megabytes of drawn events, and real ones where there are some.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use landing::cli::logs::{Log, logs_below};
use serde_json::json;

use super::effort::effort;
use super::events::event;
use super::random::Random;

/// As many files, each with as many events, as a busy organization writes in some hours.
const FILES: usize = 240;
const EVENTS: usize = 1000;
/// What `--quick` takes instead.
const FEW: (usize, usize) = (4, 100);

/// Drawn logs; they stay in the build folder for the next run.
pub fn drawn() -> PathBuf {
    let (files, events) = effort((FILES, EVENTS), FEW);
    let log = |number| {
        let mut random = Random::new(number as u64);
        let records: Vec<_> = (0..events).map(|_| event(&mut random)).collect();
        json!({"Records": records}).to_string().into_bytes()
    };
    packed(&format!("bench-logs-{files}-{events}"), (0..files).map(log))
}

/// Published samples of CloudTrail's logs, compressed as CloudTrail does, where they lie beside the repository; they are
/// no part of it.
pub fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cloudtrail");
    let files = logs(&folder).into_iter().filter_map(|log| match log {
        Log::File(path) | Log::InFolder(path) => fs::read(path).ok(),
        Log::StandardInput => None,
    });
    folder.is_dir().then(|| packed("bench-samples", files))
}

/// A folder in the build folder with these logs compressed, if it is not there already.
fn packed(name: &str, logs: impl Iterator<Item = Vec<u8>>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let complete = folder.with_extension("complete");
    if !complete.exists() {
        fs::create_dir_all(&folder).expect("the build folder can be written");
        for (number, log) in logs.enumerate() {
            let file =
                File::create(folder.join(format!("{number:04}.json.gz"))).expect("the build folder can be written");
            GzEncoder::new(file, Compression::default()).write_all(&log).expect("the disk has room");
        }
        fs::write(complete, "").expect("the build folder can be written");
    }
    folder
}

/// The logs in a folder.
pub fn logs(folder: &Path) -> Vec<Log> {
    logs_below(folder).expect("the folder can be read")
}
