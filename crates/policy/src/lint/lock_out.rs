//! Denials that hold for the roles by which a landing zone is kept, whatever else a request holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::code::Code;
use super::finding::Finding;
use super::organization_context::OrganizationContext;
use crate::services::arns_meet;
use crate::value::{Operand, Pattern};
use crate::view::{Policy, Statement, Wanted};
use crate::{AttachedPolicy, Decision, Level, Policy as Readable, PolicyType, Request, Unlisted, evaluate};

const ACCOUNT: &str = "000000000000";

/// What they must be able to do there: render stacks and repair.
const MUST_WORK: [&str; 4] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

/// Statements of a policy that deny something to these roles.
pub(super) fn find(policy: &Policy<'_>, around: &OrganizationContext) -> Vec<Finding> {
    let is_scp = policy.policy_type == PolicyType::ServiceControl;
    let Some(level) = level([policy.document]).filter(|_| is_scp) else { return Vec::new() };
    let lost_access = lost_access(&level, around);
    let by_statement = lost_access.iter().filter_map(|(statement, lost_access)| Some(((*statement)?, lost_access)));
    let is_doubtful = |statement: usize| {
        let path = path_of(policy, statement);
        let found = policy.statements.iter().find(|statement| statement.path == path);
        !around.knows_roles && found.is_some_and(spares_a_role)
    };
    by_statement
        .filter(|(statement, _)| !is_doubtful(*statement))
        .map(|(statement, lost_access)| denied(policy, statement, lost_access))
        .collect()
}

/// A level of a path, the policies of which allow these roles too little. `path` leads to it and `name` is its name.
pub(super) fn find_at_level<'a>(
    policies: impl IntoIterator<Item = &'a Value>,
    path: &str,
    name: &str,
    around: &OrganizationContext,
) -> Option<Finding> {
    let lost_access = lost_access(&level(policies)?, around);
    let lost_access = lost_access.get(&None)?;
    let (actions, roles) = (lost_access.actions(), lost_access.roles());
    let message = format!("nothing attached to {name} lets the roles that keep accounts do {actions}: {roles}");
    Some(Finding::new(Code::LockOut, path, message).help("allow it there, or keep FullAWSAccess"))
}

/// `None` if a policy cannot be decided with.
fn level<'a>(policies: impl IntoIterator<Item = &'a Value>) -> Option<Level> {
    let attached = |document| Some(AttachedPolicy { name: String::new(), policy: Readable::read(document).ok()? });
    let policies = policies.into_iter().map(attached).collect::<Option<_>>()?;
    Some(Level { id: ACCOUNT.to_owned(), policies })
}

/// Who cannot do what.
#[derive(Default)]
struct LostAccess {
    roles: BTreeSet<String>,
    actions: BTreeSet<&'static str>,
}

impl LostAccess {
    fn roles(&self) -> String {
        self.roles.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// One of the actions, and how many more there are.
    fn actions(&self) -> String {
        let first = self.actions.first().copied().unwrap_or_default();
        match self.actions.len() {
            0 | 1 => first.to_owned(),
            many => format!("{first} and {} more", many - 1),
        }
    }
}

/// What is denied for certain, by the statement that denies it; none where nothing allows it.
fn lost_access(level: &Level, around: &OrganizationContext) -> BTreeMap<Option<usize>, LostAccess> {
    let mut found: BTreeMap<Option<usize>, LostAccess> = BTreeMap::new();
    let levels = std::slice::from_ref(level);
    for role in &around.roles {
        for action in MUST_WORK {
            let verdict = evaluate(levels, &[], &request(role, action, around));
            if let Some(decided) = verdict.decided_by.filter(|_| verdict.decision == Decision::Deny) {
                let lost_access = found.entry(decided.statement).or_default();
                lost_access.roles.insert(role.clone());
                lost_access.actions.insert(action);
            }
        }
    }
    found
}

/// Where IAM answers depends on the partition, so the region of its requests is left open.
fn request(role: &str, action: &str, around: &OrganizationContext) -> Request {
    let role = role.replace('*', &"0".repeat(32));
    let request = Request::new(&format!("arn:{}:iam::{ACCOUNT}:role/{role}", around.partition), action, None);
    let request = match &around.home_region {
        Some(region) if !action.starts_with("iam:") => request.in_region(region),
        _ => request,
    };
    Request { context: request.context.clone().with_unlisted(Unlisted::Unknown), ..request }
}

/// Whether it exempts a role by its ARN. Where no one said by which roles accounts are kept, that is taken for one.
fn spares_a_role(statement: &Statement<'_>) -> bool {
    let role = Pattern::new("arn:*:iam::*:role/*", false);
    let names_a_role = |value: &Wanted| {
        let is_whole = !matches!(&value.operand, Operand::Arn(arn) if arn.is_partial());
        is_whole && value.operand.pattern().is_some_and(|pattern| arns_meet(pattern, &role))
    };
    let mut clauses = statement.on_key("aws:PrincipalArn").filter(|clause| clause.operator.base.is_negated());
    clauses.any(|clause| clause.values.iter().any(names_a_role))
}

fn path_of(policy: &Policy<'_>, statement: usize) -> String {
    let is_list = policy.document.get("Statement").is_some_and(Value::is_array);
    if is_list { format!("/Statement/{statement}") } else { "/Statement".to_owned() }
}

fn denied(policy: &Policy<'_>, statement: usize, lost_access: &LostAccess) -> Finding {
    let path = path_of(policy, statement);
    let (actions, roles) = (lost_access.actions(), lost_access.roles());
    let message = format!("this denies {actions} to the roles that keep accounts: {roles}");
    Finding::new(Code::LockOut, path, message)
        .help("exempt them by ArnNotLike on aws:PrincipalArn, or attach the policy only where nothing is kept")
}
