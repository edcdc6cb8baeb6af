//! Dates as condition operators take them: W3C's profile of ISO 8601
//! (<https://www.w3.org/TR/NOTE-datetime>) or seconds since 1970.

/// A moment, comparable with others: nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i128);

const SECOND: i128 = 1_000_000_000;

impl Instant {
    /// Reads a date with or without time, or epoch seconds. Four digits alone are a year.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 4 && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse::<i64>().ok().map(|seconds| Self(i128::from(seconds) * SECOND));
        }
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let midnight = days_since_epoch(date)? * 86_400 * SECOND;
        let time = match time {
            Some(time) => nanoseconds(time)?,
            None => 0,
        };
        Some(Self(midnight + time))
    }
}

fn days_since_epoch(date: &str) -> Option<i128> {
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let valid = parts.next().is_none() && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let days_before = |year: i128| year * 365 + year / 4 - year / 100 + year / 400;
    let of_years = if year == 0 { -366 } else { days_before(year - 1) };
    let of_months: i128 = (1..month).map(|month| days_in(year, month)).sum();
    // 719,162 days lie between 0001-01-01 and 1970-01-01.
    valid.then_some(of_years + of_months + day - 1 - 719_162)
}

const fn days_in(year: i128, month: i128) -> i128 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The time of day with its zone, as nanoseconds after midnight UTC.
fn nanoseconds(time: &str) -> Option<i128> {
    let (clock, offset) = split_zone(time)?;
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, digits)) => (clock, fraction(digits)?),
        None => (clock, 0),
    };
    let mut parts = clock.split(':').map(|part| number(part, 2));
    let (hours, minutes) = (parts.next()??, parts.next()??);
    let seconds = parts.next().unwrap_or(Some(0))?;
    // A leap second may be written as 60.
    let valid = parts.next().is_none() && hours < 24 && minutes < 60 && seconds <= 60;
    valid.then_some(((hours * 60 + minutes) * 60 + seconds - offset) * SECOND + fraction)
}

/// The clock and the zone's offset in seconds.
fn split_zone(time: &str) -> Option<(&str, i128)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let place = time.rfind(['+', '-'])?;
    let (clock, zone) = time.split_at(place);
    let (hours, minutes) = zone[1..].split_once(':')?;
    let offset = (number(hours, 2)? * 60 + number(minutes, 2)?) * 60;
    Some((clock, if zone.starts_with('-') { -offset } else { offset }))
}

fn fraction(digits: &str) -> Option<i128> {
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    (!digits.is_empty()).then(|| number(&nine, 9))?
}

/// A number of exactly so many digits.
fn number(text: &str, digits: usize) -> Option<i128> {
    let valid = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i128> {
        Instant::parse(text).map(|instant| instant.0 / SECOND)
    }

    #[test]
    fn all_forms_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970", 0),
            ("2000-03", 951_868_800),
            ("2026-01-01", 1_767_225_600),
            ("1767225600", 1_767_225_600),
            ("2026-06-01T00:00:00Z", 1_780_272_000),
            ("2024-02-29T23:59Z", 1_709_251_140),
            ("2026-01-01T02:00:00+02:00", 1_767_225_600),
            ("2026-01-01T05:30:00+05:30", 1_767_225_600),
            ("2025-12-31T20:15:00-03:45", 1_767_225_600),
            ("2025-12-31T19:00:00.5-05:00", 1_767_225_600),
            ("1969-12-31T23:59:59Z", -1),
            ("-86400", -86_400),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn fractions_of_a_second_count() {
        assert!(Instant::parse("2026-01-01T00:00:00.123456789Z") > Instant::parse("2026-01-01T00:00:00.123456788Z"));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "soon",
            "2026-13-01",
            "2026-02-29",
            "2026-01-01T00:00:00",
            "2026-01-01T24:00Z",
            "2026-01-01T00Z",
            "2026-1-1",
            "26",
            "2026-01-01T00:00:00.Z",
            "2026-01-01-01",
            "1.5e3",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }
}
