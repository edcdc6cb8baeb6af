//! The paths from the root down on which a blueprint attaches policies.

use std::collections::BTreeMap;

use landing_policy::{OrganizationContext, PolicyType, Quotas};
use serde_json::{Value, json};

use crate::kinds::of_role;
use crate::kinds::resource::{access_role, own_access_role};
use crate::model::{Address, Bindings, Desired, Presence, Role, STACK_SETS_ROLE, Wanted, body_content, references};

/// Stand for what only AWS knows: each is as long as the real one.
const ACCOUNT: &str = "000000000000";
const ORGANIZATION: &str = "o-0000000000";
const ROOT: &str = "r-0000";
const UNIT: &str = "ou-0000-00000000";
const OUTPUT: &str = "output";

/// The policies of one type on the way to one place.
pub(super) struct OnPath {
    pub policy_type: PolicyType,
    /// `[{"id": ADDRESS, "policies": [{"name": ADDRESS, "policy"}]}]`, root first.
    pub levels: Value,
    pub around: OrganizationContext,
}

/// The way to every place to which policies are attached, and to every account with an access role of its own.
pub(super) fn paths(desired: &Desired) -> Vec<OnPath> {
    let attached = Attached::of(desired);
    let types = PolicyType::ALL.into_iter().filter(|policy_type| attached.by_type.contains_key(policy_type));
    types.flat_map(|policy_type| attached.paths(policy_type)).collect()
}

/// What a policy says, with something in place of what only AWS knows.
pub(super) fn content(policy: &Wanted) -> Value {
    let content = body_content(&policy.body).cloned().unwrap_or_default();
    let mut bindings = Bindings::default();
    for address in references(&content) {
        match stand_in(&address) {
            Some(id) => bindings.bind(address, id),
            None => bindings.bind_output(address, OUTPUT),
        }
    }
    bindings.resolve_value(&content)
}

/// An id for what an address names, where it names what has one.
fn stand_in(address: &Address) -> Option<&'static str> {
    let ids: [(bool, &str); 4] = [
        (address.is_any_account(), ACCOUNT),
        (address.is_organization(), ORGANIZATION),
        (address.is_root(), ROOT),
        (address.is_unit(), UNIT),
    ];
    ids.into_iter().find(|(is_such, _)| *is_such).map(|(_, id)| id)
}

/// What is known of the organization that the blueprint makes, for policies that are not looked at on a path.
pub(super) fn organization_context(desired: &Desired) -> OrganizationContext {
    let settings = &desired.settings;
    let quotas = settings.quotas.iter().map(|(name, quota)| (name.as_str(), quota.size, quota.per_target));
    let home = &settings.home_region;
    OrganizationContext {
        quotas: Quotas::named(quotas),
        roles: Vec::new(),
        knows_roles: true,
        partition: settings.partition().to_owned(),
        home_region: Some(home.clone()).filter(|home| !home.is_empty()),
    }
}

/// Policies of the blueprint by type and target.
struct Attached<'a> {
    desired: &'a Desired,
    by_type: BTreeMap<PolicyType, BTreeMap<Address, Vec<&'a Wanted>>>,
}

impl<'a> Attached<'a> {
    fn of(desired: &'a Desired) -> Self {
        let mut by_type: BTreeMap<PolicyType, BTreeMap<Address, Vec<&Wanted>>> = BTreeMap::new();
        let present = of_role(desired, Role::Attachment).filter(|wanted| wanted.presence == Presence::Present);
        for (policy, target) in present.filter_map(|wanted| wanted.address.split_target()) {
            let Some(policy_type) = PolicyType::from_address_prefix(policy.prefix()) else { continue };
            let Some(policy) = desired.get(&policy) else { continue };
            by_type.entry(policy_type).or_default().entry(target).or_default().push(policy);
        }
        Attached { desired, by_type }
    }

    fn paths(&self, policy_type: PolicyType) -> Vec<OnPath> {
        let targets = self.by_type.get(&policy_type).into_iter().flat_map(BTreeMap::keys);
        let accounts = self.desired.of(Address::is_account).map(|account| &account.address);
        let accounts = accounts.filter(|account| own_access_role(self.desired, account).is_some());
        let mut ends: Vec<&Address> = targets.chain(accounts).collect();
        ends.sort();
        ends.dedup();
        ends.into_iter().map(|end| self.path(end, policy_type)).collect()
    }

    fn path(&self, end: &Address, policy_type: PolicyType) -> OnPath {
        let around = OrganizationContext { roles: self.roles(end), ..organization_context(self.desired) };
        let levels = self.way_to(end).iter().map(|level| self.level(level, policy_type)).collect();
        OnPath { policy_type, levels, around }
    }

    fn level(&self, level: &Address, policy_type: PolicyType) -> Value {
        let own = self.by_type.get(&policy_type).and_then(|targets| targets.get(level));
        let own = own.into_iter().flatten().map(|policy| json!({"name": policy.address, "policy": content(policy)}));
        let full_access = self.full_access(level, policy_type);
        // Without FullAWSAccess a blueprint's level has a list of what is allowed, or says that it allows nothing.
        let allows_nothing = policy_type == PolicyType::ServiceControl && full_access.is_none();
        let policies: Value = own.chain(full_access).collect();
        json!({"id": level, "policies": policies, "allows_nothing": allows_nothing})
    }

    /// AWS's own policy, which is on every level unless the blueprint takes it away.
    fn full_access(&self, level: &Address, policy_type: PolicyType) -> Option<Value> {
        let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        let name = match policy_type {
            PolicyType::ServiceControl => "FullAWSAccess",
            PolicyType::ResourceControl => {
                statement["Principal"] = json!("*");
                "RCPFullAWSAccess"
            }
            _ => return None,
        };
        let attachment = self.desired.get(&Address::new(policy_type.address_prefix(), [name]).at(level));
        let is_taken = attachment.is_some_and(|attachment| attachment.presence == Presence::Absent);
        (!is_taken).then(|| json!({"name": name, "policy": {"Version": "2012-10-17", "Statement": [statement]}}))
    }

    /// From the root to a unit or an account.
    fn way_to(&self, end: &Address) -> Vec<Address> {
        let Some(account) = self.desired.get(end).filter(|wanted| wanted.address.is_account()) else {
            return end.path();
        };
        let mut way = account.parent.clone().unwrap_or_else(Address::root).path();
        way.push(end.clone());
        way
    }

    /// The roles by which the accounts there are kept, by name.
    fn roles(&self, end: &Address) -> Vec<String> {
        let settings = &self.desired.settings;
        let access = access_role(self.desired, end);
        let apply = settings.roles.iter().map(|roles| roles.apply.clone());
        let stack_sets = self.is_reached_by_stack_sets(end).then(|| STACK_SETS_ROLE.to_owned());
        let roles = std::iter::once(access).chain(apply).chain(settings.break_glass_roles.iter().cloned());
        roles.chain(stack_sets).filter(|role| !role.is_empty()).collect()
    }

    fn is_reached_by_stack_sets(&self, end: &Address) -> bool {
        let way = self.way_to(end);
        let mut needs = self.desired.of(Address::is_stack_set).flat_map(|stack_set| &stack_set.needs);
        needs.any(|need| way.contains(need) || need.is_within(end))
    }
}
