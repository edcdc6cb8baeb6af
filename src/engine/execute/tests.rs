use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::*;
use crate::cloud::{Cause, Details, pretend_call, pretend_lost_lease, pretend_write};
use crate::model::{Change, Manual};

/// How the fake AWS takes a change.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// One write, answered after so many seconds.
    Done(u64),
    /// One write that AWS refuses.
    Refused,
    /// One write, which AWS refuses after so many seconds to carry out.
    Fails(u64),
    /// A guard of the kind says no.
    Unseen,
    /// One write, and then a person has to do something.
    Waits,
    /// A fault of the program, after a write.
    Panics,
    /// Nothing is called for so many seconds: it waits for a slot or its turn. Then as `Done(0)`.
    Queued(u64),
    /// One of five places is waited for, then one write is made, and AWS works on it for so many seconds.
    InPlaces(u64),
    /// Only reads are made for so many seconds. Then as `Done(0)`.
    Reads(u64),
    /// The lease turns out to be lost after so many seconds; `true` where something was written before.
    LosesLease(u64, bool),
    /// AWS is not ready for so many attempts; `true` where something was written before.
    NotReady(u32, bool),
}

#[derive(Default)]
struct Fake {
    answers: BTreeMap<Address, Answer>,
    attempts: Mutex<BTreeMap<Address, u32>>,
    places: Places,
}

/// What AWS works on at once.
struct Places(Semaphore);

impl Default for Places {
    fn default() -> Places {
        Places(Semaphore::new(5))
    }
}

const FIVE: &str = "AWS makes 5 accounts at a time";
const MAKES: &str = "AWS creates the account";

impl Fake {
    async fn answer(&self, address: &Address) -> Result<(), WriteError> {
        match self.answers.get(address).copied().unwrap_or(Answer::Done(0)) {
            Answer::Done(seconds) => {
                pretend_write(Duration::from_secs(seconds)).await;
                Ok(())
            }
            Answer::Refused => {
                pretend_call(true, true).await;
                Err(refusal("AccessDeniedException").into())
            }
            Answer::Fails(seconds) => {
                pretend_write(Duration::from_secs(seconds)).await;
                Err(refusal("INTERNAL_FAILURE").into())
            }
            Answer::Unseen => {
                Err(WriteError::Refused { message: "it would replace a bucket".into(), help: "look".into() })
            }
            Answer::Waits => {
                pretend_call(true, false).await;
                Err(WriteError::Waits(Manual { address: Some(address.clone()), what: "accept it".into(), link: None }))
            }
            Answer::Panics => {
                pretend_call(true, false).await;
                panic!("a slice is too short")
            }
            Answer::Queued(seconds) => {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                pretend_call(true, false).await;
                Ok(())
            }
            Answer::InPlaces(seconds) => {
                let _place = waiting(|| Awaited::turn(FIVE), self.places.0.acquire()).await;
                pretend_call(true, false).await;
                waiting(|| Awaited::aws(MAKES), tokio::time::sleep(Duration::from_secs(seconds))).await;
                pretend_call(true, false).await;
                Ok(())
            }
            Answer::Reads(seconds) => {
                pretend_call(false, false).await;
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                pretend_call(true, false).await;
                Ok(())
            }
            Answer::LosesLease(seconds, has_written) => {
                pretend_call(has_written, false).await;
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                pretend_lost_lease().await;
                Err(refusal("not sent").into())
            }
            Answer::NotReady(times, has_written) => {
                pretend_call(true, !has_written).await;
                let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
                let attempt = attempts.entry(address.clone()).or_default();
                *attempt += 1;
                if *attempt <= times { Err(refusal("FinalizingOrganizationException").into()) } else { Ok(()) }
            }
        }
    }
}

impl Writer for Fake {
    fn write<'a>(&'a self, step: &'a Step) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(self.answer(&step.change.address))
    }
}

fn refusal(code: &str) -> AwsError {
    let cause = Cause::Refused(code.into());
    let details = Details { request_id: Some("1".into()), constraint: None };
    AwsError { cause, details: Box::new(details), ..AwsError::odd("a:B", "no") }
}

fn addresses(names: &[&str]) -> Vec<Address> {
    names.iter().map(|name| Address::parse(name)).collect()
}

fn step(name: &str, action: Action, needs: &[&str], after: &[&str]) -> Step {
    let change = Change {
        needs: addresses(needs),
        after: addresses(after),
        ..Change::new(action, "fake", Address::parse(name))
    };
    Step { change, wanted: None, found: None }
}

fn create(name: &str, needs: &[&str], after: &[&str]) -> Step {
    step(name, Action::Create, needs, after)
}

/// What an execution came to, and the events on the way.
struct Ran {
    outcome: Outcome,
    events: Vec<Event>,
    took: Duration,
}

impl Ran {
    fn done(&self) -> Vec<&str> {
        self.outcome.done.iter().map(|(address, _)| address.as_str()).collect()
    }

    fn failed(&self) -> Vec<(&str, Action)> {
        self.outcome.failed.iter().map(|failure| (failure.address.as_str(), failure.action)).collect()
    }

    fn skipped(&self) -> Vec<&str> {
        self.outcome.skipped.iter().map(Address::as_str).collect()
    }

    fn asked(&self) -> Vec<&str> {
        self.outcome.asked.iter().map(|(address, _)| address.as_str()).collect()
    }

    fn remaining(&self) -> Vec<&str> {
        self.outcome.remaining.iter().map(Address::as_str).collect()
    }

    fn started(&self) -> Vec<&str> {
        let started = self.events.iter().filter_map(|event| match event {
            Event::Started { address, .. } => Some(address.as_str()),
            _ => None,
        });
        started.collect()
    }

    fn left(&self) -> Vec<&str> {
        let left = self.events.iter().filter_map(|event| match event {
            Event::Left { address, .. } => Some(address.as_str()),
            _ => None,
        });
        left.collect()
    }

    /// The counts of the interruption, and what was under way.
    fn interrupted(&self) -> Vec<(usize, usize, Vec<&str>)> {
        let interruptions = self.events.iter().filter_map(|event| match event {
            Event::Interrupted { under_way, remaining, changes } => {
                Some((*under_way, *remaining, changes.iter().map(|change| change.address.as_str()).collect()))
            }
            _ => None,
        });
        interruptions.collect()
    }
}

async fn run(steps: Vec<Step>, answers: &[(&str, Answer)]) -> Ran {
    run_until(steps, answers, pending()).await
}

/// Executes until everything has ended, and says stop once `stop` ends.
async fn run_until(steps: Vec<Step>, answers: &[(&str, Answer)], stop: impl Future<Output = ()>) -> Ran {
    let answers = answers.iter().map(|(name, answer)| (Address::parse(name), *answer)).collect();
    let fake = Arc::new(Fake { answers, ..Fake::default() });
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let listener: Listener = Arc::new({
        let events = Arc::clone(&events);
        move |event| events.lock().unwrap_or_else(PoisonError::into_inner).push(event)
    });
    let (sender, receiver) = watch::channel(false);
    let start = Instant::now();
    let stopping = async {
        stop.await;
        sender.send_replace(true);
        pending::<()>().await;
    };
    let outcome = tokio::select! {
        outcome = execute(steps, fake, listener, receiver) => outcome,
        () = stopping => unreachable!(),
    };
    let events = events.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ran { outcome, events, took: start.elapsed() }
}

fn seconds(number: u64) -> impl Future<Output = ()> {
    tokio::time::sleep(Duration::from_secs(number))
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_for_what_it_needs_and_for_what_it_comes_after() {
    let steps = || vec![create("a", &["b"], &[]), create("b", &[], &["c"]), create("c", &[], &[])];
    let ran = run(steps(), &[("b", Answer::Done(1)), ("c", Answer::Done(5))]).await;
    assert_eq!(ran.done(), ["c", "b", "a"]);
    assert_eq!(ran.took, Duration::from_secs(6));
    assert!(ran.outcome.is_complete() && !ran.outcome.interrupted);
}

#[tokio::test(start_paused = true)]
async fn independent_changes_are_made_at_once() {
    let steps = (0..50).map(|nth| create(&format!("c{nth}"), &[], &[])).collect();
    let answers: Vec<String> = (0..50).map(|nth| format!("c{nth}")).collect();
    let answers: Vec<(&str, Answer)> = answers.iter().map(|name| (name.as_str(), Answer::Done(10))).collect();
    assert_eq!(run(steps, &answers).await.took, Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_failure_skips_what_needs_it_however_far_away() {
    let steps = vec![
        create("a", &[], &[]),
        create("b", &["a"], &[]),
        create("c", &["b"], &[]),
        create("d", &["c"], &[]),
        create("e", &[], &[]),
    ];
    let ran = run(steps, &[("a", Answer::Refused)]).await;
    assert_eq!(ran.skipped(), ["b", "c", "d"]);
    assert_eq!(ran.done(), ["e"]);
    assert!(ran.outcome.skipped_because.values().all(|because| because.as_str() == "a"));
    assert_eq!(ran.outcome.skipped_because.len(), 3);
    assert!(!ran.outcome.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_failure_does_not_skip_what_only_comes_after_it() {
    let steps = vec![
        create("stack", &[], &[]),
        create("guardrail", &[], &["stack"]),
        create("other", &["stack"], &[]),
        create("late", &[], &["other"]),
    ];
    let ran = run(steps, &[("stack", Answer::Refused)]).await;
    assert_eq!((ran.done(), ran.skipped()), (vec!["guardrail", "late"], vec!["other"]));
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_person_skips_what_needs_it_and_lets_go_what_comes_after() {
    let steps = vec![
        create("invited", &[], &[]),
        create("scp@root", &[], &["invited"]),
        create("stack", &["invited"], &[]),
        create("deeper", &["stack"], &[]),
    ];
    let ran = run(steps, &[("invited", Answer::Waits)]).await;
    assert_eq!((ran.done(), ran.skipped()), (vec!["scp@root"], vec!["stack", "deeper"]));
    assert_eq!(ran.outcome.waits.len(), 1);
    assert!(ran.outcome.failed.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_guard_stops_is_refused_and_failed() {
    let ran = run(vec![create("a", &[], &[]), create("b", &["a"], &[])], &[("a", Answer::Unseen)]).await;
    assert_eq!(ran.outcome.refused, addresses(&["a"]));
    assert_eq!((ran.failed(), ran.skipped()), (vec![("a", Action::Create)], vec!["b"]));
    let ran = run(vec![create("a", &[], &[])], &[("a", Answer::Refused)]).await;
    assert!(ran.outcome.refused.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_own_change_alone_with_its_action() {
    let steps = vec![
        step("a", Action::Delete, &[], &[]),
        step("b", Action::Move, &[], &[]),
        create("c", &["a"], &[]),
        create("d", &[], &["a"]),
        create("e", &["b"], &[]),
    ];
    let ran = run(steps, &[("a", Answer::Panics), ("b", Answer::Done(3))]).await;
    assert_eq!(ran.failed(), [("a", Action::Delete)]);
    assert_eq!((ran.done(), ran.skipped()), (vec!["d", "b", "e"], vec!["c"]));
    assert!(!ran.outcome.interrupted);
    let failure = &ran.outcome.failed[0];
    assert!(failure.error.contains("a slice is too short"), "{}", failure.error);
    assert!(failure.help.as_deref().is_some_and(|help| help.contains("report")), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn equal_failures_have_one_cause_and_their_own_errors() {
    let steps = vec![create("a", &[], &[]), create("b", &[], &[])];
    let ran = run(steps, &[("a", Answer::Refused), ("b", Answer::Refused)]).await;
    let causes: Vec<&str> = ran.outcome.failed.iter().map(|failure| failure.cause.as_str()).collect();
    assert_eq!(causes, ["was refused: AccessDeniedException: no"; 2]);
    assert!(ran.outcome.failed[0].error.contains("request id"), "{}", ran.outcome.failed[0].error);
}

#[tokio::test(start_paused = true)]
async fn a_change_starts_when_its_first_call_is_made() {
    let steps = vec![create("queued", &[], &[]), create("now", &[], &[])];
    let ran = run_until(steps, &[("queued", Answer::Queued(600)), ("now", Answer::Done(5))], seconds(1)).await;
    assert_eq!(ran.started(), ["now"]);
    assert_eq!(ran.interrupted(), [(1, 1, vec!["now"])]);
    assert_eq!((ran.done(), ran.remaining()), (vec!["now"], vec!["queued"]));
    assert_eq!(ran.took, Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn three_hundred_accounts_that_wait_for_a_slot_stop_at_once() {
    let names: Vec<String> = (0..300).map(|nth| format!("account/a{nth:03}")).collect();
    let steps = names.iter().map(|name| create(name, &[], &[])).collect();
    let answer = |nth: usize| if nth < 5 { Answer::Done(60) } else { Answer::Queued(60 * (nth as u64 / 5)) };
    let answers: Vec<(&str, Answer)> =
        names.iter().enumerate().map(|(nth, name)| (name.as_str(), answer(nth))).collect();
    let ran = run_until(steps, &answers, seconds(1)).await;
    assert_eq!(ran.took, Duration::from_secs(60), "only those that AWS was asked for are waited for");
    assert_eq!((ran.done().len(), ran.remaining().len(), ran.started().len()), (5, 295, 5));
    let first: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
    assert_eq!(ran.interrupted(), [(5, 295, first)]);
    assert!(ran.outcome.interrupted && !ran.outcome.is_complete());
}

fn accounts(number: usize) -> Vec<String> {
    (0..number).map(|nth| format!("account/a{nth:04}")).collect()
}

#[tokio::test(start_paused = true)]
async fn five_thousand_accounts_that_wait_are_stopped_within_seconds_and_those_that_aws_makes_are_named() {
    let names = accounts(5251);
    let steps = names.iter().map(|name| create(name, &[], &[])).collect();
    let answers: Vec<(&str, Answer)> = names.iter().map(|name| (name.as_str(), Answer::InPlaces(900))).collect();
    let ran = run_until(steps, &answers, seconds(60)).await;
    assert_eq!(ran.took, Duration::from_secs(65));
    assert_eq!((ran.remaining().len(), ran.started().len(), ran.done().len()), (5251, 5, 0));
    let first = ["account/a0000", "account/a0001", "account/a0002", "account/a0003", "account/a0004"];
    let (mut asked, mut left) = (ran.asked(), ran.left());
    asked.sort_unstable();
    left.sort_unstable();
    assert_eq!((&asked[..], &left[..]), (&first[..], &first[..]));
    assert_eq!(ran.interrupted(), [(5, 5246, first.to_vec())]);
    assert!(ran.outcome.interrupted && ran.failed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_aws_ends_soon_after_the_stop_is_done() {
    let names = accounts(7);
    let steps = names.iter().map(|name| create(name, &[], &[])).collect();
    let answers: Vec<(&str, Answer)> = names.iter().map(|name| (name.as_str(), Answer::InPlaces(60))).collect();
    let ran = run_until(steps, &answers, seconds(58)).await;
    assert_eq!((ran.took, ran.done().len()), (Duration::from_secs(60), 5));
    assert_eq!((ran.remaining(), ran.asked()), (vec!["account/a0005", "account/a0006"], vec![]));
}

#[tokio::test(start_paused = true)]
async fn waiting_is_counted_apart_from_working() {
    let names = accounts(12);
    let mut steps: Vec<Step> = names.iter().map(|name| create(name, &[], &[])).collect();
    steps.push(create("scp", &["account/a0000"], &[]));
    steps.push(create("unit", &[], &[]));
    let mut answers: Vec<(&str, Answer)> = names.iter().map(|name| (name.as_str(), Answer::InPlaces(61))).collect();
    answers.push(("unit", Answer::Done(90)));
    let ran = run(steps, &answers).await;
    let waiting = |what: &str, changes, seconds| WaitingFor { what: what.into(), changes, seconds };
    let counts: Vec<&Counts> = ran
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Counts(counts) => Some(counts),
            _ => None,
        })
        .collect();
    let first = Counts {
        of: 14,
        ended: 0,
        in_progress: 1,
        waiting: vec![waiting(FIVE, 7, None), waiting(MAKES, 5, None), waiting(OTHERS_FIRST, 1, None)],
    };
    // After 61 seconds five are made and the unit's call is under way still. Five places in 62 seconds: two take 24.8.
    let second =
        Counts { of: 14, ended: 6, in_progress: 1, waiting: vec![waiting(MAKES, 5, None), waiting(FIVE, 2, Some(25))] };
    assert_eq!(counts[..2], [&first, &second], "said only where it is new, but for the time that is left");
}

#[tokio::test(start_paused = true)]
async fn reported_to_stop_it_begins_nothing_more() {
    let steps =
        vec![create("a", &[], &[]), create("b", &["a"], &[]), create("c", &["b"], &[]), create("d", &[], &["a"])];
    let ran = run_until(steps, &[("a", Answer::Done(10))], seconds(1)).await;
    assert_eq!((ran.done(), ran.remaining()), (vec!["a"], vec!["b", "c", "d"]));
    assert_eq!(ran.started(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn reported_to_stop_beforehand_it_begins_nothing_at_all() {
    let (sender, stop) = watch::channel(true);
    let listener: Listener = Arc::new(|_| {});
    let outcome = execute(vec![create("a", &[], &[])], Arc::new(Fake::default()), listener, stop).await;
    drop(sender);
    assert_eq!((outcome.remaining, outcome.done.len()), (addresses(&["a"]), 0));
    assert!(outcome.interrupted);
}

#[tokio::test(start_paused = true)]
async fn what_has_only_read_is_stopped_and_said_to_be() {
    let ran = run_until(vec![create("a", &[], &[])], &[("a", Answer::Reads(600))], seconds(1)).await;
    assert_eq!((ran.started(), ran.remaining()), (vec!["a"], vec!["a"]));
    assert_eq!(ran.interrupted(), [(0, 1, vec![])]);
    assert!(ran.events.iter().any(|event| matches!(event, Event::Stopped { address } if address.as_str() == "a")));
    assert_eq!(ran.took, Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_failure_after_the_stop_still_skips_what_needs_it() {
    let steps = vec![create("a", &[], &[]), create("b", &["a"], &[])];
    let ran = run_until(steps, &[("a", Answer::Fails(5))], seconds(1)).await;
    assert_eq!((ran.failed(), ran.skipped()), (vec![("a", Action::Create)], vec!["b"]));
    assert!(ran.remaining().is_empty() && ran.outcome.interrupted);
}

#[tokio::test(start_paused = true)]
async fn without_the_lease_only_what_has_written_fails_and_the_rest_remains() {
    let steps = vec![
        create("a", &[], &[]),
        create("written", &[], &[]),
        create("queued", &[], &[]),
        create("child", &["a"], &[]),
        create("later", &[], &["a"]),
        create("orphan", &["written"], &[]),
    ];
    let answers = [
        ("a", Answer::LosesLease(1, false)),
        ("written", Answer::LosesLease(2, true)),
        ("queued", Answer::Queued(600)),
    ];
    let ran = run(steps, &answers).await;
    assert_eq!(ran.remaining(), ["a", "child", "later", "queued"]);
    assert_eq!((ran.failed(), ran.skipped()), (vec![("written", Action::Create)], vec!["orphan"]));
    assert_eq!(ran.interrupted(), [(1, 5, vec!["written"])]);
    assert!(ran.outcome.interrupted && ran.done().is_empty());
    assert_eq!(ran.took, Duration::from_secs(2), "what waits for its turn is not waited for");
}

#[tokio::test(start_paused = true)]
async fn a_last_change_that_the_lease_stops_remains() {
    let ran = run(vec![create("a", &[], &[])], &[("a", Answer::LosesLease(0, false))]).await;
    assert_eq!((ran.remaining(), ran.failed()), (vec!["a"], vec![]));
    assert!(ran.outcome.interrupted && !ran.outcome.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_stop_when_nothing_is_left_interrupts_nothing() {
    let (_sender, stop) = watch::channel(true);
    let listener: Listener = Arc::new(|_| {});
    let outcome = execute(Vec::new(), Arc::new(Fake::default()), listener, stop).await;
    assert!(outcome.is_complete() && !outcome.interrupted);
}

#[tokio::test(start_paused = true)]
async fn aws_that_is_not_ready_is_tried_again() {
    let ran = run(vec![create("a", &[], &[])], &[("a", Answer::NotReady(3, false))]).await;
    assert_eq!((ran.done(), ran.took), (vec!["a"], 3 * TRY_EVERY));
    let said = ran.events.iter().any(|event| match event {
        Event::Progress { message, .. } => message.contains("FinalizingOrganization") && message.contains("60 min"),
        _ => false,
    });
    assert!(said, "{:?}", ran.events);
}

#[tokio::test(start_paused = true)]
async fn aws_that_is_never_ready_is_waited_for_for_an_hour() {
    let ran = run(vec![create("a", &[], &[])], &[("a", Answer::NotReady(u32::MAX, false))]).await;
    assert_eq!((ran.failed(), ran.took), (vec![("a", Action::Create)], PATIENCE));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_aws_to_be_ready_ends_with_the_stop() {
    let steps = || vec![create("a", &[], &[])];
    let ran = run_until(steps(), &[("a", Answer::NotReady(u32::MAX, false))], seconds(20)).await;
    assert_eq!((ran.remaining(), ran.took.as_secs()), (vec!["a"], 20));
    let ran = run_until(steps(), &[("a", Answer::NotReady(u32::MAX, true))], seconds(20)).await;
    assert_eq!((ran.remaining(), ran.took.as_secs()), (vec!["a"], 20));
    assert_eq!((ran.asked(), ran.failed()), (vec!["a"], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_does_not_pass_is_not_tried_again() {
    let ran = run(vec![create("a", &[], &[])], &[("a", Answer::Refused)]).await;
    assert_eq!(ran.took, Duration::ZERO);
}
