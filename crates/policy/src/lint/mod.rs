//! Mistakes in policies that AWS takes: what cannot work, and what probably does not do what was meant.
//!
//! A rule is one file with one function and one line in [`RULES`], or in [`lint`] if it asks for the [`OrganizationContext`].
//! It sees a [`Policy`], in which everything has its place, and answers findings as data; how they are shown is not its
//! business.

mod absent_key;
mod allow_list;
mod aws_services;
mod code;
mod denies_nothing;
mod equals_wildcard;
mod finding;
mod for_all_values;
mod global_services;
mod guess;
mod inverted;
mod keys;
mod lock_out;
mod never_matches;
mod organization_context;
mod oversized;
mod path;
mod reach;
mod repeated;
mod resource_never_matches;
mod set_operator;
mod shadowed;
mod shorter;
mod size;
mod unknown_action;
mod unknown_key;
mod unknown_variable;
mod unsettled;
mod without_rcps;

pub use code::Code;
pub use finding::{Finding, Fix, Part};
pub use guess::guess_type;
pub use organization_context::OrganizationContext;
pub use path::{lint_levels, lint_path};

use serde_json::Value;

use super::view::Policy;
use super::{PolicyType, Problem, check};

/// Looks for one sort of mistake.
type Rule = fn(&Policy<'_>) -> Vec<Finding>;

/// Every rule, in the order in which their findings at one place are shown.
const RULES: [Rule; 17] = [
    unknown_variable::find,
    unknown_action::find,
    unknown_key::find,
    resource_never_matches::find,
    without_rcps::find,
    set_operator::find,
    never_matches::find,
    equals_wildcard::find,
    absent_key::find,
    for_all_values::find,
    inverted::find,
    unsettled::find,
    shadowed::find,
    repeated::find,
    denies_nothing::find,
    global_services::find,
    aws_services::find,
];

/// Everything that is wrong or doubtful in a policy, by its place: first what AWS refuses, then what the rules find.
///
/// Of a document that is not in IAM's language, or larger than any that AWS takes, only what AWS refuses is found.
#[must_use]
pub fn lint(document: &Value, policy_type: PolicyType, around: &OrganizationContext) -> Vec<Finding> {
    let policy = Policy::new(document, policy_type);
    let mut findings: Vec<Finding> =
        check(document, policy_type, &around.quotas).into_iter().map(from_problem).collect();
    if let Some(finding) = oversized::find(&policy) {
        findings.push(finding);
        return findings;
    }
    findings.extend(RULES.iter().flat_map(|find| find(&policy)));
    findings.extend(lock_out::find(&policy, around));
    findings.extend(allow_list::find(&policy, around));
    findings.extend(size::find(&policy, &around.quotas));
    findings.extend(shorter::find(&policy, &around.quotas));
    findings
}

/// What AWS would refuse is an error.
fn from_problem(problem: Problem) -> Finding {
    let part = if problem.code.is_of_key() { Part::Key } else { Part::Value };
    let finding = Finding::new(Code::Refused(problem.code), problem.path, problem.message).on(part);
    match problem.help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
