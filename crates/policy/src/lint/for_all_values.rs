//! `ForAllValues` is true where there are no values
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).

use serde_json::{Value, json};

use super::code::Code;
use super::finding::{Finding, Part};
use super::keys;
use crate::statement::pointer;
use crate::view::{Clause, Policy, Statement};
use crate::{BaseOperator, Effect, PolicyType, Quantifier};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let in_scp = policy.policy_type == PolicyType::ServiceControl;
    let in_rcp = policy.policy_type == PolicyType::ResourceControl;
    let all_values = |clause: &Clause| clause.operator.quantifier == Some(Quantifier::ForAllValues);
    let unguarded = |statement: &Statement<'_>, clause: &Clause| {
        // A denial of all who do not come through one of these services: those who come through none are meant.
        let is_denied = statement.effect == Effect::Deny && clause.operator.base.is_negated();
        let is_exemption = is_denied && keys::names_services_on_the_way(&clause.key);
        let is_meant = clause.operator.if_exists || is_exemption;
        let has_null = statement.asks_null(&clause.key, false);
        let is_present = keys::is_always_present(&clause.key, in_scp) || (in_rcp && is_resources_path(&clause.key));
        clause.operator.base != BaseOperator::Null && !has_null && !is_meant && !is_present
    };
    let wrong = policy.clauses().filter(|(statement, clause)| all_values(clause) && unguarded(statement, clause));
    wrong.map(|(statement, clause)| finding(statement, clause)).collect()
}

/// What an RCP decides about is a resource of the organization, so that it has a path.
fn is_resources_path(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:ResourceOrgPaths")
}

fn finding(statement: &Statement<'_>, clause: &Clause) -> Finding {
    let done = if statement.effect == Effect::Allow { "allowed" } else { "denied" };
    let message = format!("requests without `{}` are {done} too: `ForAllValues` is true of nothing", clause.key);
    let finding = Finding::new(Code::ForAllValuesOfNothing, &clause.operator_path, message).on(Part::Key);
    let finding = finding.help(format!("add \"Null\": {{\"{}\": \"false\"}}, or use `ForAnyValue`", clause.key));
    match guarded(statement, &clause.key) {
        Some(condition) => finding.fix_at(pointer(&statement.path, "Condition"), Part::Value, condition.to_string()),
        None => finding,
    }
}

/// The statement's `Condition` with a demand that the key is there.
fn guarded(statement: &Statement<'_>, key: &str) -> Option<Value> {
    let mut condition = statement.value.get("Condition")?.clone();
    let operators = condition.as_object_mut()?;
    let null = operators.entry("Null").or_insert_with(|| json!({}));
    null.as_object_mut()?.insert(key.to_owned(), json!("false"));
    Some(condition)
}
