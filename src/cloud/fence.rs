//! Writes are made only under a lease that was renewed a moment ago.
//!
//! A holder renews its lease every 10 seconds. Another run that meets the lease watches it for 30 seconds and takes it
//! over if it was not renewed meanwhile. So:
//!
//! - 0 s: the holder sends the renewal that succeeds; only later does anyone see it;
//! - until 20 s: writes may start;
//! - at 20 s: the lease counts as lost, for good, whether or not AWS can be asked whose it is;
//! - at 28 s: what was sent before is not waited for any more, and what is still being sent is dropped;
//! - at 30 s, at the earliest: another run takes the lease over.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::sync::watch;
use tokio::time::timeout;

use super::clock::Clock;

/// No write starts when the last renewal is older than this.
const START_WITHIN: Duration = Duration::from_secs(20);
/// No write goes on when the last renewal is older than this: others take the lease over after 30 seconds.
const END_WITHIN: Duration = Duration::from_secs(28);

/// What stands between a run and its writes.
#[derive(Debug)]
pub struct Fence {
    clock: Clock,
    hold: Mutex<Hold>,
    lost: watch::Sender<bool>,
}

/// How a run stands to the lease.
#[derive(Clone, Copy, Debug, Default)]
struct Hold {
    /// When the request was sent that took or last renewed it; nothing is fenced where none was taken.
    renewed: Option<Duration>,
    /// Why it is not held any more.
    over: Option<Why>,
}

/// Why a write is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// The last renewal was this long ago.
    NotRenewed(Duration),
    /// Another run has taken the lease over.
    TakenOver,
    /// The run has given it back.
    Returned,
}

/// A write that was not made, or whose answer was not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fenced {
    why: Why,
    /// Whether it may have reached AWS.
    pub was_sent: bool,
}

impl fmt::Display for Fenced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Why::NotRenewed(age) => write!(
                f,
                "the lease of this run was not renewed for {} seconds, so that another run may take it over",
                age.as_secs()
            ),
            Why::TakenOver => write!(f, "another run has taken over the lease of this run"),
            Why::Returned => write!(f, "this run has given its lease back"),
        }
    }
}

impl Error for Fenced {}

/// Whether a write may start so long after the last renewal.
fn may_start(age: Duration) -> bool {
    age < START_WITHIN
}

/// Whether a write may go on so long after the last renewal.
fn may_go_on(age: Duration) -> bool {
    age < END_WITHIN
}

impl Fence {
    pub(super) fn new(clock: Clock) -> Fence {
        Fence { clock, hold: Mutex::default(), lost: watch::Sender::new(false) }
    }

    /// The time, as the other methods take it.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Fences every write from now on: the lease was taken by a request that was sent at `sent`.
    pub fn close(&self, sent: Duration) {
        *self.hold() = Hold { renewed: Some(sent), over: None };
        self.lost.send_replace(false);
    }

    /// The lease was renewed by a request that was sent at `sent`. One that was lost stays lost.
    pub fn renewed(&self, sent: Duration) {
        let mut hold = self.hold();
        hold.renewed = hold.renewed.map(|before| before.max(sent));
    }

    /// Another run has taken the lease over.
    pub fn taken_over(&self) {
        self.end(Why::TakenOver);
    }

    /// The run ends: it writes nothing any more. Gives whether the lease is there to be given back.
    pub fn give_back(&self) -> bool {
        let holds = self.holds();
        self.end(Why::Returned);
        holds
    }

    /// Whether the lease is held and was renewed a moment ago; one that was not counts as lost from now on.
    pub fn holds(&self) -> bool {
        self.age().is_some() && self.admit().is_ok()
    }

    /// How long ago the request was sent that took or last renewed the lease, where one was taken.
    pub fn age(&self) -> Option<Duration> {
        let renewed = self.hold().renewed?;
        Some(self.now().saturating_sub(renewed))
    }

    /// How long the lease is still held if it is not renewed; no time where none was taken.
    pub fn until_lost(&self) -> Duration {
        self.age().map_or(Duration::ZERO, |age| START_WITHIN.saturating_sub(age))
    }

    /// Becomes true when the lease is lost.
    pub fn lost(&self) -> watch::Receiver<bool> {
        self.lost.subscribe()
    }

    /// Makes a write if it may start now. Whether it may go on is looked at whenever it can: a process that was
    /// stopped half-way must not send the rest, such as the request after the connection was made.
    pub(super) async fn guard<T>(
        &self,
        write: impl Future<Output = Result<T, ConnectorError>>,
    ) -> Result<T, ConnectorError> {
        self.admit().map_err(refused)?;
        let mut write = pin!(write);
        loop {
            let checked = poll_fn(|context| match self.late() {
                Some(fenced) => Poll::Ready(Err(refused(fenced))),
                None => write.as_mut().poll(context),
            });
            let left = END_WITHIN.saturating_sub(self.age().unwrap_or_default());
            // A renewal meanwhile gives it more time.
            if let Ok(ended) = timeout(left, checked).await {
                return ended;
            }
        }
    }

    fn admit(&self) -> Result<(), Fenced> {
        if let Some(age) = self.age()
            && !may_start(age)
        {
            self.end(Why::NotRenewed(age));
        }
        self.hold().over.map_or(Ok(()), |why| Err(Fenced { why, was_sent: false }))
    }

    fn late(&self) -> Option<Fenced> {
        let age = self.age().filter(|age| !may_go_on(*age))?;
        Some(Fenced { why: Why::NotRenewed(age), was_sent: true })
    }

    fn end(&self, why: Why) {
        let mut hold = self.hold();
        if hold.renewed.is_some() && hold.over.is_none() {
            hold.over = Some(why);
            self.lost.send_replace(why != Why::Returned);
        }
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        // Its parts are replaced one at a time and never by anything that panics.
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a write was not sent, since the lease is not held any more.
pub(super) fn is_held_back(error: &ConnectorError) -> bool {
    let fenced = error.source().and_then(|source| source.downcast_ref::<Fenced>());
    fenced.is_some_and(|fenced| !fenced.was_sent)
}

/// The SDK does not repeat errors that the user of a connection caused.
fn refused(fenced: Fenced) -> ConnectorError {
    ConnectorError::user(fenced.into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio::time::{Instant, sleep};

    use super::*;

    /// A fence, and the seconds that its clock shows.
    fn fence() -> (Arc<Fence>, Arc<AtomicU64>) {
        let seconds = Arc::new(AtomicU64::new(100));
        let clock = Arc::clone(&seconds);
        let clock = Clock::reading(move || Duration::from_secs(clock.load(Ordering::SeqCst)));
        (Arc::new(Fence::new(clock)), seconds)
    }

    /// A fence whose clock is tokio's.
    fn on_the_paused_clock() -> Arc<Fence> {
        let start = Instant::now();
        Arc::new(Fence::new(Clock::reading(move || start.elapsed())))
    }

    const fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    async fn write(fence: &Fence) -> Result<&'static str, String> {
        fence.guard(async { Ok("made") }).await.map_err(|error| error.into_source().to_string())
    }

    const NOT_RENEWED: &str =
        "the lease of this run was not renewed for 20 seconds, so that another run may take it over";

    #[test]
    fn writes_start_for_twenty_seconds_and_end_within_twenty_eight() {
        assert!(may_start(Duration::ZERO));
        assert!(may_start(Duration::from_millis(19_999)));
        assert!(!may_start(seconds(20)));
        assert!(may_go_on(Duration::from_millis(27_999)));
        assert!(!may_go_on(seconds(28)));
    }

    #[tokio::test]
    async fn without_a_lease_nothing_is_fenced() {
        let (fence, clock) = fence();
        clock.store(1_000_000, Ordering::SeqCst);
        assert_eq!(write(&fence).await, Ok("made"));
        assert!(!fence.holds());
        assert!(!fence.give_back());
        assert_eq!(write(&fence).await, Ok("made"));
    }

    #[tokio::test]
    async fn a_write_is_refused_twenty_seconds_after_the_renewal_was_sent() {
        let (fence, clock) = fence();
        fence.close(seconds(90));
        clock.store(109, Ordering::SeqCst);
        assert_eq!(write(&fence).await, Ok("made"));
        assert!(fence.holds());
        assert!(!*fence.lost().borrow());
        clock.store(110, Ordering::SeqCst);
        assert_eq!(write(&fence).await, Err(NOT_RENEWED.into()));
        assert!(*fence.lost().borrow());
        assert!(!fence.holds());
    }

    #[tokio::test]
    async fn a_renewal_counts_from_when_it_was_sent_and_never_backwards() {
        let (fence, clock) = fence();
        fence.close(seconds(90));
        fence.renewed(seconds(100));
        fence.renewed(seconds(95));
        clock.store(119, Ordering::SeqCst);
        assert_eq!(write(&fence).await, Ok("made"));
        clock.store(120, Ordering::SeqCst);
        assert_eq!(write(&fence).await, Err(NOT_RENEWED.into()));
    }

    #[test]
    fn a_lease_that_is_not_renewed_is_held_for_the_rest_of_twenty_seconds() {
        let (fence, clock) = fence();
        assert_eq!(fence.until_lost(), Duration::ZERO);
        fence.close(seconds(98));
        assert_eq!(fence.until_lost(), seconds(18));
        clock.store(200, Ordering::SeqCst);
        assert_eq!(fence.until_lost(), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_lease_that_was_lost_stays_lost_until_another_is_taken() {
        let (fence, clock) = fence();
        fence.close(seconds(100));
        clock.store(120, Ordering::SeqCst);
        assert!(!fence.holds());
        fence.renewed(seconds(120));
        assert_eq!(write(&fence).await, Err(NOT_RENEWED.into()));
        assert!(!fence.give_back());
        assert!(*fence.lost().borrow());
        fence.close(seconds(120));
        assert_eq!(write(&fence).await, Ok("made"));
        assert!(!*fence.lost().borrow());
    }

    #[tokio::test]
    async fn a_lease_that_was_taken_over_is_lost_at_once() {
        let (fence, _) = fence();
        fence.close(seconds(100));
        fence.taken_over();
        assert!(*fence.lost().borrow());
        assert_eq!(write(&fence).await, Err("another run has taken over the lease of this run".into()));
        assert!(!fence.give_back());
    }

    #[tokio::test]
    async fn nothing_is_written_after_the_lease_was_given_back_and_that_is_no_loss() {
        let (fence, _) = fence();
        fence.close(seconds(100));
        assert!(fence.give_back());
        assert!(!fence.give_back());
        assert_eq!(write(&fence).await, Err("this run has given its lease back".into()));
        assert!(!*fence.lost().borrow());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_not_waited_for_when_others_may_take_the_lease() {
        let fence = on_the_paused_clock();
        fence.close(Duration::ZERO);
        let start = Instant::now();
        let stalled = fence.guard::<()>(std::future::pending()).await.unwrap_err().into_source();
        assert_eq!(start.elapsed(), seconds(28));
        assert_eq!(stalled.downcast_ref(), Some(&Fenced { why: Why::NotRenewed(seconds(28)), was_sent: true }));
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_gives_a_write_that_is_under_way_more_time() {
        let fence = on_the_paused_clock();
        fence.close(Duration::ZERO);
        let renewing = Arc::clone(&fence);
        tokio::spawn(async move {
            sleep(seconds(15)).await;
            renewing.renewed(seconds(15));
        });
        let slow = fence.guard(async {
            sleep(seconds(40)).await;
            Ok(())
        });
        assert!(slow.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_was_stopped_half_way_does_not_go_on() {
        let (fence, clock) = fence();
        fence.close(seconds(100));
        let sent = Arc::new(AtomicU64::new(0));
        let write = fence.guard(async {
            // Connecting; the process is stopped meanwhile, which tokio's clock does not see.
            sleep(seconds(1)).await;
            clock.store(500, Ordering::SeqCst);
            sleep(seconds(1)).await;
            sent.store(1, Ordering::SeqCst);
            Ok(())
        });
        assert!(write.await.is_err());
        assert_eq!(sent.load(Ordering::SeqCst), 0);
    }
}
