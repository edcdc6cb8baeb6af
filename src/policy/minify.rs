//! Shorter policies with the same meaning.
//!
//! What is done is exact for every request, also for actions that AWS adds later: nothing is replaced by a wildcard that
//! was not there.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::check::check_grammar;
use super::view::{Clause, List, Policy, Statement};
use super::{Language, PolicyType, size};

/// The policy with as few values and statements as can be found: values that others cover and statements that others
/// take in are left out, statements that differ in their actions or resources alone are joined, and lists of one value
/// become that value. Requests are decided as before; a joined statement keeps the first `Sid`.
///
/// A policy in which AWS would refuse something is answered as it is, since what it means is not known; its size does
/// not matter. So is one that is not in IAM's language.
#[must_use]
pub fn shortened(document: &Value, policy_type: PolicyType) -> Value {
    let Some(mut statements) = understood(document, policy_type) else { return document.clone() };
    loop {
        let whole = with_statements(document, &statements);
        match step(&Policy::new(&whole, policy_type)) {
            Some(fewer) => statements = fewer,
            None => break,
        }
    }
    with_unwrapped(document, statements)
}

/// The policy with single values in place of lists of one, and nothing else changed.
pub(super) fn unwrapped(document: &Value) -> Value {
    statements_of(document).map_or_else(|| document.clone(), |statements| with_unwrapped(document, statements))
}

/// The statements of policies of one target in as few policies as they fit into, each of at most `limit` characters.
/// At one target it makes no difference which of its policies a statement stands in. A `Sid` that several of them have
/// gets a number.
///
/// `None` if a statement alone is larger, or AWS would refuse something in one of the policies.
#[must_use]
pub fn packed(documents: &[Value], policy_type: PolicyType, limit: usize) -> Option<Vec<Value>> {
    let understood = |document| understood(document, policy_type);
    let mut all: Vec<Value> = documents.iter().map(understood).collect::<Option<Vec<_>>>()?.concat();
    number_sids(&mut all);
    let empty = json!({"Version": "2012-10-17", "Statement": []});
    let policy = |statements: &[Value]| with_statements(&empty, statements);
    let mut statements = statements_of(&shortened(&policy(&all), policy_type))?;
    statements.sort_by_key(|statement| std::cmp::Reverse(size(statement)));
    let mut bins: Vec<Vec<Value>> = Vec::new();
    for statement in statements {
        let with = |bin: &Vec<Value>| policy(&[bin.as_slice(), std::slice::from_ref(&statement)].concat());
        match bins.iter().position(|bin| size(&with(bin)) <= limit) {
            Some(place) => bins[place].push(statement),
            None if size(&policy(std::slice::from_ref(&statement))) <= limit => bins.push(vec![statement]),
            None => return None,
        }
    }
    Some(bins.iter().map(|bin| policy(bin)).collect())
}

/// What to do where `documents`, the policies of one target, have only `places` places, in words; each may have `limit`
/// characters.
#[must_use]
pub fn how_to_pack(documents: &[Value], policy_type: PolicyType, limit: usize, places: usize) -> String {
    match packed(documents, policy_type, limit).map(|packed| packed.len()) {
        None => "join some, or attach some of them to another level".to_owned(),
        Some(as_many) if as_many >= documents.len() => {
            "they cannot be joined into fewer: attach some of them to another level".to_owned()
        }
        Some(1) if places > 0 => "all that they say fits into 1 policy: join them".to_owned(),
        Some(fewer) if fewer <= places => format!("all that they say fits into {fewer} policies: join them"),
        Some(fewer) => format!("joined as far as it goes they are still {fewer}: attach some of them to another level"),
    }
}

/// The statements of a policy in which everything is understood.
fn understood(document: &Value, policy_type: PolicyType) -> Option<Vec<Value>> {
    let is_understood = policy_type.language() == Language::Iam && check_grammar(document, policy_type).is_empty();
    statements_of(document).filter(|_| is_understood)
}

fn statements_of(document: &Value) -> Option<Vec<Value>> {
    match document.get("Statement")? {
        Value::Array(statements) => Some(statements.clone()),
        single => Some(vec![single.clone()]),
    }
}

/// The document with other statements; one that stood outside of a list stays there.
fn with_statements(document: &Value, statements: &[Value]) -> Value {
    let mut whole = document.clone();
    whole["Statement"] = match statements {
        [only] if document["Statement"].is_object() => only.clone(),
        _ => Value::from(statements.to_vec()),
    };
    whole
}

fn with_unwrapped(document: &Value, statements: Vec<Value>) -> Value {
    with_statements(document, &statements.into_iter().map(unwrapped_statement).collect::<Vec<_>>())
}

/// AWS takes a `Sid` once in a policy.
fn number_sids(statements: &mut [Value]) {
    let sid = |statement: &Value| statement.get("Sid").and_then(Value::as_str).map(str::to_owned);
    let mut taken: BTreeSet<String> = statements.iter().filter_map(sid).collect();
    let mut seen = BTreeSet::new();
    for statement in statements {
        let Some(own) = sid(statement).filter(|own| !own.is_empty() && !seen.insert(own.clone())) else { continue };
        let free = (2..).map(|number| format!("{own}{number}")).find(|name| taken.insert(name.clone()));
        statement["Sid"] = json!(free);
    }
}

/// The statements with one thing less, or `None` if nothing is superfluous.
fn step(policy: &Policy<'_>) -> Option<Vec<Value>> {
    without_values(policy).or_else(|| without_statement(policy)).or_else(|| joined(policy))
}

fn values(policy: &Policy<'_>) -> Vec<Value> {
    policy.statements.iter().map(|statement| statement.value.clone()).collect()
}

fn without_values(policy: &Policy<'_>) -> Option<Vec<Value>> {
    let has_superfluous = |list: &List| list.superfluous().next().is_some();
    let mut all = values(policy);
    let mut found = false;
    for (value, statement) in all.iter_mut().zip(&policy.statements) {
        for list in [&statement.actions, &statement.resources].into_iter().filter(|list| has_superfluous(list)) {
            let superfluous: Vec<&str> = list.superfluous().map(|(item, _)| item.path.as_str()).collect();
            let kept = list.items.iter().filter(|item| !superfluous.contains(&item.path.as_str()));
            value[list.name] = kept.map(|item| item.text.as_str()).collect();
            found = true;
        }
    }
    found.then_some(all)
}

fn without_statement(policy: &Policy<'_>) -> Option<Vec<Value>> {
    let is_superfluous = |index: usize, statement: &Statement<'_>| {
        policy.statements.iter().enumerate().any(|(place, other)| {
            let takes_in = place != index && other.effect == statement.effect && other.takes_in(statement);
            takes_in && (place < index || !statement.takes_in(other))
        })
    };
    let index = policy.statements.iter().enumerate().position(|(index, statement)| is_superfluous(index, statement))?;
    let mut all = values(policy);
    all.remove(index);
    Some(all)
}

/// Two statements as one, if they differ in their actions alone, or in their resources alone.
fn joined(policy: &Policy<'_>) -> Option<Vec<Value>> {
    let pairs = (0..policy.statements.len())
        .flat_map(|first| (first + 1..policy.statements.len()).map(move |second| (first, second)));
    for (first, second) in pairs {
        let (one, two) = (&policy.statements[first], &policy.statements[second]);
        let Some((name, items)) = join(one, two) else { continue };
        let mut all = values(policy);
        let second = all.remove(second);
        all[first][name] = items;
        if all[first].get("Sid").is_none()
            && let Some(sid) = second.get("Sid")
        {
            all[first]["Sid"] = sid.clone();
        }
        return Some(all);
    }
    None
}

/// The list in which two statements may be joined, and what it holds then.
fn join(one: &Statement<'_>, two: &Statement<'_>) -> Option<(&'static str, Value)> {
    let is_alike = one.effect == two.effect && one.has_principals_of(two);
    if !is_alike || !is_same_condition(&one.clauses, &two.clauses) {
        return None;
    }
    let both =
        |a: &List, b: &List| a.items.iter().chain(&b.items).map(|item| Value::from(item.text.as_str())).collect();
    let plain = |a: &List, b: &List| !a.negated && !b.negated;
    if is_same_list(&one.resources, &two.resources) && plain(&one.actions, &two.actions) {
        Some((one.actions.name, both(&one.actions, &two.actions)))
    } else if is_same_list(&one.actions, &two.actions) && plain(&one.resources, &two.resources) {
        Some((one.resources.name, both(&one.resources, &two.resources)))
    } else {
        None
    }
}

fn is_same_list(one: &List, two: &List) -> bool {
    one.negated == two.negated && one.covers(two) && two.covers(one)
}

fn is_same_condition(one: &[Clause], two: &[Clause]) -> bool {
    let all_in = |these: &[Clause], those: &[Clause]| these.iter().all(|a| those.iter().any(|b| a.is_same_as(b)));
    all_in(one, two) && all_in(two, one)
}

/// The statement with single values in place of lists of one.
fn unwrapped_statement(mut statement: Value) -> Value {
    for name in ["Action", "NotAction", "Resource", "NotResource"] {
        if let Some(value) = statement.get_mut(name) {
            unwrap(value);
        }
    }
    let condition = statement.get_mut("Condition").and_then(Value::as_object_mut);
    let operators = condition.into_iter().flat_map(|operators| operators.values_mut());
    for keys in operators.filter_map(Value::as_object_mut) {
        keys.values_mut().for_each(unwrap);
    }
    statement
}

fn unwrap(value: &mut Value) {
    if let Value::Array(items) = value
        && items.len() == 1
        && let Some(only) = items.pop()
    {
        *value = only;
    }
}
