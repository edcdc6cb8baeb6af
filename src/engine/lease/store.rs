use std::sync::Arc;
use std::time::Duration;

use super::note::{Note, Seen};
use crate::cloud::{AwsError, Cause, Cloud};

/// The parameter that holds the lease, in the home region of the management account.
pub const LEASE_PARAMETER: &str = "/landing/lock";

const DESCRIPTION: &str = "Held by the landing apply that is under way";

/// Attempts at one write that was throttled or whose answer is not clear.
const MAX_ATTEMPTS: u32 = 8;

/// Between such attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// Reads and writes the lease's parameter for one run.
#[derive(Clone, Debug)]
pub(super) struct LeaseStore {
    pub cloud: Arc<Cloud>,
    /// The run, and who it is for people.
    pub id: String,
    pub holder: String,
}

/// A note of this run that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The version that AWS gave it.
    pub version: i64,
    /// When the request was sent, by the fence's clock: no other run can have seen the note before.
    pub sent: Duration,
}

/// What came of a write over a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PutOutcome {
    Written(Written),
    /// Another run wrote first. This is the newest version that is known.
    Second {
        version: i64,
    },
}

impl LeaseStore {
    /// Reads the parameter; nothing where there is none.
    pub async fn read(&self) -> Result<Option<Seen>, AwsError> {
        let parameter = self.cloud.lease_parameter(LEASE_PARAMETER).await?;
        Ok(parameter.map(|parameter| Seen::parse(&parameter.value, parameter.version)))
    }

    /// Makes the parameter. Nothing when there is one, which may be this run's own after a lost answer.
    pub async fn create(&self) -> Result<Option<Written>, AwsError> {
        for _ in 0..MAX_ATTEMPTS {
            let sent = self.cloud.fence.now();
            match self.put(1, true, false).await {
                Ok(version) => return Ok(Some(Written { version, sent })),
                Err(error) if error.is("ParameterAlreadyExists") || error.cause == Cause::Unclear => return Ok(None),
                Err(error) if error.is_throttled() => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(error),
            }
        }
        Err(AwsError::odd("ssm:PutParameter", "every attempt was throttled"))
    }

    /// Writes a note over version `seen`; `held` says whether this run keeps the lease or gives it back.
    pub async fn overwrite(&self, seen: i64, held: bool) -> Result<PutOutcome, AwsError> {
        let first = self.cloud.fence.now();
        for _ in 0..MAX_ATTEMPTS {
            let sent = self.cloud.fence.now();
            match self.put(seen + 1, held, true).await {
                Ok(version) if version == seen + 1 => return Ok(PutOutcome::Written(Written { version, sent })),
                Ok(version) => return Ok(PutOutcome::Second { version }),
                Err(error) if error.cause == Cause::Unclear || error.is_throttled() => {}
                Err(error) => return Err(error),
            }
            // The answer is lost: this run's own note says whether one of the attempts was made. It may show only later.
            tokio::time::sleep(PAUSE).await;
            match self.read().await? {
                // None was; what is there may be this run's note of before.
                Some(now) if now.version == seen => {}
                Some(now) if now.note == self.note(now.version, held) => {
                    return Ok(PutOutcome::Written(Written { version: now.version, sent: first }));
                }
                now => return Ok(PutOutcome::Second { version: now.map_or(seen, |now| now.version) }),
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(AwsError::odd("ssm:PutParameter", "every attempt failed without a definite response"))
    }

    /// One write, without repeating it, which would count the version up twice.
    async fn put(&self, expected: i64, held: bool, overwrite: bool) -> Result<i64, AwsError> {
        // A note is made of strings, numbers and a boolean, which JSON always holds.
        let text = serde_json::to_string(&self.note(expected, held)).unwrap_or_default();
        self.cloud.put_lease_parameter(LEASE_PARAMETER, DESCRIPTION, &text, overwrite).await
    }

    fn note(&self, version: i64, held: bool) -> Note {
        Note { id: self.id.clone(), holder: self.holder.clone(), held, version }
    }
}
