//! Whether a statement matches a request.

use super::condition;
use super::request::{Context, Request};
use crate::policy::truth::Truth;
use crate::policy::value::{Pattern, Unresolved};
use crate::policy::{Scope, Statement};

/// A request with what every comparison needs of it.
pub(super) struct Asked<'a> {
    pub request: &'a Request,
    /// The action in lower case.
    action: String,
}

impl<'a> Asked<'a> {
    pub fn new(request: &'a Request) -> Self {
        Self { request, action: request.action.to_lowercase() }
    }
}

/// Whether the statement's actions, resources and conditions all match.
pub(super) fn matches(statement: &Statement, asked: &Asked<'_>) -> Truth {
    if !matches_action(&statement.actions, &asked.action) {
        return Truth::False;
    }
    let context = &asked.request.context;
    let resources = matches_resource(&statement.resources, context, asked.request.resource.as_deref());
    if resources == Truth::False {
        return resources;
    }
    let conditions = statement.conditions.iter().map(|clause| condition::holds(clause, context));
    Truth::all(std::iter::once(resources).chain(conditions))
}

/// Actions ignore case, and wildcards stand anywhere
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
fn matches_action(scope: &Scope, action: &str) -> bool {
    let found = scope.patterns.iter().any(|pattern| pattern.matches(action));
    found != scope.negated
}

/// Resources heed case, and a wildcard reaches across `/` and `:`
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>).
fn matches_resource(scope: &Scope, context: &Context, resource: Option<&str>) -> Truth {
    let one = |pattern: &Pattern| match pattern.resolve(context) {
        Ok(pattern) => match resource {
            Some(resource) => pattern.matches(resource).into(),
            None if pattern.matches_anything() => Truth::True,
            None => Truth::unknown("resource"),
        },
        // A variable without a value matches nothing. What that means once negated, AWS does not say.
        Err(Unresolved::NoValue(_)) if !scope.negated => Truth::False,
        Err(Unresolved::NoValue(key) | Unresolved::Unknown(key)) => Truth::unknown(&key),
    };
    Truth::any(scope.patterns.iter().map(one)).negated_if(scope.negated)
}
