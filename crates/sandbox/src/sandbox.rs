//! The simulated AWS as others use it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::core::Core;
use crate::error::Error;
use crate::front::Admission;
use crate::http::{ConnectionLost, HttpAnswer, HttpRequest};
use crate::log::Call;
use crate::options::Options;
use crate::record;
use crate::state::State;
use crate::store::Store;

/// A simulated AWS: one management account and all that it makes. Clones share the same state.
#[derive(Clone)]
pub struct Sandbox {
    core: Arc<Mutex<Core>>,
}

impl Sandbox {
    /// A fresh AWS in memory: a management account that has no organization yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self::with(State::default(), Store::memory(), options)
    }

    /// An AWS whose state is kept in `file`, made when it is absent. Every successful write is kept before it is
    /// answered, in a journal beside the file at first, and processes that open the same file see each other's writes.
    /// The file has everything when the last clone is dropped. What was in progress when it was opened counts as started
    /// now.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds no sandbox state.
    pub fn open(file: &Path, options: Options) -> Result<Self, Error> {
        let mut store = Store::file(file);
        let state = store.open()?;
        let sandbox = Self::with(state, store, options);
        sandbox.core().refresh()?;
        Ok(sandbox)
    }

    /// An AWS in memory that continues from a [`Sandbox::snapshot`].
    ///
    /// # Errors
    /// When `snapshot` is not a sandbox state.
    pub fn restore(snapshot: Value, options: Options) -> Result<Self, Error> {
        let state = State::from_json(snapshot).map_err(|error| Error::State(None, error))?;
        Ok(Self::with(state, Store::memory(), options))
    }

    fn with(state: State, store: Store, options: Options) -> Self {
        Self { core: Arc::new(Mutex::new(Core::new(state, store, options))) }
    }

    /// The whole state as JSON, with everything finished that is due by now. The same calls give the same
    /// ids, so that two sandboxes differ only in their timestamps then.
    #[must_use]
    pub fn snapshot(&self) -> Value {
        self.core().snapshot()
    }

    /// Changes the state behind AWS's back: `change` gets what [`Sandbox::snapshot`] gives. For tests that need drift,
    /// other callers, quotas or accounts, by members of the state such as
    ///
    /// - `principals`: `{ACCESS KEY or ROLE ARN or "*": {"arn", "account", "deny": ["organizations:Create*", …]}}`; an
    ///   ARN that ends in `:root` is the root user, `*` stands for every key that nothing else names; `policies` are the
    ///   documents of its own policies, by which an [`Authorizer`](crate::Authorizer) decides;
    /// - `standalone_accounts`: `{ID: {"id", "name", "email"}}`, which can be invited;
    /// - `roles`: `{ACCOUNT: [ROLE, …]}`, which the management account can assume;
    /// - `quotas`, `management`, `partition`;
    /// - `tagging`: `{"lag": "none" | "empty" | "stale", "stale": {ARN: TAGS}}`;
    /// - `organization`: everything in it, by id;
    /// - `identity_center`: `{"enabled", "region", "permission_sets", …}`; it is not enabled if `enabled` is false, and
    ///   it is in `region` alone if there is one;
    /// - `directory`: its `users`, `groups` and `memberships`, by id;
    /// - `resources`: `{ACCOUNT: {REGION or "global": {TYPE: {PHYSICAL ID: {"properties", "attributes", …}}}}}`, what
    ///   CloudFormation made and others may have changed.
    ///
    /// # Errors
    /// When what `change` leaves behind is not a sandbox state, or cannot be saved; nothing is changed then.
    pub fn edit(&self, change: impl FnOnce(&mut Value)) -> Result<(), Error> {
        self.core().edit(change)
    }

    /// The calls so far, in the order in which they were answered.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.core().calls().to_vec()
    }

    /// Changes how the sandbox behaves from the next call on: lifts a cut, adds limits. A cut counts anew from here.
    pub fn set_options(&self, options: Options) {
        self.core().set_options(options);
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sandbox")
    }
}

impl Sandbox {
    /// Answers a request, after the latency, or loses it.
    pub(super) async fn answer(&self, request: HttpRequest) -> Result<HttpAnswer, ConnectionLost> {
        let answer = self.respond(&request).await;
        record::exchange(&request, answer.as_ref().ok());
        answer
    }

    async fn respond(&self, request: &HttpRequest) -> Result<HttpAnswer, ConnectionLost> {
        let (admission, latency) = self.core().admit(request);
        let arrival = match admission {
            Admission::Enter(arrival) => *arrival,
            Admission::Drop => return Err(ConnectionLost),
            Admission::Refuse(answer) => {
                tokio::time::sleep(latency).await;
                return Ok(answer);
            }
        };
        let _under_way = arrival.exclusive.then(|| UnderWay(self));
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        self.core().carry_out(arrival, request)
    }
}

/// Ends a write to the organization when its call ends, even if no one waits for it any more.
struct UnderWay<'a>(&'a Sandbox);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.core().end_organization_write();
    }
}
