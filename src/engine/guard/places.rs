use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{PolicyType, Quotas};

use super::Guarded;
use crate::facts::Look;
use crate::kinds::OfKind;
use crate::kinds::read::TargetsOf;
use crate::model::{Action, Address, Refusal, Role};

/// A target takes so many policies of a type, and never fewer than its minimum; replacements are attached before
/// what they replace is detached, so both count for a moment.
pub(super) fn guard(guarded: &Guarded<'_>, look: &Look<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let quotas = quotas(guarded);
    for ((target, policy_type), change) in changed(guarded) {
        let Some(attached) = attached(guarded, look, &target, policy_type) else { continue };
        let limits = quotas.limits(policy_type);
        let on_the_way = attached.len() + change.added.len();
        if on_the_way > limits.per_target && !change.added.is_empty() {
            refusals.push(places_taken(&target, policy_type, &attached, limits.per_target, on_the_way));
        } else if on_the_way < change.removed.len() + limits.minimum_per_target {
            refusals.push(last_one(&target, policy_type));
        }
    }
    refusals
}

/// AWS's quotas, and what the blueprint knows better.
fn quotas(guarded: &Guarded<'_>) -> Quotas {
    let given = guarded.desired.settings.quotas.iter();
    Quotas::named(given.map(|(name, quota)| (name.as_str(), quota.size, quota.per_target)))
}

#[derive(Default)]
struct Changed {
    added: BTreeSet<Address>,
    removed: BTreeSet<Address>,
}

fn changed(guarded: &Guarded<'_>) -> BTreeMap<(Address, PolicyType), Changed> {
    let mut changed: BTreeMap<_, Changed> = BTreeMap::new();
    for change in guarded.changes {
        let Some((policy, target)) = change.address.split_target() else { continue };
        let Some(policy_type) = PolicyType::from_address_prefix(policy.prefix()) else { continue };
        let entry = changed.entry((target, policy_type)).or_default();
        match change.action {
            Action::Delete => entry.removed.insert(policy),
            _ => entry.added.insert(policy),
        };
    }
    changed
}

/// The policies of a type that are on the target now, regardless of who's they are. `None` while that is being asked.
fn attached(
    guarded: &Guarded<'_>,
    look: &Look<'_>,
    target: &Address,
    policy_type: PolicyType,
) -> Option<BTreeSet<Address>> {
    let mut attached = BTreeSet::new();
    let target_id = guarded.observed.bindings.id(target);
    let of_type = guarded
        .observed
        .found
        .values()
        .filter(|found| found.is_a(Role::Policy) && found.address.prefix() == policy_type.address_prefix());
    for policy in of_type {
        let targets = look.at(TargetsOf(policy.id.clone()));
        if targets?.iter().any(|id| Some(id.as_str()) == target_id) {
            attached.insert(policy.address.clone());
        }
    }
    attached.extend(aws_managed(guarded, target, policy_type));
    Some(attached)
}

/// AWS's own policy is on every target, unless it is known to be missing.
fn aws_managed(guarded: &Guarded<'_>, target: &Address, policy_type: PolicyType) -> Option<Address> {
    let name = match policy_type {
        PolicyType::ServiceControl => "FullAWSAccess",
        PolicyType::ResourceControl => "RCPFullAWSAccess",
        _ => return None,
    };
    let policy = Address::new(policy_type.address_prefix(), [name]);
    let is_said = guarded.desired.resources.contains_key(&policy.at(target));
    let is_detached =
        policy_type == PolicyType::ServiceControl && guarded.observed.without_full_access.contains(target);
    let missing = (is_said || is_detached) && !guarded.observed.found.contains_key(&policy.at(target));
    (!missing).then_some(policy)
}

fn places_taken(
    target: &Address,
    policy_type: PolicyType,
    attached: &BTreeSet<Address>,
    limit: usize,
    needed: usize,
) -> Refusal {
    let held: Vec<&str> = attached.iter().map(Address::as_str).collect();
    Refusal {
        code: "places-taken".into(),
        address: Some(target.clone()),
        message: format!(
            "{target} takes {limit} policies of type {policy_type}; {needed} are needed on the way, now there are {}",
            held.join(", ")
        ),
        help: "attach fewer here: merge policies, attach one of them higher up, or detach one in an apply of its own"
            .into(),
    }
}

fn last_one(target: &Address, policy_type: PolicyType) -> Refusal {
    Refusal {
        code: "last-policy".into(),
        address: Some(target.clone()),
        message: format!("{target} would lose its last policy of type {policy_type}, which AWS refuses"),
        help: "attach the policy that replaces it in the same blueprint".into(),
    }
}
