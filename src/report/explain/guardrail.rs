//! Which guardrails hold at a place, and what holds them.

use std::collections::BTreeMap;

use super::page::{Entry, Section};
use super::place::origins;
use super::policies::in_effect;
use super::world::World;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Body, InventoryItem, Role, TAG_GUARDRAIL, body_tags};
use crate::template::guardrail;

/// The guardrails in a policy or a stack with their versions, which its tags say.
pub(super) fn guardrails_of(body: &Body) -> BTreeMap<String, String> {
    let tags = body_tags(body).into_iter();
    tags.filter_map(|(key, version)| Some((key.strip_prefix(TAG_GUARDRAIL)?.to_owned(), version))).collect()
}

/// The guardrails by the policies, stack sets and stacks that are in effect at a place.
pub(super) fn section(subject: &Address, world: &World<'_>) -> Section {
    let mut section = Section::new("guardrails", "Guardrails");
    for it in in_effect(subject, world) {
        let Some(policy) = world.inventory.get(&it.policy) else { continue };
        let source = it.attachment.source.as_ref().or(policy.source.as_ref());
        let mark = if it.stays { it.attachment.mark } else { Some(Action::Delete) };
        section.entries.extend(entries(policy, &it.policy, Some(it.from), source, mark));
    }
    for (address, item, stays) in world.inventory.all() {
        let mark = if stays { item.mark } else { Some(Action::Delete) };
        for from in deployed(subject, item, world) {
            section.entries.extend(entries(item, address, Some(from), item.source.as_ref(), mark));
        }
    }
    section
}

/// The places by which a stack set or a stack is in an account.
fn deployed(subject: &Address, item: &InventoryItem, world: &World<'_>) -> Vec<(Address, bool)> {
    let inventory = world.inventory;
    let is_here = |parent: &&Address| inventory.is_same_account(parent, subject);
    match item.kind_info().role {
        Role::StackSet if !inventory.is_management(subject) => origins(item, subject, inventory),
        Role::Stack => item.parent.iter().filter(is_here).map(|_| (subject.clone(), false)).collect(),
        _ => Vec::new(),
    }
}

/// The guardrails that one policy or stack holds.
pub(super) fn entries(
    holder: &InventoryItem,
    address: &Address,
    from: Option<(Address, bool)>,
    source: Option<&String>,
    mark: Option<Action>,
) -> Vec<Entry> {
    let before = holder.before.as_ref().map(guardrails_of);
    let entry = |(id, version): (String, String)| {
        let was = before.as_ref().map(|before| before.get(&id));
        let own = match was {
            Some(None) => Some(Action::Create),
            Some(Some(was)) if *was != version => Some(Action::Update),
            _ => None,
        };
        let entry = one(&id, &version, address).data("held_by", address.as_str());
        Entry {
            from: from.clone(),
            source: source.cloned(),
            mark: mark.filter(|it| *it != Action::Update).or(own),
            ..entry
        }
    };
    guardrails_of(&holder.body).into_iter().map(entry).collect()
}

fn one(id: &str, version: &str, holder: &Address) -> Entry {
    let entry = Entry::of(id).data("version", version);
    let Some(known) = guardrail(id) else {
        return Entry { text: format!("v{version}, not of the catalogue, by {holder}"), ..entry };
    };
    let (level, behaviour) = (known.guidance.to_string(), known.behaviour.to_string());
    Entry { text: format!("v{version}, {level}, {behaviour}"), lines: vec![known.title.clone()], ..entry }
        .data("level", level)
        .data("behaviour", behaviour)
        .data("title", known.title.clone())
}
