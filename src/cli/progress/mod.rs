//! Progress as people and programs follow it: all are listeners of the engine's events.

mod bars;
mod lines;
mod log;
mod ongoing;
mod reading;

use std::path::Path;
use std::sync::Arc;

pub(super) use ongoing::Ongoing;
pub(super) use reading::Reading;

use super::failure::Failure;
use super::output::Output;
use crate::engine::Listener;

/// A listener that shows progress in the way that fits standard error, writes it to `log` too, and shows `ongoing` what is
/// under way.
///
/// # Errors
/// When the log cannot be opened.
pub(super) fn listener(out: Output, log: Option<&Path>, ongoing: Ongoing) -> Result<Listener, Failure> {
    let shown: Listener = match () {
        () if out.draws_progress() => bars::listener(out),
        () => lines::listener(out),
    };
    let logged = log.map(|path| log::listener(path, out)).transpose()?;
    Ok(Arc::new(move |event| {
        ongoing.hear(&event);
        if let Some(logged) = &logged {
            logged(event.clone());
        }
        shown(event);
    }))
}
