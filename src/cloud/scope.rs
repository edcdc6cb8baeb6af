//! Which calls belong to one change, so that a change that has changed nothing can be stopped at any moment, and what it waits
//! for can be shown.

use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::call::Call;
pub use awaited::{Awaited, WaitEnd, waiting};

mod awaited;
#[cfg(test)]
mod tests;

/// How long a change that has written something may wait after it was reported to stop. What AWS does in seconds is still seen
/// through; the rest is left to AWS, and to the next apply, which continues from what is there.
const GRACE: Duration = Duration::from_secs(5);

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
    /// Whether it was reported to stop, be it that it could or not.
    reported: watch::Sender<bool>,
    /// When its first call was made.
    started: OnceLock<Instant>,
    /// How many of its calls have been sent and not answered.
    calls: watch::Sender<u32>,
    on_start: Box<dyn Fn() + Send + Sync>,
    report_wait: Box<dyn Fn(String) + Send + Sync>,
    on_wait: Box<OnWait>,
}

/// Hears what a change waits for, or that it waits no more.
type OnWait = dyn Fn(Option<&Awaited>) + Send + Sync;

#[derive(Default)]
struct Progress {
    /// Writes that AWS has carried out, may have carried out, or is being asked for.
    writes: u32,
    is_stopped: bool,
    /// How long its calls have waited for their turn since the first one was made.
    waited: Duration,
    /// What it waits for, each with its number.
    waits: Vec<(u64, Awaited)>,
    noted: u64,
    /// Why its last call is repeated, until it is.
    backoff: Option<Awaited>,
    /// What was last said that it waits for.
    said: Option<Awaited>,
}

impl Progress {
    /// What the change waits for while none of its calls is under way.
    fn awaited(&self) -> Option<&Awaited> {
        self.waits.last().map(|(_, awaited)| awaited).or(self.backoff.as_ref())
    }
}

impl CallScope {
    /// `on_start` is called once, when the first call is made; `show` hears what calls wait for; `on_wait` hears what the change
    /// itself waits for from now on, or that it waits no more.
    pub fn new(
        on_start: impl Fn() + Send + Sync + 'static,
        report_wait: impl Fn(String) + Send + Sync + 'static,
        on_wait: impl Fn(Option<&Awaited>) + Send + Sync + 'static,
    ) -> CallScope {
        CallScope(Arc::new(Shared {
            progress: Mutex::default(),
            stopped: Notify::new(),
            reported: watch::Sender::new(false),
            started: OnceLock::new(),
            calls: watch::Sender::new(0),
            on_start: Box::new(on_start),
            report_wait: Box::new(report_wait),
            on_wait: Box::new(on_wait),
        }))
    }

    /// Runs a change. `None` when it was stopped before it changed anything, or was left to AWS.
    pub async fn run<F: Future>(&self, change: F) -> Option<F::Output> {
        let stopped = async {
            self.0.stopped.notified().await;
        };
        tokio::select! {
            biased;
            () = stopped => None,
            result = SCOPE.scope(self.clone(), change) => Some(result),
            // Behind the change: what it does next may be a call.
            () = self.may_be_left() => None,
        }
    }

    /// Ends when the change was reported to stop some time ago and none of its calls is under way.
    async fn may_be_left(&self) {
        wait_until(self.0.reported.subscribe(), |reported| *reported).await;
        tokio::time::sleep(GRACE).await;
        wait_until(self.0.calls.subscribe(), |calls| *calls == 0).await;
        self.progress().is_stopped = true;
    }

    /// Stops the change if it has changed nothing yet: it makes no further call. Returns whether it did so.
    pub fn stop(&self) -> bool {
        self.0.reported.send_replace(true);
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

    /// Counts a call that is sent now.
    fn begin_call(&self) {
        self.update(|progress| {
            self.0.calls.send_modify(|calls| *calls += 1);
            progress.backoff = None;
        });
    }

    fn end_call(&self) {
        self.update(|_| self.0.calls.send_modify(|calls| *calls -= 1));
    }

    /// Changes what is known of the change, and says what it waits for where that is new.
    fn update<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        let mut progress = self.progress();
        let result = change(&mut progress);
        let is_at_work = *self.0.calls.borrow() > 0;
        let awaited = progress.awaited().filter(|_| !is_at_work).cloned();
        if awaited != progress.said {
            // Under the lock, so that nothing older is said later.
            (self.0.on_wait)(awaited.as_ref());
            progress.said = awaited;
        }
        result
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

/// Notes why the last call of the change that the caller runs in is repeated.
pub(super) fn backs_off(awaited: Awaited) {
    // Reading belongs to no change.
    let _ = SCOPE.try_with(|scope| scope.update(|progress| progress.backoff = Some(awaited)));
}

/// A call that may be sent, and is under way for as long as this is kept.
pub(super) struct Admitted {
    scope: Option<CallScope>,
    is_write: bool,
}

impl Admitted {
    /// AWS refused the call, so that it changed nothing.
    pub fn refused(self) {
        if let Some(scope) = self.scope.as_ref().filter(|_| self.is_write) {
            scope.progress().writes -= 1;
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        if let Some(scope) = &self.scope {
            scope.end_call();
        }
    }
}

/// Waits for ever where the change that `call` belongs to has been stopped: anyone who stopped it drops it.
pub(super) async fn admit(call: &Call) -> Admitted {
    admit_call(call.changes_the_organization()).await
}

async fn admit_call(is_write: bool) -> Admitted {
    let Ok(scope) = SCOPE.try_with(CallScope::clone) else { return Admitted { scope: None, is_write } };
    if is_write && !scope.begin_write() {
        return pending().await;
    }
    scope.start();
    scope.begin_call();
    Admitted { scope: Some(scope), is_write }
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
pub(super) fn report_wait(message: String) {
    // Reading belongs to no change.
    let _ = SCOPE.try_with(|scope| (scope.0.report_wait)(message));
}

/// Ends when the change that the caller runs in is reported to stop.
pub async fn reported_to_stop() {
    let Ok(reported) = SCOPE.try_with(|scope| scope.0.reported.subscribe()) else { return pending().await };
    wait_until(reported, |reported| *reported).await;
}

/// Ends when a value is so, and never where it cannot change any more.
async fn wait_until<T>(mut value: watch::Receiver<T>, is_so: impl FnMut(&T) -> bool) {
    if value.wait_for(is_so).await.is_err() {
        pending::<()>().await;
    }
}

/// What the front door does for a call, for tests of anyone who runs changes without AWS.
#[cfg(test)]
pub(crate) async fn pretend_call(is_write: bool, is_refused: bool) {
    let admitted = admit_call(is_write).await;
    if is_refused {
        admitted.refused();
    }
}

/// The same for a write that AWS takes so long to answer.
#[cfg(test)]
pub(crate) async fn pretend_write(answered_after: Duration) {
    let _admitted = admit_call(true).await;
    tokio::time::sleep(answered_after).await;
}
