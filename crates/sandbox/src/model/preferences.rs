//! How an operation of a stack set goes about its instances.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A number of accounts, or a share of those in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Share {
    Count(usize),
    Percentage(usize),
}

/// An operation's preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    /// How many accounts may fail in a region.
    pub(crate) failure_tolerance: Option<Share>,
    /// How many accounts have their turn at once.
    pub(crate) max_concurrent: Option<Share>,
    /// Whether failures do not slow the operation down.
    pub(crate) soft: bool,
    /// Whether all regions have their turn at once.
    pub(crate) parallel_regions: bool,
    pub(crate) region_order: Vec<String>,
}

impl Share {
    /// The number of `accounts`; AWS rounds down.
    pub(crate) fn of(self, accounts: usize) -> usize {
        match self {
            Self::Count(count) => count,
            Self::Percentage(share) => accounts * share / 100,
        }
    }
}

impl Preferences {
    /// Everything at once, whatever fails, as when accounts enter or leave.
    pub(crate) fn at_once() -> Self {
        Self {
            failure_tolerance: Some(Share::Percentage(100)),
            max_concurrent: Some(Share::Percentage(100)),
            parallel_regions: true,
            ..Self::default()
        }
    }

    /// How many of a region's `accounts` may fail.
    pub(crate) fn tolerance(&self, accounts: usize) -> usize {
        self.failure_tolerance.map_or(0, |share| share.of(accounts))
    }

    /// How many of a region's `accounts` have their turn at once. With strict tolerance never so many that more could
    /// fail than one above what is tolerated.
    pub(crate) fn concurrency(&self, accounts: usize) -> usize {
        let wanted = self.max_concurrent.map_or(1, |share| share.of(accounts)).max(1);
        if self.soft { wanted } else { wanted.min(self.tolerance(accounts) + 1) }
    }

    pub(crate) fn show(&self) -> Value {
        let mut shown = json!({
            "RegionConcurrencyType": if self.parallel_regions { "PARALLEL" } else { "SEQUENTIAL" },
            "ConcurrencyMode": if self.soft { "SOFT_FAILURE_TOLERANCE" } else { "STRICT_FAILURE_TOLERANCE" },
            "RegionOrder": self.region_order,
        });
        let shares = [("FailureTolerance", self.failure_tolerance), ("MaxConcurrent", self.max_concurrent)];
        for (name, share) in shares {
            match share {
                Some(Share::Count(count)) => shown[format!("{name}Count")] = count.into(),
                Some(Share::Percentage(share)) => shown[format!("{name}Percentage")] = share.into(),
                None => {}
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down_but_one_account_always_has_its_turn() {
        let preferences = Preferences {
            failure_tolerance: Some(Share::Percentage(25)),
            max_concurrent: Some(Share::Percentage(10)),
            ..Preferences::default()
        };
        assert_eq!((preferences.tolerance(7), preferences.concurrency(7)), (1, 1));
        assert_eq!(Preferences::default().concurrency(100), 1);
    }

    #[test]
    fn strict_tolerance_bounds_how_many_have_their_turn_at_once() {
        let strict = Preferences { max_concurrent: Some(Share::Count(10)), ..Preferences::default() };
        assert_eq!(strict.concurrency(50), 1);
        assert_eq!(Preferences { soft: true, ..strict }.concurrency(50), 10);
    }
}
