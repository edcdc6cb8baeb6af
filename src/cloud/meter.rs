use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::model::ApiCalls;

/// Counts AWS calls, every attempt of its own.
#[derive(Debug, Default)]
pub struct Meter {
    counts: Mutex<Counts>,
    detections: Mutex<Detections>,
}

#[derive(Debug, Default)]
struct Counts {
    by_operation: BTreeMap<String, u64>,
    writes: u64,
    throttled: u64,
    /// Whether anything was ever answered.
    connected: bool,
    /// Attempts in a row that found no one, while nothing was ever answered.
    unanswered: u32,
}

/// How far AWS is with looking for drift.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detections {
    /// How many resources it was asked to look at.
    pub begun: usize,
    /// How many of them it is done with, well or not.
    pub ended: usize,
    /// `15:04 UTC`, until when the one that was begun last is waited for.
    pub until: String,
}

/// A look for drift that goes on for as long as this is kept.
#[derive(Debug)]
pub struct Detecting<'m>(&'m Meter);

impl Drop for Detecting<'_> {
    fn drop(&mut self) {
        self.0.detections_mut().ended += 1;
    }
}

/// Attempts to reach an endpoint that has never answered. Later on a lost network is waited for longer.
const MAX_FIRST_ATTEMPTS: u32 = 3;

impl Meter {
    pub(super) fn count(&self, call: &super::call::Call) {
        *self.counts().by_operation.entry(call.to_string()).or_default() += 1;
    }

    /// A call that may change something, as long as it is not refused.
    pub(super) fn count_write(&self, call: &super::call::Call) {
        self.counts().writes += u64::from(call.changes_the_organization());
    }

    /// A call that was counted as a write was refused.
    pub(super) fn uncount_write(&self, call: &super::call::Call) {
        self.counts().writes -= u64::from(call.changes_the_organization());
    }

    pub(super) fn count_throttled(&self) {
        self.counts().throttled += 1;
    }

    pub(super) fn note_connection(&self, error: Option<&ConnectorError>) {
        let mut counts = self.counts();
        match error {
            None => counts.connected = true,
            Some(_) if !counts.connected => counts.unanswered += 1,
            Some(_) => {}
        }
    }

    /// Whether there seems to be no one at the endpoint.
    pub(super) fn endpoint_is_unreachable(&self) -> bool {
        let counts = self.counts();
        !counts.connected && counts.unanswered >= MAX_FIRST_ATTEMPTS
    }

    /// All calls so far.
    pub fn calls(&self) -> ApiCalls {
        let counts = self.counts();
        ApiCalls { total: counts.by_operation.values().sum(), by_operation: counts.by_operation.clone() }
    }

    /// How many of them may have written to the organization: those that AWS refused do not count, nor does the lease.
    pub fn writes(&self) -> u64 {
        self.counts().writes
    }

    /// How many AWS answered with "slow down".
    pub fn throttled(&self) -> u64 {
        self.counts().throttled
    }

    /// Counts one resource in which AWS begins to look for drift, and which is waited for until then at most.
    pub fn begin_detection(&self, until: &str) -> Detecting<'_> {
        let mut detections = self.detections_mut();
        detections.begun += 1;
        detections.until = until.to_owned();
        Detecting(self)
    }

    /// How far AWS is with looking for drift.
    pub fn detections(&self) -> Detections {
        self.detections_mut().clone()
    }

    fn detections_mut(&self) -> MutexGuard<'_, Detections> {
        // As for the other counters.
        self.detections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // A panic elsewhere cannot leave a counter half-written.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
