//! The answer to a request, and what gave it.

use std::fmt;

use serde::Serialize;

/// What the policies decide about a request. Those of an organization grant nothing: their `Allow` means that none denies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Decision {
    /// Every level allows it and none denies it.
    Allow,
    /// A statement denies it, or a level does not allow it.
    Deny,
    /// It depends on what is not known.
    Undecided,
}

impl Decision {
    /// The word for it, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
            Self::Undecided => "Undecided",
        }
    }
}

/// The decision about a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// What denied it, or would, could it be known; nothing when it is allowed.
    pub decided_by: Option<DecidedBy>,
    /// The condition keys on which the decision depends, or `resource`; empty unless it is undecided.
    pub missing: Vec<String>,
}

/// The statement or level that decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct DecidedBy {
    /// The level's id.
    pub level: String,
    /// The policy's name; none when no policy of the level allows the request.
    pub policy: Option<String>,
    /// The statement in the policy, from 0.
    pub statement: Option<usize>,
    /// The statement's `Sid`.
    pub sid: Option<String>,
    /// How it decided.
    pub kind: DecisionKind,
}

/// `statement 2 of guard (NoStop), attached to r-ab12, denies it`, or `nothing attached to r-ab12 allows it`; statements
/// are counted from 1, as people do.
impl fmt::Display for DecidedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(policy), Some(statement)) = (&self.policy, self.statement) else {
            return write!(f, "nothing attached to {} allows it", self.level);
        };
        let sid = self.sid.as_ref().map(|sid| format!(" ({sid})")).unwrap_or_default();
        write!(f, "statement {} of {policy}{sid}, attached to {}, denies it", statement + 1, self.level)
    }
}

/// How a denial came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionKind {
    /// A `Deny` statement matches.
    Explicit,
    /// No `Allow` statement of a level matches.
    Implicit,
}
