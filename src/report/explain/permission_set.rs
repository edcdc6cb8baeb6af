//! A permission set.

use serde_json::Value;

use super::access::{held, unknown};
use super::called::principal_noun;
use super::change;
use super::page::{Entry, Page, Section};
use super::policy::accounts;
use super::statement::number;
use super::world::World;
use crate::model::{Address, InventoryItem};
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, item: &InventoryItem, world: &World<'_>) -> Page {
    let mut page = Page::about(subject, Some(item), world.view);
    for key in ["description", "session", "relay_state", "managed_policies"] {
        page.field(key, item);
    }
    page.fact("customer_managed_policies", customer_managed(item));
    let inline = item.body.get("inline_policy").filter(|policy| !policy.is_null());
    page.fact("inline_policy", inline.map(|policy| count(number(policy), "statement", "statements")));
    page.fact("boundary", item.body.get("boundary").map(boundary));
    page.ownership(item);
    let mut section = Section { unknown: unknown(world), ..Section::new("access", "Who has it") };
    let mut reached = Vec::new();
    for held in held(world).into_iter().filter(|held| held.set == *subject) {
        let accounts = held.accounts(world);
        let text = format!("at {}: {}", held.place, count(accounts.len(), "account", "accounts"));
        let what = format!("{} {}", principal_noun(&held.principal), held.principal.name());
        let entry: Entry = held.entry(what, text).data("place", held.place.as_str()).data("accounts", accounts.len());
        section.entries.push(entry);
        reached.extend(accounts.into_iter().filter(|_| held.stays));
    }
    reached.sort();
    reached.dedup();
    page.verdict = vec![match reached.len() {
        0 => "It is assigned in no account.".into(),
        number => format!("It gives access to {}.", count(number, "account", "accounts")),
    }];
    page.sections = vec![section, accounts(reached), change::section(subject, world)];
    page
}

/// The accounts' own policies by path and name.
fn customer_managed(item: &InventoryItem) -> Value {
    let all = item.body.get("customer_managed_policies").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = all.filter_map(path_and_name).collect();
    if names.is_empty() { Value::Null } else { names.into() }
}

fn path_and_name(policy: &Value) -> Option<String> {
    let path = policy.get("path").and_then(Value::as_str).unwrap_or("/");
    Some(format!("{path}{}", policy.get("name")?.as_str()?))
}

fn boundary(boundary: &Value) -> String {
    let inner = boundary.as_object().and_then(|it| it.values().next()).unwrap_or(boundary);
    inner.as_str().map(str::to_owned).or_else(|| path_and_name(inner)).unwrap_or_default()
}
