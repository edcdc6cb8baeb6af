//! Faults that strike at random, the same ones for the same seed.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::error::Error;

/// Which calls fail, as `SEED:RATE`: whether and how a call fails depends only on the seed, its operation and on how
/// many calls of that operation came before, so that a run can be repeated exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    /// Distinguishes one sequence of faults from another.
    pub seed: u64,
    /// The share of calls that fail, 0 to 1.
    pub rate: f64,
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// HTTP 500; nothing happened.
    InternalError,
    /// HTTP 503; nothing happened.
    Unavailable,
    /// The connection was reset before the request arrived; nothing happened.
    ResetBefore,
    /// It happened, and the connection was reset before the answer arrived.
    ResetAfter,
    /// ConcurrentModificationException, which Organizations answers to writes that collide; nothing happened.
    Conflict,
}

impl Fault {
    /// The fault's name in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InternalError => "http_500",
            Self::Unavailable => "http_503",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::Conflict => "conflict",
        }
    }
}

impl Faults {
    /// The fault that strikes the `nth` call (from 1) of `operation` of `service`.
    pub(super) fn strike(self, service: &str, operation: &str, write: bool, nth: u64) -> Option<Fault> {
        let digest = Sha256::digest(format!("{}/{service}/{operation}/{nth}", self.seed));
        let draw = u64::from_be_bytes(digest[..8].try_into().expect("a SHA-256 digest has 32 bytes"));
        #[expect(clippy::cast_precision_loss, reason = "a share needs no 64 bits of precision")]
        let share = draw as f64 / u64::MAX as f64;
        let kinds: &[Fault] = if write && service == "organizations" {
            &[Fault::InternalError, Fault::Unavailable, Fault::ResetBefore, Fault::ResetAfter, Fault::Conflict]
        } else {
            &[Fault::InternalError, Fault::Unavailable, Fault::ResetBefore, Fault::ResetAfter]
        };
        (share < self.rate).then(|| kinds[usize::from(digest[8]) % kinds.len()])
    }
}

impl FromStr for Faults {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let expected = "SEED:RATE with a rate from 0 to 1, such as 7:0.02";
        let wrong = || Error::Option(text.to_owned(), expected);
        let (seed, rate) = text.split_once(':').ok_or_else(wrong)?;
        let seed = seed.parse().map_err(|_| wrong())?;
        let rate: f64 = rate.parse().map_err(|_| wrong())?;
        if (0.0..=1.0).contains(&rate) { Ok(Self { seed, rate }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(faults: Faults, operation: &str) -> Vec<Option<Fault>> {
        (1..=500).map(|nth| faults.strike("organizations", operation, true, nth)).collect()
    }

    #[test]
    fn the_same_seed_strikes_the_same_calls_and_another_seed_others() {
        let faults: Faults = "7:0.1".parse().unwrap();
        assert_eq!(struck(faults, "CreatePolicy"), struck(faults, "CreatePolicy"));
        assert_ne!(struck(faults, "CreatePolicy"), struck(Faults { seed: 8, ..faults }, "CreatePolicy"));
        assert_ne!(struck(faults, "CreatePolicy"), struck(faults, "AttachPolicy"));
    }

    #[test]
    fn about_the_given_share_of_calls_fails_in_every_way() {
        let all = struck("1:0.2".parse().unwrap(), "CreatePolicy");
        let hit: Vec<_> = all.into_iter().flatten().collect();
        assert!((60..140).contains(&hit.len()), "{} of 500", hit.len());
        for kind in [Fault::InternalError, Fault::Unavailable, Fault::ResetBefore, Fault::ResetAfter, Fault::Conflict] {
            assert!(hit.contains(&kind), "{kind:?} never struck");
        }
    }

    #[test]
    fn only_a_seed_and_a_rate_from_0_to_1_are_understood() {
        for text in ["7", "7:", "x:0.1", "7:1.1", "7:-1", "7:NaN"] {
            assert!(text.parse::<Faults>().is_err(), "{text}");
        }
    }
}
