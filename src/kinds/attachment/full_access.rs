//! Where AWS's FullAWSAccess is attached, and where it is to be.

use std::collections::BTreeSet;

use landing_policy::PolicyType;

use super::read::PoliciesOn;
use super::resource::Attachment;
use super::{insert, owner};
use crate::facts::Look;
use crate::kinds::read::TargetsOf;
use crate::kinds::shared::allow_list::allows;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Desired, Note, Observed, Owner, Presence};

/// AWS's policy that allows everything, which is attached to every new target.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
pub(super) const FULL_ACCESS: &str = "FullAWSAccess";
pub(super) const FULL_ACCESS_ID: &str = "p-FullAWSAccess";

/// Finds where FullAWSAccess is, without asking about every account: it only matters where the blueprint says something of it,
/// where an allow-list is or was, where an SCP goes, and where it is missing beside an SCP of ours. That the list of its own
/// targets shows, twenty a page, or each target of our SCPs, whichever takes fewer calls.
pub(super) fn recognize(desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    let enabled = observed.found.contains_key(&Address::new("policy-type", ["SERVICE_CONTROL_POLICY"]));
    let mut targets = targets_in_question(desired, observed);
    if enabled {
        targets.extend(targets_without(desired, look, observed));
    }
    for target in targets {
        let id = observed.bindings.id(&target).filter(|_| enabled).map(str::to_owned);
        let Some(id) = id else {
            // It comes with the target, or with the policy type.
            insert(observed, &policy(), &target, Owner::Shared);
            continue;
        };
        let Some(attached) = look.at(scps_on(id)) else { continue };
        if attached.iter().any(|id| id == FULL_ACCESS_ID) {
            insert(observed, &policy(), &target, Owner::Shared);
        } else if attached.iter().all(|id| is_ours(desired, observed, id)) {
            note(&target, desired, observed);
            observed.without_full_access.insert(target);
        }
    }
}

/// Whether FullAWSAccess is to be attached to a target that lacks it: where an allow-list of landing's goes, which took its
/// place. Elsewhere it was detached before landing came, or by hand, and only the blueprint can say that it is to be there.
pub(super) fn gets_back(target: &Address, desired: &Desired, observed: &Observed) -> bool {
    if desired.resources.contains_key(&policy().at(target)) {
        return false;
    }
    let attached =
        observed.found.values().filter(|it| it.kind == Attachment::KIND && it.parent.as_ref() == Some(target));
    attached.filter_map(|it| it.address.split_target()).any(|(policy, _)| {
        let found = observed.found.get(&policy).filter(|found| matches!(found.owner, Owner::This { .. }));
        let was_list = found.is_some_and(|found| allows(&found.body));
        was_list && !stays_list(&policy, target, desired)
    })
}

/// Whether the blueprint has a policy attached to a target that allows something.
fn stays_list(policy: &Address, target: &Address, desired: &Desired) -> bool {
    let attachment = desired.get(&policy.at(target));
    let stays = attachment.is_some_and(|attachment| attachment.presence == Presence::Present);
    stays && desired.get(policy).is_some_and(|policy| allows(&policy.body))
}

/// Says that FullAWSAccess is missing where the blueprint says nothing of it and it is not attached again.
fn note(target: &Address, desired: &Desired, observed: &mut Observed) {
    if desired.resources.contains_key(&policy().at(target)) || gets_back(target, desired, observed) {
        return;
    }
    let mut policies = desired.of_kind(Attachment::KIND).filter_map(|wanted| wanted.address.split_target());
    let keeps = match policies.any(|(policy, at)| at == *target && stays_list(&policy, target, desired)) {
        true => "`full_aws_access: false`",
        false => "`full_aws_access: false` and `allows_nothing: true`",
    };
    let what = format!(
        "FullAWSAccess is not attached to {target}, and landing does not attach it: write `full_aws_access: true` there to \
         attach it, or {keeps} to keep it detached"
    );
    observed.findings.notes.push(Note { address: Some(target.clone()), what, about: Vec::new() });
}

fn policy() -> Address {
    Address::new("scp", [FULL_ACCESS])
}

/// Targets on a page of ListTargetsForPolicy.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html>
const A_PAGE: usize = 20;

/// Where SCPs of ours are attached and FullAWSAccess is not, or may not be. AWS leaves no target without an SCP, so that
/// elsewhere one of others takes its place.
fn targets_without(desired: &Desired, look: &Look<'_>, observed: &Observed) -> Vec<Address> {
    let attached = observed.found.values().filter(|it| it.kind == Attachment::KIND && it.address.prefix() == "scp");
    let ours: BTreeSet<Address> = attached.filter_map(|it| it.parent.clone()).collect();
    if let Some(wanted) = to_be_asked_each(desired, observed, &ours) {
        // Those of the blueprint are asked before it is known which policies there are, and so beside these.
        for target in wanted {
            look.at(scps_on(target));
        }
        return ours.into_iter().collect();
    }
    // There is a management account at least, so that there are none before they are known.
    if ours.is_empty() || observed.accounts.is_empty() {
        return Vec::new();
    }
    let Some(targets) = look.at(TargetsOf(FULL_ACCESS_ID.into())) else { return Vec::new() };
    let targets: BTreeSet<&str> = targets.iter().map(String::as_str).collect();
    let lacks = |address: &Address| observed.bindings.id(address).is_some_and(|id| !targets.contains(id));
    ours.into_iter().filter(lacks).collect()
}

/// The ids of the targets of the blueprint's SCPs, where asking each of them and of `ours` takes fewer calls than the list of all
/// targets. `None` where it does not, where everything is to be seen, and where accounts are not known yet.
fn to_be_asked_each<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    ours: &BTreeSet<Address>,
) -> Option<impl Iterator<Item = String> + 'a> {
    let wanted = desired.of_kind(Attachment::KIND).filter(|it| it.presence == Presence::Present);
    let wanted = wanted.filter_map(|it| it.address.split_target()).filter(|(policy, _)| policy.prefix() == "scp");
    let there = wanted.map(|(_, target)| target).filter(|target| observed.bindings.id(target).is_some());
    let there: BTreeSet<Address> = there.collect();
    let is_fewer = there.union(ours).count() < observed.accounts.len().div_ceil(A_PAGE);
    let ids = there.into_iter().filter_map(|target| observed.bindings.id(&target).map(str::to_owned));
    (!desired.settings.sees_everything() && is_fewer).then_some(ids)
}

fn scps_on(target: String) -> PoliciesOn {
    PoliciesOn { target, policy_type: PolicyType::ServiceControl.api_name().into() }
}

fn targets_in_question(desired: &Desired, observed: &Observed) -> BTreeSet<Address> {
    let is_scp = |address: &Address| address.prefix() == "scp";
    let split = |address: &Address| address.split_target().filter(|(policy, _)| is_scp(policy));
    let wanted = desired.of_kind(Attachment::KIND).filter_map(|wanted| {
        let (attached, target) = split(&wanted.address)?;
        let is_said = wanted.presence == Presence::Absent || attached == policy();
        (is_said || desired.get(&attached).is_some_and(|policy| allows(&policy.body))).then_some(target)
    });
    let found = observed.found.values().filter(|found| found.kind == Attachment::KIND).filter_map(|found| {
        let (policy, target) = split(&found.address)?;
        let leaves = !desired.resources.contains_key(&found.address);
        (leaves || observed.found.get(&policy).is_some_and(|policy| allows(&policy.body))).then_some(target)
    });
    wanted.chain(found).collect()
}

/// Whether a policy is the blueprint's, or the blueprint adopts it.
fn is_ours(desired: &Desired, observed: &Observed, policy_id: &str) -> bool {
    let found = observed.bindings.address(policy_id).and_then(|address| observed.found.get(address));
    found.and_then(|found| owner(desired, found)).is_some_and(|owner| matches!(owner, Owner::This { .. }))
}

#[cfg(test)]
mod tests;
