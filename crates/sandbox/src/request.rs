//! A request as the operation that answers it sees it.

use crate::identity::Caller;
use crate::input::Input;
use crate::state::State;

/// One request: what it says, who asks, and the state that it is about.
pub(super) struct Request<'a> {
    pub(super) state: &'a mut State,
    pub(super) caller: Caller,
    pub(super) region: String,
    pub(super) operation: &'static str,
    pub(super) input: Input,
    /// Seconds since 1970.
    pub(super) now: u64,
}
