//! Policies that stand in no one's way.

use super::code::Code;
use super::finding::Finding;
use crate::view::{Policy, Statement};
use crate::{Effect, PolicyType};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let denies = policy.denying().next().is_some();
    let open = policy.statements.iter().find(|statement| allows_everything(statement));
    let is_full_access = policy.statements.len() == 1;
    if policy.policy_type != PolicyType::ServiceControl || denies || is_full_access {
        return Vec::new();
    }
    let finding = open.map(|statement| {
        let message = "this policy denies nothing: it allows everything and has no denial";
        Finding::new(Code::DeniesNothing, &statement.path, message)
            .help("an allow-list names what is allowed, and takes the place of FullAWSAccess")
    });
    finding.into_iter().collect()
}

fn allows_everything(statement: &Statement<'_>) -> bool {
    statement.effect == Effect::Allow
        && statement.actions.is_everything()
        && statement.resources.is_everything()
        && statement.clauses.is_empty()
}
