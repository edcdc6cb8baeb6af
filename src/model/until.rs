use serde::{Deserialize, Serialize};

use super::Date;

/// For how many days before an end its coming is announced.
const NEAR: u64 = 7;

/// The day at whose beginning, at 00:00 UTC, something ends that a blueprint wants for a time only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Until(pub Date);

impl Until {
    /// Whether the end has come: it has from the day itself on. Where today is not known it has not.
    #[must_use]
    pub fn has_passed(self, today: Option<Date>) -> bool {
        today.is_some_and(|today| today >= self.0)
    }

    /// Whether the end is to come within 7 days.
    #[must_use]
    pub fn is_near(self, today: Option<Date>) -> bool {
        !self.has_passed(today) && today.is_some_and(|today| today.days_to(self.0) <= NEAR)
    }
}

impl std::fmt::Display for Until {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_announced_seven_days_before_and_has_come_with_its_day() {
        let until = Until(Date::parse("2027-03-01").unwrap_or_else(|| panic!("it is a date")));
        for (today, near, passed) in [
            ("2026-03-01", false, false),
            ("2027-02-21", false, false),
            ("2027-02-22", true, false),
            ("2027-02-28", true, false),
            ("2027-03-01", false, true),
            ("2030-01-01", false, true),
        ] {
            let today = Date::parse(today);
            assert_eq!((until.is_near(today), until.has_passed(today)), (near, passed), "{today:?}");
        }
        assert_eq!((until.is_near(None), until.has_passed(None)), (false, false));
    }
}
