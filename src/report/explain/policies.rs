//! Which policies are in effect at a place.

use landing_policy::PolicyType;
use serde_json::Value;

use super::guardrail::guardrails_of;
use super::page::{Entry, Section};
use super::place::origins;
use super::world::World;
use crate::model::{Address, InventoryItem, Role};
use crate::report::naming::noun_at;

/// AWS's own policy that allows everything.
const FULL_ACCESS: &str = "FullAWSAccess";

/// An attachment that is in effect at the place that is explained.
pub(super) struct InEffect<'i> {
    pub policy: Address,
    pub attachment: &'i InventoryItem,
    pub stays: bool,
    pub from: (Address, bool),
}

/// The policies in effect, those of the root first.
pub(super) fn in_effect<'i>(subject: &Address, world: &World<'i>) -> Vec<InEffect<'i>> {
    let inventory = world.inventory;
    let path = inventory.path(subject);
    let is_bound = !inventory.is_management(subject);
    let mut all = Vec::new();
    for (address, attachment, stays) in world.of_role(Role::Attachment) {
        let Some((policy, _)) = address.split_target().filter(|(policy, _)| policy.name() != FULL_ACCESS) else {
            continue;
        };
        if policy.is_control_policy() && !is_bound {
            continue;
        }
        for from in origins(attachment, subject, inventory) {
            all.push(InEffect { policy: policy.clone(), attachment, stays, from });
        }
    }
    all.sort_by_key(|it| (path.iter().position(|place| *place == it.from.0), it.policy.clone()));
    all
}

/// A list for each type of policies.
pub(super) fn sections(subject: &Address, world: &World<'_>) -> Vec<Section> {
    let all = in_effect(subject, world);
    let unknown = world.unknown(|kind_info| matches!(kind_info.role, Role::Attachment | Role::Policy));
    let of_type = |policy_type: PolicyType| {
        let prefix = policy_type.address_prefix();
        let entries: Vec<Entry> =
            all.iter().filter(|it| it.policy.prefix() == prefix).map(|it| entry(it, policy_type, world)).collect();
        let is_scp = policy_type == PolicyType::ServiceControl;
        let noun = noun_at(&Address::new(prefix, [""]));
        let notes = if is_scp { full_access(subject, world) } else { merged(policy_type, &entries) };
        let unknown = unknown.clone().filter(|_| is_scp);
        Section { notes, entries, unknown, ..Section::new("policies", format!("{noun} in effect")) }
    };
    let sections = PolicyType::ALL.into_iter().map(of_type);
    sections.filter(|it| !it.entries.is_empty() || !it.notes.is_empty() || it.unknown.is_some()).collect()
}

fn entry(it: &InEffect<'_>, policy_type: PolicyType, world: &World<'_>) -> Entry {
    let policy = world.inventory.get(&it.policy);
    let guardrails = policy.map(|policy| guardrails_of(&policy.body)).unwrap_or_default();
    let names: Vec<String> = guardrails.keys().cloned().collect();
    let text = if names.is_empty() { String::new() } else { format!("guardrails {}", names.join(", ")) };
    let own = it.attachment.source.clone();
    let mut entry = Entry {
        from: Some(it.from.clone()),
        text,
        source: own.or_else(|| policy.and_then(|policy| policy.source.clone())),
        ..Entry::of(it.policy.to_string())
    }
    .marked(it.attachment, it.stays);
    entry.mark = entry.mark.or(policy.and_then(|policy| policy.mark));
    entry.data("type", policy_type.api_name()).data("guardrails", Value::from(names))
}

/// Where FullAWSAccess is missing: nothing is allowed there but what another policy at that place allows.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
fn full_access(subject: &Address, world: &World<'_>) -> Vec<String> {
    let inventory = world.inventory;
    if inventory.is_management(subject) {
        return vec!["No SCP or RCP applies to the management account.".into()];
    }
    let lacking = inventory.path(subject).into_iter().filter(|place| inventory.without_full_access.contains(place));
    let note = |place| format!("{FULL_ACCESS} is not attached to {place}: only what the SCPs there allow is allowed.");
    lacking.map(note).collect()
}

/// Policies of management types are merged along the path, and AWS keeps the result.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html>
fn merged(policy_type: PolicyType, entries: &[Entry]) -> Vec<String> {
    let decides = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
    let several = !decides && entries.len() > 1;
    several.then(|| "AWS merges them into one effective policy, from the root down.".to_owned()).into_iter().collect()
}

/// The places that lack FullAWSAccess on the way to what is explained.
pub(super) fn lacking(subject: &Address, world: &World<'_>) -> Vec<String> {
    let path = world.inventory.path(subject).into_iter();
    path.filter(|place| world.inventory.without_full_access.contains(place)).map(|place| place.to_string()).collect()
}

/// How many policies of a type are in effect once the plan is done.
pub(super) fn deciding(subject: &Address, world: &World<'_>, policy_type: PolicyType) -> usize {
    let prefix = policy_type.address_prefix();
    in_effect(subject, world).iter().filter(|it| it.stays && it.policy.prefix() == prefix).count()
}

/// What the policies of each type that AWS merges come to in the account.
pub(super) fn effective(world: &World<'_>) -> Section {
    let mut section = Section::new("effective_policies", "Effective policies");
    let mut unknown = Vec::new();
    for (policy_type, policy) in &world.inventory.effective {
        match policy {
            Ok(content) => section.entries.push(merged_policy(policy_type, content)),
            Err(why) => unknown.push(format!("{policy_type}: {why}")),
        }
    }
    section.unknown = Some(unknown.join("; ")).filter(|why| !why.is_empty());
    if !section.entries.is_empty() && !world.inventory.changes.is_empty() {
        section.notes.push("As AWS merges them now, before the plan changes anything.".into());
    }
    section
}

/// `tags: cost-center, project`.
fn merged_policy(policy_type: &str, content: &Value) -> Entry {
    let of = |(key, value): (&String, &Value)| {
        let members: Vec<&str> = value.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        if members.is_empty() { format!("{key}: {value}") } else { format!("{key}: {}", members.join(", ")) }
    };
    let text = content.as_object().map(|map| map.iter().map(of).collect::<Vec<_>>().join("; "));
    let text = text.unwrap_or_else(|| content.to_string());
    Entry { text, ..Entry::of(policy_type) }.data("content", content.clone())
}
