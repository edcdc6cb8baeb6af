//! The log of calls, for tests that count and for people who wonder.

use serde_json::Value;

/// One call as the front door saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service's signing name, such as `organizations`.
    pub service: String,
    /// The operation as AWS names it; empty when the request named none that is simulated.
    pub operation: String,
    /// The region that the request was signed for.
    pub region: String,
    /// The caller's account.
    pub account: String,
    /// Whether the operation is one that changes something (it does not only read).
    pub write: bool,
    /// The members of the request, where it is one that changes something; null elsewhere.
    pub input: Value,
    /// What came of it.
    pub outcome: Outcome,
}

impl Call {
    /// Whether the call changed something: a write that was carried out, whether or not its answer arrived.
    #[must_use]
    pub fn wrote(&self) -> bool {
        self.write && matches!(self.outcome, Outcome::Done | Outcome::AnswerLost)
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was carried out and answered.
    Done,
    /// It was carried out, and its answer was lost.
    AnswerLost,
    /// It was refused with this error code.
    Refused(String),
    /// It was throttled.
    Throttled,
    /// An injected fault kept it from happening.
    Injected(&'static str),
    /// The network was down.
    Unreachable,
}
