use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::output::Output;
use crate::engine::Listener;
use crate::model::Address;
use crate::report::{EventMessage, EventMessages, Line, Paint, counts_text, pace_text, subject};

/// How often it is said how far an apply is of which changes wait.
const COUNT_EVERY: Duration = Duration::from_secs(30);

/// How long a change is under way before that is written beside what it is at.
const WORTH_SAYING: Duration = Duration::from_secs(5);

/// Plain lines: each change when it has ended, and when it has something new to say; and from time to time what waits.
pub(super) fn listener(out: Output) -> Listener {
    let said: Mutex<BTreeMap<Address, String>> = Mutex::default();
    let messages = Mutex::new(EventMessages::new(out.verbose()));
    let counted: Mutex<Option<Instant>> = Mutex::default();
    let began = Mutex::new(Instant::now());
    let opened: Mutex<BTreeMap<Address, Instant>> = Mutex::default();
    Arc::new(move |event| match messages.lock().unwrap_or_else(PoisonError::into_inner).message(&event) {
        EventMessage::Begin(_) => *began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now(),
        EventMessage::Count(counts) => {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            if !counts.waiting.is_empty() && counted.is_none_or(|last| last.elapsed() >= COUNT_EVERY) {
                let elapsed = began.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
                let text = counts_text(&counts, out.layout_of_stderr().width);
                out.say(&format!("{text}\n  {}\n", pace_text(&counts, elapsed)));
                *counted = Some(Instant::now());
            }
        }
        EventMessage::Open(address, line) => {
            opened.lock().unwrap_or_else(PoisonError::into_inner).insert(address, Instant::now());
            if out.verbose() {
                out.say(&(line.to_ansi() + "\n"));
            }
        }
        EventMessage::At(address, message) => {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.get(&address) != Some(&message) {
                let opened = opened.lock().unwrap_or_else(PoisonError::into_inner).get(&address).copied();
                let after = opened.map(|opened| opened.elapsed()).filter(|after| *after >= WORTH_SAYING);
                let after = after.map(|after| format!(" (after {} s)", after.as_secs())).unwrap_or_default();
                let line = Line::of(Paint::Dim, format!("  {}: {message}{after}\n", subject(&address)));
                out.say(&line.to_ansi());
                said.insert(address, message);
            }
        }
        EventMessage::Close(_, None) => {}
        EventMessage::Close(_, Some(line)) | EventMessage::Note(line) => out.say(&(line.to_ansi() + "\n")),
    })
}
