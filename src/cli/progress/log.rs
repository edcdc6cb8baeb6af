use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::output::Output;
use crate::engine::{Event, Listener};
use crate::report::{escaped_json, time_left};

/// Appends every event as one line of JSON: `{"time": "2026-11-23T07:00:00.123Z", "event": "started", "address": …}`.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn listener(path: &Path, out: Output) -> Result<Listener, Failure> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.map_err(|error| Failure::new(format!("the log {} cannot be opened: {error}", path.display())))?;
    let file = Mutex::new(file);
    let complained = AtomicBool::new(false);
    let began: Mutex<Option<Instant>> = Mutex::default();
    let shown = path.display().to_string();
    Ok(Arc::new(move |event| {
        let mut began = began.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(event, Event::Began { .. }) {
            *began = Some(Instant::now());
        }
        let elapsed = began.map(|began| began.elapsed());
        let line = escaped_json(&line(&event, SystemTime::now(), elapsed).to_string()) + "\n";
        let written = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
        if let Err(error) = written
            && !complained.swap(true, Ordering::Relaxed)
        {
            // A full disk must not keep an apply from ending well.
            out.insist(&format!("warning: the log {shown} cannot be written: {error}\n"));
        }
    }))
}

/// Counts are written with how long the apply has been at work, and how long it may still take where that can be said.
fn line(event: &Event, now: SystemTime, elapsed: Option<Duration>) -> Value {
    let time = DateTime::from(now).fmt(Format::DateTime).unwrap_or_default();
    let mut line = json!({ "time": time });
    if let (Value::Object(line), Ok(Value::Object(event))) = (&mut line, serde_json::to_value(event)) {
        line.extend(event);
    }
    if let (Event::Counts(counts), Some(elapsed)) = (event, elapsed) {
        line["elapsed_seconds"] = elapsed.as_secs().into();
        line["left_seconds"] = time_left(counts, elapsed).map(|left| left.as_secs()).into();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Counts;
    use crate::model::{Action, Address};

    #[test]
    fn every_line_has_its_time_and_its_event() {
        let event = Event::Finished { address: Address::root(), action: Action::Update, milliseconds: 12 };
        let line = line(&event, SystemTime::UNIX_EPOCH + Duration::from_millis(1_500), None);
        let expected = json!({
            "time": "1970-01-01T00:00:01.5Z", "event": "finished", "address": "root", "action": "update", "milliseconds": 12
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn counts_are_written_with_what_is_over_and_what_is_left() {
        let counts = Counts { of: 10, ended: 5, in_progress: 5, waiting: Vec::new() };
        let at =
            |elapsed| line(&Event::Counts(counts.clone()), SystemTime::UNIX_EPOCH, Some(Duration::from_secs(elapsed)));
        assert_eq!((&at(60)["elapsed_seconds"], &at(60)["left_seconds"]), (&json!(60), &json!(60)));
        assert_eq!(at(1)["left_seconds"], Value::Null, "too early to say");
    }
}
