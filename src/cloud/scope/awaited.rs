use std::future::{Future, ready};
use std::pin::pin;
use std::time::Duration;

use super::{CallScope, SCOPE};
use crate::cloud::call::Call;

/// What a change waits for before its next call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// In words: `AWS makes 5 accounts at a time`.
    pub what: String,
    /// How it comes.
    pub comes: WaitEnd,
}

/// How what is waited for comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitEnd {
    /// By a request rate, with this time between two calls.
    AtRate(Duration),
    /// As soon as another change gives back its place.
    InTurn,
    /// When AWS is done with something.
    FromAws,
}

impl Awaited {
    /// A call's turn by its rate.
    pub(in crate::cloud) fn rate(call: &Call, interval: Duration) -> Awaited {
        Awaited { what: format!("AWS's rate for {call}"), comes: WaitEnd::AtRate(interval) }
    }

    /// One of a few places.
    pub fn turn(what: impl Into<String>) -> Awaited {
        Awaited { what: what.into(), comes: WaitEnd::InTurn }
    }

    /// What AWS works on.
    pub fn aws(what: impl Into<String>) -> Awaited {
        Awaited { what: what.into(), comes: WaitEnd::FromAws }
    }
}

/// Waits for `future`. Unless it is ready at once, the change that the caller runs in counts as waiting for this meanwhile, and
/// not as working.
pub async fn waiting<F: Future>(awaited: impl FnOnce() -> Awaited, future: F) -> F::Output {
    let mut future = pin!(future);
    tokio::select! {
        biased;
        output = &mut future => return output,
        () = ready(()) => {}
    }
    // Reading belongs to no change.
    let _noted = SCOPE.try_with(|scope| WaitGuard::new(scope, awaited())).ok();
    future.await
}

/// Something that a change waits for, as long as this is kept.
struct WaitGuard {
    scope: CallScope,
    nth: u64,
}

impl WaitGuard {
    fn new(scope: &CallScope, awaited: Awaited) -> WaitGuard {
        let nth = scope.update(|progress| {
            progress.noted += 1;
            progress.waits.push((progress.noted, awaited));
            progress.noted
        });
        WaitGuard { scope: scope.clone(), nth }
    }
}

impl Drop for WaitGuard {
    fn drop(&mut self) {
        self.scope.update(|progress| progress.waits.retain(|(nth, _)| *nth != self.nth));
    }
}
