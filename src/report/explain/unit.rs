//! The root or an organizational unit.

use landing_policy::PolicyType;

use super::account::stack_sets;
use super::page::{Entry, Page, Section};
use super::world::World;
use super::{access, change, guardrail, policies};
use crate::model::{Address, InventoryItem, Role};
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, world: &World<'_>) -> Page {
    let item = world.inventory.get(subject);
    let mut page = Page::about(subject, item, world.view);
    let path: Vec<String> = world.inventory.path(subject).iter().map(ToString::to_string).collect();
    page.fact("path", path);
    if let Some(item) = item {
        page.ownership(item);
    }
    page.sections = policies::sections(subject, world);
    page.sections.push(guardrail::section(subject, world));
    page.sections.push(access::section(subject, world));
    page.sections.push(stack_sets(subject, world));
    page.sections.push(within("units", "Units in it", Role::Unit, subject, world));
    page.sections.push(within("accounts", "Accounts in it", Role::Account, subject, world));
    page.sections.push(change::section(subject, world));
    page.verdict = verdict(subject, world);
    page
}

/// The units or accounts below a place.
fn within(key: &'static str, title: &str, role: Role, subject: &Address, world: &World<'_>) -> Section {
    let inventory = world.inventory;
    let below = world.of_role(role).filter(|(address, ..)| *address != subject && inventory.is_for(subject, address));
    let entry = |(address, item, stays): (&Address, &InventoryItem, bool)| {
        let parent = item.parent.as_ref().filter(|parent| *parent != subject && role == Role::Account);
        Entry {
            text: parent.map(|parent| format!("in {parent}")).unwrap_or_default(),
            source: item.source.clone(),
            ..Entry::of(address.as_str())
        }
        .data("id", item.id.clone())
        .data("parent", item.parent.as_ref().map(Address::as_str))
        .marked(item, stays)
    };
    Section { entries: below.map(entry).collect(), ..Section::new(key, title) }
}

fn verdict(subject: &Address, world: &World<'_>) -> Vec<String> {
    let accounts = count(world.accounts(subject, false).len(), "account", "accounts");
    let scps = count(policies::deciding(subject, world, PolicyType::ServiceControl), "SCP", "SCPs");
    let rcps = count(policies::deciding(subject, world, PolicyType::ResourceControl), "RCP", "RCPs");
    let beside = if subject.is_root() { " The management account is bound by none of them." } else { "" };
    vec![format!("{scps} and {rcps} apply here to {accounts}.{beside}")]
}
