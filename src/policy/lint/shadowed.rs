//! Statements that another statement of the policy makes superfluous, or void.

use super::finding::{Code, Finding};
use super::view::{Policy, Statement};
use crate::policy::Effect;

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let each = policy.statements.iter().enumerate();
    each.filter_map(|(index, statement)| shadowed(policy, index, statement)).collect()
}

fn shadowed(policy: &Policy<'_>, index: usize, statement: &Statement<'_>) -> Option<Finding> {
    let (by, other) = policy.statements.iter().enumerate().find(|(place, other)| {
        let shadows = *place != index && may_shadow(other, statement) && takes_in(other, statement);
        // Of two that mean the same, the later one is superfluous.
        shadows && (*place < index || other.effect != statement.effect || !takes_in(statement, other))
    })?;
    let number = by + 1;
    let message = match (statement.effect, other.effect) {
        (Effect::Allow, Effect::Deny) => format!("this allows nothing: statement {number} denies all of it"),
        _ => format!("statement {number} does all that this does"),
    };
    Some(Finding::new(Code::ShadowedStatement, &statement.path, message).help("take it away"))
}

/// A denial is shadowed by a denial only, an allowance by both.
fn may_shadow(other: &Statement<'_>, statement: &Statement<'_>) -> bool {
    other.effect == Effect::Deny || statement.effect == Effect::Allow
}

/// Whether every request that `narrow` matches is matched by `wide`, as far as that is certain.
fn takes_in(wide: &Statement<'_>, narrow: &Statement<'_>) -> bool {
    wide.actions.covers(&narrow.actions)
        && wide.resources.covers(&narrow.resources)
        && wide.clauses.iter().all(|clause| narrow.clauses.iter().any(|other| clause.is_same_as(other)))
}
