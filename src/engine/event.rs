use std::sync::Arc;

use serde::Serialize;

use crate::model::{Action, Address};

/// What happens during an apply. Progress bars, plain lines and the log are listeners of the same events.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The lease is held by someone; it is being watched for a sign of life.
    LeaseWatched {
        /// Whose lease it is.
        holder: String,
        /// For how long it is watched.
        seconds: u64,
    },
    /// A lease whose holder gave no sign of life was taken over.
    LeaseTaken {
        /// Whose lease it was.
        holder: String,
    },
    /// So many changes are about to be made.
    Began {
        /// How many changes there are to make.
        changes: usize,
    },
    /// The first call of a change was made.
    Started {
        /// What is changed.
        address: Address,
        /// How.
        action: Action,
    },
    /// What a long change is at.
    Progress {
        /// What is changed.
        address: Address,
        /// What the change is at, in words.
        message: String,
    },
    /// How far the apply is, every few seconds where that is new.
    Counts(Counts),
    /// A change is made.
    Finished {
        /// What was changed.
        address: Address,
        /// How.
        action: Action,
        /// How long that took.
        milliseconds: u128,
    },
    /// A change could not be made.
    Failed {
        /// What was to be changed.
        address: Address,
        /// How.
        action: Action,
        /// What went wrong.
        error: String,
        /// What went wrong, without what belongs to this call alone: the same for every change that an outage stops.
        cause: String,
        /// What to do about it.
        help: Option<String>,
    },
    /// Not tried, because what it needs failed.
    Skipped {
        /// What was left out.
        address: Address,
        /// The failed resource that it needs.
        because: Address,
    },
    /// A person has to do something first.
    Waits {
        /// What cannot be finished yet.
        address: Address,
        /// What a person must do.
        what: String,
    },
    /// A change that had changed nothing yet was stopped; it remains to be made.
    Stopped {
        /// What was to be changed.
        address: Address,
    },
    /// A change was left when apply was reported to stop, while AWS goes on with what it was asked for; it remains to be finished.
    Left {
        /// What is changed.
        address: Address,
        /// How.
        action: Action,
    },
    /// No new change is begun; those under way are finished, or left to AWS where that takes longer.
    Interrupted {
        /// How many changes are still being finished.
        under_way: usize,
        /// How many changes have changed nothing, and do not any more.
        remaining: usize,
        /// The changes that are still being finished: AWS was asked for them.
        changes: Vec<UnderWay>,
    },
}

/// How many changes there are, and what each is at. Every change is in one of the numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// How many there are.
    pub of: usize,
    /// How many have ended, well or not.
    pub ended: usize,
    /// How many are at work: their calls are under way.
    pub in_progress: usize,
    /// What the others wait for, that first for which most do.
    pub waiting: Vec<WaitingFor>,
}

/// Changes that wait for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingFor {
    /// What it is, in words.
    #[serde(rename = "for")]
    pub what: String,
    /// How many wait for it.
    pub changes: usize,
    /// In how many seconds the last of them has its turn, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

/// A change that AWS was asked for and that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnderWay {
    /// What is changed.
    pub address: Address,
    /// How.
    pub action: Action,
}

/// What is called with every event.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;
