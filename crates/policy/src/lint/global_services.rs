//! Region guards that forget the services that live in one region for all
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html>).

use super::code::Code;
use super::finding::Finding;
use crate::BaseOperator;
use crate::view::{Clause, Policy, Statement, Wanted};

/// One action of each global service that answers in us-east-1.
const GLOBAL: [&str; 7] = [
    "iam:createrole",
    "organizations:describeorganization",
    "route53:listhostedzones",
    "cloudfront:listdistributions",
    "support:describecases",
    "budgets:viewbudget",
    "shield:describesubscription",
];

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let guards = policy.denying().flat_map(|statement| {
        let clauses = statement.clauses.iter().filter(|clause| leaves_out_their_region(clause));
        let clauses = clauses.filter(|_| is_guard(statement));
        clauses.map(move |clause| (statement, clause))
    });
    guards.filter_map(|(statement, clause)| stopped(statement, clause)).collect()
}

/// Whether it denies for the region's sake: all else in its condition only exempts some principals.
fn is_guard(statement: &Statement<'_>) -> bool {
    let of_principals = ["aws:requestedregion", "aws:principal", "aws:viaawsservice", "aws:calledvia"];
    statement.clauses.iter().all(|clause| {
        let key = clause.key.to_lowercase();
        of_principals.iter().any(|start| key.starts_with(start))
    })
}

fn leaves_out_their_region(clause: &Clause) -> bool {
    let negated = [BaseOperator::StringNotEquals, BaseOperator::StringNotLike, BaseOperator::StringNotEqualsIgnoreCase];
    let lets_pass = |value: &Wanted| {
        value.operand.pattern().is_some_and(|pattern| pattern.matches("us-east-1") || pattern.variables().count() > 0)
    };
    let aws_only = |value: &Wanted| {
        let partitions = ["cn-", "us-gov-", "<"];
        !partitions.iter().any(|start| value.text.starts_with(start))
    };
    clause.is_on("aws:RequestedRegion")
        && negated.contains(&clause.operator.base)
        && !clause.values.is_empty()
        && clause.values.iter().all(|value| !lets_pass(value) && aws_only(value))
}

fn stopped(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let named = |action: &&str| statement.actions.items.iter().any(|item| item.pattern.matches(action));
    let stopped: Vec<&str> = GLOBAL
        .iter()
        .filter(|action| named(action) != statement.actions.negated)
        .map(|action| action.split(':').next().unwrap_or_default())
        .collect();
    let every_resource = statement.resources.is_everything();
    (every_resource && !stopped.is_empty()).then(|| {
        let message = format!("this stops global services, which answer in us-east-1: {}", stopped.join(", "));
        Finding::new(Code::BlocksGlobalServices, &clause.key_path, message)
            .help("name them under `NotAction`, or allow us-east-1")
    })
}
