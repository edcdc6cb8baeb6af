//! Denials that hold for the roles by which a landing zone is kept, whatever else a request holds.

use std::collections::BTreeMap;

use super::finding::{Code, Finding};
use crate::policy::view::Policy;
use crate::policy::{AttachedPolicy, Decision, Level, Policy as Readable, PolicyType, Request, Unlisted, evaluate};

const ACCOUNT: &str = "000000000000";

/// Roles that landing, stack sets and Control Tower enter accounts by.
const ROLES: [&str; 4] =
    ["OrganizationAccountAccessRole", "landing-apply", "stacksets-exec-0123456789abcdef", "AWSControlTowerExecution"];

/// What they must be able to do there: render stacks and mend.
const MUST_WORK: [&str; 4] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let readable = Readable::read(policy.document).ok();
    let Some(policy) = readable.filter(|_| policy.policy_type == PolicyType::ServiceControl) else { return Vec::new() };
    let levels = [Level { id: ACCOUNT.to_owned(), policies: vec![AttachedPolicy { name: String::new(), policy }] }];
    let mut denied: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
    for role in ROLES {
        for action in MUST_WORK {
            if let Some(statement) = denying_statement(&levels, role, action) {
                denied.entry(statement).or_default().push((role, action));
            }
        }
    }
    denied.iter().map(|(statement, denied)| finding(*statement, denied)).collect()
}

/// The statement that denies a role an action for certain.
fn denying_statement(levels: &[Level], role: &str, action: &str) -> Option<usize> {
    let request = Request::new(&format!("arn:aws:iam::{ACCOUNT}:role/{role}"), action, None);
    let context = request.context.clone().with_unlisted(Unlisted::Unknown);
    let verdict = evaluate(levels, &[], &Request { context, ..request });
    verdict.decided_by.filter(|_| verdict.decision == Decision::Deny)?.statement
}

fn finding(statement: usize, denied: &[(&str, &str)]) -> Finding {
    let list = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    };
    let roles = list(denied.iter().map(|(role, _)| *role).collect());
    let actions = list(denied.iter().map(|(_, action)| *action).collect());
    Finding::new(
        Code::LockOut,
        format!("/Statement/{statement}"),
        format!("this denies {actions} to the roles that keep accounts in order: {roles}"),
    )
    .help("exempt them by ArnNotLike on aws:PrincipalArn, or attach the policy only where nothing is kept")
}
