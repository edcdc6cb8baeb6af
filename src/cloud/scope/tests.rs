use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::*;

fn scope() -> (CallScope, Arc<AtomicU32>) {
    let started = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&started);
    let count = move || counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    (CallScope::new(count, drop, |_| {}), started)
}

/// Runs a change that makes some calls and then waits for ever, stops it, and says whether it could be stopped.
async fn stopped_after(calls: &[(bool, bool)]) -> bool {
    let (scope, _) = scope();
    let change = async {
        for (is_write, is_refused) in calls {
            pretend_call(*is_write, *is_refused).await;
        }
        pending::<()>().await;
    };
    let stop = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        if scope.stop() { None } else { Some(()) }
    };
    tokio::select! {
        result = scope.run(change) => result.is_none(),
        Some(()) = stop => false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_that_has_written_nothing_stops_at_once() {
    assert!(stopped_after(&[]).await);
    assert!(stopped_after(&[(false, false), (false, true)]).await, "it has only read");
    assert!(stopped_after(&[(true, true)]).await, "AWS refused what it asked for");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_may_have_written_goes_on() {
    assert!(!stopped_after(&[(true, false)]).await);
    assert!(!stopped_after(&[(true, false), (true, true)]).await, "the first write counts");
}

#[tokio::test(start_paused = true)]
async fn a_change_has_written_once_aws_may_have_carried_out_a_write() {
    let (scope, _) = scope();
    let change = async {
        let mut written = vec![scope.has_written()];
        for (is_write, is_refused) in [(false, false), (true, true), (true, false), (true, true)] {
            pretend_call(is_write, is_refused).await;
            written.push(scope.has_written());
        }
        written
    };
    assert_eq!(scope.run(change).await, Some(vec![false, false, false, true, true]));
}

#[tokio::test(start_paused = true)]
async fn a_stopped_change_sends_no_write_any_more() {
    let (scope, started) = scope();
    assert!(scope.stop());
    assert!(scope.run(pretend_call(true, false)).await.is_none());
    assert_eq!(started.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn without_the_lease_a_change_that_has_written_nothing_is_stopped() {
    let (unwritten, _) = scope();
    let change = async {
        pretend_call(false, false).await;
        pretend_call(true, true).await;
        pretend_lost_lease().await;
    };
    assert!(unwritten.run(change).await.is_none());
    let (written, _) = scope();
    let change = async {
        pretend_call(true, false).await;
        pretend_lost_lease().await;
    };
    assert!(written.run(change).await.is_some(), "it ends with the error of the call that was not sent");
    // Outside of a change the caller gets the error too.
    pretend_lost_lease().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_starts_once_with_its_first_call() {
    let (scope, started) = scope();
    let count = || started.load(Ordering::Relaxed);
    let change = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let before = count();
        pretend_call(false, false).await;
        pretend_call(true, false).await;
        before
    };
    assert_eq!((scope.run(change).await, count()), (Some(0), 1));
}

#[tokio::test(start_paused = true)]
async fn what_calls_wait_for_their_turn_is_no_part_of_how_long_a_change_took() {
    let (scope, _) = scope();
    let second = Duration::from_secs(1);
    let change = async {
        count_wait(60 * second);
        tokio::time::sleep(60 * second).await;
        pretend_call(false, false).await;
        tokio::time::sleep(2 * second).await;
        count_wait(30 * second);
        tokio::time::sleep(30 * second).await;
        pretend_call(true, false).await;
        tokio::time::sleep(3 * second).await;
    };
    scope.run(change).await;
    assert_eq!(scope.took(), 5 * second);
}

#[tokio::test]
async fn calls_outside_of_a_change_are_not_held_back() {
    pretend_call(true, true).await;
}

/// Runs a change that is reported to stop after so many seconds. Whether it ended by itself, and after how many seconds.
async fn reported_after(seconds: u64, scope: &CallScope, change: impl Future<Output = ()>) -> (bool, u64) {
    let start = Instant::now();
    let reported = async {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        scope.stop();
        pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = scope.run(change) => ended,
        () = reported => None,
    };
    (ended.is_some(), start.elapsed().as_secs())
}

async fn polls(seconds: u64) {
    pretend_call(true, false).await;
    waiting(|| Awaited::aws("AWS creates the account"), tokio::time::sleep(Duration::from_secs(seconds))).await;
}

#[tokio::test(start_paused = true)]
async fn what_aws_is_long_at_is_left_to_it_five_seconds_after_the_stop() {
    let (scope, _) = scope();
    assert_eq!(reported_after(10, &scope, polls(3600)).await, (false, 15));
    assert!(scope.has_written());
}

#[tokio::test(start_paused = true)]
async fn what_aws_does_in_seconds_is_seen_through() {
    let (scope, _) = scope();
    assert_eq!(reported_after(10, &scope, polls(14)).await, (true, 14));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_under_way_is_awaited_and_nothing_after_it() {
    let (scope, _) = scope();
    let change = async {
        pretend_write(Duration::from_secs(30)).await;
        pretend_write(Duration::from_secs(10)).await;
        tokio::time::sleep(Duration::from_secs(600)).await;
    };
    // Calls that follow each other without a pause are one.
    assert_eq!(reported_after(10, &scope, change).await, (false, 40));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_ends_with_the_stop_also_behind_a_write() {
    let (unwritten, _) = scope();
    let places = tokio::sync::Semaphore::new(0);
    let turn = || waiting(|| Awaited::turn("others are first"), async { drop(places.acquire().await) });
    assert_eq!(reported_after(10, &unwritten, turn()).await, (false, 10));
    let (written, _) = scope();
    let change = async {
        pretend_call(true, false).await;
        turn().await;
    };
    assert_eq!(reported_after(10, &written, change).await, (false, 15));
}

#[tokio::test(start_paused = true)]
async fn what_a_change_waits_for_is_said_once_and_only_while_no_call_is_under_way() {
    let said: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let hear = Arc::clone(&said);
    let on_wait = move |awaited: Option<&Awaited>| hear.lock().unwrap().push(awaited.map(|it| it.what.clone()));
    let scope = CallScope::new(|| {}, drop, on_wait);
    let second = || tokio::time::sleep(Duration::from_secs(1));
    let change = async {
        waiting(|| Awaited::turn("ready at once"), async {}).await;
        waiting(|| Awaited::turn("outer"), async {
            second().await;
            waiting(|| Awaited::aws("inner"), second()).await;
            pretend_write(Duration::from_secs(1)).await;
        })
        .await;
        backs_off(Awaited::aws("again soon"));
        second().await;
        pretend_call(false, false).await;
    };
    scope.run(change).await;
    let said: Vec<Option<String>> = said.lock().unwrap().clone();
    let said: Vec<&str> = said.iter().map(|what| what.as_deref().unwrap_or("-")).collect();
    assert_eq!(said, ["outer", "inner", "outer", "-", "outer", "-", "again soon", "-"]);
}
