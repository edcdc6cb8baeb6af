use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::event::{Event, Listener};
use crate::cloud::{AwsError, Cause, Cloud};

/// The parameter that holds the lease, in the home region of the management account.
pub const LEASE_PARAMETER: &str = "/landing/lock";
/// A living holder renews this often.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// A lease that is not renewed for this long has no living holder.
const WATCH_FOR: Duration = Duration::from_secs(30);
const WATCH_EVERY: Duration = Duration::from_secs(3);
/// Attempts at one write whose answer is not clear.
const MAX_ATTEMPTS: u32 = 8;

/// What the parameter says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// Tells one apply from every other.
    id: String,
    /// Who it is, for people.
    holder: String,
    held: bool,
    /// The version that its writer expected to get. Where AWS counted another one, somebody else was quicker and what
    /// was written counts for nothing.
    version: i64,
}

/// Why there is no lease.
#[derive(Debug)]
pub enum LeaseError {
    /// Somebody holds it and gives signs of life.
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
/// AWS counts: it is made without overwriting, from then on only overwritten, and whoever gets the version that
/// it expected holds it.
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
#[derive(Debug)]
pub struct Lease {
    slip: Slip,
    renewal: JoinHandle<i64>,
    done: oneshot::Sender<()>,
    lost: watch::Receiver<bool>,
}

/// What reading and writing the parameter takes.
#[derive(Clone, Debug)]
struct Slip {
    cloud: Arc<Cloud>,
    note: Note,
}

impl Lease {
    /// Takes the lease, watching one that is held for a sign of life first, unless `at_once`.
    ///
    /// # Errors
    /// When somebody alive holds it, and when AWS refuses.
    pub async fn take(
        cloud: &Arc<Cloud>,
        holder: &str,
        at_once: bool,
        listener: &Listener,
    ) -> Result<Lease, LeaseError> {
        let note = Note { id: unique(), holder: holder.to_owned(), held: true, version: 1 };
        let slip = Slip { cloud: Arc::clone(cloud), note };
        let version = slip.take(at_once, listener).await.map_err(|error| match error {
            LeaseError::Aws(error) => LeaseError::Aws(cloud.blame(error)),
            held @ LeaseError::Held { .. } => held,
        })?;
        let (done, stopped) = oneshot::channel();
        let (tell_lost, lost) = watch::channel(false);
        let renewal = tokio::spawn(slip.clone().renew(version, stopped, tell_lost));
        Ok(Lease { slip, renewal, done, lost })
    }

    /// Becomes true when somebody else has taken the lease.
    pub fn lost(&self) -> watch::Receiver<bool> {
        self.lost.clone()
    }

    /// Gives the lease back. A failure to do so costs the next apply its 30 seconds of watching, no more.
    pub async fn release(self) {
        // The renewal may have ended by itself, and then nobody listens.
        let _ = self.done.send(());
        let version = self.renewal.await.unwrap_or_default();
        if !*self.lost.borrow() {
            let note = Note { held: false, ..self.slip.note.clone() };
            let _ = Slip { note, ..self.slip }.overwrite(version).await;
        }
    }
}

impl Slip {
    async fn take(&self, at_once: bool, listener: &Listener) -> Result<i64, LeaseError> {
        if let Some(version) = self.create().await? {
            return Ok(version);
        }
        loop {
            let Some((note, mut version)) = self.read().await? else {
                return Err(AwsError::odd("ssm:GetParameter", "the lease was deleted while it was being taken").into());
            };
            if note.id == self.note.id && note.version == version {
                return Ok(version);
            }
            if (note.held || note.version != version) && !at_once {
                version = self.watch(&note, version, listener).await?;
                listener(Event::LeaseTaken { holder: note.holder.clone() });
            }
            if let Some(version) = self.overwrite(version).await? {
                return Ok(version);
            }
            // Somebody else was quicker: look again.
        }
    }

    /// Returns the version when the lease was not renewed all the while, or was given back.
    async fn watch(&self, note: &Note, version: i64, listener: &Listener) -> Result<i64, LeaseError> {
        listener(Event::LeaseWatched { holder: note.holder.clone(), seconds: WATCH_FOR.as_secs() });
        let start = Instant::now();
        while start.elapsed() < WATCH_FOR {
            tokio::time::sleep(WATCH_EVERY).await;
            match self.read().await? {
                Some((now, seen)) if seen != version && now.held => {
                    return Err(LeaseError::Held { holder: now.holder });
                }
                Some((_, seen)) if seen != version => return Ok(seen),
                _ => {}
            }
        }
        Ok(version)
    }

    /// Renews until told to stop or the lease is somebody else's; gives the last version that was ours.
    async fn renew(self, mut version: i64, mut stopped: oneshot::Receiver<()>, lost: watch::Sender<bool>) -> i64 {
        loop {
            tokio::select! {
                _ = &mut stopped => return version,
                () = tokio::time::sleep(RENEW_EVERY) => {}
            }
            // What cannot be read or written now may be in ten seconds.
            let Ok(seen) = self.read().await else { continue };
            let still_ours = seen.filter(|(note, seen)| note.id == self.note.id || note.version != *seen);
            let renewed = match still_ours {
                Some((_, seen)) => self.overwrite(seen).await,
                None => Ok(None),
            };
            match renewed {
                Ok(Some(renewed)) => version = renewed,
                Ok(None) => {
                    lost.send_replace(true);
                    return version;
                }
                Err(_) => {}
            }
        }
    }

    async fn read(&self) -> Result<Option<(Note, i64)>, AwsError> {
        let Some(parameter) = self.cloud.parameter(LEASE_PARAMETER).await? else { return Ok(None) };
        let text = &parameter.value;
        let note = serde_json::from_str(text).unwrap_or_else(|_| Note {
            id: String::new(),
            holder: text.clone(),
            held: true,
            version: 0,
        });
        Ok(Some((note, parameter.version)))
    }

    /// Makes the parameter. `None` when there is one.
    async fn create(&self) -> Result<Option<i64>, AwsError> {
        match self.put(1, false).await {
            Ok(version) => Ok(Some(version)),
            Err(error) if error.is("ParameterAlreadyExists") => Ok(None),
            // If it was made after all, reading finds our own note.
            Err(error) if error.cause == Cause::Unclear => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Overwrites version `seen`. `None` when somebody else did so first.
    async fn overwrite(&self, seen: i64) -> Result<Option<i64>, AwsError> {
        for _ in 0..MAX_ATTEMPTS {
            match self.put(seen + 1, true).await {
                Ok(version) => return Ok((version == seen + 1).then_some(version)),
                Err(error) if error.cause != Cause::Unclear => return Err(error),
                Err(_) => {}
            }
            // The answer is lost: our own note says whether it was written.
            match self.read().await? {
                Some((note, version)) if note.id == self.note.id && note.version == version => {
                    return Ok(Some(version));
                }
                Some((_, version)) if version == seen => {}
                _ => return Ok(None),
            }
        }
        Err(AwsError::odd("ssm:PutParameter", "no clear answer to any attempt"))
    }

    /// One write, without repeating it, which would count the version up twice.
    async fn put(&self, expected: i64, overwrite: bool) -> Result<i64, AwsError> {
        let note = Note { version: expected, ..self.note.clone() };
        // A note is made of strings and numbers, which JSON always holds.
        let text = serde_json::to_string(&note).unwrap_or_default();
        self.cloud
            .put_parameter_once(LEASE_PARAMETER, "Held by the landing apply that is under way", &text, overwrite)
            .await
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
