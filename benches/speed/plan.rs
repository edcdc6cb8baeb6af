//! A plan that finds nothing to do: work, thinking, waiting.

use std::collections::BTreeMap;
use std::time::Duration;

use landing::cloud::Pace;
use landing::engine::draft;
use landing::facts::{Facts, Look};
use landing::sandbox::{Options, Sandbox};

use super::estate::{Estate, all_threads, cloud, declared, one_thread, plan};
use super::floor::Bare;
use super::table::{against, head, median, milliseconds, row, timed};

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
    for _ in 0..RUNS {
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
pub fn print_thinking(estates: &[Estate]) {
    head("\none draft from known facts (no floor: AWS is not asked)", &["", "draft", "per account"]);
    for estate in estates {
        let time = thinking(estate);
        let each = time.as_secs_f64() * 1e6 / estate.size.accounts as f64;
        row(&[estate.size.to_string(), milliseconds(time), format!("{each:.2} µs")]);
    }
}

fn thinking(estate: &Estate) -> Duration {
    let (runtime, declared, mut facts) = (one_thread(), declared(estate.size), Facts::default());
    let cloud = runtime.block_on(cloud(&estate.sandbox(Options::default()), Pace::OnceThrottled));
    runtime.block_on(plan(&cloud, &mut facts, &declared));
    let drafts = (0..RUNS * 4).map(|_| {
        let (time, draft) = timed(|| draft(&declared.desired, &Look::new(&facts), &declared.blueprint, &[]));
        assert!(draft.plan.is_quiet());
        time
    });
    median(drafts.collect())
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
    let runs = (0..3).map(|_| {
        let cloud = runtime.block_on(cloud(&sandbox, Pace::OnceThrottled));
        timed(|| runtime.block_on(plan(&cloud, &mut Facts::default(), &declared))).0
    });
    median(runs.collect())
}
