//! `StringEquals` takes `*` and `?` literally
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).

use super::code::Code;
use super::finding::{Finding, Part};
use crate::value::Operand;
use crate::view::{Clause, Policy, Statement};
use crate::{BaseOperator, ConditionOperator};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    policy.clauses().flat_map(|(statement, clause)| in_clause(statement, clause)).collect()
}

fn in_clause(statement: &Statement<'_>, clause: &Clause) -> Vec<Finding> {
    let literal = |operand: &Operand| matches!(operand, Operand::Text(_) | Operand::Caseless(_));
    let wild = |operand: &Operand| operand.pattern().is_some_and(crate::value::Pattern::has_wildcards);
    let wrong = clause.values.iter().filter(|value| literal(&value.operand) && wild(&value.operand));
    wrong
        .map(|value| {
            let message = format!("`{}` takes the wildcard in `{}` literally", clause.operator, value.text);
            let finding = Finding::new(Code::EqualsWildcard, &value.path, message);
            match replacement(statement, clause) {
                Some(operator) => finding.help(format!("compare with wildcards by `{operator}`")).fix_at(
                    &clause.operator_path,
                    Part::Key,
                    format!("\"{operator}\""),
                ),
                None => finding.help("compare with wildcards by `StringLike`, in which case counts"),
            }
        })
        .collect()
}

/// The operator that heeds wildcards, where it can take this one's place.
fn replacement(statement: &Statement<'_>, clause: &Clause) -> Option<ConditionOperator> {
    let base = match clause.operator.base {
        BaseOperator::StringEquals => BaseOperator::StringLike,
        BaseOperator::StringNotEquals => BaseOperator::StringNotLike,
        _ => return None,
    };
    let operator = ConditionOperator { base, ..clause.operator };
    let is_free = statement.clauses.iter().all(|other| other.operator != operator);
    is_free.then_some(operator)
}
