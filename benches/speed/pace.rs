//! A plan where AWS's request limits hold.

use std::time::Duration;

use landing::cloud::Pace;
use landing::facts::Facts;
use landing_sandbox::{Limits, Options};

use super::Size;
use super::effort::effort;
use super::estate::{Estate, all_threads, cloud, declared, plan};
use super::ratio::against;
use super::table::{head, row, timed};

const USUAL: Size = Size { accounts: 200, units: 40, policies: 10 };
const SMALL: Size = Size { accounts: 60, units: 20, policies: 8 };
/// What its slowest operation, which reads one policy, may be called a second, and how often at once before that counts.
const RATE: f64 = 2.0;
const BURST: f64 = 5.0;

/// How long a plan takes under AWS's limits, against the time that the slowest bucket takes to fill.
pub fn print() {
    head("\nplan, 40 ms a call, AWS's request limits (floor: policies at 2 a second)", &["", "plan", "floor", "ratio"]);
    let size = effort(USUAL, SMALL);
    let estate = Estate::new(size);
    let sandbox = estate.sandbox(Options {
        limits: Some(Limits::aws()),
        ..Options { latency: Duration::from_millis(40), ..Options::default() }
    });
    let (runtime, declared) = (all_threads(), declared(size));
    let cloud = runtime.block_on(cloud(&sandbox, Pace::FromTheStart));
    let (time, plan) = timed(|| runtime.block_on(plan(&cloud, &mut Facts::default(), &declared)));
    let policies = plan.api_calls.by_operation["organizations:DescribePolicy"] as f64;
    against(&format!("{size}, nothing to do"), time, Duration::from_secs_f64((policies - BURST) / RATE));
    row(&[format!("calls throttled: {} of {}", cloud.meter.throttled(), plan.api_calls.total)]);
}
