//! Whether a statement matches a request.

use super::condition;
use super::pattern::{Pattern, Resolved};
use super::request::{Context, Request};
use super::truth::Truth;
use crate::policy::{Scope, Statement};

/// Whether the statement's actions, resources and conditions all match. `has_variables` tells whether
/// `${…}` stands for a value of the request.
pub(super) fn matches(statement: &Statement, has_variables: bool, request: &Request) -> Truth {
    let actions = Truth::from(matches_action(&statement.actions, &request.action));
    if actions == Truth::False {
        return actions;
    }
    let variables = has_variables.then_some(&request.context);
    let resources = matches_resource(&statement.resources, variables, request.resource.as_deref());
    let conditions = statement.conditions.iter().map(|clause| condition::holds(clause, variables, &request.context));
    Truth::all([actions, resources].into_iter().chain(conditions))
}

/// Actions ignore case, and wildcards stand anywhere
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
fn matches_action(scope: &Scope, action: &str) -> bool {
    let action = action.to_lowercase();
    let found = scope.patterns.iter().any(|pattern| Pattern::literal(&pattern.to_lowercase()).matches(&action));
    found != scope.negated
}

/// Resources heed case, and a wildcard reaches across `/` and `:`
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>).
fn matches_resource(scope: &Scope, variables: Option<&Context>, resource: Option<&str>) -> Truth {
    let one = |pattern: &String| match Pattern::resolve(pattern, variables) {
        Resolved::Pattern(pattern) => match resource {
            Some(resource) => pattern.matches(resource).into(),
            None if pattern.matches_anything() => Truth::True,
            None => Truth::unknown("resource"),
        },
        // A variable without a value matches nothing. What that means once negated, AWS does not say.
        Resolved::NoValue(key) if scope.negated => Truth::unknown(&key),
        Resolved::NoValue(_) => Truth::False,
        Resolved::Unknown(key) => Truth::unknown(&key),
    };
    Truth::any(scope.patterns.iter().map(one)).negated_if(scope.negated)
}
