//! How fast requests are decided, beside a peer on the same cases.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use landing_policy::{Case, Decision, Level, answer, evaluate, read_cases};
use serde_json::Value;

use super::cases::cases;
use super::effort::effort;
use super::table::{head, median, row, timed};

const CASES: usize = 10_000;
const FEW: usize = 200;
const RUNS: usize = 5;
/// The folder where `npm install @cloud-copilot/iam-simulate` was run.
const PEER: &str = "IAM_SIMULATE";

/// Prints how many decisions are made in a second.
pub fn print() {
    let count = effort(CASES, FEW);
    head(
        &format!("\nevaluation ({count} requests of 20 accounts, through five levels each)"),
        &["", "decisions/s", "of the peer"],
    );
    let file = cases(count);
    let read = || read_cases(&file).expect("they are cases");
    let decided = read();
    let of_accounts: HashMap<&str, &[Level]> =
        decided.iter().map(|case| (account(case), case.levels.scps.as_slice())).collect();
    let once = median((0..effort(RUNS, 1)).map(|_| timed(|| denied(&decided, &of_accounts)).0).collect());
    let each = |case: &Case| answer(case).verdict.decision == Decision::Deny;
    let whole =
        median((0..effort(RUNS, 1)).map(|_| timed(|| read().iter().filter(|case| each(case)).count()).0).collect());
    let peer = std::env::var_os(PEER).map(|folder| peer(Path::new(&folder), &file));
    line("policies of an account read once", count, once, peer.as_ref());
    line("policies read for each request", count, whole, peer.as_ref());
    match peer {
        Some(peer) => {
            line("@cloud-copilot/iam-simulate", count, peer.time, Some(&peer));
            assert_eq!(peer.denied, denied(&decided, &of_accounts), "both decide alike");
        }
        None => row(&[format!("@cloud-copilot/iam-simulate left out: {PEER} names no folder with it")]),
    }
}

fn line(what: &str, count: usize, time: Duration, peer: Option<&Peer>) {
    let speed = format!("{:.0}", count as f64 / time.as_secs_f64());
    let times = peer.map(|peer| format!("{:.0} ×", peer.time.as_secs_f64() / time.as_secs_f64()));
    row(&[what.to_owned(), speed, times.unwrap_or_default()]);
}

fn account(case: &Case) -> &str {
    case.levels.scps.last().map_or("", |account| account.id.as_str())
}

/// Decides all cases by the policies of their accounts; returns how many are denied.
fn denied(cases: &[Case], of_accounts: &HashMap<&str, &[Level]>) -> usize {
    let decide = |case: &&Case| evaluate(of_accounts[account(case)], &[], &case.request).decision == Decision::Deny;
    cases.iter().filter(decide).count()
}

/// What the peer did.
struct Peer {
    time: Duration,
    denied: usize,
}

/// Has iam-simulate, a program under the AGPL that is no part of landing, decide the same cases. The time is that of
/// deciding alone.
fn peer(folder: &Path, file: &Value) -> Peer {
    // Node looks for packages from where the script lies.
    let script = folder.join("simulate.mjs");
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/policy/scripts/differential/simulate.mjs");
    fs::copy(written, &script).expect("the folder can be written");
    let cases: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-cases.json");
    fs::write(&cases, file.to_string()).expect("the build folder can be written");
    let output = Command::new("node").arg(&script).arg(&cases).output().expect("node starts");
    let answer: Value = serde_json::from_slice(&output.stdout).expect("it answers in JSON");
    let decisions = answer["decisions"].as_object().expect("it decides");
    Peer {
        time: Duration::from_secs_f64(answer["milliseconds"].as_f64().expect("it takes the time") / 1000.0),
        denied: decisions.values().filter(|decision| *decision == "Deny").count(),
    }
}
