//! Tables and medians.

use std::cell::RefCell;
use std::time::{Duration, Instant};

thread_local! {
    /// Everything that was printed, as Markdown.
    static PAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work` and shows how long it took.
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
    print(columns);
    write(&format!(
        "\n## {}\n\n| {} |\n|{}\n",
        capital(title.trim()),
        columns.join(" | "),
        " --- |".repeat(columns.len())
    ));
}

/// Prints one row: the first cell wide and to the left, the others to the right.
pub fn row<S: AsRef<str>>(cells: &[S]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    print(&cells);
    write(&format!("| {} |\n", cells.join(" | ")));
}

fn print(cells: &[&str]) {
    let (first, others) = cells.split_first().unwrap_or((&"", &[]));
    let others: String = others.iter().map(|cell| format!("{cell:>14}")).collect();
    println!("  {first:<34}{others}");
}

fn write(text: &str) {
    PAGE.with_borrow_mut(|page| page.push_str(text));
}

/// Everything that was printed, as Markdown.
pub fn page() -> String {
    PAGE.with_borrow(Clone::clone)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
