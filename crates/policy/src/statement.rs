//! A service or resource control policy read for deciding requests.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ConditionOperator;
use super::services::services;
use super::value::{Operand, Pattern, Variable};

/// A policy in IAM's language, every part of it understood.
///
/// Deserializes from the document; see [`Policy::read`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Policy {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it does to the requests it matches.
    pub effect: Effect,
    /// The actions it matches.
    pub actions: Scope,
    /// The resources it matches.
    pub resources: Scope,
    /// The conditions, all of which must hold.
    pub conditions: Vec<Clause>,
}

impl Statement {
    /// The condition keys that it asks for, those of variables too, in lower case.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let of_clauses = self.conditions.iter().map(|clause| clause.folded_key.as_str());
        let operands = self.conditions.iter().flat_map(|clause| &clause.values).filter_map(Operand::pattern);
        let variables = self.resources.patterns.iter().chain(operands).flat_map(Pattern::variables);
        of_clauses.chain(variables.map(Variable::folded))
    }
}

/// The `Effect` of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// `Action` or `Resource`, or their negation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Whether it is `NotAction` or `NotResource`.
    pub negated: bool,
    /// The patterns; those of actions match what is in lower case.
    pub(super) patterns: Vec<Pattern>,
}

/// One key under one operator of a `Condition`.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The operator.
    pub operator: ConditionOperator,
    /// The condition key, as written.
    pub key: String,
    /// The condition key in lower case: names of keys ignore case.
    pub(super) folded_key: String,
    /// The values.
    pub(super) values: Vec<Operand>,
}

/// Why a document cannot be used to decide requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadablePolicy {
    /// A JSON pointer to the place, for example `/Statement/0/Effect`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for UnreadablePolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for UnreadablePolicy {}

type Reading<T> = Result<T, UnreadablePolicy>;

fn unreadable<T>(path: &str, message: impl Into<String>) -> Reading<T> {
    Err(UnreadablePolicy { path: path.to_owned(), message: message.into() })
}

impl TryFrom<Value> for Policy {
    type Error = UnreadablePolicy;

    fn try_from(document: Value) -> Reading<Self> {
        Self::read(&document)
    }
}

impl Policy {
    /// What FullAWSAccess says.
    #[must_use]
    pub fn full_access() -> Self {
        let everything = || Scope { negated: false, patterns: vec![Pattern::new("*", false)] };
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            actions: everything(),
            resources: everything(),
            conditions: Vec::new(),
        };
        Self { statements: vec![statement] }
    }

    /// The actions that its statements name, patterns such as `s3:Get*` as what they match; in lower case, and each once.
    #[must_use]
    pub fn actions(&self) -> BTreeSet<String> {
        let patterns = self.statements.iter().flat_map(|statement| &statement.actions.patterns);
        let named = patterns.flat_map(|pattern| match pattern.has_wildcards() {
            true => services().actions_matching(pattern.written()),
            false => vec![pattern.written().to_owned()],
        });
        named.map(|action| action.to_lowercase()).collect()
    }

    /// Reads a service or resource control policy.
    ///
    /// # Errors
    /// At the first element that is missing or not understood, since leaving it out would decide
    /// requests wrongly. `check` finds all errors, and those that matter to AWS alone.
    pub fn read(document: &Value) -> Reading<Self> {
        let Value::Object(members) = document else {
            return unreadable("", "a policy is an object");
        };
        if let Some(name) = members.keys().find(|name| !["Version", "Id", "Statement"].contains(&name.as_str())) {
            return unreadable(&pointer("", name), "is no element of a policy");
        }
        Ok(Self { statements: read_statements(members, has_variables(members)?)? })
    }
}

/// Whether `${…}` in resources and condition values stands for a request's value, which it does from version
/// 2012-10-17 on
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>).
fn has_variables(members: &Map<String, Value>) -> Reading<bool> {
    match members.get("Version") {
        Some(Value::String(version)) if version == "2012-10-17" => Ok(true),
        None => Ok(false),
        Some(Value::String(version)) if version == "2008-10-17" => Ok(false),
        Some(other) => unreadable("/Version", format!("{other} is no version")),
    }
}

fn read_statements(members: &Map<String, Value>, variables: bool) -> Reading<Vec<Statement>> {
    match members.get("Statement") {
        Some(Value::Array(statements)) => statements
            .iter()
            .enumerate()
            .map(|(index, statement)| read_statement(statement, &format!("/Statement/{index}"), variables))
            .collect(),
        Some(single) => Ok(vec![read_statement(single, "/Statement", variables)?]),
        None => unreadable("", "`Statement` is missing"),
    }
}

fn read_statement(value: &Value, path: &str, variables: bool) -> Reading<Statement> {
    let Value::Object(members) = value else {
        return unreadable(path, "a statement is an object");
    };
    check_elements(members, path)?;
    let resource = |text: &str| Pattern::new(text, variables);
    Ok(Statement {
        sid: members.get("Sid").and_then(Value::as_str).map(str::to_owned),
        effect: match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return unreadable(&pointer(path, "Effect"), "is neither `Allow` nor `Deny`"),
        },
        actions: read_scope(members, path, ["Action", "NotAction"], Pattern::in_lower_case)?,
        resources: read_scope(members, path, ["Resource", "NotResource"], resource)?,
        conditions: read_conditions(members, &pointer(path, "Condition"), variables)?,
    })
}

fn check_elements(members: &Map<String, Value>, path: &str) -> Reading<()> {
    for (name, member) in members {
        let place = pointer(path, name);
        match name.as_str() {
            "Sid" | "Effect" | "Action" | "NotAction" | "Resource" | "NotResource" | "Condition" => {}
            "Principal" if names_everyone(member) => {}
            "Principal" => {
                return unreadable(&place, "only `*` is possible here; name principals in a condition");
            }
            _ => return unreadable(&place, "is no element of a statement"),
        }
    }
    Ok(())
}

/// Whether a `Principal` is everyone, in one of the ways to say so
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous>).
pub(super) fn names_everyone(principal: &Value) -> bool {
    principal == "*" || matches!(principal.get("AWS"), Some(aws) if aws == "*" || aws == &Value::from(vec!["*"]))
}

fn read_scope(
    members: &Map<String, Value>,
    path: &str,
    [plain, negated]: [&str; 2],
    read: impl Fn(&str) -> Pattern,
) -> Reading<Scope> {
    let (name, value, is_negated) = match (members.get(plain), members.get(negated)) {
        (Some(value), None) => (plain, value, false),
        (None, Some(value)) => (negated, value, true),
        _ => return unreadable(path, format!("needs either `{plain}` or `{negated}`")),
    };
    let patterns = strings(value).filter(|_| !matches!(value, Value::Bool(_) | Value::Number(_))).ok_or_else(|| {
        UnreadablePolicy { path: pointer(path, name), message: "is neither a string nor a list of strings".to_owned() }
    })?;
    Ok(Scope { negated: is_negated, patterns: patterns.iter().map(|pattern| read(pattern)).collect() })
}

fn read_conditions(members: &Map<String, Value>, path: &str, variables: bool) -> Reading<Vec<Clause>> {
    let mut clauses = Vec::new();
    let operators = match members.get("Condition") {
        None => return Ok(clauses),
        Some(Value::Object(operators)) => operators,
        Some(_) => return unreadable(path, "a condition is an object of operators"),
    };
    for (name, keys) in operators {
        let place = pointer(path, name);
        let operator: ConditionOperator = match name.parse() {
            Ok(operator) => operator,
            Err(error) => return unreadable(&place, format!("{error}")),
        };
        let Value::Object(keys) = keys else {
            return unreadable(&place, "an operator holds an object of condition keys");
        };
        for (key, value) in keys {
            let Some(values) = strings(value) else {
                return unreadable(&pointer(&place, key), "is neither a string nor a list of strings");
            };
            let values = values.iter().map(|value| Operand::read(operator.base, value, variables)).collect();
            clauses.push(Clause { operator, key: key.clone(), folded_key: key.to_lowercase(), values });
        }
    }
    Ok(clauses)
}

/// One value or a list of them as strings; booleans and numbers as they are written. `None` of anything else.
#[must_use]
pub fn strings(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        single => text(single).map(|text| vec![text]),
    }
}

/// The JSON pointer (RFC 6901) to a member of the value at `path`.
pub(super) fn pointer(path: &str, member: &str) -> String {
    format!("{path}/{}", member.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error_of(document: &Value) -> String {
        Policy::read(document).unwrap_err().to_string()
    }

    #[test]
    fn one_statement_and_single_values_are_read_as_lists() {
        let policy = Policy::read(&json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}
        }}))
        .unwrap();
        let statement = &policy.statements[0];
        assert!(statement.actions.negated);
        assert_eq!(statement.actions.patterns, [Pattern::in_lower_case("iam:*")]);
        assert_eq!(statement.conditions[0].values, [Operand::Bool(Some(false))]);
    }

    #[test]
    fn without_a_version_there_are_no_variables() {
        let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}"});
        let policy = Policy::read(&json!({"Statement": statement})).unwrap();
        assert_eq!(policy.statements[0].resources.patterns[0].variables().count(), 0);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_its_place() {
        let statement = |name: &str, value: Value| {
            let mut statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*"});
            statement[name] = value;
            json!({"Statement": [statement]})
        };
        for (document, place) in [
            (json!([]), ": "),
            (json!({"Statements": []}), "/Statements: "),
            (statement("Conditions", json!({})), "/Statement/0/Conditions: "),
            (statement("NotAction", json!("*")), "/Statement/0: "),
            (statement("Principal", json!({"AWS": "111111111111"})), "/Statement/0/Principal: "),
            (statement("Condition", json!({"StringLikes": {}})), "/Statement/0/Condition/StringLikes: "),
            (statement("Condition", json!({"Null": {"a/b": {}}})), "/Statement/0/Condition/Null/a~1b: "),
            (statement("Effect", json!("deny")), "/Statement/0/Effect: "),
        ] {
            assert!(error_of(&document).starts_with(place), "{}", error_of(&document));
        }
    }

    fn read(version: &str, principal: &Value) -> Result<Policy, String> {
        let statement = json!({"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*"});
        Policy::read(&json!({"Version": version, "Statement": statement})).map_err(|error| error.to_string())
    }

    #[test]
    fn only_the_two_versions_of_the_language_are_read() {
        for version in ["2012-10-17", "2008-10-17"] {
            assert!(read(version, &json!("*")).is_ok(), "{version}");
        }
        for version in ["2020-01-01", ""] {
            let error = read(version, &json!("*")).unwrap_err();
            assert!(error.contains("is no version"), "{error}");
        }
    }

    #[test]
    fn only_everyone_is_read_as_a_principal() {
        for everyone in [json!("*"), json!({"AWS": "*"}), json!({"AWS": ["*"]})] {
            assert!(read("2012-10-17", &everyone).is_ok(), "{everyone}");
        }
        for other in [json!({"AWS": "111111111111"}), json!({"Service": "*"}), json!("111111111111")] {
            let error = read("2012-10-17", &other).unwrap_err();
            assert!(error.contains("only `*` is possible here"), "{other}: {error}");
        }
    }
}
