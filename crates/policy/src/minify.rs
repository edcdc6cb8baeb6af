//! Shorter policies with the same meaning.
//!
//! What is done is exact for every request, also for actions that AWS adds later: nothing is replaced by a wildcard that
//! was not there.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::check::check_grammar;
use super::view::{Clause, Item, List, Policy, Statement};
use super::{Effect, Language, PolicyType, size};

/// The policy with as few values and statements as can be found: values that others cover and statements that others
/// take in are left out, statements that differ in their actions or resources alone are joined, and lists of one value
/// become that value. Requests are decided as before; a joined statement keeps the first `Sid`.
///
/// A policy in which AWS would refuse something is answered as it is, since what it means is not known; its size does
/// not matter. So is one that is not in IAM's language, and one with so many values that comparing them takes long.
#[must_use]
pub fn shortened(document: &Value, policy_type: PolicyType) -> Value {
    let is_comparable = || Policy::new(document, policy_type).is_comparable();
    let understood = understood(document, policy_type).filter(|_| is_comparable());
    let Some(mut statements) = understood else { return document.clone() };
    loop {
        let whole = with_statements(document, &statements);
        match step(&Policy::new(&whole, policy_type)) {
            Some(fewer) => statements = fewer,
            None => break,
        }
    }
    with_unwrapped(document, statements)
}

/// A policy that says the same in fewer characters.
#[derive(Debug, Clone, PartialEq)]
pub struct ShorterForm {
    /// The shorter policy.
    pub document: Value,
    /// How many characters the longer one has.
    pub before: usize,
    /// How many this one has.
    pub after: usize,
}

impl ShorterForm {
    /// How it was made.
    pub const HELP: &'static str = "join the statements that differ in one list alone, and leave out what others cover";

    /// Of a policy, if it can be shortened.
    #[must_use]
    pub fn of(document: &Value, policy_type: PolicyType) -> Option<Self> {
        let short = shortened(document, policy_type);
        let (before, after) = (size(document), size(&short));
        (after < before).then_some(Self { document: short, before, after })
    }

    /// How much shorter it is, in a sentence.
    #[must_use]
    pub fn message(&self) -> String {
        format!("the same can be said in {} characters instead of {}", self.after, self.before)
    }

    /// The shorter policy as it is written into a file.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}", self.document)
    }
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
    let statements = statements_of(&shortened(&policy(&all), policy_type))?;
    let mut sized: Vec<(usize, Value)> =
        statements.into_iter().map(|statement| (size(&statement), statement)).collect();
    sized.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let mut bins: Vec<Bin> = Vec::new();
    for (taken, statement) in sized {
        let fits = |bin: &Bin| bin.size + COMMA + taken <= limit;
        match bins.iter_mut().find(|bin| fits(bin)) {
            Some(bin) => bin.add(COMMA + taken, statement),
            None if size(&empty) + taken <= limit => {
                bins.push(Bin { size: size(&empty) + taken, statements: vec![statement] });
            }
            None => return None,
        }
    }
    Some(bins.iter().map(|bin| policy(&bin.statements)).collect())
}

/// What stands between two statements, in characters.
const COMMA: usize = 1;

/// Statements that go into one policy, and its size.
struct Bin {
    size: usize,
    statements: Vec<Value>,
}

impl Bin {
    fn add(&mut self, taken: usize, statement: Value) {
        self.size += taken;
        self.statements.push(statement);
    }
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

/// The statements with fewer values, or fewer of them, or `None` if nothing is superfluous.
fn step(policy: &Policy<'_>) -> Option<Vec<Value>> {
    without_values(policy)
        .or_else(|| without_statements(policy))
        .or_else(|| joined(policy, |statement| (&statement.actions, &statement.resources)))
        .or_else(|| joined(policy, |statement| (&statement.resources, &statement.actions)))
}

fn without_values(policy: &Policy<'_>) -> Option<Vec<Value>> {
    let has_superfluous = |list: &List| list.superfluous().next().is_some();
    let mut all: Vec<Value> = policy.statements.iter().map(|statement| statement.value.clone()).collect();
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

/// Each that goes is taken in by one that is there at that moment, so that one of those that take each other in stays.
fn without_statements(policy: &Policy<'_>) -> Option<Vec<Value>> {
    let mut kept: Vec<usize> = (0..policy.statements.len()).collect();
    for (index, statement) in policy.statements.iter().enumerate() {
        let takes_in = |place: &usize| {
            let other = &policy.statements[*place];
            let may = *place != index && other.effect == statement.effect && other.takes_in(statement);
            may && (*place < index || !statement.takes_in(other))
        };
        if kept.iter().any(takes_in) {
            kept.retain(|place| *place != index);
        }
    }
    let is_fewer = kept.len() < policy.statements.len();
    is_fewer.then(|| kept.iter().map(|index| policy.statements[*index].value.clone()).collect())
}

/// Statements as one that differ in one list alone. `lists` answers that list and the one in which they must agree.
fn joined(
    policy: &Policy<'_>,
    lists: impl for<'s> Fn(&'s Statement<'_>) -> (&'s List, &'s List),
) -> Option<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for statement in &policy.statements {
        let (list, same) = lists(statement);
        let place = match list.negated {
            true => all.len(),
            false => *places.entry(what_must_agree(statement, same)).or_insert(all.len()),
        };
        match all.get_mut(place) {
            Some(first) => add(first, list, statement.value),
            None => all.push(statement.value.clone()),
        }
    }
    (all.len() < policy.statements.len()).then_some(all)
}

/// All of a statement but one of its lists, the same text for the same meaning.
fn what_must_agree(statement: &Statement<'_>, list: &List) -> String {
    let sorted = |texts: &mut dyn Iterator<Item = String>| texts.collect::<BTreeSet<String>>();
    let of_clause = |clause: &Clause| {
        let values = sorted(&mut clause.values.iter().map(|value| value.text.clone()));
        json!([clause.operator.to_string(), clause.key.to_lowercase(), values]).to_string()
    };
    let conditions = sorted(&mut statement.clauses.iter().map(of_clause));
    let is_of_actions = list.name.ends_with("Action");
    let text = |item: &Item| if is_of_actions { item.text.to_lowercase() } else { item.text.clone() };
    let items = sorted(&mut list.items.iter().map(text));
    let principals = ["Principal", "NotPrincipal"].map(|name| statement.value.get(name));
    json!([statement.effect == Effect::Allow, principals, conditions, list.name, items]).to_string()
}

/// Adds to a statement what stands in a list of another, and its `Sid` where it has none.
fn add(first: &mut Value, list: &List, other: &Value) {
    if let single @ Value::String(_) = &mut first[list.name] {
        *single = Value::Array(vec![single.take()]);
    }
    if let Some(items) = first[list.name].as_array_mut() {
        items.extend(list.items.iter().map(|item| Value::from(item.text.as_str())));
    }
    if first.get("Sid").is_none()
        && let Some(sid) = other.get("Sid")
    {
        first["Sid"] = sid.clone();
    }
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

#[cfg(test)]
mod tests;
