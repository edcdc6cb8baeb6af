//! What becomes of an apply that is reported to stop while AWS works and changes wait.

use std::time::Duration;

use landing::engine::{Applied, apply};
use landing::model::Plan;
use landing_sandbox::{Options, Timings};
use tokio::sync::watch;
use tokio::time::Instant;

use super::world::{How, World};

fn thirty_accounts() -> String {
    let names: Vec<String> = (0..30).map(|nth| format!("a{nth:02}")).collect();
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: \"{{name}}@example.com\"}}\n\
         organizational_units: {{Workloads: {{accounts: [{}]}}}}\n",
        names.join(", ")
    )
}

async fn stopped_after(world: &World, text: &str, time: Duration) -> Applied {
    let (reported, stop) = watch::channel(false);
    let applying = world.applying(world.cloud().await, text, How::default(), stop);
    let stopping = async {
        tokio::time::sleep(time).await;
        reported.send_replace(true);
        std::future::pending::<()>().await;
    };
    let mut consent = |_: &Plan| true;
    tokio::select! {
        applied = apply(applying, &mut consent) => applied.expect("it was applied in part"),
        () = stopping => unreachable!("it waits for ever"),
    }
}

#[tokio::test(start_paused = true)]
async fn accounts_that_aws_makes_are_left_to_it_and_the_next_apply_continues_from_there() {
    let world = World::new();
    let timings = Timings { create_account: Duration::from_secs(180), ..Timings::default() };
    world.sandbox.set_options(Options { timings, ..Options::default() });
    let start = Instant::now();
    let stopped = stopped_after(&world, &thirty_accounts(), Duration::from_secs(60)).await;
    // Five seconds of grace, and five at most to give the lease back.
    assert!(start.elapsed() <= Duration::from_secs(71), "{:?}", start.elapsed());
    let outcome = &stopped.outcome;
    let mut asked: Vec<&str> = outcome.asked.iter().map(|(address, _)| address.as_str()).collect();
    asked.sort_unstable();
    assert_eq!(asked, ["account/a00", "account/a01", "account/a02", "account/a03", "account/a04"]);
    assert_eq!((outcome.remaining.len(), outcome.failed.len()), (30, 0), "{:?}", outcome.failed);
    assert!(outcome.interrupted);
    world.applied(&thirty_accounts(), How::default()).await;
    world.quiet(&thirty_accounts()).await;
    let asked = world.sandbox.calls().iter().filter(|call| call.operation == "CreateAccount").count();
    assert_eq!(asked, 30, "none was asked for twice");
}
