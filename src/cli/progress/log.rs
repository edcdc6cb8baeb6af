use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::output::Output;
use crate::engine::{Event, Listener};
use crate::report::escaped_json;

/// Appends every event as one line of JSON: `{"time": "2026-11-23T07:00:00.123Z", "event": "started", "address": …}`.
///
/// # Errors
/// When the file cannot be opened.
pub(super) fn listener(path: &Path, out: Output) -> Result<Listener, Failure> {
    let file = File::options().create(true).append(true).open(path);
    let file = file.map_err(|error| Failure::new(format!("the log {} cannot be opened: {error}", path.display())))?;
    let file = Mutex::new(file);
    let complained = AtomicBool::new(false);
    let shown = path.display().to_string();
    Ok(Arc::new(move |event| {
        let line = escaped_json(&line(&event, SystemTime::now()).to_string()) + "\n";
        let written = file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
        if let Err(error) = written
            && !complained.swap(true, Ordering::Relaxed)
        {
            // A full disk must not keep an apply from ending well.
            out.insist(&format!("warning: the log {shown} cannot be written: {error}\n"));
        }
    }))
}

fn line(event: &Event, now: SystemTime) -> Value {
    let time = DateTime::from(now).fmt(Format::DateTime).unwrap_or_default();
    let mut line = json!({ "time": time });
    if let (Value::Object(line), Ok(Value::Object(event))) = (&mut line, serde_json::to_value(event)) {
        line.extend(event);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, Address};

    #[test]
    fn every_line_has_its_time_and_its_event() {
        let event = Event::Finished { address: Address::root(), action: Action::Update, milliseconds: 12 };
        let line = line(&event, SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(1_500));
        let expected = json!({
            "time": "1970-01-01T00:00:01.5Z", "event": "finished", "address": "root", "action": "update", "milliseconds": 12
        });
        assert_eq!(line, expected);
    }
}
