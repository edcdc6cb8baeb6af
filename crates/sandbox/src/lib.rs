//! A simulated AWS, plugged in where the SDK would open a connection, so that the same SDK code, signing and parsing
//! run as against AWS; [`Sandbox::serve`] offers it over HTTP to other programs.
//!
//! It knows AWS and nothing else of this crate. A request passes the front door (`front`: counting, latency, limits,
//! faults, cuts), is understood by its wire protocol (`protocol`), and is answered by the operation that a service
//! lists (`services`). What no service lists fails with "not simulated"; nothing is pretended.

#![warn(missing_docs)]

mod authorizer;
mod connector;
mod core;
mod error;
mod fault;
mod front;
mod identity;
mod ids;
mod input;
mod lags;
pub mod limits;
mod log;
mod options;
mod paging;
mod progress;
mod protocol;
mod record;
mod request;
mod resources;
mod serve;
mod services;
mod state;
mod store;
mod tags;

pub use authorizer::{Attempt, Authorizer, Denial, Identity, Level, Policies};
pub use error::Error;
pub use fault::Faults;
pub use lags::Lags;
pub use limits::Limits;
pub use log::{Call, Outcome};
pub use options::{Options, Timings};

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use serde_json::Value;

use self::core::Core;
use state::State;
use store::Store;

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

    /// An AWS whose state is kept in `file`, made when it is absent. Every successful write is saved before it is
    /// answered, and processes that open the same file see each other's writes. What was in progress when the file
    /// was saved counts as started now.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds no sandbox state.
    pub fn open(file: &Path, options: Options) -> Result<Self, Error> {
        let mut store = Store::file(file);
        let state = store.open()?;
        Ok(Self::with(state, store, options))
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
    ///   documents of its own policies, by which an [`Authorizer`] decides;
    /// - `standalone_accounts`: `{ID: {"id", "name", "email"}}`, which can be invited;
    /// - `roles`: `{ACCOUNT: [ROLE, …]}`, which the management account can assume;
    /// - `quotas`, `management`, `partition`;
    /// - `tagging`: `{"lag": "none" | "empty" | "stale", "stale": {ARN: TAGS}}`;
    /// - `organization`: everything in it, by id;
    /// - `identity_center`: `{"enabled", "region", "permission_sets", …}`; nobody enabled it if `enabled` is false, and
    ///   it is in `region` alone if there is one;
    /// - `directory`: its `users`, `groups` and `memberships`, by id;
    /// - `resources`: `{ACCOUNT: {REGION or "global": {TYPE: {PHYSICAL ID: {"properties", "attributes", …}}}}}`, what
    ///   CloudFormation made and somebody may have changed.
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

    /// What takes the place of the network in an SDK configuration. The region, the credentials' access key and the
    /// session token of the request say who calls what and where; signatures are not checked.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        connector::http_client(self.clone())
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
