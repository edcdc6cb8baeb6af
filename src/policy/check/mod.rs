//! What AWS would refuse in a policy document, found without AWS.

mod condition;
mod management;
mod problem;
mod statement;

use serde_json::Value;

use super::{Language, PolicyType, Quotas, size};
pub use problem::{Problem, ProblemCode};

/// Everything in a document that AWS would refuse for a policy of this type; empty for a good document.
///
/// Of service and resource control policies the whole grammar is checked
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>,
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>); whether
/// a service has an action or key is not. Of management policies the top and the inheritance operators are
/// checked. The size is that of the minified document.
#[must_use]
pub fn check(document: &Value, policy_type: PolicyType, quotas: &Quotas) -> Vec<Problem> {
    let mut problems = match policy_type.language() {
        Language::Iam => statement::check_document(document, policy_type),
        Language::Management { root_key } => management::check_document(document, root_key),
    };
    problems.extend(check_size(document, policy_type, quotas));
    problems
}

fn check_size(document: &Value, policy_type: PolicyType, quotas: &Quotas) -> Option<Problem> {
    let (size, limit) = (size(document), quotas.limits(policy_type).size);
    (size > limit).then(|| {
        Problem::new(ProblemCode::TooLarge, "", format!("the policy has {size} characters, {} too many", size - limit))
            .help(format!("{policy_type} may have {limit}: join statements, shorten names or use a second policy"))
    })
}

#[cfg(test)]
mod tests;
