use std::collections::BTreeMap;

use crate::model::{Action, Address, Manual};

/// A change that was not made, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was to be changed.
    pub address: Address,
    /// How.
    pub action: Action,
    /// What went wrong, in AWS's words where it was AWS.
    pub error: String,
    /// What the failure has in common with others that have the same cause, such as an outage: `error` without what
    /// belongs to this call alone.
    pub cause: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How an apply ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was changed and how, in the order in which it was finished.
    pub done: Vec<(Address, Action)>,
    /// What could not be changed.
    pub failed: Vec<Failure>,
    /// Those among the failed ones that a guard stopped.
    pub refused: Vec<Address>,
    /// Not tried, because what they need failed or waits.
    pub skipped: Vec<Address>,
    /// For each skipped change the one that failed or waits, which is never one that was skipped itself.
    pub skipped_because: BTreeMap<Address, Address>,
    /// What a person must do first.
    pub waits: Vec<Manual>,
    /// Not begun, or not finished, because of an interruption.
    pub remaining: Vec<Address>,
    /// Those of them that AWS was asked for, and how: it may go on with them.
    pub asked: Vec<(Address, Action)>,
    /// Whether it was stopped before everything had begun.
    pub interrupted: bool,
}

impl Outcome {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty() && self.waits.is_empty() && self.remaining.is_empty()
    }

    /// Adds what came of a further round.
    pub(super) fn extend(&mut self, further: Outcome) {
        self.done.extend(further.done);
        self.failed.extend(further.failed);
        self.refused.extend(further.refused);
        self.skipped.extend(further.skipped);
        self.skipped_because.extend(further.skipped_because);
        self.waits.extend(further.waits);
        self.remaining.extend(further.remaining);
        self.asked.extend(further.asked);
        self.interrupted |= further.interrupted;
    }
}
