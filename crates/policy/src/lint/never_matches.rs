//! What no request can meet.

use super::code::Code;
use super::finding::Finding;
use crate::view::{Clause, List, Policy, Statement, Wanted};
use crate::{BaseOperator, Effect};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in &policy.statements {
        findings.extend([&statement.actions, &statement.resources].into_iter().filter_map(leaves_nothing));
        for clause in &statement.clauses {
            findings.extend(has_no_values(clause).or_else(|| contradicts(statement, clause)));
            findings.extend(clause.values.iter().filter_map(|value| unreadable(statement, clause, value)));
            findings.extend(clause.values.iter().filter_map(|value| names_a_session(clause, value)));
        }
    }
    findings
}

/// `NotAction: "*"` leaves no action.
fn leaves_nothing(list: &List) -> Option<Finding> {
    let everything = list.items.iter().find(|item| item.pattern.matches_anything()).filter(|_| list.negated)?;
    let message = format!("`{}` of everything leaves nothing: the statement never matches", list.name);
    Some(Finding::new(Code::NeverMatches, &everything.path, message))
}

fn has_no_values(clause: &Clause) -> Option<Finding> {
    clause.values.is_empty().then(|| {
        let message = format!("there is no value with which `{}` is compared", clause.key);
        Finding::new(Code::NeverMatches, &clause.key_path, message)
    })
}

fn unreadable(statement: &Statement<'_>, clause: &Clause, value: &Wanted) -> Option<Finding> {
    let wrong = !value.operand.is_readable() && clause.operator.base != BaseOperator::Null;
    wrong.then(|| {
        let outcome = outcome(statement, clause);
        let message = format!("`{}` cannot read `{}`: {outcome}", clause.operator, value.text);
        Finding::new(Code::UnreadableValue, &value.path, message).help(match clause.operator.base {
            BaseOperator::Bool => "write true or false",
            BaseOperator::IpAddress | BaseOperator::NotIpAddress => "write an address or a range, as 203.0.113.0/24",
            base if base.name().starts_with("Date") => "write a date, as 2026-01-31T12:00:00Z",
            base if base.name().starts_with("Arn") => "write an ARN, as arn:aws:iam::111111111111:role/Name",
            _ => "write a number",
        })
    })
}

/// What comes of a value that matches nothing: under a negated operator the opposite of what it does elsewhere. Where no
/// value of the condition can be read, that decides the condition.
fn outcome(statement: &Statement<'_>, clause: &Clause) -> String {
    let is_alone = clause.values.iter().all(|value| !value.operand.is_readable());
    let denies = statement.effect == Effect::Deny;
    let (does, done) = if denies { ("denies", "denied") } else { ("allows", "allowed") };
    match (clause.operator.base.is_negated(), is_alone) {
        (false, false) => "it matches nothing".to_owned(),
        (true, false) => "it matches nothing, so that it exempts no request".to_owned(),
        (false, true) if clause.operator.holds_without_key() => {
            format!("it matches nothing, so that the statement {does} only requests without `{}`", clause.key)
        }
        (false, true) => format!("it matches nothing, so that the statement {does} nothing"),
        (true, true) if clause.operator.holds_without_key() => {
            format!(
                "it matches nothing, so that the condition always holds: whatever `{}` is, it is {done}",
                clause.key
            )
        }
        (true, true) => {
            format!("it matches nothing, so that every request with `{}` is {done}, whatever that is", clause.key)
        }
    }
}

/// `aws:PrincipalArn` holds the role's ARN, never that of its session
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn>).
fn names_a_session(clause: &Clause, value: &Wanted) -> Option<Finding> {
    let of_principal = clause.is_on("aws:PrincipalArn") && value.text.contains(":assumed-role/");
    of_principal.then(|| {
        let message = "`aws:PrincipalArn` is the role's ARN, not its session's: this matches nothing";
        let finding = Finding::new(Code::NeverMatches, &value.path, message);
        match role_of(&value.text) {
            Some(role) => finding.fix(format!("\"{role}\"")),
            None => finding,
        }
    })
}

fn role_of(session: &str) -> Option<String> {
    let (start, rest) = session.split_once(":sts:")?;
    let (account, role) = rest.split_once(":assumed-role/")?;
    let name = role.split('/').next()?;
    Some(format!("{start}:iam:{account}:role/{name}"))
}

/// Two conditions on one key that exclude each other.
fn contradicts(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let needs_the_key = clause.operator.base != BaseOperator::Null && !clause.operator.holds_without_key();
    let absent = needs_the_key && statement.asks_null(&clause.key, true) && !statement.asks_null(&clause.key, false);
    if absent {
        let message =
            format!("`{}` must be absent by `Null`, and this needs it: the statement never matches", clause.key);
        return Some(Finding::new(Code::NeverMatches, &clause.key_path, message));
    }
    excluded(statement, clause)
}

/// Whether every value that is asked for is one that another condition does not want.
fn excluded(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let is_plain = |clause: &Clause| clause.operator.quantifier.is_none() && !clause.operator.if_exists;
    if clause.operator.base != BaseOperator::StringEquals || !is_plain(clause) {
        return None;
    }
    let unwanted = |text: &str, other: &Clause| match other.operator.base {
        BaseOperator::StringNotEquals => other.values.iter().any(|value| value.text == text),
        BaseOperator::StringNotLike => {
            other.values.iter().any(|value| value.operand.pattern().is_some_and(|pattern| pattern.matches(text)))
        }
        _ => false,
    };
    let others = statement.on_key(&clause.key).filter(|other| other.operator.quantifier.is_none());
    let by = others.into_iter().find(|other| clause.values.iter().all(|value| unwanted(&value.text, other)))?;
    let message = format!("`{}` excludes every value that this asks for: the statement never matches", by.operator);
    Some(Finding::new(Code::NeverMatches, &clause.key_path, message))
}
