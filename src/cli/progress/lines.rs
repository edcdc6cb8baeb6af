use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::output::Output;
use crate::engine::Listener;
use crate::model::Address;
use crate::report::{EventMessage, EventMessages, Line, Paint, counts_text, subject};

/// How often it is said how far an apply is of which changes wait.
const COUNT_EVERY: Duration = Duration::from_secs(30);

/// Plain lines: each change when it has ended, and when it has something new to say; and from time to time what waits.
pub(super) fn listener(out: Output) -> Listener {
    let said: Mutex<BTreeMap<Address, String>> = Mutex::default();
    let messages = Mutex::new(EventMessages::new(out.verbose()));
    let counted: Mutex<Option<Instant>> = Mutex::default();
    Arc::new(move |event| match messages.lock().unwrap_or_else(PoisonError::into_inner).message(&event) {
        EventMessage::Begin(_) => {}
        EventMessage::Count(counts) => {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            if !counts.waiting.is_empty() && counted.is_none_or(|last| last.elapsed() >= COUNT_EVERY) {
                out.say(&(counts_text(&counts, out.layout_of_stderr().width) + "\n"));
                *counted = Some(Instant::now());
            }
        }
        EventMessage::Open(_, line) if out.verbose() => out.say(&(line.to_ansi() + "\n")),
        EventMessage::Open(..) => {}
        EventMessage::At(address, message) => {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.get(&address) != Some(&message) {
                let line = Line::of(Paint::Dim, format!("  {}: {message}\n", subject(&address)));
                out.say(&line.to_ansi());
                said.insert(address, message);
            }
        }
        EventMessage::Close(_, None) => {}
        EventMessage::Close(_, Some(line)) | EventMessage::Note(line) => out.say(&(line.to_ansi() + "\n")),
    })
}
