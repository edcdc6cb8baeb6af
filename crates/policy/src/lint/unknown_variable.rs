//! `${…}` that names no condition key, such as a place that was to be filled in
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use super::code::Code;
use super::finding::Finding;
use crate::value::Pattern;
use crate::view::Policy;

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let of_resources = policy.statements.iter().flat_map(|statement| &statement.resources.items);
    let of_resources = of_resources.map(|item| (&item.pattern, &item.path));
    let of_conditions = policy.clauses().flat_map(|(_, clause)| &clause.values);
    let of_conditions = of_conditions.filter_map(|value| Some((value.operand.pattern()?, &value.path)));
    of_resources.chain(of_conditions).filter_map(|(pattern, path)| unknown(pattern, path)).collect()
}

fn unknown(pattern: &Pattern, path: &str) -> Option<Finding> {
    let variable = pattern.variables().find(|variable| !variable.key().contains(':'))?;
    let message = format!("`${{{}}}` is no policy variable: no request has a value for it", variable.key());
    Some(Finding::new(Code::UnknownVariable, path, message).help("a variable names a condition key: ${aws:username}"))
}
