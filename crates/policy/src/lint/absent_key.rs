//! Conditions that forget requests without the key
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).

use super::code::Code;
use super::finding::{Finding, Part};
use super::keys;
use super::reach::{Reached, reached};
use crate::view::{Clause, Policy, Statement};
use crate::{BaseOperator, ConditionOperator, Effect, PolicyType};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let each = policy.clauses().filter_map(|(statement, clause)| match statement.effect {
        Effect::Deny => slips_past(policy, statement, clause),
        Effect::Allow => is_let_through(clause),
    });
    each.collect()
}

/// A denial of one value that the absence of the key means as well.
fn slips_past(policy: &Policy<'_>, statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let operator = clause.operator;
    if operator.if_exists || operator.quantifier.is_some() || !asks_for_the_unwanted(statement, clause) {
        return None;
    }
    let in_scp = policy.policy_type == PolicyType::ServiceControl;
    let is_present = keys::is_always_present(&clause.key, in_scp) || keys::is_reported_in_creations(&clause.key);
    if is_present || is_settled(policy, statement, &clause.key) {
        return None;
    }
    let message = format!("requests without `{}` slip past this denial", clause.key);
    let finding = Finding::new(Code::MissesAbsentKey, &clause.operator_path, message).on(Part::Key);
    let with_if_exists = ConditionOperator { if_exists: true, ..operator };
    let finding = finding.help(format!("`{with_if_exists}` holds for them too"));
    let is_free = statement.clauses.iter().all(|other| other.operator != with_if_exists);
    let is_mechanical = clause.beside == 1 && is_free && all_may_carry(statement, &clause.key);
    Some(if is_mechanical { finding.fix(format!("\"{with_if_exists}\"")) } else { finding })
}

/// Whether each action may carry the key, so that `IfExists` does not deny what never has it.
fn all_may_carry(statement: &Statement<'_>, key: &str) -> bool {
    let is_global = key.to_lowercase().starts_with("aws:");
    let carry = |actions: Vec<Reached>| actions.iter().all(|one| one.service.carries(one.action, key));
    is_global || reached(statement).is_some_and(carry)
}

fn asks_for_the_unwanted(statement: &Statement<'_>, clause: &Clause) -> bool {
    let all = |wanted: &dyn Fn(&str) -> bool| {
        !clause.values.is_empty() && clause.values.iter().all(|value| wanted(&value.text))
    };
    match clause.operator.base {
        BaseOperator::Bool if keys::safe_bool(&clause.key) == Some(false) => false,
        BaseOperator::Bool => all(&|value| value.eq_ignore_ascii_case("false")),
        BaseOperator::StringEquals | BaseOperator::StringEqualsIgnoreCase | BaseOperator::StringLike => all(&|value| {
            let is_false = value.eq_ignore_ascii_case("false") && keys::is_protective(&clause.key);
            is_false || keys::is_default(&clause.key, value) && !only_updates(statement)
        }),
        BaseOperator::NumericGreaterThan | BaseOperator::NumericGreaterThanEquals => {
            clause.is_on("aws:MultiFactorAuthAge")
        }
        _ => false,
    }
}

/// An update that does not speak of something leaves it as it is, and does not set it to what a creation does.
fn only_updates(statement: &Statement<'_>) -> bool {
    let is_update =
        |action: &str| action.split_once(':').is_some_and(|(_, name)| name.to_lowercase().starts_with("update"));
    !statement.actions.negated && statement.actions.items.iter().all(|item| is_update(&item.text))
}

/// Whether the statement itself or another one speaks of the key's absence.
fn is_settled(policy: &Policy<'_>, statement: &Statement<'_>, key: &str) -> bool {
    let elsewhere =
        policy.denying().any(|other| other.asks_null(key, true) && other.actions.covers(&statement.actions));
    elsewhere || statement.on_key(key).any(|clause| clause.operator.base == BaseOperator::Null)
}

/// An allowance for a second factor that holds where there can be none
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>).
fn is_let_through(clause: &Clause) -> Option<Finding> {
    let asks = clause.operator.base == BaseOperator::Bool && clause.values.iter().any(|value| value.is_bool(true));
    let wrong = clause.operator.if_exists && asks && keys::is_protective(&clause.key);
    wrong.then(|| {
        let message = format!("requests without `{}` are allowed too", clause.key);
        let finding = Finding::new(Code::AllowsAbsentKey, &clause.operator_path, message).on(Part::Key);
        let bare = ConditionOperator { if_exists: false, ..clause.operator };
        finding.help(format!("`{bare}` demands that the key is there"))
    })
}
