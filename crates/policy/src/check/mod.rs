//! What AWS would refuse in a policy document, found without AWS.

mod condition;
mod management;
mod problem;
mod resource;
mod shape;
mod shapes;
mod statement;

use serde_json::Value;

use super::view::Policy;
use super::{Language, PolicyType, Quotas, ShorterForm, size};
pub(super) use problem::suggestion;
pub use problem::{Problem, ProblemCode, Severity};
pub use resource::misplaced_variable;

/// Everything in a document that AWS would refuse for a policy of this type; empty for a good document.
///
/// Of service and resource control policies the whole grammar is checked
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>,
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>); whether
/// a service has an action or key is not. Of management policies the inheritance operators are checked, and the elements
/// of the types of which the syntax is known. The size is that of the minified document.
#[must_use]
pub fn check(document: &Value, policy_type: PolicyType, quotas: &Quotas) -> Vec<Problem> {
    let mut problems = check_grammar(document, policy_type);
    problems.extend(check_size(document, policy_type, quotas));
    problems
}

/// As [`check`], whatever the size.
pub(super) fn check_grammar(document: &Value, policy_type: PolicyType) -> Vec<Problem> {
    match policy_type.language() {
        Language::Iam => statement::check_document(document, policy_type),
        Language::Management { root_key } => management::check_document(document, root_key, shapes::of(policy_type)),
    }
}

/// Everything in a document that IAM would refuse for a policy of an identity: a user, a role or a permission set
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html>). The size is not
/// checked: it differs with what the policy belongs to.
#[must_use]
pub fn check_identity(document: &Value) -> Vec<Problem> {
    // Since September 2025 service control policies have the same grammar.
    let problems = statement::check_document(document, PolicyType::ServiceControl);
    problems.into_iter().map(in_words_of_identities).collect()
}

fn in_words_of_identities(problem: Problem) -> Problem {
    match problem.path.rsplit('/').next() {
        Some(element @ ("Principal" | "NotPrincipal")) => {
            let message = format!("a policy of an identity has no `{element}`");
            let problem = Problem::new(problem.code, problem.path.clone(), message);
            problem.help("it holds for anyone who has it: remove it")
        }
        _ => problem,
    }
}

fn check_size(document: &Value, policy_type: PolicyType, quotas: &Quotas) -> Option<Problem> {
    let (size, limit) = (size(document), quotas.limits(policy_type).size);
    (size > limit).then(|| {
        let message = format!("the policy has {size} characters, {} too many", size - limit);
        let help = format!("{policy_type} may have {limit}: {}", how_to_shorten(document, policy_type, limit));
        Problem::new(ProblemCode::TooLarge, "", message).help(help)
    })
}

/// What to do about a policy of which `limit` characters are allowed.
fn how_to_shorten(document: &Value, policy_type: PolicyType, limit: usize) -> String {
    let is_comparable = Policy::new(document, policy_type).is_comparable();
    let short = ShorterForm::of(document, policy_type).map(|shorter| shorter.after);
    let instead = match policy_type.language() {
        Language::Iam => "move statements to a second policy, or name actions by wildcards such as `s3:Get*`",
        Language::Management { .. } => "move a part of it to a second policy",
    };
    match short {
        Some(short) if short <= limit => {
            format!("the same can be said in {short}, which fits: `landing lint -v` writes it out")
        }
        Some(short) => format!("even the shortest form of the same has {short}: {instead}"),
        None if !is_comparable => instead.to_owned(),
        None => format!("it cannot be shortened without changing what it says: {instead}"),
    }
}

#[cfg(test)]
mod tests;
