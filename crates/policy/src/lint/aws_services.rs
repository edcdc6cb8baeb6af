//! Perimeters around resources that AWS services do not pass
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html>).

use super::code::Code;
use super::finding::Finding;
use crate::PolicyType;
use crate::view::{Clause, Policy, Statement};

/// Keys that say whose the principal is, and that a service's own principal lacks.
const OF_PRINCIPALS: [&str; 5] =
    ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:SourceVpc", "aws:SourceVpce"];
/// Keys by which a statement shows calls of services apart.
const OF_SERVICES: [&str; 6] = [
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceOrgID",
    "aws:SourceAccount",
    "aws:PrincipalType",
];

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let is_rcp = policy.policy_type == PolicyType::ResourceControl;
    let statements = policy.denying().filter(|statement| is_rcp && !distinguishes_services(statement));
    statements.filter_map(|statement| statement.clauses.iter().find(|clause| shuts_out(clause))).map(finding).collect()
}

/// Whether the statement is about some requests alone that services do not make, or exempts those of services.
fn distinguishes_services(statement: &Statement<'_>) -> bool {
    statement.clauses.iter().any(|clause| {
        let only_with_key = OF_PRINCIPALS.iter().any(|key| clause.is_on(key) && !clause.operator.holds_without_key());
        let of_tagging = clause.key.to_lowercase().starts_with("aws:requesttag/") || clause.is_on("aws:TagKeys");
        let only_with_tags = of_tagging && !clause.operator.holds_without_key();
        only_with_key || only_with_tags || OF_SERVICES.iter().any(|key| clause.is_on(key))
    })
}

fn shuts_out(clause: &Clause) -> bool {
    let of_principals = OF_PRINCIPALS.iter().any(|key| clause.is_on(key));
    of_principals && clause.operator.base.is_negated() && clause.operator.holds_without_key()
}

fn finding(clause: &Clause) -> Finding {
    let message = format!("AWS services come without `{}`: this denies them too", clause.key);
    Finding::new(Code::BlocksAwsServices, &clause.key_path, message)
        .help("add \"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}")
}
