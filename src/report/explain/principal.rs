//! A group or a user of Identity Center.

use super::access::{held, unknown};
use super::change;
use super::page::{Page, Section};
use super::world::World;
use crate::model::Address;
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, world: &World<'_>) -> Page {
    let item = world.inventory.get(subject);
    let mut page = Page::about(subject, item, world.view);
    if let Some(item) = item {
        page.field("description", item);
        page.ownership(item);
    }
    let mut section = Section { unknown: unknown(world), ..Section::new("access", "What it has") };
    let mut reached = Vec::new();
    for held in held(world).into_iter().filter(|held| held.principal == *subject) {
        let accounts = held.accounts(world);
        let text = format!("at {}: {}", held.place, count(accounts.len(), "account", "accounts"));
        let entry = held.entry(held.set.name(), text);
        section.entries.push(entry.data("place", held.place.as_str()).data("accounts", accounts.len()));
        reached.extend(accounts.into_iter().filter(|_| held.stays));
    }
    reached.sort();
    reached.dedup();
    page.verdict = vec![match reached.len() {
        0 => "It has access to no account by itself.".into(),
        number => format!("It has access to {}.", count(number, "account", "accounts")),
    }];
    page.sections = vec![section, super::policy::accounts(reached), change::section(subject, world)];
    page
}
