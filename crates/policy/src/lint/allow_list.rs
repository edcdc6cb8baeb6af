//! Allow-lists that shut people out
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>).

use super::code::Code;
use super::finding::Finding;
use super::organization_context::OrganizationContext;
use crate::value::Pattern;
use crate::view::{Policy, Statement};
use crate::{Effect, PolicyType};

/// What people enter accounts by, and what access is repaired with.
const NEEDED: [&str; 2] = ["iam", "sts"];

/// An allow-list that allows nothing of a service that is needed to enter accounts. Where the organization is known, the
/// paths on which it is attached are looked at instead.
pub(super) fn find(policy: &Policy<'_>, around: &OrganizationContext) -> Option<Finding> {
    let is_scp = policy.policy_type == PolicyType::ServiceControl;
    let allowing = || policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let first = allowing().next().filter(|_| is_scp && !around.knows_roles && !around.roles.is_empty())?;
    let left_out: Vec<&str> =
        NEEDED.into_iter().filter(|service| !allowing().any(|one| allows(one, service))).collect();
    (!left_out.is_empty()).then(|| {
        let names = left_out.join(" and ");
        let message = format!(
            "this allow-list leaves out {names}: in place of FullAWSAccess it locks out everyone who assumes or repairs roles"
        );
        let missing: Vec<String> = left_out.iter().map(|service| format!("`{service}:*`")).collect();
        let help = format!("allow {} here, or in another policy of the same target", missing.join(" and "));
        Finding::new(Code::AllowListLockOut, &first.path, message).help(help)
    })
}

/// Whether the statement allows something of a service.
fn allows(statement: &Statement<'_>, service: &str) -> bool {
    statement.actions.meets(&Pattern::in_lower_case(&format!("{service}:*")))
}
