//! Hands out turns, so that calls keep to AWS's request rates and to what AWS answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::call::Call;
use super::scope::{Awaited, waiting};
use crate::model::{Counted, Operations, OwnRates, RequestRate};
use bucket::{Bucket, Rate};

mod bucket;
#[cfg(test)]
mod tests;

/// When AWS's request limits are kept to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// From the first call: AWS itself.
    FromTheStart,
    /// For an operation from the first time that it is throttled: an endpoint whose limits are unknown.
    OnceThrottled,
}

/// The calls that share a rate: those of one operation, or of several, in one account and region.
fn counted_with(call: &Call) -> Call {
    let row = RequestRate::of(call.service, &call.operation);
    let operation = match (row.counted, row.operations) {
        (Counted::EachOperation, _) | (_, Operations::One(_)) => call.operation.clone(),
        (Counted::Together, Operations::All) => "*".into(),
        (Counted::Together, Operations::Reads) => "reads".into(),
        (Counted::Together, Operations::Writes) => "writes".into(),
    };
    Call { operation, ..call.clone() }
}

/// Connections open at once; more would only wait in AWS's queue.
const MAX_IN_FLIGHT: usize = 24;

/// Hands out turns.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    own: OwnRates,
    lanes: Mutex<HashMap<Call, RateQueue>>,
    in_flight: Arc<Semaphore>,
    /// Organizations carries out writes one after another and answers ConcurrentModificationException to
    /// whatever comes meanwhile.
    organization_writes: Arc<Semaphore>,
}

/// Calls that share a rate: one after another they wait at its head for a token.
#[derive(Debug)]
struct RateQueue {
    bucket: Bucket,
    head: Arc<Semaphore>,
    made: u64,
    waiting: usize,
}

impl RateQueue {
    fn new(bucket: Bucket) -> RateQueue {
        RateQueue { bucket, head: Arc::new(Semaphore::new(1)), made: 0, waiting: 0 }
    }
}

/// Calls that wait for their rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// `organizations:DescribePolicy`, or `sso:*` where all operations share the rate.
    pub call: String,
    /// How many were made so far.
    pub made: u64,
    /// How many wait.
    pub waiting: usize,
    /// The time between two of them.
    pub interval: Duration,
}

impl Queue {
    /// How long it is until the last of them is made.
    pub fn left(&self) -> Duration {
        self.interval.saturating_mul(u32::try_from(self.waiting).unwrap_or(u32::MAX))
    }
}

/// Permits that are given back when the call has been answered.
pub(super) struct Permits {
    _in_flight: Option<OwnedSemaphorePermit>,
    _write: Option<OwnedSemaphorePermit>,
    /// Whether the rate made it wait.
    has_waited: bool,
}

impl Pacer {
    pub fn new(pace: Pace, own: OwnRates) -> Pacer {
        Pacer {
            pace,
            own,
            lanes: Mutex::default(),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            organization_writes: Arc::new(Semaphore::new(1)),
        }
    }

    /// Waits until `call` may be made. Where the wait is dropped, nothing of the rate is used.
    pub async fn turn(&self, call: &Call) -> Permits {
        let lane = counted_with(call);
        let head = self.queue(call, &lane);
        let asked = Instant::now();
        let rate = || Awaited::rate(call, self.interval(call));
        let at_head = waiting(rate, self.head(head.as_ref(), &lane)).await;
        let has_waited = asked.elapsed() > Duration::ZERO;
        let serial = call.service == "organizations" && call.is_write();
        let write = if serial { permit(&self.organization_writes, WRITES_AT_ONCE).await } else { None };
        self.take(&lane);
        drop((at_head, head));
        let in_flight = permit(&self.in_flight, "as many calls are under way as landing makes at once").await;
        Permits { _in_flight: in_flight, _write: write, has_waited }
    }

    /// A call got its answer and was not throttled.
    pub fn answered(&self, call: &Call, turn: &Permits) {
        // A rate that nothing waits for says nothing about more of it.
        if !turn.has_waited {
            return;
        }
        if let Some(lane) = self.lanes().get_mut(&counted_with(call)) {
            lane.bucket.answered(Instant::now());
        }
    }

    /// AWS throttled a call that was sent at `sent`, and asked for this pause: its rate holds from now on, and becomes slower.
    pub fn slow_down(&self, call: &Call, sent: Instant, pause: Option<Duration>) {
        let now = Instant::now();
        let lane = || match self.pace {
            Pace::FromTheStart => RateQueue::new(Bucket::full(self.rate(call), now)),
            Pace::OnceThrottled => RateQueue::new(Bucket::assumed(self.rate(call), now)),
        };
        let mut lanes = self.lanes();
        lanes.entry(counted_with(call)).or_insert_with(lane).bucket.throttled(sent, pause, now);
    }

    /// The time that pacing currently leaves between two calls of this operation; zero where it is not paced.
    pub fn interval(&self, call: &Call) -> Duration {
        let known = self.lanes().get(&counted_with(call)).map(|lane| lane.bucket.interval());
        let limit =
            || (self.pace == Pace::FromTheStart).then(|| Bucket::full(self.rate(call), Instant::now()).interval());
        known.or_else(limit).unwrap_or_default()
    }

    /// What waits for its rate, that which takes longest first.
    pub fn queues(&self) -> Vec<Queue> {
        let queue = |(call, lane): (&Call, &RateQueue)| Queue {
            call: call.to_string(),
            made: lane.made,
            waiting: lane.waiting,
            interval: lane.bucket.interval(),
        };
        let mut queues: Vec<Queue> = self.lanes().iter().filter(|(_, lane)| lane.waiting > 0).map(queue).collect();
        queues.sort_by(|one, other| other.left().cmp(&one.left()).then_with(|| one.call.cmp(&other.call)));
        queues
    }

    /// The rate of an operation: the blueprint's own, else that of the table.
    fn rate(&self, call: &Call) -> Rate {
        let row = RequestRate::of(call.service, &call.operation);
        match self.own.of(call.service, &call.operation) {
            Some(own) => Rate { per_second: own.per_second, burst: own.burst.unwrap_or(row.burst) },
            None => Rate { per_second: row.per_second, burst: row.burst },
        }
    }

    /// Lines up behind the calls that share the rate; `None` where there is none to keep to.
    fn queue(&self, call: &Call, lane: &Call) -> Option<Queued<'_>> {
        let mut lanes = self.lanes();
        if self.pace == Pace::FromTheStart && !lanes.contains_key(lane) {
            lanes.insert(lane.clone(), RateQueue::new(Bucket::full(self.rate(call), Instant::now())));
        }
        let known = lanes.get_mut(lane)?;
        known.waiting += 1;
        Some(Queued { pacer: self, lane: lane.clone(), permits: Arc::clone(&known.head) })
    }

    /// Comes to the head of the lane, and has a token there.
    async fn head(&self, queued: Option<&Queued<'_>>, lane: &Call) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        let head = Arc::clone(&queued?.permits).acquire_owned().await.ok();
        self.wait_for_token(lane).await;
        head
    }

    /// Waits at the head of the lane. What throttling changes meanwhile counts at once.
    async fn wait_for_token(&self, lane: &Call) {
        loop {
            let wait = self.lanes().get_mut(lane).map(|lane| lane.bucket.wait(Instant::now())).unwrap_or_default();
            if wait.is_zero() {
                return;
            }
            tokio::time::sleep(wait).await;
        }
    }

    fn take(&self, lane: &Call) {
        if let Some(lane) = self.lanes().get_mut(lane) {
            lane.bucket.take(Instant::now());
            lane.made += 1;
        }
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<Call, RateQueue>> {
        // A panic elsewhere leaves at most a token too many.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a write to the organization waits.
const WRITES_AT_ONCE: &str = "AWS takes one write to the organization at a time";

async fn permit(of: &Arc<Semaphore>, why: &str) -> Option<OwnedSemaphorePermit> {
    // No semaphore is ever closed.
    waiting(|| Awaited::turn(why), Arc::clone(of).acquire_owned()).await.ok()
}

/// A place in the line of a lane, which ends with this.
struct Queued<'p> {
    pacer: &'p Pacer,
    lane: Call,
    permits: Arc<Semaphore>,
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if let Some(lane) = self.pacer.lanes().get_mut(&self.lane) {
            lane.waiting -= 1;
        }
    }
}
