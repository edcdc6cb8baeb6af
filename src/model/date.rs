use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The first year of Unix time.
const FIRST_YEAR: u16 = 1970;

/// A day of the Gregorian calendar from 1970 on, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day that a text of the form `2027-03-01` names; `None` where it has another form, or the calendar has no such day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let is_written = |(index, byte): (usize, u8)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 10 || !text.bytes().enumerate().all(is_written) {
            return None;
        }
        let (year, month, day) = (text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        let exists = year >= FIRST_YEAR && (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
        exists.then_some(Date { year, month, day })
    }

    /// The day so many days after 1970-01-01.
    #[must_use]
    pub fn from_unix_days(days: u64) -> Date {
        let mut date = Date { year: FIRST_YEAR, month: 1, day: 1 };
        let mut left = days;
        while left >= date.days_of_year() && date.year < u16::MAX {
            left -= date.days_of_year();
            date.year += 1;
        }
        while left >= u64::from(days_of(date.year, date.month)) && date.month < 12 {
            left -= u64::from(days_of(date.year, date.month));
            date.month += 1;
        }
        // What is left is fewer than the days of a month, unless the year has no number here.
        date.day = date.day.saturating_add(u8::try_from(left).unwrap_or(30));
        date
    }

    /// How many days it is after 1970-01-01.
    #[must_use]
    pub fn unix_days(self) -> u64 {
        let of_years: u64 = (FIRST_YEAR..self.year).map(|year| Date { year, ..self }.days_of_year()).sum();
        let of_months: u64 = (1..self.month).map(|month| u64::from(days_of(self.year, month))).sum();
        of_years + of_months + u64::from(self.day) - 1
    }

    /// How many days lie between this day and a later one; 0 where that is not later.
    #[must_use]
    pub fn days_to(self, later: Date) -> u64 {
        later.unix_days().saturating_sub(self.unix_days())
    }

    fn days_of_year(self) -> u64 {
        if is_leap(self.year) { 366 } else { 365 }
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no date such as 2027-03-01")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap_or_else(|| panic!("{text} is a date"))
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for text in ["2027-03-01", "2028-02-29", "2000-02-29", "2026-12-31", "1970-01-01", "9999-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
        for text in [
            "",
            "2027-3-1",
            "2027-02-29",
            "2100-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-04-31",
            "2027-01-00",
            "0000-01-01",
            "1969-12-31",
            "+027-01-01",
            "2027-03-01T00:00:00Z",
            "2027/03/01",
            "01-03-2027",
            "２027-03-01",
            "2027-03-0é",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_the_first_of_1970() {
        // As `date -u -d DAY +%s` says, by 86,400.
        for (text, days) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2026-12-31", 20_818),
            ("2027-03-01", 20_878),
        ] {
            assert_eq!(date(text).unix_days(), days, "{text}");
            assert_eq!(Date::from_unix_days(days).to_string(), text);
        }
        assert_eq!(Date::from_unix_days(20_819).to_string(), "2027-01-01");
        assert_eq!(Date::from_unix_days(11_017).to_string(), "2000-03-01");
        let _ = Date::from_unix_days(u64::MAX);
    }

    #[test]
    fn days_between_are_counted_over_months_and_years() {
        let between = |from, to| date(from).days_to(date(to));
        assert_eq!(between("2026-12-31", "2027-01-01"), 1);
        assert_eq!(between("2027-02-22", "2027-03-01"), 7);
        assert_eq!(between("2028-02-22", "2028-03-01"), 8);
        assert_eq!((between("2027-03-01", "2027-03-01"), between("2027-03-02", "2027-03-01")), (0, 0));
        assert!(date("2026-12-31") < date("2027-01-01") && date("2027-01-31") < date("2027-02-01"));
    }
}
