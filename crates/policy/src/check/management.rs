//! Management policies: their top-level key, their inheritance operators, and what stands where
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>).

use serde_json::{Map, Value};

use super::problem::{Problem, ProblemCode};
use super::shape::Shape;
use crate::statement::pointer;

const CHILD_CONTROL: &str = "@@operators_allowed_for_child_policies";
const OPERATORS: [&str; 4] = ["@@assign", "@@append", "@@remove", CHILD_CONTROL];
const CHILD_CONTROL_VALUES: [&str; 5] = ["@@all", "@@none", "@@assign", "@@append", "@@remove"];

pub(super) fn check_document(document: &Value, root_key: Option<&str>, shape: Shape) -> Vec<Problem> {
    let Value::Object(members) = document else {
        return vec![Problem::new(ProblemCode::WrongType, "", "a policy is a JSON object")];
    };
    let mut problems = Vec::new();
    if let Some(root_key) = root_key {
        check_top(members, root_key, &mut problems);
    }
    check_operators(document, "", &mut problems);
    if let Some((root_key, whole)) = root_key.and_then(|root_key| members.get_key_value(root_key)) {
        shape.check(whole, &pointer("", root_key), &mut problems);
    }
    problems
}

fn check_top(members: &Map<String, Value>, root_key: &str, problems: &mut Vec<Problem>) {
    if !members.contains_key(root_key) {
        problems.push(Problem::new(ProblemCode::MissingElement, "", format!("`{root_key}` is missing at the top")));
    }
    for name in members.keys().filter(|name| *name != root_key) {
        let message = format!("only `{root_key}` stands at the top, not `{name}`");
        let problem = Problem::new(ProblemCode::UnknownElement, pointer("", name), message);
        problems.push(problem.help_with_names(name, &[root_key]));
    }
}

fn check_operators(value: &Value, path: &str, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let place = pointer(path, name);
                if name == CHILD_CONTROL {
                    problems.extend(check_child_control(member, &place));
                } else if name.starts_with("@@") && !OPERATORS.contains(&name.as_str()) {
                    let message = format!("`{name}` is not an inheritance operator");
                    let problem = Problem::new(ProblemCode::UnknownOperator, &place, message);
                    problems.push(problem.help_with_names(name, &OPERATORS));
                }
                check_operators(member, &place, problems);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_operators(item, &format!("{path}/{index}"), problems);
            }
        }
        _ => {}
    }
}

fn check_child_control(value: &Value, path: &str) -> Vec<Problem> {
    let Value::Array(items) = value else {
        return vec![Problem::new(ProblemCode::WrongType, path, format!("`{CHILD_CONTROL}` takes a list"))];
    };
    let unknown = |item: &&Value| !item.as_str().is_some_and(|name| CHILD_CONTROL_VALUES.contains(&name));
    let problem = |item: &Value| {
        let message = format!("{item} is not an operator that can be allowed");
        let problem = Problem::new(ProblemCode::InvalidValue, path, message);
        problem.help_with_names(item.as_str().unwrap_or_default(), &CHILD_CONTROL_VALUES)
    };
    items.iter().filter(unknown).map(problem).collect()
}
