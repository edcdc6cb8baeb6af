//! Conditions of which AWS's documents do not say what they mean.

use super::code::Code;
use super::finding::Finding;
use super::keys;
use crate::PolicyType;
use crate::value::{Operand, Pattern};
use crate::view::{Policy, Statement};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let in_scp = policy.policy_type == PolicyType::ServiceControl;
    let mut findings = Vec::new();
    for (statement, clause) in policy.clauses() {
        for value in &clause.values {
            let Some(pattern) = value.operand.pattern() else { continue };
            if let Operand::Arn(arn) = &value.operand
                && arn.is_partial()
            {
                let negated = clause.operator.base.is_negated();
                let always = if negated { "; if nothing, this condition always holds" } else { "" };
                let text = &value.text;
                let message = format!("`{text}` has fewer parts than an ARN: AWS does not say what it matches{always}");
                let help = "write all six parts, with `*` where any will do: arn:*:iam::*:role/Name";
                findings.push(Finding::new(Code::Unsettled, &value.path, message).help(help));
            }
            if clause.operator.base.is_negated() && !clause.operator.if_exists {
                findings.extend(open_variable(statement, &clause.key, pattern, &value.path, in_scp));
            }
        }
    }
    for statement in policy.statements.iter().filter(|statement| statement.resources.negated) {
        for item in &statement.resources.items {
            findings.extend(open_variable(statement, "", &item.pattern, &item.path, in_scp));
        }
    }
    findings
}

/// A variable that may be without a value where the opposite of a match is asked for.
fn open_variable(
    statement: &Statement<'_>,
    compared: &str,
    pattern: &Pattern,
    path: &str,
    in_scp: bool,
) -> Option<Finding> {
    let is_open = |key: &str| {
        key.contains(':')
            && !keys::is_always_present(key, in_scp)
            && !statement.asks_null(key, false)
            && !key.eq_ignore_ascii_case(compared)
    };
    let variable = pattern.variables().find(|variable| variable.default().is_none() && is_open(variable.key()))?;
    let key = variable.key();
    let message = format!("AWS does not say what this means for requests without `{key}`");
    Some(Finding::new(Code::Unsettled, path, message).help(format!("give it a default: ${{{key}, 'none'}}")))
}
