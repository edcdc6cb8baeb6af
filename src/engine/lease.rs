mod note;
mod store;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use self::note::{LOOK_EVERY, LeasePurpose, Seen, Sign, Watch, is_due, until_next_look};
use self::store::{LeaseStore, PutOutcome, Written};
use super::event::{Event, Listener};
use crate::cloud::{AwsError, Cloud};

pub use self::note::LEASE_WATCHED_FOR;
pub use self::store::LEASE_PARAMETER;

/// A look at the lease and its renewal may take this long together; then they are tried again before it is lost.
const LOOK_WITHIN: Duration = Duration::from_secs(6);
/// Between a look that failed and the next.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Giving the lease back may take this long. Without it the next apply watches the lease for 30 seconds.
const GIVE_BACK_WITHIN: Duration = Duration::from_secs(5);
/// How often a watch begins anew before the lease counts as held.
const MAX_WATCHES: u32 = 3;
/// How often the lease is looked at before it is not to be had.
const MAX_LOOKS: u32 = 20;

/// Why there is no lease.
#[derive(Debug)]
pub enum LeaseError {
    /// Another run holds it and renews it.
    Held {
        /// Who holds it, as that apply calls itself.
        holder: String,
    },
    /// The parameter could not be read or written.
    Aws(AwsError),
}

impl From<AwsError> for LeaseError {
    fn from(error: AwsError) -> LeaseError {
        LeaseError::Aws(error)
    }
}

/// The right to change the organization, which one apply has at a time. It is one SSM parameter whose version
/// AWS counts: it is made without overwriting, from then on only overwritten, and anyone who gets the version that
/// it expected holds it. While a run holds it, [`crate::cloud::Fence`] lets its writes through.
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
#[derive(Debug)]
pub struct Lease {
    store: LeaseStore,
    version: Arc<AtomicI64>,
    renewal: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease, watching one that is held for a sign of life first, unless `at_once`.
    ///
    /// # Errors
    /// When another run holds it and is alive, and when AWS refuses.
    pub async fn take(
        cloud: &Arc<Cloud>,
        holder: &str,
        at_once: bool,
        listener: &Listener,
    ) -> Result<Lease, LeaseError> {
        let store = LeaseStore { cloud: Arc::clone(cloud), id: unique(), holder: holder.to_owned() };
        let written = store.take(at_once, listener).await.map_err(|error| match error {
            LeaseError::Aws(error) => LeaseError::Aws(cloud.in_account(error)),
            held @ LeaseError::Held { .. } => held,
        })?;
        cloud.fence.close(written.sent);
        let version = Arc::new(AtomicI64::new(written.version));
        let renewal = tokio::spawn(store.clone().keep(Arc::clone(&version)));
        Ok(Lease { store, version, renewal })
    }

    /// Becomes true when another run has taken the lease over, or may do so because it was not renewed.
    pub fn lost(&self) -> watch::Receiver<bool> {
        self.store.cloud.fence.lost()
    }

    /// Gives the lease back, within five seconds: nothing is waited for that is under way. A failure to do so costs the
    /// next apply its 30 seconds of watching, no more. A lease that was lost is left alone.
    pub async fn release(self) {
        self.renewal.abort();
        if self.store.cloud.fence.give_back() {
            let version = self.version.load(Ordering::SeqCst);
            // It is the next apply that bears a failure.
            let _ = timeout(GIVE_BACK_WITHIN, self.store.give_back(version)).await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

impl LeaseStore {
    async fn take(&self, at_once: bool, listener: &Listener) -> Result<Written, LeaseError> {
        let mut sent = self.cloud.fence.now();
        if let Some(written) = self.create().await? {
            return Ok(written);
        }
        let (mut watches, mut newest) = (0, 1);
        for _ in 0..MAX_LOOKS {
            let Some(seen) = self.read().await? else {
                // The request to make it was lost, it was deleted, or it does not show yet.
                sleep(TRY_AGAIN_AFTER).await;
                sent = self.cloud.fence.now();
                match self.create().await? {
                    Some(written) => return Ok(written),
                    None => continue,
                }
            };
            if seen.version < newest {
                // What was written since does not show yet. Writing over it blindly might hide a note that counts.
                sleep(TRY_AGAIN_AFTER).await;
                continue;
            }
            let version = match seen.take(&self.id, at_once) {
                LeasePurpose::Nothing => return Ok(Written { version: seen.version, sent }),
                LeasePurpose::Overwrite => Some(seen.version),
                LeasePurpose::Watch if watches == MAX_WATCHES => {
                    return Err(LeaseError::Held { holder: seen.note.holder });
                }
                LeasePurpose::Watch => self.watch(&seen, listener).await?,
            };
            watches += 1;
            let Some(version) = version else { continue };
            sent = self.cloud.fence.now();
            match self.overwrite(version, true).await? {
                PutOutcome::Written(written) => return Ok(written),
                // Another run was quicker: look again.
                PutOutcome::Second { version } => newest = newest.max(version),
            }
        }
        Err(AwsError::odd("ssm:PutParameter", "every time another request wrote the lease first").into())
    }

    /// Gives the version to write over when the lease was not renewed all the while, or was given back; nothing where it
    /// is to be looked at again.
    async fn watch(&self, held: &Seen, listener: &Listener) -> Result<Option<i64>, LeaseError> {
        let holder = held.note.holder.clone();
        listener(Event::LeaseWatched { holder: holder.clone(), seconds: LEASE_WATCHED_FOR.as_secs() });
        let start = Instant::now();
        loop {
            sleep(LOOK_EVERY).await;
            // How long it was watched before this look: a version that was seen then has not been renewed since.
            let watched = start.elapsed();
            let Some(seen) = self.read().await? else { return Ok(None) };
            let sign = seen.sign(held.version);
            match sign.after(watched) {
                Watch::GoOn => {}
                Watch::Anew => return Ok(None),
                Watch::GiveUp => return Err(LeaseError::Held { holder: seen.note.holder }),
                Watch::TakeOver => {
                    if sign == Sign::None {
                        listener(Event::LeaseTaken { holder });
                    }
                    return Ok(Some(seen.version));
                }
            }
        }
    }

    /// Renews the lease until it is lost.
    async fn keep(self, version: Arc<AtomicI64>) {
        let fence = &self.cloud.fence;
        let mut pause = Duration::ZERO;
        while let Some(age) = fence.age() {
            sleep(until_next_look(age).max(pause).min(fence.until_lost())).await;
            if !fence.holds() {
                return;
            }
            let look = self.look(version.load(Ordering::SeqCst));
            pause = match timeout(LOOK_WITHIN.min(fence.until_lost()), look).await {
                Ok(Ok(Some(ours))) => {
                    version.store(ours, Ordering::SeqCst);
                    Duration::ZERO
                }
                Ok(Ok(None)) => return fence.taken_over(),
                // What cannot be read or written now may be in a second.
                Ok(Err(_)) | Err(_) => TRY_AGAIN_AFTER,
            };
        }
    }

    /// Looks whether the lease is still this run's, of which `ours` is the last version known, and renews it where that is
    /// due. Gives the version, or nothing when it is another run's.
    async fn look(&self, ours: i64) -> Result<Option<i64>, AwsError> {
        let known = match self.read().await? {
            Some(seen) if seen.version >= ours => {
                if !seen.is_still_held(&self.id, ours) {
                    return Ok(None);
                }
                seen.version
            }
            // Versions only grow: this read is older than this run's own note, and says nothing. What AWS has now, it says
            // when it is written over.
            _ => ours,
        };
        if !self.cloud.fence.age().is_some_and(is_due) {
            return Ok(Some(ours));
        }
        let PutOutcome::Written(written) = self.overwrite(known, true).await? else { return Ok(None) };
        self.cloud.fence.renewed(written.sent);
        Ok(Some(written.version))
    }

    async fn give_back(&self, ours: i64) {
        // Every attempt looks first: nothing is written over another run's note.
        loop {
            let given = match self.read().await {
                Ok(Some(seen)) if seen.version >= ours && !seen.is_still_held(&self.id, ours) => return,
                // A read that is older than this run's own note says nothing.
                Ok(seen) => self.overwrite(seen.map_or(ours, |seen| seen.version.max(ours)), false).await,
                Err(error) => Err(error),
            };
            match given {
                Ok(_) => return,
                Err(_) => sleep(TRY_AGAIN_AFTER).await,
            }
        }
    }
}

/// A text that no other apply has: the standard library seeds its hashers at random.
fn unique() -> String {
    let number = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        hasher.finish()
    };
    format!("{:016x}{:016x}", number(), number())
}
