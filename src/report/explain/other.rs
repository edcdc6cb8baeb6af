//! Whatever has no page of its own sort: its fields.

use serde_json::Value;

use super::change;
use super::page::{Entry, Page, Section};
use super::world::World;
use crate::model::{Address, InventoryItem};

pub(super) fn page(subject: &Address, item: &InventoryItem, world: &World<'_>) -> Page {
    let mut page = Page::about(subject, Some(item), world.view);
    page.fact("parent", item.parent.as_ref().map(Address::as_str));
    page.ownership(item);
    let fields = item.body.iter().filter(|(key, _)| *key != "tags");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let entries =
        fields.map(|(key, value)| Entry { text: text(value), ..Entry::of(key.as_str()) }.data("value", value.clone()));
    page.sections.push(Section { entries: entries.collect(), ..Section::new("fields", "Fields") });
    page.sections.push(change::section(subject, world));
    page
}
