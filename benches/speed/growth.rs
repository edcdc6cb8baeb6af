//! How a plan and an apply grow with the accounts.

use std::time::Duration;

use landing::cloud::Pace;
use landing::engine::{draft, look_and_plan};
use landing::facts::{Facts, Look};
use landing::report::{Context, Layout, plan_text};
use landing_sandbox::{Options, Sandbox};

use super::Size;
use super::effort::effort;
use super::estate::{Estate, cloud, declared, one_thread};
use super::ratio::milliseconds;
use super::table::{head, median, row, timed};

/// Ten times the accounts, at as many accounts a unit and policies.
const USUAL: [Size; 4] = [
    Size { accounts: 1_000, units: 50, policies: 30 },
    Size { accounts: 2_500, units: 125, policies: 75 },
    Size { accounts: 5_000, units: 250, policies: 150 },
    Size { accounts: 10_000, units: 500, policies: 300 },
];
const SMALL: [Size; 2] = [Size { accounts: 20, units: 10, policies: 2 }, Size { accounts: 40, units: 20, policies: 4 }];

/// A terminal of the usual width.
const LAYOUT: Layout = Layout { width: 80, verbose: false };

/// Prints what each step costs for one account, which stays the same where it grows with their number.
pub fn print() {
    head(
        "\ngrowth, each step for one account (a step that grows with the accounts has the same in each row)",
        &["", "quiet draft", "new draft", "report", "apply"],
    );
    for size in effort(&USUAL[..], &SMALL[..]) {
        let (applied, estate) = timed(|| Estate::new(*size));
        let quiet = drafting(*size, &estate.sandbox(Options::default())).0;
        let (new, report) = drafting(*size, &Sandbox::new(Options::default()));
        let each = |time: Duration| format!("{:.1} µs", time.as_secs_f64() * 1e6 / size.accounts as f64);
        row(&[size.to_string(), each(quiet), each(new), each(report), each(applied)]);
        row(&[String::new(), milliseconds(quiet), milliseconds(new), milliseconds(report), milliseconds(applied)]);
    }
}

/// How long a draft takes when everything is known, and its text.
fn drafting(size: Size, sandbox: &Sandbox) -> (Duration, Duration) {
    let (runtime, declared, mut facts) = (one_thread(), declared(size), Facts::default());
    let cloud = runtime.block_on(cloud(sandbox, Pace::OnceThrottled));
    let look = look_and_plan(&cloud, &mut facts, &declared.desired, &declared.blueprint, &[]);
    let plan = runtime.block_on(look).expect("it can be planned").plan;
    let once = || timed(|| draft(&declared.desired, &Look::new(&facts), &declared.blueprint, &[])).0;
    let drafted = median((0..effort(3, 1)).map(|_| once()).collect());
    (drafted, timed(|| plan_text(&plan, Some(&declared.desired), LAYOUT, Context::default())).0)
}
