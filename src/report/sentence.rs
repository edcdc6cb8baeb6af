use super::line::Line;
use super::paint::Paint;
use crate::model::{Action, ApiCalls, Plan, Summary};

/// `1 account`, `3 accounts`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How many changes of each action, in the order in which people ask for them.
pub(super) fn counts(summary: &Summary) -> Vec<(usize, Action)> {
    let all = [
        (summary.create, Action::Create),
        (summary.update, Action::Update),
        (summary.moved, Action::Move),
        (summary.adopt, Action::Adopt),
        (summary.delete, Action::Delete),
    ];
    all.into_iter().filter(|(number, _)| *number > 0).collect()
}

/// `Plan: 5 to create, 1 to update, 12 unchanged. 37 AWS calls.`
pub(super) fn summary(plan: &Plan) -> Line {
    let mut line = Line::of(Paint::Strong, "Plan: ");
    for (number, action) in counts(&plan.summary) {
        line = line.with(Paint::of_action(action), format!("{number} to {}", action.verb())).plain(", ");
    }
    line.plain(format!("{} unchanged. ", plan.summary.unchanged)).with(Paint::Dim, calls(&plan.api_calls))
}

/// The one line that a plan without changes has.
pub(super) fn agreement(plan: &Plan) -> Line {
    let compared = count(plan.summary.unchanged, "thing", "things");
    let blueprint = super::clean(&plan.blueprint.name);
    Line::of(Paint::Good, "Nothing to do")
        .plain(format!(": the organization agrees with {blueprint} ({compared}). "))
        .with(Paint::Dim, calls(&plan.api_calls))
}

pub(super) fn calls(calls: &ApiCalls) -> String {
    count(usize::try_from(calls.total).unwrap_or(usize::MAX), "AWS call.", "AWS calls.")
}
