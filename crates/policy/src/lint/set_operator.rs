//! Set operators are for keys of several values, and such keys need them
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).

use super::code::Code;
use super::finding::{Finding, Part};
use crate::BaseOperator;
use crate::services::services;
use crate::view::{Clause, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    policy.clauses().filter_map(|(_, clause)| mismatch(clause)).collect()
}

fn mismatch(clause: &Clause) -> Option<Finding> {
    let (prefix, _) = clause.key.split_once(':')?;
    let of_service = || services().get(&prefix.to_lowercase())?.key(&clause.key);
    let is_list = services().global_key(&clause.key).or_else(of_service)?.is_list;
    if clause.operator.base == BaseOperator::Null || is_list == clause.operator.quantifier.is_some() {
        return None;
    }
    let (message, help) = if is_list {
        (format!("`{}` holds several values", clause.key), "say by ForAnyValue or ForAllValues how many must match")
    } else {
        (format!("`{}` holds a single value", clause.key), "a set operator only changes what its absence means")
    };
    Some(Finding::new(Code::SetOperator, &clause.operator_path, message).on(Part::Key).help(help))
}
