//! Identity policies, which a request needs beside what the organization's policies allow.

use serde_json::Value;

use super::json::Part;
use crate::statement::pointer;
use crate::{AttachedPolicy, Level, Policy, Problem, ProblemCode};

/// The id of the level that identity policies are.
pub const IDENTITY_LEVEL: &str = "the identity";

/// The level of a principal's own policies, by their names. A request needs an `Allow` of one of them beside those of the SCPs, and a
/// `Deny` of any counts
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>).
#[must_use]
pub fn identity_level(policies: Vec<AttachedPolicy>) -> Level {
    Level { id: IDENTITY_LEVEL.to_owned(), policies }
}

/// Reads an identity policy, which names no principal: it has the one that it is attached to.
///
/// # Errors
/// Everything that keeps requests from being decided by it.
pub fn read_identity_policy(document: &Value) -> Result<Policy, Vec<Problem>> {
    let problems = principals(document);
    if !problems.is_empty() {
        return Err(problems);
    }
    Policy::read(document)
        .map_err(|error| vec![Problem::new(ProblemCode::InvalidValue, error.path, format!("this {}", error.message))])
}

fn principals(document: &Value) -> Vec<Problem> {
    let whole = Part::whole(document);
    let Some(statements) = whole.member("Statement") else { return Vec::new() };
    let each = match statements.value {
        Value::Array(_) => statements.items("statements", &mut Vec::new()),
        _ => vec![statements],
    };
    let named = each.iter().flat_map(|statement| {
        let names = ["Principal", "NotPrincipal"].into_iter().filter(|name| statement.value.get(name).is_some());
        names.map(|name| (name, pointer(&statement.path, name)))
    });
    let problem = |(name, path): (&str, String)| {
        Problem::new(ProblemCode::UnsupportedElement, path, format!("identity policies have no `{name}`"))
            .help("remove it: the policy applies to the principal that it is attached to")
    };
    named.map(problem).collect()
}
