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
use super::text;

/// How often each is measured; once by `--quick`.
fn runs(usual: usize) -> usize {
    effort(usual, 1)
}

const RUNS: usize = 5;
/// The round trip of a call to AWS from another continent.
const FAR: Duration = Duration::from_millis(60);
/// Accounts, policies or targets on a page of AWS Organizations' lists.
const A_PAGE: usize = 20;
/// Resources on a page of the tag index.
const TAGS_A_PAGE: usize = 100;

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

/// How many calls a plan makes, against the fewest that can answer, as ARCHITECTURE.md counts them.
pub fn print_calls(estates: &[Estate]) {
    head("\ncalls of a plan, nothing to do (floor: the formula of ARCHITECTURE.md)", &["", "calls", "floor", "ratio"]);
    for estate in estates {
        let (runtime, declared) = (one_thread(), declared(estate.size));
        let cloud = runtime.block_on(cloud(&estate.sandbox(Options::default()), Pace::OnceThrottled));
        let calls = runtime.block_on(plan(&cloud, &mut Facts::default(), &declared)).api_calls.total;
        let fewest = fewest(estate.size);
        let ratio = format!("{:.2} ×", calls as f64 / fewest as f64);
        row(&[estate.size.to_string(), calls.to_string(), fewest.to_string(), ratio]);
    }
}

/// Caller, organization, root, services that are trusted and where stacks have been; pages of accounts, the management account
/// among them; pages of the root's units and the upper units' lists; pages of policies, FullAWSAccess among them; what each policy
/// says, where it is attached, and what else is there; pages of tags.
fn fewest(size: Size) -> usize {
    let Size { accounts, units, policies } = size;
    let accounts_pages = (accounts + 1).div_ceil(A_PAGE);
    let tags_pages = (accounts + units + policies).div_ceil(TAGS_A_PAGE);
    let upper = text::upper_units(size);
    5 + accounts_pages + upper.div_ceil(A_PAGE) + upper + (policies + 1).div_ceil(A_PAGE) + 3 * policies + tags_pages
}

/// How long a plan takes where every call takes its time, against reading the same with bare SDK clients.
pub fn print_distance(estates: &[Estate]) {
    let title = format!(
        "\nplan, {} ms a call (floor: the same with bare SDK clients, each list page by page)",
        FAR.as_millis()
    );
    head(&title, &["", "plan", "floor", "ratio"]);
    for estate in estates {
        let (planned, floor) = distance(estate);
        against(&format!("{}, nothing to do", estate.size), planned, floor);
    }
}

fn distance(estate: &Estate) -> (Duration, Duration) {
    let (runtime, declared) = (all_threads(), declared(estate.size));
    let sandbox = estate.sandbox(Options { latency: FAR, ..Options::default() });
    let runs = (0..runs(3)).map(|_| {
        let cloud = runtime.block_on(cloud(&sandbox, Pace::OnceThrottled));
        timed(|| runtime.block_on(plan(&cloud, &mut Facts::default(), &declared))).0
    });
    let planned = median(runs.collect());
    let client = runtime.block_on(Bare::connect(&sandbox));
    (planned, timed(|| runtime.block_on(client.read())).0)
}
