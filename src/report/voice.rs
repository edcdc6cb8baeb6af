//! What a comparison of blueprint and organization is told as: what apply would do, or what has become of things.

use super::clean::clean;
use super::line::Line;
use super::naming::deed;
use super::paint::Paint;
use super::sentence::{calls, count, counts};
use crate::model::{Action, Change, Plan};

/// In which words a plan is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// What apply would do.
    Plan,
    /// What is not as the blueprint says.
    Drift,
}

impl Voice {
    /// What a report of it is headed by.
    pub fn title(self) -> &'static str {
        match self {
            Voice::Plan => "Plan",
            Voice::Drift => "Drift",
        }
    }

    /// What the two sides of `before → after` are, where that is not plain.
    pub fn legend(self) -> Option<&'static str> {
        (self == Voice::Drift).then_some("Values are shown as they are → as the blueprint says.")
    }

    /// What happens to a thing or has happened to it, where the mark alone may not say it.
    pub fn deed(self, change: &Change) -> Option<&'static str> {
        match self {
            Voice::Plan => deed(change),
            Voice::Drift => Some(finding(change)),
        }
    }

    /// Whether a change's fields are worth showing: of what is missing, that it is missing says enough.
    pub fn tells_details(self, change: &Change) -> bool {
        self == Voice::Plan || change.action != Action::Create
    }

    /// How many changes there are of each sort: `5 to create`, `5 missing`.
    pub fn counts(self, plan: &Plan) -> Vec<(Action, String)> {
        let words = |action: Action| match self {
            Voice::Plan => format!("to {}", action.verb()),
            Voice::Drift => state(action).to_owned(),
        };
        counts(&plan.summary)
            .into_iter()
            .map(|(number, action)| (action, format!("{number} {}", words(action))))
            .collect()
    }

    /// `Plan: 5 to create, 1 to update, 12 unchanged. 37 AWS calls.`
    pub fn summary(self, plan: &Plan) -> Line {
        let mut line = Line::of(Paint::Strong, format!("{}: ", self.title()));
        for (action, text) in self.counts(plan) {
            line = line.with(Paint::of_action(action), text).plain(", ");
        }
        line.plain(format!("{} {}. ", plan.summary.unchanged, self.unchanged()))
            .with(Paint::Dim, calls(&plan.api_calls))
    }

    /// What is said of everything that does not differ.
    pub fn unchanged(self) -> &'static str {
        match self {
            Voice::Plan => "unchanged",
            Voice::Drift => "as the blueprint says",
        }
    }

    /// The one line that a comparison without differences has.
    pub fn agreement(self, plan: &Plan) -> Line {
        let compared = count(plan.summary.unchanged, "thing", "things");
        let verdict = match self {
            Voice::Plan => "Nothing to do",
            Voice::Drift => "No drift",
        };
        Line::of(Paint::Good, verdict)
            .plain(format!(": the organization agrees with {} ({compared}). ", clean(&plan.blueprint.name)))
            .with(Paint::Dim, calls(&plan.api_calls))
    }
}

/// What is wrong with a thing that apply would do this with.
fn state(action: Action) -> &'static str {
    match action {
        Action::Create => "missing",
        Action::Update => "changed",
        Action::Move => "moved",
        Action::Adopt => "not adopted",
        Action::Delete => "not in the blueprint",
    }
}

/// The same, in the words that fit the sort of thing.
fn finding(change: &Change) -> &'static str {
    let differs = |start: &str| change.fields.iter().any(|field| field.path.starts_with(start));
    match (change.kind.as_str(), change.action) {
        ("attachment", Action::Create) => "not attached",
        ("attachment" | "assignment", Action::Delete) => "not wanted here",
        ("policy-type" | "region" | "trusted-access", Action::Create) => "not enabled",
        ("stack", Action::Update) if differs("drift.") => "drifted",
        ("organizational-unit" | "policy", Action::Update) if differs("name") => "renamed",
        (_, action) => state(action),
    }
}
