//! Condition keys that nothing carries, or that the statement's actions do not carry.

use super::code::Code;
use super::finding::Finding;
use super::reach::{Reached, reached};
use crate::services::{Key, meant, services};
use crate::view::{Clause, Policy, Statement};
use crate::{BaseOperator, Effect};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    policy.statements.iter().flat_map(in_statement).collect()
}

fn in_statement(statement: &Statement<'_>) -> Vec<Finding> {
    let actions = reached(statement);
    let one = |clause: &Clause| match clause.key.split_once(':') {
        Some((prefix, _)) if prefix.eq_ignore_ascii_case("aws") => unknown_global(clause),
        Some((prefix, _)) => {
            let of_service = services().get(&prefix.to_lowercase())?;
            if of_service.key(&clause.key).is_none() {
                return Some(unknown(clause, &of_service.keys));
            }
            let is_told = of_service.shows_who_carries(&clause.key);
            not_carried(statement, clause, actions.as_deref().filter(|_| is_told)?)
        }
        None => None,
    };
    statement.clauses.iter().filter_map(one).collect()
}

fn unknown_global(clause: &Clause) -> Option<Finding> {
    let services = services();
    let of_some_service = ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"];
    let lower = clause.key.to_lowercase();
    if services.global_key(&clause.key).is_some() || of_some_service.iter().any(|start| lower.starts_with(start)) {
        return None;
    }
    Some(unknown(clause, services.global_keys()))
}

fn unknown<'a>(clause: &Clause, known: impl IntoIterator<Item = &'a Key>) -> Finding {
    let name = |key: &'a Key| key.name.split_once(':').map_or("", |(_, name)| name);
    let (prefix, wrong) = clause.key.split_once(':').unwrap_or_default();
    let better = meant(wrong, known.into_iter().map(name)).map(|name| format!("{prefix}:{name}"));
    let message = format!("no request carries `{}`, as of {}", clause.key, services().date());
    let finding = Finding::new(Code::UnknownKey, &clause.key_path, message).on(super::Part::Key);
    match better {
        Some(key) => {
            let finding = finding.help(format!("did you mean `{key}`?"));
            if key.contains('*') { finding } else { finding.fix(format!("\"{key}\"")) }
        }
        None => finding.help("a condition on a key that is absent holds only if it is negated or has `IfExists`"),
    }
}

/// A key of a service that the statement's actions do not carry. That is wrong if none does; if some do not, it
/// matters where the statement names them and the absence of the key decides.
fn not_carried(statement: &Statement<'_>, clause: &Clause, actions: &[Reached]) -> Option<Finding> {
    let carries = |reached: &&Reached| {
        // Some keys, such as `kms:ViaService`, come with calls of another service: only the key's own are judged.
        let own = clause.key.split(':').next().is_some_and(|prefix| prefix.eq_ignore_ascii_case(reached.prefix));
        !own || reached.service.carries(reached.action, &clause.key)
    };
    let without: Vec<&Reached> = actions.iter().filter(|reached| !carries(reached)).collect();
    if without.len() == actions.len() {
        let message = format!("none of the actions here carries `{}`", clause.key);
        let help =
            if holds_without(clause) { "the condition holds for all of them" } else { "the condition never holds" };
        return Some(Finding::new(Code::KeyNeverCarried, &clause.key_path, message).on(super::Part::Key).help(help));
    }
    let named: Vec<&str> =
        without.iter().filter(|reached| reached.is_named).map(|reached| reached.action.name.as_str()).collect();
    let decides = statement.effect == Effect::Deny && holds_without(clause);
    (decides && !named.is_empty()).then(|| {
        let message = format!("these never carry `{}` and are always denied: {}", clause.key, named.join(", "));
        Finding::new(Code::KeyNotCarriedByAll, &clause.key_path, message)
            .on(super::Part::Key)
            .help("move them to a statement without this condition, or leave them out")
    })
}

fn holds_without(clause: &Clause) -> bool {
    match clause.operator.base {
        BaseOperator::Null => clause.values.iter().any(|value| value.is_bool(true)),
        _ => clause.operator.holds_without_key(),
    }
}
