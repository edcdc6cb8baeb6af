//! How fast logs go through policies, beside the least that reading them takes.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use landing::cli::logs::{Log, for_each_log, replay_all};
use landing_policy::Tally;
use serde::de::IgnoredAny;

use super::effort::{effort, is_quick};
use super::guardrails::policies;
use super::logs::{drawn, logs, samples};
use super::table::{head, median, row, timed};

/// The account of the published samples.
const ACCOUNT_OF_SAMPLES: &str = "123837392027";
const THREADS: [usize; 2] = [1, 2];
const RUNS: usize = 5;
/// The first argument of the process that measures memory.
const MEASURE: &str = "--measure-memory";

/// Prints how fast it is.
pub fn print() {
    head(
        "\nreplay (floor: the same logs inflated, their JSON skipped over)",
        &["", "events/s", "MB/s", "floor's MB/s", "of the floor", "at most"],
    );
    // The samples are few: read again and again they last as long as the drawn ones.
    let published = if is_quick() { None } else { samples() };
    let folders = [Some(("drawn", drawn(), 1)), published.map(|folder| ("published samples", folder, 40))];
    for (name, folder, times) in folders.into_iter().flatten() {
        let logs = vec![logs(&folder); times].concat();
        for threads in THREADS {
            let [replay, floor] = medians(&logs, threads);
            let (bytes, events) = (floor.1, replay.1);
            let speed = |count: u64, time: Duration| count as f64 / time.as_secs_f64();
            row(&[
                format!("{name}, {threads} threads"),
                format!("{:.0}", speed(events, replay.0)),
                format!("{:.0}", speed(bytes, replay.0) / 1e6),
                format!("{:.0}", speed(bytes, floor.0) / 1e6),
                format!("{:.2}", floor.0.as_secs_f64() / replay.0.as_secs_f64()),
                memory(&folder, threads),
            ]);
        }
    }
}

/// The time and the events of a replay, the time and the bytes of its floor. They take turns, so that a busy machine
/// slows down both.
fn medians(logs: &[Log], threads: usize) -> [(Duration, u64); 2] {
    let policies = policies(&[ACCOUNT_OF_SAMPLES]);
    let (mut replays, mut floors) = (Vec::new(), Vec::new());
    let (mut events, mut bytes) = (0, 0);
    for _ in 0..effort(RUNS, 1) {
        let (time, tally) = timed(|| replay_all(logs, &policies, threads).complete().expect("they are logs"));
        replays.push(time);
        events = tally.events;
        let (time, read) = timed(|| skim(logs, threads));
        floors.push(time);
        bytes = read;
    }
    [(median(replays), events), (median(floors), bytes)]
}

/// Inflates all logs and parses them, keeping nothing; returns how many bytes there are.
fn skim(logs: &[Log], threads: usize) -> u64 {
    let read = |bytes: &mut u64, log: &Log| {
        let mut text = Vec::new();
        log.open().and_then(|mut log| log.read_to_end(&mut text)).expect("they can be read");
        *bytes += text.len() as u64;
        serde_json::from_slice::<IgnoredAny>(&text).map(drop).expect("they are logs");
    };
    for_each_log(logs, threads, || 0, read).iter().sum()
}

/// The folder and the threads that this process is to measure the memory of, if it is to.
pub fn asked() -> Option<(String, usize)> {
    let mut arguments = std::env::args().skip(1);
    arguments.next().filter(|first| first == MEASURE)?;
    Some((arguments.next()?, arguments.next()?.parse().ok()?))
}

/// Replays once and says how much memory the process took at most, in KiB.
pub fn measure((folder, threads): (String, usize)) {
    let tally: Tally = replay_all(&logs(Path::new(&folder)), &policies(&[ACCOUNT_OF_SAMPLES]), threads)
        .complete()
        .expect("they are logs");
    assert!(tally.has_findings(), "the policies matter");
    let status = fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("it is among them");
    println!("{}", line.trim_matches(|c: char| !c.is_ascii_digit()));
}

/// The memory that a replay takes at most, measured in a process of its own.
fn memory(folder: &Path, threads: usize) -> String {
    if !Path::new("/proc/self/status").exists() {
        return "not on Linux".to_owned();
    }
    let mut measuring = Command::new(std::env::current_exe().expect("this program has a path"));
    let output = measuring.arg(MEASURE).arg(folder).arg(threads.to_string()).output().expect("it starts");
    let kibibytes: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("it measures");
    format!("{} MiB", kibibytes / 1024)
}
