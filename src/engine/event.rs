use std::sync::Arc;

use serde::Serialize;

use crate::model::{Action, Address};

/// What happens during an apply. Progress bars, plain lines and the log are listeners of the same events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The lease is held by somebody; it is being watched for a sign of life.
    LeaseWatched {
        holder: String,
        seconds: u64,
    },
    /// A lease whose holder gave no sign of life was taken over.
    LeaseTaken {
        holder: String,
    },
    /// So many changes are about to be made.
    Began {
        changes: usize,
    },
    Started {
        address: Address,
        action: Action,
    },
    /// What a long change is at.
    Progress {
        address: Address,
        message: String,
    },
    Finished {
        address: Address,
        action: Action,
        milliseconds: u128,
    },
    Failed {
        address: Address,
        action: Action,
        error: String,
        help: Option<String>,
    },
    /// Not tried, because what it needs failed.
    Skipped {
        address: Address,
        because: Address,
    },
    /// A person has to do something first.
    Waits {
        address: Address,
        what: String,
    },
    /// No new change is begun; those under way are finished.
    Interrupted {
        under_way: usize,
        remaining: usize,
    },
}

/// Whoever wants to hear of events.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;
