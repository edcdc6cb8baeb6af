//! Whether a statement matches a request.

use super::condition;
use super::request::{Context, Request};
use crate::truth::Truth;
use crate::value::{Pattern, Unresolved};
use crate::{Effect, Scope, Statement};

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

/// What statements must be about. Actions ignore case, and wildcards stand anywhere
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
pub(super) enum Asked {
    /// This action, in lower case.
    Action(String),
    /// Any action of a service for a denial, all of them for an allowance.
    Service(Pattern),
}

impl Asked {
    pub fn action(action: &str) -> Self {
        Self::Action(action.to_lowercase())
    }

    pub fn service(prefix: &str) -> Self {
        Self::Service(Pattern::new(&format!("{}:*", prefix.to_lowercase()), false))
    }

    pub fn is_met_by(&self, statement: &Statement) -> bool {
        let Scope { negated, patterns } = &statement.actions;
        let found = match self {
            Self::Action(action) => patterns.iter().any(|pattern| pattern.matches(action)),
            // A statement may deny some action unless its exceptions cover all, and allows all unless an exception is one.
            Self::Service(all) if (statement.effect == Effect::Deny) == *negated => {
                patterns.iter().any(|pattern| pattern.covers(all))
            }
            Self::Service(all) => patterns.iter().any(|pattern| pattern.meets(all)),
        };
        found != *negated
    }
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
