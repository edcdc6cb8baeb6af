//! Keeps values that are made of values from growing without bound.

use super::size::Size;
use crate::diagnostic::Diagnostic;
use crate::node::MAX_DEPTH;

/// The most entries that references may bring in altogether.
const MAX_NODES: usize = 200_000;
/// The most text that references may bring in altogether.
const MAX_BYTES: usize = 16 << 20;

/// What references have brought in so far.
#[derive(Default)]
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
    /// More was asked for than there is.
    exhausted: bool,
}

impl Budget {
    /// Whether more was asked for than there is.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Lets in something of this size, nested in `depth` lists and maps.
    ///
    /// # Errors
    /// It is too much, after which the budget is exhausted, or nested too deep.
    pub(super) fn spend(&mut self, size: Size, depth: usize) -> Result<(), Box<Diagnostic>> {
        if depth + size.height > MAX_DEPTH + 1 {
            return Err(Box::new(too_deep()));
        }
        self.nodes += size.nodes;
        self.bytes += size.bytes;
        self.exhausted = self.nodes > MAX_NODES || self.bytes > MAX_BYTES;
        if self.exhausted { Err(Box::new(too_much())) } else { Ok(()) }
    }
}

/// Says that values nest too deep.
pub(super) fn too_deep() -> Diagnostic {
    let message = format!("values nest lists and maps deeper than {MAX_DEPTH}");
    Diagnostic::error("value", message).help("nest them less")
}

fn too_much() -> Diagnostic {
    let megabytes = MAX_BYTES >> 20;
    let message = format!("the values come to more than {MAX_NODES} entries or {megabytes} MB");
    Diagnostic::error("value", message).help("let fewer values contain other values")
}
