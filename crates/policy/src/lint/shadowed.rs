//! Statements that another statement of the policy makes superfluous, or void.

use super::code::Code;
use super::finding::Finding;
use crate::Effect;
use crate::view::{Policy, Statement};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let each = policy.statements.iter().enumerate();
    each.filter_map(|(index, statement)| shadowed(policy, index, statement)).collect()
}

fn shadowed(policy: &Policy<'_>, index: usize, statement: &Statement<'_>) -> Option<Finding> {
    let (by, other) = policy.statements.iter().enumerate().find(|(place, other)| {
        let shadows = *place != index && may_shadow(other, statement) && other.takes_in(statement);
        // Of two that mean the same, the later one is superfluous.
        shadows && (*place < index || other.effect != statement.effect || !statement.takes_in(other))
    })?;
    let number = by + 1;
    let message = match (statement.effect, other.effect) {
        (Effect::Allow, Effect::Deny) => format!("this allows nothing: statement {number} denies all of it"),
        _ => format!("statement {number} does all that this does"),
    };
    Some(Finding::new(Code::ShadowedStatement, &statement.path, message).help("remove it"))
}

/// A denial is shadowed by a denial only, an allowance by both.
fn may_shadow(other: &Statement<'_>, statement: &Statement<'_>) -> bool {
    other.effect == Effect::Deny || statement.effect == Effect::Allow
}
