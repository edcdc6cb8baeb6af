//! A plan that finds nothing to do: work, drafts, waiting.

use std::collections::BTreeMap;
use std::time::Duration;

use landing::cloud::Pace;
use landing::engine::{draft, look_and_plan};
use landing::facts::{Facts, Look};
use landing_sandbox::{Options, Sandbox};

use super::Size;
use super::effort::effort;
use super::estate::{Estate, all_threads, cloud, declared, one_thread, plan};
use super::floor::Bare;
use super::ratio::{against, milliseconds};
use super::table::{head, median, row, timed};

/// How often each is measured; once by `--quick`.
fn runs(usual: usize) -> usize {
    effort(usual, 1)
}

const RUNS: usize = 5;
/// The round trip of a call to AWS from another continent.
const FAR: Duration = Duration::from_millis(40);
/// Accounts on a page of ListAccounts.
const A_PAGE: usize = 20;

/// The calls of each operation that a sandbox has answered.
fn calls(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for call in sandbox.calls() {
        *calls.entry(format!("{}:{}", call.service, call.operation)).or_default() += 1;
    }
    calls
}

/// What a plan costs where AWS answers at once, against the same calls alone.
pub fn print_work(estates: &[Estate]) {
    head(
        "\nplan, AWS answers at once, one thread (floor: the same calls with bare SDK clients)",
        &["", "plan", "floor", "ratio"],
    );
    for estate in estates {
        let (planned, floor) = work(estate);
        against(&format!("{}, nothing to do", estate.size), planned, floor);
    }
}

fn work(estate: &Estate) -> (Duration, Duration) {
    let (runtime, declared) = (one_thread(), declared(estate.size));
    let (ours, bare) = (estate.sandbox(Options::default()), estate.sandbox(Options::default()));
    let (mut planned, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..runs(RUNS) {
        let client = runtime.block_on(Bare::connect(&bare));
        floor.push(timed(|| runtime.block_on(client.read())).0);
        let cloud = runtime.block_on(cloud(&ours, Pace::OnceThrottled));
        let mut facts = Facts::default();
        planned.push(timed(|| runtime.block_on(plan(&cloud, &mut facts, &declared))).0);
    }
    assert_eq!(calls(&ours), calls(&bare), "the floor makes exactly the calls that a plan makes");
    (median(planned), median(floor))
}

/// What one draft costs when everything is known: this much of a plan is landing's own.
pub fn print_drafts(estates: &[Estate]) {
    head("\none draft from known facts (no floor: AWS is not asked)", &["", "draft", "per account"]);
    for estate in estates {
        draft_row("nothing to do", estate.size, &estate.sandbox(Options::default()));
        draft_row("everything to make", estate.size, &Sandbox::new(Options::default()));
    }
}

fn draft_row(what: &str, size: Size, sandbox: &Sandbox) {
    let time = drafting(size, sandbox);
    let each = time.as_secs_f64() * 1e6 / size.accounts as f64;
    row(&[format!("{size}, {what}"), milliseconds(time), format!("{each:.1} µs")]);
}

fn drafting(size: Size, sandbox: &Sandbox) -> Duration {
    let (runtime, declared, mut facts) = (one_thread(), declared(size), Facts::default());
    let cloud = runtime.block_on(cloud(sandbox, Pace::OnceThrottled));
    let look = look_and_plan(&cloud, &mut facts, &declared.desired, &declared.blueprint, &[]);
    runtime.block_on(look).expect("it can be planned");
    let once = || timed(|| draft(&declared.desired, &Look::new(&facts), &declared.blueprint, &[])).0;
    median((0..runs(RUNS)).map(|_| once()).collect())
}

/// How long a plan takes where every call takes its time, against the longest chain of calls that wait for each other.
pub fn print_distance(estates: &[Estate]) {
    let title = format!("\nplan, {} ms a call (floor: pages of ListAccounts × {0} ms)", FAR.as_millis());
    head(&title, &["", "plan", "floor", "ratio"]);
    for estate in estates {
        // The management account is one more.
        let pages = (estate.size.accounts + 1).div_ceil(A_PAGE);
        against(&format!("{}, nothing to do", estate.size), distance(estate), FAR * u32::try_from(pages).expect("few"));
    }
}

fn distance(estate: &Estate) -> Duration {
    let (runtime, declared) = (all_threads(), declared(estate.size));
    let sandbox = estate.sandbox(Options { latency: FAR, ..Options::default() });
    let runs = (0..runs(3)).map(|_| {
        let cloud = runtime.block_on(cloud(&sandbox, Pace::OnceThrottled));
        timed(|| runtime.block_on(plan(&cloud, &mut Facts::default(), &declared))).0
    });
    median(runs.collect())
}
