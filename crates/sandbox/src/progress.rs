//! What AWS finishes later: a deadline for each thing in progress.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// Deadlines of the things in progress. They live only in memory: what a state file shows in progress counts as
/// started when it is first looked at.
#[derive(Default)]
pub(super) struct Progress {
    deadlines: HashMap<String, Instant>,
}

impl Progress {
    /// Whether the thing called `key` is done, given that it takes `duration` from when it was first asked about.
    pub(super) fn is_due(&mut self, key: &str, duration: Duration) -> bool {
        let now = Instant::now();
        let deadline = *self.deadlines.entry(key.to_owned()).or_insert_with(|| now + duration);
        let due = deadline <= now;
        if due {
            self.deadlines.remove(key);
        }
        due
    }
}
