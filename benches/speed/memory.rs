//! The memory that a plan takes at most, measured in a process of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use landing::cloud::Pace;
use landing::facts::Facts;
use landing_sandbox::{Options, Sandbox};
use serde_json::Value;

use super::estate::{Estate, all_threads, plan, understood};
use super::served::{Served, cloud};
use super::table::{head, row};
use super::text;

/// The first argument of the process that measures.
const MEASURE: &str = "--measure-memory";

/// What the measuring process is asked for.
pub struct Asked {
    blueprint: PathBuf,
    url: String,
}

/// Whether this process is the one that measures.
pub fn asked() -> Option<Asked> {
    let mut arguments = std::env::args().skip(1);
    arguments.next().filter(|first| first == MEASURE)?;
    Some(Asked { blueprint: arguments.next()?.into(), url: arguments.next()? })
}

/// Plans once and says how much memory that took: before, and at most.
pub fn measure(asked: &Asked) {
    let blueprint = fs::read_to_string(&asked.blueprint).expect("the blueprint was written");
    let (runtime, declared) = (all_threads(), understood(&blueprint));
    let cloud = runtime.block_on(cloud(&asked.url, Pace::OnceThrottled));
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
    head("\nmemory of a plan's process (before: blueprint and clients)", &["", "before", "at most"]);
    for estate in estates {
        let name = estate.size.accounts.to_string();
        let Some(figures) = of_plan(&name, &text::blueprint(estate.size), estate.state()) else { return };
        let [before, most] = figures.map(|kibibytes| format!("{} MiB", kibibytes / 1024));
        row(&[estate.size.to_string(), before, most]);
    }
}

/// How many kibibytes a process has before it plans and at most, where this is Linux.
pub fn of_plan(name: &str, blueprint: &str, state: &Value) -> Option<[u64; 2]> {
    if !Path::new("/proc/self/clear_refs").exists() {
        println!("\nmemory: not measured, since this is not Linux");
        return None;
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}.yaml"));
    fs::write(&file, blueprint).expect("the build folder can be written");
    let sandbox = Sandbox::restore(state.clone(), Options::default()).expect("it is a snapshot");
    let served = Served::new(sandbox);
    let mut measuring = Command::new(std::env::current_exe().expect("this program has a path"));
    measuring.arg(MEASURE).arg(file).arg(&served.url);
    let output = measuring.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<u64> = text.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    Some(figures.try_into().unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr))))
}
