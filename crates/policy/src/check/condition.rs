//! The `Condition` element.

use serde_json::Value;

use super::problem::{Problem, ProblemCode, suggestion};
use crate::statement::{pointer, strings};
use crate::{BaseOperator, ConditionOperator};

pub(super) fn check_condition(condition: &Value, path: &str) -> Vec<Problem> {
    let Value::Object(operators) = condition else {
        let message = "a condition is an object of operators";
        return vec![Problem::new(ProblemCode::WrongType, path, message)];
    };
    operators.iter().flat_map(|(name, keys)| check_operator(name, keys, &pointer(path, name))).collect()
}

fn check_operator(name: &str, keys: &Value, path: &str) -> Vec<Problem> {
    let operator = match name.parse::<ConditionOperator>() {
        Ok(operator) => operator,
        Err(error) => return vec![unknown_operator(name, path, error.to_string())],
    };
    let Value::Object(keys) = keys else {
        let message = format!("`{name}` holds an object of condition keys");
        return vec![Problem::new(ProblemCode::WrongType, path, message)];
    };
    keys.iter().filter_map(|(key, value)| check_key(operator, key, value, &pointer(path, key))).collect()
}

fn unknown_operator(name: &str, path: &str, message: String) -> Problem {
    let problem = Problem::new(ProblemCode::UnknownOperator, path, message);
    let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
    if bare.eq_ignore_ascii_case("NullIfExists") {
        return problem.help("`Null` itself asks whether the key exists");
    }
    let known: Vec<&str> = BaseOperator::ALL.iter().map(|base| base.name()).collect();
    match suggestion(bare.trim_end_matches("IfExists"), &known) {
        Some(base) => problem.help(format!("did you mean `{base}`?")),
        None => problem,
    }
}

fn check_key(operator: ConditionOperator, key: &str, value: &Value, path: &str) -> Option<Problem> {
    let Some((service, name)) = key.split_once(':') else {
        let message = format!("`{key}` is not a condition key");
        let problem = Problem::new(ProblemCode::InvalidValue, path, message);
        return Some(problem.help("write service and key, as `aws:RequestedRegion`"));
    };
    if service.is_empty() || name.is_empty() {
        return Some(Problem::new(ProblemCode::InvalidValue, path, format!("`{key}` is not a condition key")));
    }
    let Some(values) = strings(value) else {
        let message = format!("`{key}` takes strings, booleans and numbers, or a list of them");
        return Some(Problem::new(ProblemCode::WrongType, path, message));
    };
    let asks = |value: &String| value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    (operator.base == BaseOperator::Null && !values.iter().all(asks)).then(|| {
        Problem::new(ProblemCode::InvalidValue, path, "`Null` takes only true and false")
            .help("true asks that the request lacks the key, false that it has it")
    })
}
