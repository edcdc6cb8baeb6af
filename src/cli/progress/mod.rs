//! Progress as people and programs follow it: all are listeners of the engine's events.

mod bars;
mod lines;
mod log;
mod reading;

use std::path::Path;
use std::sync::Arc;

pub(super) use reading::Reading;

use super::failure::Failure;
use super::output::Output;
use crate::engine::Listener;

/// A listener that shows progress in the way that fits standard error, and writes it to `log` too.
///
/// # Errors
/// When the log cannot be opened.
pub(super) fn listener(out: Output, log: Option<&Path>) -> Result<Listener, Failure> {
    let shown: Listener = match () {
        () if out.draws_progress() => bars::listener(out),
        () => lines::listener(out),
    };
    let Some(path) = log else { return Ok(shown) };
    let logged = log::listener(path, out)?;
    Ok(Arc::new(move |event| {
        logged(event.clone());
        shown(event);
    }))
}
