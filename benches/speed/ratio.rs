//! Times beside their floors.

use std::time::Duration;

use super::table::row;

/// Prints a row with a time, its floor and how many times the floor it is.
pub fn against(what: &str, time: Duration, floor: Duration) {
    row(&[what.to_owned(), milliseconds(time), milliseconds(floor), ratio(time, floor)]);
}

pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn ratio(time: Duration, floor: Duration) -> String {
    format!("{:.2} ×", time.as_secs_f64() / floor.as_secs_f64())
}
