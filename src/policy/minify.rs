//! Shorter policies with the same meaning.
//!
//! What is done is exact for every request, also for actions that AWS adds later: nothing is replaced by a wildcard that
//! was not there.

use serde_json::{Map, Value, json};

use super::view::{Clause, List, Policy, Statement};
use super::{PolicyType, Quotas, size};

/// The policy with as few values and statements as can be found: values that others cover and statements that others
/// take in are left out, statements that differ in their actions or resources alone are joined, and lists of one value
/// become that value. Requests are decided as before; a joined statement keeps the first `Sid`.
///
/// A policy of which not everything is understood is answered as it is.
#[must_use]
pub fn shortened(document: &Value, policy_type: PolicyType) -> Value {
    let Some(mut statements) = statements_of(document) else { return document.clone() };
    let version = document.get("Version").cloned();
    let quotas = Quotas::default();
    loop {
        let whole = with_statements(version.as_ref(), &statements);
        let policy = Policy::new(&whole, policy_type, &quotas);
        if policy.statements.len() != statements.len() {
            return document.clone();
        }
        match step(&policy) {
            Some(fewer) => statements = fewer,
            None => break,
        }
    }
    with_statements(version.as_ref(), &statements.into_iter().map(unwrapped).collect::<Vec<_>>())
}

/// The statements of policies of one target in as few policies as they fit into, each of at most `limit` characters.
/// At one target it makes no difference which of its policies a statement stands in.
///
/// `None` if a statement alone is larger.
#[must_use]
pub fn packed(documents: &[Value], policy_type: PolicyType, limit: usize) -> Option<Vec<Value>> {
    let all: Vec<Value> = documents.iter().map(statements_of).collect::<Option<Vec<_>>>()?.concat();
    let joined = shortened(&with_statements(Some(&json!("2012-10-17")), &all), policy_type);
    let mut statements = statements_of(&joined)?;
    statements.sort_by_key(|statement| std::cmp::Reverse(size(statement)));
    let policy = |statements: &[Value]| with_statements(Some(&json!("2012-10-17")), statements);
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

fn statements_of(document: &Value) -> Option<Vec<Value>> {
    match document.get("Statement")? {
        Value::Array(statements) => Some(statements.clone()),
        single => Some(vec![single.clone()]),
    }
}

fn with_statements(version: Option<&Value>, statements: &[Value]) -> Value {
    let mut members = Map::new();
    members.extend(version.map(|version| ("Version".to_owned(), version.clone())));
    members.insert("Statement".to_owned(), Value::from(statements.to_vec()));
    Value::Object(members)
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
    let same_principal = one.value.get("Principal") == two.value.get("Principal");
    if one.effect != two.effect || !same_principal || !is_same_condition(&one.clauses, &two.clauses) {
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
fn unwrapped(mut statement: Value) -> Value {
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
