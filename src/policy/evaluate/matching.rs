//! Whether a statement matches a request.

use super::condition;
use super::request::{Context, Request};
use crate::policy::truth::Truth;
use crate::policy::value::{Pattern, Unresolved};
use crate::policy::{Scope, Statement};

/// Whether the statement's resources and conditions match, its actions left aside.
pub(super) fn matches<'a>(statement: &'a Statement, request: &Request) -> Truth<'a> {
    let context = &request.context;
    let resources = matches_resource(&statement.resources, context, request.resource.as_deref());
    if resources == Truth::False {
        return resources;
    }
    let conditions = statement.conditions.iter().map(|clause| condition::holds(clause, context));
    Truth::all(std::iter::once(resources).chain(conditions))
}

/// Whether the statement matches whatever is asked about its actions.
pub(super) fn matches_always(statement: &Statement) -> bool {
    matches_every_resource(statement) && statement.conditions.is_empty()
}

/// Whether the statement's resources match whatever the resource is.
pub(super) fn matches_every_resource(statement: &Statement) -> bool {
    let resources = &statement.resources;
    !resources.negated && resources.patterns.iter().any(Pattern::matches_anything)
}

/// Whether an action, given in lower case, is one of the statement's. Actions ignore case, and wildcards stand anywhere
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
pub(super) fn matches_action(statement: &Statement, action: &str) -> bool {
    let found = statement.actions.patterns.iter().any(|pattern| pattern.matches(action));
    found != statement.actions.negated
}

/// Resources heed case, and a wildcard reaches across `/` and `:`
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>).
fn matches_resource<'a>(scope: &'a Scope, context: &Context, resource: Option<&str>) -> Truth<'a> {
    let one = |pattern: &'a Pattern| match pattern.resolve(context) {
        Ok(pattern) => match resource {
            Some(resource) => pattern.matches(resource).into(),
            None if pattern.matches_anything() => Truth::True,
            None => Truth::unknown("resource"),
        },
        // A variable without a value matches nothing. What that means once negated, AWS does not say.
        Err(Unresolved::NoValue(_)) if !scope.negated => Truth::False,
        Err(Unresolved::NoValue(key) | Unresolved::Unknown(key)) => Truth::unknown(key),
    };
    Truth::any(scope.patterns.iter().map(one)).negated_if(scope.negated)
}
