//! The policies of every account, before and after.

use std::collections::HashMap;

use serde_json::Value;

use super::Skipped;
use crate::policy::simulate::{Part, service_control};
use crate::policy::{AttachedPolicy, Effect, Level, Policy, Problem};

/// The policies of an organization on two days.
#[derive(Debug, Default)]
pub struct ReplayPolicies {
    management_account: Option<String>,
    accounts: HashMap<String, Sides>,
}

/// The SCPs on the way to one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// From the root to the account, as they were.
    pub before: Vec<Level>,
    /// As they will be.
    pub after: Vec<Level>,
    /// Of those after, only what may deny more than before: the denials that are new, and all of a level whose
    /// allowances differ.
    pub(super) changed_after: Vec<Level>,
    /// Whether nothing changes.
    pub(super) is_same: bool,
}

impl Sides {
    /// The two sides of one account.
    #[must_use]
    pub fn new(before: Vec<Level>, after: Vec<Level>) -> Self {
        let changed_after = after.iter().map(|level| changed(level, &before)).collect();
        let is_same = before == after;
        Self { before, after, changed_after, is_same }
    }
}

/// The level without the denials that stood anywhere on the way before; with an allowance of everything in place of its
/// allowances if a level before had the same.
fn changed(level: &Level, before: &[Level]) -> Level {
    let statements = |level: &Level, effect| {
        let all = level.policies.iter().flat_map(|attached| attached.policy.statements.clone());
        all.filter(|statement| statement.effect == effect).collect::<Vec<_>>()
    };
    let denied_before: Vec<_> = before.iter().flat_map(|level| statements(level, Effect::Deny)).collect();
    let allowed = statements(level, Effect::Allow);
    let same_allowed = before.iter().any(|other| statements(other, Effect::Allow) == allowed);
    let kept = |attached: &AttachedPolicy| {
        let mut policy = attached.policy.clone();
        policy.statements.retain(|statement| match statement.effect {
            Effect::Deny => !denied_before.contains(statement),
            Effect::Allow => !same_allowed,
        });
        AttachedPolicy { name: attached.name.clone(), policy }
    };
    let mut policies: Vec<AttachedPolicy> = level.policies.iter().map(kept).collect();
    if same_allowed {
        policies.push(AttachedPolicy { name: String::new(), policy: Policy::full_access() });
    }
    Level { id: level.id.clone(), policies }
}

impl ReplayPolicies {
    /// The policies of these accounts, by id; those of the management account are none.
    #[must_use]
    pub fn new(management_account: Option<String>, accounts: HashMap<String, Sides>) -> Self {
        Self { management_account, accounts }
    }

    pub(super) fn of_account(&self, id: &str) -> Result<&Sides, Skipped> {
        if self.management_account.as_deref() == Some(id) {
            return Err(Skipped::ManagementAccount);
        }
        self.accounts.get(id).ok_or(Skipped::UnknownAccount)
    }
}

/// Reads `{"management_account": ID, "accounts": {ID: {"before": LEVELS, "after": LEVELS}}}`; LEVELS as in the cases of
/// `simulate`.
///
/// # Errors
/// Everything that is not of this form, and policies that cannot be decided with.
pub fn read_replay_policies(file: &Value) -> Result<ReplayPolicies, Vec<Problem>> {
    let mut problems = Vec::new();
    let whole = Part::whole(file);
    let management = whole.member("management_account").and_then(|id| id.text(&mut problems)).map(str::to_owned);
    let accounts = whole.required("accounts", &mut problems);
    let members = accounts.iter().flat_map(|accounts| accounts.members("accounts by id", &mut problems));
    let members: Vec<(String, Part<'_>)> = members.collect();
    let accounts = members.into_iter().map(|(id, part)| (id, sides(&part, &mut problems))).collect();
    if problems.is_empty() { Ok(ReplayPolicies::new(management, accounts)) } else { Err(problems) }
}

fn sides(part: &Part<'_>, problems: &mut Vec<Problem>) -> Sides {
    let mut side = |name| {
        let levels = part.required(name, problems);
        levels.map(|levels| service_control(&levels, problems)).unwrap_or_default()
    };
    let before = side("before");
    Sides::new(before, side("after"))
}
