use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::call::Call;

/// When AWS's request limits are kept to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// From the first call: AWS itself.
    FromTheStart,
    /// For an operation from the first time that it is throttled: an endpoint whose limits are unknown.
    OnceThrottled,
}

/// Calls a second that an operation may be made, and how many at once before that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rate {
    per_second: f64,
    burst: f64,
}

/// AWS publishes few of these; the others are reported by users, taken in November 2026. Being wrong costs a
/// throttled and repeated call, no more.
fn rate(call: &Call) -> Rate {
    let rate = |per_second, burst| Rate { per_second, burst };
    match (call.service, call.operation.as_str()) {
        ("organizations", "DescribePolicy") => rate(2.0, 5.0),
        ("organizations", _) if call.is_write() => rate(1.0, 3.0),
        ("organizations", _) => rate(5.0, 8.0),
        ("cloudformation", _) if call.is_write() => rate(2.0, 5.0),
        ("cloudformation", _) => rate(10.0, 20.0),
        ("account", _) => rate(1.0, 5.0),
        // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
        ("cloudtrail", "LookupEvents") => rate(2.0, 2.0),
        // A third of what AWS grants: others in the account sign in too.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        ("sts", _) => rate(200.0, 200.0),
        _ => rate(20.0, 20.0),
    }
}

/// The calls that a call shares its rate with: Identity Center counts all of its own together, the others each
/// operation. <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
fn counted_with(call: &Call) -> Call {
    let together = call.service == "sso";
    Call { operation: if together { "*".into() } else { call.operation.clone() }, ..call.clone() }
}

/// Connections open at once; more would only wait in AWS's queue.
const MAX_IN_FLIGHT: usize = 24;

/// Hands out turns.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    buckets: Mutex<HashMap<Call, Bucket>>,
    in_flight: Arc<Semaphore>,
    /// Organizations carries out writes one after another and answers ConcurrentModificationException to
    /// whatever comes meanwhile.
    organization_writes: Arc<Semaphore>,
}

/// Permits that are given back when the call has been answered.
pub(super) struct Turn {
    _in_flight: Option<OwnedSemaphorePermit>,
    _write: Option<OwnedSemaphorePermit>,
}

#[derive(Debug)]
struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn full(rate: Rate) -> Bucket {
        Bucket { rate, tokens: rate.burst, at: Instant::now() }
    }

    /// Takes one token, on credit if there is none, and says how long to wait for it.
    fn take(&mut self) -> Duration {
        let now = Instant::now();
        let gained = now.duration_since(self.at).as_secs_f64() * self.rate.per_second;
        self.tokens = (self.tokens + gained).min(self.rate.burst) - 1.0;
        self.at = now;
        Duration::from_secs_f64((-self.tokens).max(0.0) / self.rate.per_second)
    }
}

impl Pacer {
    pub fn new(pace: Pace) -> Pacer {
        Pacer {
            pace,
            buckets: Mutex::default(),
            in_flight: Arc::new(Semaphore::new(MAX_IN_FLIGHT)),
            organization_writes: Arc::new(Semaphore::new(1)),
        }
    }

    /// Waits until `call` may be made.
    pub async fn turn(&self, call: &Call) -> Turn {
        let serial = call.service == "organizations" && call.is_write();
        let write = if serial { Arc::clone(&self.organization_writes).acquire_owned().await.ok() } else { None };
        let wait = self.wait(call);
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        Turn { _in_flight: Arc::clone(&self.in_flight).acquire_owned().await.ok(), _write: write }
    }

    /// AWS throttled `call`: from now on its rate holds, starting empty.
    pub fn slow_down(&self, call: &Call) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(counted_with(call)).or_insert_with(|| Bucket::full(rate(call)));
        bucket.tokens = bucket.tokens.min(0.0);
    }

    /// The time that pacing currently leaves between two calls of this operation; zero where it is not paced.
    pub fn interval(&self, call: &Call) -> Duration {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let known = buckets.get(&counted_with(call)).map(|bucket| bucket.rate);
        let paced = known.or_else(|| (self.pace == Pace::FromTheStart).then(|| rate(call)));
        paced.map(|rate| Duration::from_secs_f64(1.0 / rate.per_second)).unwrap_or_default()
    }

    fn wait(&self, call: &Call) -> Duration {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if self.pace == Pace::FromTheStart {
            buckets.entry(counted_with(call)).or_insert_with(|| Bucket::full(rate(call))).take()
        } else {
            buckets.get_mut(&counted_with(call)).map(Bucket::take).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: &str) -> Call {
        Call { service: "organizations", operation: operation.into(), site: None }
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_goes_through_at_once_and_the_rest_at_the_rate() {
        let pacer = Pacer::new(Pace::FromTheStart);
        let start = Instant::now();
        for _ in 0..8 {
            pacer.turn(&call("ListAccounts")).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..10 {
            pacer.turn(&call("ListAccounts")).await;
        }
        assert_eq!(start.elapsed().as_millis() / 100, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn all_calls_of_identity_center_share_one_rate() {
        let pacer = Pacer::new(Pace::FromTheStart);
        let start = Instant::now();
        for n in 0..40 {
            pacer.turn(&Call { service: "sso", operation: format!("List{}", n % 4), site: None }).await;
        }
        assert_eq!(start.elapsed().as_millis() / 100, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_endpoint_is_paced_only_once_it_throttles() {
        let pacer = Pacer::new(Pace::OnceThrottled);
        let start = Instant::now();
        for _ in 0..100 {
            pacer.turn(&call("ListAccounts")).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        pacer.slow_down(&call("ListAccounts"));
        pacer.turn(&call("ListAccounts")).await;
        assert!(start.elapsed() > Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_interval_is_what_pacing_leaves_between_two_calls() {
        let known = Pacer::new(Pace::FromTheStart);
        assert_eq!(known.interval(&call("ListAccounts")), Duration::from_millis(200));
        assert_eq!(known.interval(&call("DescribePolicy")), Duration::from_millis(500));
        let unknown = Pacer::new(Pace::OnceThrottled);
        assert_eq!(unknown.interval(&call("ListAccounts")), Duration::ZERO);
        unknown.slow_down(&call("ListAccounts"));
        assert!(unknown.interval(&call("ListAccounts")) > Duration::ZERO);
        assert_eq!(unknown.interval(&call("DescribePolicy")), Duration::ZERO, "each operation by itself");
    }

    #[tokio::test]
    async fn writes_to_the_organization_come_one_at_a_time() {
        let pacer = Pacer::new(Pace::OnceThrottled);
        let first = pacer.turn(&call("AttachPolicy")).await;
        assert!(tokio::time::timeout(Duration::from_millis(20), pacer.turn(&call("CreatePolicy"))).await.is_err());
        drop(first);
        pacer.turn(&call("CreatePolicy")).await;
    }
}
