/// Something that was found and is not in the blueprint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// What kind of reason it is.
    pub why: Why,
    /// The reason, in a sentence without its subject and full stop: `it is closed`.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Why something is not in the blueprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A blueprint cannot say it.
    NotExpressible,
    /// AWS did not say how it is.
    NotKnown,
    /// It is another tool's or another blueprint's.
    OfOthers,
    /// It is not there to be managed any more, such as a closed account.
    Gone,
    /// The command was not asked for it.
    NotAskedFor,
}

impl Why {
    /// Whether something that is there to be managed is missing from the blueprint although it was asked for.
    #[must_use]
    pub fn is_a_gap(self) -> bool {
        matches!(self, Why::NotExpressible | Why::NotKnown)
    }
}

impl LeftOut {
    /// What a blueprint cannot say.
    pub fn not_expressible(reason: impl Into<String>, remedy: impl Into<String>) -> LeftOut {
        LeftOut { why: Why::NotExpressible, reason: reason.into(), remedy: remedy.into() }
    }

    /// What AWS did not report.
    pub fn not_known(reason: impl Into<String>, remedy: impl Into<String>) -> LeftOut {
        LeftOut { why: Why::NotKnown, reason: reason.into(), remedy: remedy.into() }
    }

    /// What is another tool's or blueprint's.
    pub fn of_others(reason: impl Into<String>, remedy: impl Into<String>) -> LeftOut {
        LeftOut { why: Why::OfOthers, reason: reason.into(), remedy: remedy.into() }
    }

    /// What is not there to be managed any more.
    pub fn gone(reason: impl Into<String>, remedy: impl Into<String>) -> LeftOut {
        LeftOut { why: Why::Gone, reason: reason.into(), remedy: remedy.into() }
    }

    /// What the command was not asked for.
    pub fn not_asked_for(reason: impl Into<String>, remedy: impl Into<String>) -> LeftOut {
        LeftOut { why: Why::NotAskedFor, reason: reason.into(), remedy: remedy.into() }
    }
}
