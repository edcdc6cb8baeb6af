//! What AWS finishes later: a deadline for each resource in progress.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// Deadlines of the resources in progress. They live only in memory: what a state file shows in progress counts as
/// started when it is first looked at.
#[derive(Default)]
pub(super) struct Progress {
    deadlines: HashMap<String, Instant>,
    /// What was found to be due since [`Progress::take_due`].
    due: Vec<String>,
    /// What is due while a step of another process is repeated, whatever the clock says.
    repeated: Option<Vec<String>>,
}

impl Progress {
    /// Whether the resource called `key` is done, given that it takes `duration` from when it was first asked about.
    pub(super) fn is_due(&mut self, key: &str, duration: Duration) -> bool {
        if let Some(repeated) = &mut self.repeated {
            let Some(at) = repeated.iter().position(|due| due == key) else { return false };
            repeated.swap_remove(at);
            self.deadlines.remove(key);
            return true;
        }
        let now = Instant::now();
        let deadline = *self.deadlines.entry(key.to_owned()).or_insert_with(|| now + duration);
        let due = deadline <= now;
        if due {
            self.deadlines.remove(key);
            self.due.push(key.to_owned());
        }
        due
    }

    /// What was found to be due since the last time that this was asked.
    pub(super) fn take_due(&mut self) -> Vec<String> {
        std::mem::take(&mut self.due)
    }

    /// Until [`Progress::follow_the_clock`], just this is due.
    pub(super) fn repeat(&mut self, due: Vec<String>) {
        self.repeated = Some(due);
    }

    /// Ends [`Progress::repeat`].
    pub(super) fn follow_the_clock(&mut self) {
        self.repeated = None;
    }
}
