//! What was decided, as a value and as JSON.

use serde_json::{Map, Value, json};

use super::case::Case;
use crate::{Verdict, evaluate_with_identity};

/// What the policies decide in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The case's id.
    pub id: String,
    /// The decision.
    pub verdict: Verdict,
    /// The decision of the policies to compare with, if there are any.
    pub before: Option<Verdict>,
}

/// Decides a case.
#[must_use]
pub fn answer(case: &Case) -> Answer {
    let identity = case.levels.identity.as_ref();
    let decide = |scps, rcps| evaluate_with_identity(scps, rcps, identity, &case.request);
    Answer {
        id: case.id.clone(),
        verdict: decide(&case.levels.scps, &case.levels.rcps),
        before: case.levels.to_compare().map(|(scps, rcps)| decide(scps, rcps)),
    }
}

impl Answer {
    /// Whether the policies to compare with decide otherwise.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.decision != self.verdict.decision)
    }

    /// `{"id", "decision": "Allow|Deny|Undecided", "decided_by": {"level", "policy", "statement", "sid", "kind"},
    /// "missing": [KEY]}`, and with policies to compare with `"before"`, of the same form without an id. `decided_by`
    /// is null where nothing denies.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = Map::from_iter([("id".to_owned(), json!(self.id))]);
        if let Value::Object(verdict) = json!(self.verdict) {
            members.extend(verdict);
        }
        if let Some(before) = &self.before {
            members.insert("before".to_owned(), json!(before));
        }
        Value::Object(members)
    }
}
