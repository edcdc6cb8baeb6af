//! The memory that a plan takes at most, measured in a process of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use landing::cloud::Pace;
use landing::facts::Facts;
use landing_sandbox::{Options, Sandbox};

use super::effort::{QUICK, is_quick};
use super::estate::{Estate, all_threads, cloud, declared, plan};
use super::table::{head, row};
use super::{Size, sizes};

/// The first argument of the process that measures.
const MEASURE: &str = "--measure-memory";

/// What the measuring process is asked for.
pub struct Asked {
    size: Size,
    state: PathBuf,
}

/// Whether this process is the one that measures.
pub fn asked() -> Option<Asked> {
    let mut arguments = std::env::args().skip(1);
    arguments.next().filter(|first| first == MEASURE)?;
    let accounts = arguments.next()?;
    let size = sizes().iter().copied().find(|size| size.accounts.to_string() == accounts)?;
    Some(Asked { size, state: arguments.next()?.into() })
}

/// Plans once and says how much memory that took: before, and at most.
pub fn measure(asked: &Asked) {
    let text = fs::read_to_string(&asked.state).expect("the state was written");
    let sandbox = Sandbox::restore(serde_json::from_str(&text).expect("it is JSON"), Options::default());
    let sandbox = sandbox.expect("it is a snapshot");
    drop(text);
    let (runtime, declared) = (all_threads(), declared(asked.size));
    let cloud = runtime.block_on(cloud(&sandbox, Pace::OnceThrottled));
    // Sets the highest mark back to what is in use now.
    fs::write("/proc/self/clear_refs", "5").expect("Linux takes it");
    let before = kibibytes("VmRSS");
    runtime.block_on(plan(&cloud, &mut Facts::default(), &declared));
    println!("{before} {}", kibibytes("VmHWM"));
}

/// A figure of this process, as Linux counts it.
fn kibibytes(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says it");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("it is among them");
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("it is a number")
}

/// Prints how much memory plans take.
pub fn print(estates: &[Estate]) {
    if !Path::new("/proc/self/clear_refs").exists() {
        println!("\nmemory: not measured, since this is not Linux");
        return;
    }
    head(
        "\nmemory of a plan's process (before: blueprint, clients and the simulated AWS itself)",
        &["", "before", "at most"],
    );
    for estate in estates {
        let [before, most] = in_own_process(estate).map(|kibibytes| format!("{} MiB", kibibytes / 1024));
        row(&[estate.size.to_string(), before, most]);
    }
}

fn in_own_process(estate: &Estate) -> [u64; 2] {
    let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}.json", estate.size.accounts));
    fs::write(&state, estate.state().to_string()).expect("the build folder can be written");
    let mut measuring = Command::new(std::env::current_exe().expect("this program has a path"));
    measuring.arg(MEASURE).arg(estate.size.accounts.to_string()).arg(&state);
    measuring.args(is_quick().then_some(QUICK));
    let output = measuring.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<u64> = text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    figures.try_into().unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}
