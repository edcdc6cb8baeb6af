//! Tables and medians.

use std::time::{Duration, Instant};

/// Runs `work` and tells how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// The median of several durations.
pub fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort();
    durations[durations.len() / 2]
}

/// Prints a headline with what its columns are.
pub fn head(title: &str, columns: &[&str]) {
    println!("{title}");
    row(columns);
}

/// Prints one row: the first cell wide and to the left, the others to the right.
pub fn row<S: AsRef<str>>(cells: &[S]) {
    let mut cells = cells.iter().map(AsRef::as_ref);
    let first = cells.next().unwrap_or_default();
    let others: String = cells.map(|cell| format!("{cell:>14}")).collect();
    println!("  {first:<34}{others}");
}
