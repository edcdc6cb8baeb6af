use crate::model::{Action, ApiCalls, Summary};

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

pub(super) fn calls(calls: &ApiCalls) -> String {
    count(usize::try_from(calls.total).unwrap_or(usize::MAX), "AWS call.", "AWS calls.")
}
