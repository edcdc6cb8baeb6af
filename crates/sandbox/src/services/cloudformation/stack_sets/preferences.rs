//! How an operation goes about its instances, see "StackSetOperationPreferences" in the API reference.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::request::{ApiError, Request};
use crate::services::cloudformation::errors::invalid;

/// A number of accounts, or a share of those in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Share {
    Count(usize),
    Percentage(usize),
}

impl Share {
    /// The number of `accounts`; AWS rounds down.
    fn of(self, accounts: usize) -> usize {
        match self {
            Self::Count(count) => count,
            Self::Percentage(share) => accounts * share / 100,
        }
    }
}

/// An operation's preferences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Preferences {
    /// How many accounts may fail in a region.
    pub(super) failure_tolerance: Option<Share>,
    /// How many accounts have their turn at once.
    pub(super) max_concurrent: Option<Share>,
    /// Whether failures do not slow the operation down.
    pub(super) soft: bool,
    /// Whether all regions have their turn at once.
    pub(super) parallel_regions: bool,
    pub(super) region_order: Vec<String>,
}

impl Preferences {
    /// Everything at once, whatever fails, as when accounts enter or leave.
    pub(super) fn at_once() -> Self {
        Self {
            failure_tolerance: Some(Share::Percentage(100)),
            max_concurrent: Some(Share::Percentage(100)),
            parallel_regions: true,
            ..Self::default()
        }
    }

    /// The request's `OperationPreferences`.
    pub(super) fn of(request: &Request<'_>) -> Result<Self, ApiError> {
        let shape = request.input.structure("OperationPreferences");
        let text = |name: &str| shape.get(name).and_then(Value::as_str);
        let order = shape.get("RegionOrder").and_then(Value::as_array);
        let preferences = Self {
            failure_tolerance: share(&shape, "FailureTolerance")?,
            max_concurrent: share(&shape, "MaxConcurrent")?,
            soft: text("ConcurrencyMode") == Some("SOFT_FAILURE_TOLERANCE"),
            parallel_regions: text("RegionConcurrencyType") == Some("PARALLEL"),
            region_order: order.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        };
        if preferences.max_concurrent == Some(Share::Count(0)) {
            return Err(invalid("MaxConcurrentCount must be at least 1"));
        }
        Ok(preferences)
    }

    /// How many of a region's `accounts` may fail.
    pub(super) fn tolerance(&self, accounts: usize) -> usize {
        self.failure_tolerance.map_or(0, |share| share.of(accounts))
    }

    /// How many of a region's `accounts` have their turn at once. With strict tolerance never so many that more could
    /// fail than one above what is tolerated.
    pub(super) fn concurrency(&self, accounts: usize) -> usize {
        let wanted = self.max_concurrent.map_or(1, |share| share.of(accounts)).max(1);
        if self.soft { wanted } else { wanted.min(self.tolerance(accounts) + 1) }
    }

    pub(super) fn show(&self) -> Value {
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

fn share(shape: &Value, name: &str) -> Result<Option<Share>, ApiError> {
    let number = |member: &str| -> Result<Option<usize>, ApiError> {
        let text = shape.get(member).and_then(Value::as_str);
        text.map(|text| text.parse().map_err(|_| invalid(format!("{member} must be a whole number")))).transpose()
    };
    match (number(&format!("{name}Count"))?, number(&format!("{name}Percentage"))?) {
        (Some(_), Some(_)) => Err(invalid(format!("Specify either {name}Count or {name}Percentage, but not both"))),
        (Some(count), None) => Ok(Some(Share::Count(count))),
        (None, Some(share)) if share > 100 => Err(invalid(format!("{name}Percentage must be at most 100"))),
        (None, share) => Ok(share.map(Share::Percentage)),
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
