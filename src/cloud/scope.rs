//! Which calls belong to one change, so that a change that has changed nothing can be stopped at any moment.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::call::Call;

tokio::task_local! {
    static SCOPE: CallScope;
}

/// The calls of one change. Every call that is made while [`CallScope::run`] polls its future belongs to it; the front
/// door asks before it sends one.
#[derive(Clone)]
pub struct CallScope(Arc<Shared>);

struct Shared {
    progress: Mutex<Progress>,
    stopped: Notify,
    /// Whether it was told to stop, be it that it could or not.
    told: watch::Sender<bool>,
    /// When its first call was made.
    started: OnceLock<Instant>,
    on_start: Box<dyn Fn() + Send + Sync>,
    tell: Box<dyn Fn(String) + Send + Sync>,
}

#[derive(Default)]
struct Progress {
    /// Writes that AWS has carried out, may have carried out, or is being asked for.
    writes: u32,
    is_stopped: bool,
    /// How long its calls have waited for their turn since the first one was made.
    waited: Duration,
}

impl CallScope {
    /// `on_start` is called once, when the first call is made; `tell` hears what calls wait for.
    pub fn new(
        on_start: impl Fn() + Send + Sync + 'static,
        tell: impl Fn(String) + Send + Sync + 'static,
    ) -> CallScope {
        CallScope(Arc::new(Shared {
            progress: Mutex::default(),
            stopped: Notify::new(),
            told: watch::Sender::new(false),
            started: OnceLock::new(),
            on_start: Box::new(on_start),
            tell: Box::new(tell),
        }))
    }

    /// Runs a change. `None` when it was stopped before it changed anything.
    pub async fn run<F: Future>(&self, change: F) -> Option<F::Output> {
        let stopped = async {
            self.0.stopped.notified().await;
        };
        tokio::select! {
            biased;
            () = stopped => None,
            result = SCOPE.scope(self.clone(), change) => Some(result),
        }
    }

    /// Stops the change if it has changed nothing yet: it makes no further call. Returns whether it did so.
    pub fn stop(&self) -> bool {
        self.0.told.send_replace(true);
        let mut progress = self.progress();
        if progress.writes == 0 && !progress.is_stopped {
            progress.is_stopped = true;
            self.0.stopped.notify_one();
        }
        progress.is_stopped
    }

    /// Whether AWS has carried out a write of it, or may have.
    pub fn has_written(&self) -> bool {
        self.progress().writes > 0
    }

    fn start(&self) {
        self.0.started.get_or_init(|| {
            (self.0.on_start)();
            Instant::now()
        });
    }

    /// How long it has taken since its first call was made, without what its calls waited for their turn.
    pub fn took(&self) -> Duration {
        let elapsed = self.0.started.get().map(Instant::elapsed).unwrap_or_default();
        elapsed.saturating_sub(self.progress().waited)
    }

    /// Counts a write that is about to be sent, unless the change was stopped.
    fn begin_write(&self) -> bool {
        let mut progress = self.progress();
        if !progress.is_stopped {
            progress.writes += 1;
        }
        !progress.is_stopped
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        // A panic elsewhere cannot leave a counter half-written.
        self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts how long a call of the change that the caller runs in has waited for its turn.
pub(super) fn count_wait(waited: Duration) {
    let count = |scope: &CallScope| {
        if scope.0.started.get().is_some() {
            scope.progress().waited += waited;
        }
    };
    // Reading belongs to no change.
    let _ = SCOPE.try_with(count);
}

/// A call that may be sent.
pub(super) struct Admitted(Option<CallScope>);

impl Admitted {
    /// AWS refused the call, so that it changed nothing.
    pub fn refused(self) {
        if let Some(scope) = self.0 {
            scope.progress().writes -= 1;
        }
    }
}

/// Waits for ever where the change that `call` belongs to has been stopped: whoever stopped it drops it.
pub(super) async fn admit(call: &Call) -> Admitted {
    admit_call(call.changes_the_organization()).await
}

async fn admit_call(is_write: bool) -> Admitted {
    let Ok(scope) = SCOPE.try_with(CallScope::clone) else { return Admitted(None) };
    if is_write && !scope.begin_write() {
        return pending().await;
    }
    scope.start();
    Admitted(Some(scope).filter(|_| is_write))
}

/// Stops the change that a call belongs to which the lease does not allow any more, where it has changed nothing yet: it was
/// not made, and has not failed. Then this waits for ever, as [`admit`] does.
pub(super) async fn stop_without_lease() {
    if SCOPE.try_with(CallScope::stop).unwrap_or(false) {
        pending().await
    }
}

/// What the front door does for a write that it does not send since the lease is lost, for the same tests.
#[cfg(test)]
pub(crate) async fn pretend_lost_lease() {
    stop_without_lease().await;
}

/// Says to the change that the caller runs in what a call waits for.
pub(super) fn tell(message: String) {
    // Reading belongs to no change.
    let _ = SCOPE.try_with(|scope| (scope.0.tell)(message));
}

/// Whether the change that the caller runs in was told to stop.
pub(super) fn is_told_to_stop() -> bool {
    SCOPE.try_with(|scope| *scope.0.told.borrow()).unwrap_or_default()
}

/// Ends when the change that the caller runs in is told to stop.
pub async fn told_to_stop() {
    let Ok(mut told) = SCOPE.try_with(|scope| scope.0.told.subscribe()) else { return pending().await };
    if told.wait_for(|told| *told).await.is_err() {
        pending::<()>().await;
    }
}

/// What the front door does for a call, for tests of whoever runs changes without AWS.
#[cfg(test)]
pub(crate) async fn pretend_call(is_write: bool, is_refused: bool) {
    let admitted = admit_call(is_write).await;
    if is_refused {
        admitted.refused();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;

    fn scope() -> (CallScope, Arc<AtomicU32>) {
        let started = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&started);
        (CallScope::new(move || counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed), drop), started)
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
}
