//! When two policy documents mean the same.

use serde_json::{Map, Value, json};

use super::elements::{self, Element, sorted_keys};
use super::statement::names_everyone;
use super::{Language, PolicyType};

/// Inheritance operators under which a list is a set by what they do: taking values away, and naming
/// operators
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>).
const SET_OPERATORS: [&str; 2] = ["@@remove", "@@operators_allowed_for_child_policies"];

/// The form of a document that is equal for all documents of the same meaning. It is made for comparing
/// and is no policy document itself.
///
/// In service and resource control policies the order of keys and statements, the order within lists,
/// repetitions, one value instead of a list of it, the case of actions, condition operators and
/// condition keys, and booleans or numbers instead of their strings make no difference. A `Sid` decides
/// nothing, but it names its statement in answers and error messages, so it counts.
///
/// In management policies only the order of keys makes no difference, and the order under `@@remove` and
/// `@@operators_allowed_for_child_policies`. AWS does not say that lists under `@@assign` and `@@append`
/// are sets, so their order counts: at worst a document is sent that changes nothing.
#[must_use]
pub fn canonical(document: &Value, policy_type: PolicyType) -> Value {
    match (policy_type.language(), document) {
        (Language::Iam, Value::Object(object)) => canonical_iam(object),
        (Language::Iam, other) => sorted_keys(other),
        (Language::Management { .. }, _) => sorted_keys(&sorted_sets(document)),
    }
}

/// Whether two documents of a type mean the same; see [`canonical`].
#[must_use]
pub fn same_meaning(a: &Value, b: &Value, policy_type: PolicyType) -> bool {
    canonical(a, policy_type) == canonical(b, policy_type)
}

/// Whether two documents of a type decide alike, however they call their statements and themselves: as [`same_meaning`], where
/// `Sid` and `Id` make no difference, nor does how everyone is named as a principal, nor the `Version` where no value is a
/// variable, which is all that it changes
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>).
#[must_use]
pub fn decides_alike(a: &Value, b: &Value, policy_type: PolicyType) -> bool {
    match policy_type.language() {
        Language::Management { .. } => same_meaning(a, b, policy_type),
        Language::Iam => {
            let has_variables = [a, b].iter().any(|document| document.to_string().contains("${"));
            canonical(&unnamed(a, has_variables), policy_type) == canonical(&unnamed(b, has_variables), policy_type)
        }
    }
}

/// A document without its names, and without its version unless that is to count.
fn unnamed(document: &Value, version_counts: bool) -> Value {
    let mut document = document.clone();
    let Some(members) = document.as_object_mut() else { return document };
    members.remove("Id");
    if !version_counts {
        members.remove("Version");
    }
    match members.get_mut("Statement") {
        Some(Value::Array(statements)) => statements.iter_mut().for_each(without_name),
        Some(statement) => without_name(statement),
        None => {}
    }
    document
}

fn without_name(statement: &mut Value) {
    let Some(members) = statement.as_object_mut() else { return };
    members.remove("Sid");
    if let Some(principal) = members.get_mut("Principal").filter(|principal| names_everyone(principal)) {
        *principal = "*".into();
    }
}

fn canonical_iam(object: &Map<String, Value>) -> Value {
    let members = object.iter().map(|(name, value)| {
        let value = if name == "Statement" { canonical_statements(value) } else { value.clone() };
        (name.clone(), value)
    });
    sorted_keys(&Value::Object(members.collect()))
}

fn canonical_statements(value: &Value) -> Value {
    let list = match value {
        Value::Array(statements) => statements.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut statements: Vec<Value> = list.iter().map(canonical_statement).collect();
    statements.sort_by_cached_key(Value::to_string);
    statements.dedup();
    Value::Array(statements)
}

fn canonical_statement(statement: &Value) -> Value {
    let mut elements = elements::of_statement(statement);
    elements.dedup_by(|a, b| a.compared() == b.compared());
    elements.iter().map(canonical_element).collect()
}

fn canonical_element(element: &Element) -> Value {
    let (key, values) = element.compared();
    json!([key, values])
}

fn sorted_sets(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.iter().map(|(name, member)| {
                let is_set = SET_OPERATORS.contains(&name.as_str());
                (name.clone(), if is_set { as_set(member) } else { sorted_sets(member) })
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted_sets).collect()),
        scalar => scalar.clone(),
    }
}

fn as_set(value: &Value) -> Value {
    let Value::Array(items) = value else {
        return value.clone();
    };
    let mut items: Vec<Value> = items.iter().map(sorted_keys).collect();
    items.sort_by_cached_key(Value::to_string);
    items.dedup();
    Value::Array(items)
}

#[cfg(test)]
mod tests;
