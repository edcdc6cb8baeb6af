//! A policy of the organization.

use super::page::{Entry, Page, Section};
use super::statement;
use super::world::World;
use super::{change, guardrail};
use crate::model::{Address, InventoryItem, Role, body_content};
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, item: &InventoryItem, world: &World<'_>) -> Page {
    let mut page = Page::about(subject, Some(item), world.view);
    for key in ["type", "name", "description"] {
        page.field(key, item);
    }
    page.ownership(item);
    let attachments: Vec<(&Address, &InventoryItem, bool)> = attachments(subject, world).collect();
    page.sections.push(attached(&attachments, world));
    let guardrails = guardrail::entries(item, subject, None, item.source.as_ref(), item.mark);
    page.sections.push(Section { entries: guardrails, ..Section::new("guardrails", "Guardrails in it") });
    page.sections.push(statements(item));
    let reached = reached(subject, &attachments, world);
    page.verdict = vec![verdict(subject, &attachments, reached.len(), world)];
    page.sections.push(accounts(reached));
    page.sections.push(change::section(subject, world));
    page
}

fn attachments<'i>(
    policy: &'i Address,
    world: &World<'i>,
) -> impl Iterator<Item = (&'i Address, &'i InventoryItem, bool)> {
    world.of_role(Role::Attachment).filter(move |(at, ..)| at.split_target().is_some_and(|(what, _)| what == *policy))
}

fn attached(attachments: &[(&Address, &InventoryItem, bool)], world: &World<'_>) -> Section {
    let entry = |(address, item, stays): &(&Address, &InventoryItem, bool)| {
        let (policy, place) = address.split_target()?;
        let accounts = world.accounts(&place, !policy.is_control_policy()).len();
        let text = count(accounts, "account", "accounts");
        let entry = Entry { text, source: item.source.clone(), ..Entry::of(place.as_str()) };
        Some(entry.data("accounts", accounts).marked(item, *stays))
    };
    Section {
        entries: attachments.iter().filter_map(entry).collect(),
        unknown: world.unknown(|kind_info| kind_info.role == Role::Attachment),
        ..Section::new("attached_to", "Attached to")
    }
}

fn statements(item: &InventoryItem) -> Section {
    let mut section = Section::new("statements", "What it says");
    match body_content(&item.body).filter(|content| !content.is_null()) {
        Some(content) => section.entries = statement::entries(content),
        None => section.unknown = Some("its document was not read".into()),
    }
    section
}

/// The accounts at or below what it is attached to once the plan is done.
fn reached(policy: &Address, attachments: &[(&Address, &InventoryItem, bool)], world: &World<'_>) -> Vec<Address> {
    let places = attachments.iter().filter(|(.., stays)| *stays).filter_map(|(address, ..)| address.split_target());
    let mut reached: Vec<Address> =
        places.flat_map(|(_, place)| world.accounts(&place, !policy.is_control_policy())).collect();
    reached.sort();
    reached.dedup();
    reached
}

/// The accounts that something reaches.
pub(super) fn accounts(reached: Vec<Address>) -> Section {
    let entries = reached.into_iter().map(|account| Entry::of(account.as_str())).collect();
    Section { entries, ..Section::new("reaches", "Reaches") }
}

fn verdict(
    policy: &Address,
    attachments: &[(&Address, &InventoryItem, bool)],
    reached: usize,
    world: &World<'_>,
) -> String {
    if attachments.iter().all(|(.., stays)| !stays) {
        return "It is attached to nothing, and has no effect.".into();
    }
    let all = world.accounts(&Address::root(), !policy.is_control_policy()).len();
    let all = count(all, "account", "accounts");
    let beside = if policy.is_control_policy() { ", the management account not counted" } else { "" };
    format!("It applies to {reached} of {all}{beside}.")
}
