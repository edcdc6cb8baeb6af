//! How far an apply or a reading is, in one line.

use std::time::Duration;

use super::clean::clean;
use super::event::seconds;
use crate::engine::Counts;

/// How many reasons for waiting are named.
const NAMED: usize = 3;

/// `3 in progress, 5,248 waiting (AWS makes 5 accounts at a time, about 17 h), 12 of 5,263 done`, with as much of the reasons as
/// `width` columns take.
pub fn counts_text(counts: &Counts, width: usize) -> String {
    let text = |reasons: &str| {
        let waiting: usize = counts.waiting.iter().map(|it| it.changes).sum();
        let waits = if waiting == 0 { String::new() } else { format!(", {} waiting{reasons}", number(waiting)) };
        format!(
            "{} in progress{waits}, {} of {} done",
            number(counts.in_progress),
            number(counts.ended),
            number(counts.of)
        )
    };
    let texts = [NAMED, 2, 1].map(|most| text(&reasons(counts, most, true)));
    let shorter = text(&reasons(counts, 1, false));
    let fits = |text: &String| text.chars().count() <= width;
    texts.into_iter().chain([shorter]).find(fits).unwrap_or_else(|| text(""))
}

/// Why changes wait, most first; ` (AWS makes 5 accounts at a time)` where all wait for the same.
fn reasons(counts: &Counts, most: usize, says_how_long: bool) -> String {
    let all_alike = counts.waiting.len() == 1;
    let named = counts.waiting.iter().take(most).map(|it| {
        let how_many = if all_alike { String::new() } else { format!("{}: ", number(it.changes)) };
        let left =
            it.seconds.filter(|_| says_how_long).map(|seconds| format!(", {}", about(Duration::from_secs(seconds))));
        format!("{how_many}{}{}", clean(&it.what), left.unwrap_or_default())
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { String::new() } else { format!(" ({})", named.join("; ")) }
}

/// So many changes must have ended, after so long, before the others are taken to last as long.
const ENOUGH: usize = 3;
const LONG_ENOUGH: Duration = Duration::from_secs(5);

/// How long the changes that have not ended may still take: as long as those that have, on average, or as long as AWS lets the last of
/// those wait that it makes a few at a time.
pub fn time_left(counts: &Counts, elapsed: Duration) -> Option<Duration> {
    let turn = counts.waiting.iter().filter_map(|it| it.seconds).max().map(Duration::from_secs);
    let is_known = counts.ended >= ENOUGH && elapsed >= LONG_ENOUGH && counts.of > counts.ended;
    let ended = u32::try_from(counts.ended).ok().filter(|_| is_known);
    let open = u32::try_from(counts.of.saturating_sub(counts.ended)).unwrap_or(u32::MAX);
    let by_pace = ended.map(|ended| elapsed.saturating_mul(open) / ended.max(1));
    turn.max(by_pace)
}

/// `1 min 5 s so far, about 3 min left`.
pub fn pace_text(counts: &Counts, elapsed: Duration) -> String {
    let left = time_left(counts, elapsed).map(|left| format!(", {} left", about(left))).unwrap_or_default();
    format!("{} so far{left}", seconds(elapsed.as_millis()))
}

/// `reading: organizations:DescribePolicy 120 of 300, about 90 s at AWS's rate`.
pub fn reading_text(call: &str, made: u64, waiting: usize, left: Duration) -> String {
    let all = made + waiting as u64;
    format!("reading: {} {} of {}, {} at AWS's rate", clean(call), grouped(made), grouped(all), about(left))
}

/// `about 45 s`, `about 3 min`, `about 17 h`: no more exact than it is known.
fn about(time: Duration) -> String {
    match time.as_secs_f64().ceil() as u64 {
        seconds @ 0..120 => format!("about {seconds} s"),
        seconds @ 120..7200 => format!("about {} min", seconds.div_ceil(60)),
        seconds => format!("about {} h", grouped(seconds.div_ceil(3600))),
    }
}

fn number(number: usize) -> String {
    grouped(number as u64)
}

/// `5,263`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::WaitingFor;

    fn waiting(what: &str, changes: usize, seconds: Option<u64>) -> WaitingFor {
        WaitingFor { what: what.into(), changes, seconds }
    }

    fn counts(in_progress: usize, waiting: Vec<WaitingFor>, ended: usize) -> Counts {
        let waits: usize = waiting.iter().map(|it| it.changes).sum();
        Counts { of: in_progress + waits + ended, ended, in_progress, waiting }
    }

    #[test]
    fn what_waits_is_distinguished_from_what_works() {
        let slot = || waiting("AWS makes 5 accounts at a time", 5248, Some(62_976));
        let all = counts(3, vec![slot()], 12);
        let long = "3 in progress, 5,248 waiting (AWS makes 5 accounts at a time, about 18 h), 12 of 5,263 done";
        assert_eq!(counts_text(&all, 100), long);
        let short = "3 in progress, 5,248 waiting (AWS makes 5 accounts at a time), 12 of 5,263 done";
        assert_eq!((counts_text(&all, 80), short.len()), (short.to_owned(), 79));
        assert_eq!(counts_text(&all, 78), "3 in progress, 5,248 waiting, 12 of 5,263 done");
        assert_eq!(counts_text(&counts(3, vec![], 12), 80), "3 in progress, 12 of 15 done");
    }

    #[test]
    fn several_reasons_are_counted_by_themselves_where_they_fit() {
        let some =
            vec![waiting("AWS makes 5 accounts at a time", 40, None), waiting("AWS creates the account", 5, None)];
        let all = counts(0, some, 2);
        let long =
            "0 in progress, 45 waiting (40: AWS makes 5 accounts at a time; 5: AWS creates the account), 2 of 47 done";
        assert_eq!(counts_text(&all, 120), long);
        assert_eq!(
            counts_text(&all, 80),
            "0 in progress, 45 waiting (40: AWS makes 5 accounts at a time), 2 of 47 done"
        );
    }

    #[test]
    fn a_reading_says_what_it_waits_for_and_how_long() {
        let text = |made, waiting, seconds| {
            reading_text("organizations:DescribePolicy", made, waiting, Duration::from_secs(seconds))
        };
        assert_eq!(text(120, 180, 90), "reading: organizations:DescribePolicy 120 of 300, about 90 s at AWS's rate");
        assert_eq!(text(5, 4995, 2498), "reading: organizations:DescribePolicy 5 of 5,000, about 42 min at AWS's rate");
    }

    #[test]
    fn what_is_left_is_estimated_once_enough_has_ended() {
        let text =
            |ended, waiting, elapsed| pace_text(&counts(10 - ended, waiting, ended), Duration::from_secs(elapsed));
        assert_eq!(text(2, vec![], 60), "60 s so far", "too few");
        assert_eq!(text(5, vec![], 4), "4.0 s so far", "too soon");
        assert_eq!(text(5, vec![], 60), "60 s so far, about 60 s left");
        assert_eq!(text(4, vec![], 200), "3 min 20 s so far, about 5 min left");
        assert_eq!(text(10, vec![], 60), "60 s so far");
        let slot = waiting("AWS makes 5 accounts at a time", 5, Some(600));
        assert_eq!(pace_text(&counts(0, vec![slot], 5), Duration::from_secs(10)), "10 s so far, about 10 min left");
    }

    #[test]
    fn numbers_are_grouped_and_times_are_rounded_up() {
        assert_eq!([0, 999, 1000, 12_345, 1_234_567].map(grouped), ["0", "999", "1,000", "12,345", "1,234,567"]);
        let times = [0, 119, 120, 121, 7199, 7200, 7201].map(|seconds| about(Duration::from_secs(seconds)));
        let expected = ["0 s", "119 s", "2 min", "3 min", "120 min", "2 h", "3 h"];
        assert_eq!(times, expected.map(|text| format!("about {text}")));
    }
}
