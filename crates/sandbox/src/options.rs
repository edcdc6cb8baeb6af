//! How a sandbox behaves, apart from what it holds.

use std::sync::Arc;
use std::time::Duration;

use crate::authorizer::Authorizer;
use crate::fault::Faults;
use crate::lags::Lags;
use crate::limits::Limits;

/// How the simulated AWS behaves. The default is quick and flawless.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How long every call takes.
    pub latency: Duration,
    /// Request limits; without them nothing is throttled.
    pub limits: Option<Limits>,
    /// Calls that fail at random, the same ones for the same seed.
    pub faults: Option<Faults>,
    /// The network goes away with the n-th call from now on (the first is 1): that call happens but its answer is
    /// lost, and every later one fails to connect, until the options are changed.
    pub cut_after: Option<u64>,
    /// How long AWS works on what it answers before it is done.
    pub timings: Timings,
    /// Decides by policies who may do what. Without one, everything is allowed that the state does not deny.
    pub authorizer: Option<Arc<dyn Authorizer>>,
    /// How long what is done does not show yet.
    pub lags: Lags,
    /// How many calls that change something CloudTrail's event history keeps; AWS keeps those of 90 days.
    pub event_history: usize,
}

impl Options {
    /// As AWS is: its request limits, its round trip and its slowness, shortened to what a person waits for.
    #[must_use]
    pub fn aws() -> Self {
        Self {
            latency: Duration::from_millis(40),
            limits: Some(Limits::aws()),
            timings: Timings { create_account: Duration::from_secs(2), ..Timings::default() },
            ..Self::default()
        }
    }
}

/// How long asynchronous work takes after its request was answered.
#[derive(Clone, Copy, Debug)]
pub struct Timings {
    /// From CreateAccount to the end of its IN_PROGRESS.
    pub create_account: Duration,
    /// From CloseAccount to the end of PENDING_CLOSURE.
    pub close_account: Duration,
    /// How long a new organization answers FinalizingOrganizationException to CreateAccount and invitations.
    pub finalizing: Duration,
    /// From EnableRegion or DisableRegion to the end of ENABLING or DISABLING.
    pub region_opt: Duration,
    /// From the request to create, update or delete a stack to the end of its `…_IN_PROGRESS`.
    pub stack: Duration,
    /// From the request to assign or provision a permission set to the end of its IN_PROGRESS.
    pub assignment: Duration,
    /// From CreateChangeSet or DetectStackDrift until its answer is there.
    pub comparison: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            create_account: Duration::from_millis(300),
            close_account: Duration::from_millis(300),
            finalizing: Duration::ZERO,
            region_opt: Duration::from_millis(300),
            stack: Duration::from_millis(300),
            assignment: Duration::from_millis(300),
            comparison: Duration::from_millis(100),
        }
    }
}
