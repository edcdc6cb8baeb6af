//! What AWS does a few of at once.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::cloud::{Awaited, waiting};

/// Places for what AWS works on at once. A change that waits for one is counted as waiting, with the reason.
#[derive(Debug)]
pub struct Slots {
    places: Semaphore,
    why: String,
}

impl Slots {
    /// So many places; `why` says of how much AWS does at once: `AWS makes 5 accounts at a time`.
    pub fn new(places: usize, why: impl Fn(usize) -> String) -> Slots {
        Slots { places: Semaphore::new(places), why: why(places) }
    }

    /// Waits for a place, which is given back with the answer.
    pub async fn take(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        waiting(|| Awaited::turn(&self.why), self.places.acquire()).await.ok()
    }
}
