//! A policy statement taken apart into its elements, each with its set of values.
//!
//! What two spellings of the same statement share is decided here alone; comparing for meaning and
//! showing differences both build on it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// One element of a statement, for example `Action`, or one condition key under one operator.
///
/// Ordered and equal by meaning: the author's spelling takes no part.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// Where the element is, in the form that is compared: condition operators and keys in lower case.
    pub key: Vec<String>,
    /// Where the element is, as the author wrote it.
    pub path: Vec<String>,
    /// The values: the form that is compared, and how the author wrote it.
    pub values: BTreeMap<String, String>,
}

impl Element {
    fn new(path: &[&str], fold: Fold, value: &Value) -> Self {
        let key = match path {
            ["Condition", rest @ ..] => {
                std::iter::once("Condition".to_owned()).chain(rest.iter().map(|part| part.to_lowercase())).collect()
            }
            _ => path.iter().map(|&part| part.to_owned()).collect(),
        };
        Self { key, path: path.iter().map(|&part| part.to_owned()).collect(), values: values(fold, value) }
    }

    /// The element in the form that is compared.
    pub fn compared(&self) -> (&[String], Vec<&str>) {
        (&self.key, self.values.keys().map(String::as_str).collect())
    }
}

/// How the values of an element are compared.
#[derive(Debug, Clone, Copy)]
enum Fold {
    /// By every character.
    Exact,
    /// Whatever the case: actions.
    Case,
}

/// The elements of a statement, sorted.
///
/// A single value equals a list of it, order and repetition do not count, booleans and numbers equal
/// their strings, actions, condition operators and condition keys are compared whatever their case, and
/// an empty `Condition` is none
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).
pub(super) fn of_statement(statement: &Value) -> Vec<Element> {
    let mut elements = match statement {
        Value::Object(object) => object.iter().flat_map(|(name, value)| of_member(name, value)).collect(),
        other => vec![Element::new(&[], Fold::Exact, other)],
    };
    elements.sort_by(|a, b| a.compared().cmp(&b.compared()));
    elements
}

fn of_member(name: &str, value: &Value) -> Vec<Element> {
    match (name, value) {
        ("Action" | "NotAction", _) => vec![Element::new(&[name], Fold::Case, value)],
        ("Condition", Value::Object(operators)) => {
            operators.iter().flat_map(|(operator, keys)| of_operator(operator, keys)).collect()
        }
        ("Principal" | "NotPrincipal", Value::Object(kinds)) => {
            kinds.iter().map(|(kind, ids)| Element::new(&[name, kind], Fold::Exact, ids)).collect()
        }
        _ => vec![Element::new(&[name], Fold::Exact, value)],
    }
}

fn of_operator(operator: &str, keys: &Value) -> Vec<Element> {
    match keys {
        Value::Object(keys) => {
            keys.iter().map(|(key, value)| Element::new(&["Condition", operator, key], Fold::Exact, value)).collect()
        }
        other => vec![Element::new(&["Condition", operator], Fold::Exact, other)],
    }
}

fn values(fold: Fold, value: &Value) -> BTreeMap<String, String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    items
        .iter()
        .map(|item| {
            let written = scalar(item);
            let compared = match fold {
                Fold::Exact => written.clone(),
                Fold::Case => written.to_lowercase(),
            };
            (compared, written)
        })
        .collect()
}

/// A value as a string; objects and lists, which have no place here, as JSON with sorted keys.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => sorted_keys(other).to_string(),
    }
}

/// The value with the keys of every object sorted.
pub(super) fn sorted_keys(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let sorted: BTreeMap<_, _> = object.iter().collect();
            let entries = sorted.into_iter().map(|(key, member)| (key.clone(), sorted_keys(member)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted_keys).collect()),
        scalar => scalar.clone(),
    }
}

/// The statements of a document: none, the single one, or those of the list.
pub(super) fn statements(document: &Value) -> &[Value] {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
}
