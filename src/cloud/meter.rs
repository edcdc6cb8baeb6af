use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::ApiCalls;

/// Counts AWS calls, every attempt of its own.
#[derive(Debug, Default)]
pub struct Meter {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    by_operation: BTreeMap<String, u64>,
    writes: u64,
    throttled: u64,
}

impl Meter {
    pub(super) fn count(&self, call: &super::front::Call) {
        let mut counts = self.counts();
        *counts.by_operation.entry(call.to_string()).or_default() += 1;
        if call.changes_the_organization() {
            counts.writes += 1;
        }
    }

    pub(super) fn count_throttled(&self) {
        self.counts().throttled += 1;
    }

    /// All calls so far.
    pub fn calls(&self) -> ApiCalls {
        let counts = self.counts();
        ApiCalls { total: counts.by_operation.values().sum(), by_operation: counts.by_operation.clone() }
    }

    /// How many of them wrote to the organization; the lease does not count.
    pub fn writes(&self) -> u64 {
        self.counts().writes
    }

    /// How many AWS answered with "slow down".
    pub fn throttled(&self) -> u64 {
        self.counts().throttled
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // A panic elsewhere cannot leave a counter half-written.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
