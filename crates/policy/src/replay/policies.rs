//! The policies of every account, before and after.

use std::collections::HashMap;

use serde_json::Value;

use super::Skipped;
use crate::simulate::{Part, resource_control, service_control};
use crate::{AttachedPolicy, Effect, Level, Policy, Problem};

/// The policies of an organization on two days.
#[derive(Debug, Default)]
pub struct ReplayPolicies {
    management_account: Option<String>,
    organization: Option<String>,
    accounts: HashMap<String, AccountPolicies>,
    has_rcps: bool,
    none: Sides,
}

/// What binds the principals and the resources of one account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountPolicies {
    /// The SCPs on the way to it: they bind its principals.
    pub scps: Sides,
    /// The RCPs on the way to it: they bind anyone who uses its resources.
    pub rcps: Sides,
    /// Its path in the organization, as `o-exampleorgid/r-ab12/ou-ab12-11111111/`, if it is known and does not change.
    pub path: Option<String>,
}

/// The policies of one type on the way to one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// From the root to the account, as they were.
    pub before: Vec<Level>,
    /// As they will be.
    pub after: Vec<Level>,
    /// Of those before, only what may deny more than those after: the denials that go, and the allowances of a level that
    /// no level after has.
    pub(crate) gone: Vec<Level>,
    /// The same of those after: what is new.
    pub(crate) new: Vec<Level>,
}

/// What binds a call: the SCPs of its principal's account and the RCPs of its resource's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'a> {
    pub scps: &'a Sides,
    pub rcps: &'a Sides,
}

impl Default for Sides {
    fn default() -> Self {
        Self::new(Vec::new(), Vec::new())
    }
}

impl Sides {
    /// The two sides of one account.
    #[must_use]
    pub fn new(before: Vec<Level>, after: Vec<Level>) -> Self {
        let gone = before.iter().map(|level| difference(level, &after)).collect();
        let new = after.iter().map(|level| difference(level, &before)).collect();
        Self { before, after, gone, new }
    }

    fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

/// The level without the denials that stand anywhere on the other way; with an allowance of everything in place of its
/// allowances if a level of the other way has the same.
fn difference(level: &Level, other: &[Level]) -> Level {
    let statements = |level: &Level, effect| {
        let all = level.policies.iter().flat_map(|attached| attached.policy.statements.clone());
        all.filter(|statement| statement.effect == effect).collect::<Vec<_>>()
    };
    let denied: Vec<_> = other.iter().flat_map(|level| statements(level, Effect::Deny)).collect();
    let allowed = statements(level, Effect::Allow);
    let same_allowed = other.iter().any(|other| statements(other, Effect::Allow) == allowed);
    let kept = |attached: &AttachedPolicy| {
        let mut policy = attached.policy.clone();
        policy.statements.retain(|statement| match statement.effect {
            Effect::Deny => !denied.contains(statement),
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
    /// The policies of these accounts, by id. Nothing binds the management account: what `accounts` has of it does not
    /// count.
    #[must_use]
    pub fn new(management_account: Option<String>, mut accounts: HashMap<String, AccountPolicies>) -> Self {
        if let Some(id) = &management_account {
            accounts.remove(id);
        }
        let has_rcps = accounts.values().any(|account| !account.rcps.is_empty());
        Self { management_account, organization: None, accounts, has_rcps, none: Sides::default() }
    }

    /// The same policies of the organization with this id, as `o-exampleorgid`, which conditions ask for.
    #[must_use]
    pub fn of_organization(mut self, id: Option<String>) -> Self {
        self.organization = id;
        self
    }

    /// Whether there are any RCPs.
    pub(super) fn have_rcps(&self) -> bool {
        self.has_rcps
    }

    /// What binds a principal of one account that uses a resource of another. Only RCPs bind principals of the
    /// management account and of other organizations
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>).
    ///
    /// # Errors
    /// When nothing does, with the reason.
    pub(super) fn binding(&self, principal: &str, resource: Option<&str>) -> Result<Bound<'_>, Skipped> {
        let rcps = resource.and_then(|id| self.accounts.get(id)).map(|account| &account.rcps);
        let rcps = rcps.filter(|rcps| !rcps.is_empty());
        match (self.accounts.get(principal), rcps) {
            (Some(own), rcps) => Ok(Bound { scps: &own.scps, rcps: rcps.unwrap_or(&self.none) }),
            (None, Some(rcps)) => Ok(Bound { scps: &self.none, rcps }),
            (None, None) if self.is_management_account(principal) => Err(Skipped::ManagementAccount),
            (None, None) => Err(Skipped::UnknownAccount),
        }
    }

    /// The organization's id, if it is known.
    pub(super) fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// Whether an account is one of the organization.
    pub(super) fn has(&self, account: &str) -> bool {
        self.accounts.contains_key(account) || self.is_management_account(account)
    }

    /// The path of an account in the organization, if it is known.
    pub(super) fn path_of(&self, account: &str) -> Option<&str> {
        self.accounts.get(account)?.path.as_deref()
    }

    fn is_management_account(&self, id: &str) -> bool {
        self.management_account.as_deref() == Some(id)
    }
}

/// Reads `{"management_account": ID, "organization": ID, "accounts": {ID: {"before": LEVELS, "after": LEVELS,
/// "rcpBefore": LEVELS, "rcpAfter": LEVELS}}}`; LEVELS as in the cases of `simulate`. The organization's id and the
/// levels of RCPs need not be there. Accounts that are not among these are outside the organization.
///
/// # Errors
/// Everything that is not of this form, and policies that cannot be decided with.
pub fn read_replay_policies(file: &Value) -> Result<ReplayPolicies, Vec<Problem>> {
    let mut problems = Vec::new();
    let whole = Part::whole(file);
    let mut id = |name| whole.member(name).and_then(|id| id.text(&mut problems)).map(str::to_owned);
    let (management, organization) = (id("management_account"), id("organization"));
    let accounts = whole.required("accounts", &mut problems);
    let members = accounts.map(|accounts| accounts.members("accounts by id", &mut problems)).unwrap_or_default();
    let mut policies = |part: &Part<'_>| account_policies(part, organization.as_deref(), &mut problems);
    let accounts = members.into_iter().map(|(id, part)| (id, policies(&part))).collect();
    let policies = ReplayPolicies::new(management, accounts).of_organization(organization);
    if problems.is_empty() { Ok(policies) } else { Err(problems) }
}

fn account_policies(part: &Part<'_>, organization: Option<&str>, problems: &mut Vec<Problem>) -> AccountPolicies {
    let mut scps = |name| {
        let levels = part.required(name, problems);
        levels.map(|levels| service_control(&levels, problems)).unwrap_or_default()
    };
    let scps = Sides::new(scps("before"), scps("after"));
    let mut rcps = |name| part.member(name).map(|levels| resource_control(&levels, problems)).unwrap_or_default();
    let rcps = Sides::new(rcps("rcpBefore"), rcps("rcpAfter"));
    let path = organization.and_then(|organization| path(organization, &scps));
    AccountPolicies { scps, rcps, path }
}

/// The path of an account whose levels go by the ids of the root and of units, the same before and after
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html>).
fn path(organization: &str, scps: &Sides) -> Option<String> {
    let ids = |levels: &[Level]| {
        let above = levels.split_last()?.1;
        let is_root = above.first()?.id.starts_with("r-");
        let are_units = above[1..].iter().all(|level| level.id.starts_with("ou-"));
        (is_root && are_units).then(|| above.iter().map(|level| format!("{}/", level.id)).collect::<String>())
    };
    let path = ids(&scps.after)?;
    (ids(&scps.before)? == path).then(|| format!("{organization}/{path}"))
}
