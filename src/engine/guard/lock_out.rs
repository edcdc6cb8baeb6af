//! No principal is locked out by surprise.

use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{Decision, Level, PolicyType, Verdict, evaluate};

use super::Guarded;
use super::protected::{InAccounts, Protected, protected};
use crate::engine::hierarchies::Hierarchies;
use crate::hierarchy::because;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Presence, Refusal, Role};

/// No plan may leave landing's roles, that of stack sets, a break-glass role, Identity Center's administrators or log
/// delivery without what they can do now, in any account.
/// Only a certain denial refuses; a request that depends on what is not known passes.
pub(super) fn guard(guarded: &Guarded<'_>, touched: &BTreeSet<&Address>, hierarchies: &Hierarchies) -> Vec<Refusal> {
    let mut found: BTreeMap<(String, String), LostAccess> = BTreeMap::new();
    let there = InAccounts::of(guarded);
    for account in touched.iter().copied() {
        for (protected, verdict) in lost_access(guarded, &there, hierarchies, account) {
            let lost_access = found.entry((protected.who, because(&verdict))).or_default();
            lost_access.actions.insert(protected.request.action);
            lost_access.accounts.insert(account);
            lost_access.by_policy = verdict.decided_by.is_some_and(|decided| decided.policy.is_some());
        }
    }
    found.into_iter().map(|((who, why), lost_access)| refusal(&who, &why, &lost_access)).collect()
}

/// What someone could not do any more, and where.
#[derive(Default)]
struct LostAccess<'a> {
    actions: BTreeSet<String>,
    accounts: BTreeSet<&'a Address>,
    /// Whether a statement denies it; else nothing allows it.
    by_policy: bool,
}

/// The member accounts for which other policies hold after the plan.
pub(super) fn touched_accounts<'a>(guarded: &Guarded<'a>) -> BTreeSet<&'a Address> {
    guarded
        .changes
        .iter()
        .filter(|change| {
            let comes = change.action == Action::Create || change.field("parent").is_some();
            change.address.is_control_policy() || change.is_a(Role::Account) && comes
        })
        .flat_map(|change| guarded.places.reached(change))
        .filter(|account| !guarded.places.is_management(account) && stays_open(guarded, account))
        .collect()
}

/// No principal works in an account that is closed, or that the plan closes.
fn stays_open(guarded: &Guarded<'_>, account: &Address) -> bool {
    let is_closed = guarded.observed.accounts.contains_key(account) && !guarded.observed.has_open(account);
    let is_to_be = guarded.desired.get(account).is_some_and(|wanted| wanted.presence == Presence::Absent);
    !is_closed && !is_to_be
}

/// What is protected in this account, can be done now and could not be after the plan.
fn lost_access(
    guarded: &Guarded<'_>,
    there: &InAccounts<'_>,
    hierarchies: &Hierarchies,
    account: &Address,
) -> Vec<(Protected, Verdict)> {
    let is_new = !guarded.places.before.contains_key(account);
    let Hierarchies { before, after } = hierarchies;
    let levels = |hierarchy: &crate::hierarchy::Hierarchy| {
        [PolicyType::ServiceControl, PolicyType::ResourceControl].map(|it| hierarchy.levels(account, it))
    };
    let (now, then) = (levels(before), levels(after));
    let mut lost_access = Vec::new();
    for protected in protected(guarded, there, after, account) {
        let verdict = evaluate(&then[0], &then[1], &protected.request);
        let denied_before = || !is_new && evaluate(&now[0], &now[1], &protected.request).decision == Decision::Deny;
        if verdict.decision == Decision::Deny && !is_meant(guarded, &verdict, &then[0]) && !denied_before() {
            lost_access.push((protected, verdict));
        }
    }
    lost_access
}

/// Whether the blueprint says of the deciding policy that it may lock out, or, where a level allows nothing of it, of a policy that is
/// attached there.
fn is_meant(guarded: &Guarded<'_>, verdict: &Verdict, levels: &[Level]) -> bool {
    let may = |policy: &str| guarded.desired.settings.may_lock_out.iter().any(|address| address.as_str() == policy);
    let Some(decided) = &verdict.decided_by else { return false };
    let level = levels.iter().filter(|level| decided.policy.is_none() && level.id == decided.level);
    let mut policies =
        level.flat_map(|level| &level.policies).map(|policy| policy.name.as_str()).chain(decided.policy.as_deref());
    policies.any(may)
}

fn refusal(who: &str, why: &str, lost_access: &LostAccess<'_>) -> Refusal {
    let first = lost_access.accounts.first();
    let name = first.map(|account| account.as_str()).unwrap_or_default();
    let others = lost_access.accounts.len().saturating_sub(1);
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let actions: Vec<&str> = lost_access.actions.iter().map(String::as_str).collect();
    let help = match lost_access.by_policy {
        true => {
            "exempt the role (a condition ArnNotLike on aws:PrincipalArn), or write `may_lock_out: true` at the policy if it is meant"
        }
        false => {
            "attach a policy there that allows it, or write `may_lock_out: true` at a policy that is attached there if it is meant"
        }
    };
    Refusal {
        code: "lock-out".into(),
        address: first.map(|account| (*account).clone()),
        message: format!("{who} could not do {} any more in {name}{more}: {why}", actions.join(", ")),
        help: help.into(),
    }
}
