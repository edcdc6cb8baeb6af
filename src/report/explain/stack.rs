//! A stack or a stack set.

use serde_json::Value;

use super::page::{Entry, Page, Section};
use super::place::origins;
use super::policy::accounts;
use super::world::World;
use super::{change, guardrail};
use crate::kinds::OfKind;
use crate::model::{Address, InventoryItem, Role, body_template};
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, item: &InventoryItem, world: &World<'_>) -> Page {
    let mut page = Page::about(subject, Some(item), world.view);
    page.fact("account", item.parent.as_ref().filter(|_| item.is_a(Role::Stack)).map(Address::as_str));
    page.field("region", item);
    page.field("status", item);
    page.fact("template", item.template.clone());
    page.ownership(item);
    page.fact("parameters", item.body.get("parameters").cloned().unwrap_or(Value::Null));
    let outputs = outputs(item);
    page.sections.push(places(item));
    let guardrails = guardrail::entries(item, subject, None, item.source.as_ref(), item.mark);
    page.sections.push(Section { entries: guardrails, ..Section::new("guardrails", "Guardrails in it") });
    page.sections.push(outputs);
    let reached = reached(item, world);
    page.verdict = vec![verdict(item, reached.len())];
    page.sections.push(accounts(reached));
    page.sections.push(change::section(subject, world));
    page
}

/// The units of a stack set with their regions; what a stack shares with.
fn places(item: &InventoryItem) -> Section {
    let title = if item.is_a(Role::StackSet) { "Deployed to" } else { "Shares with" };
    let entry = |place: &Address| {
        let regions: Vec<String> = item.regions.get(place).into_iter().flatten().cloned().collect();
        Entry { text: regions.join(", "), ..Entry::of(place.as_str()) }.data("regions", regions)
    };
    let except: Vec<String> = item.except.iter().map(ToString::to_string).collect();
    let notes = if except.is_empty() { Vec::new() } else { vec![format!("Not in {}.", except.join(", "))] };
    Section { entries: item.covers.iter().map(entry).collect(), notes, ..Section::new("places", title) }
}

fn outputs(item: &InventoryItem) -> Section {
    let mut section = Section::new("outputs", "Outputs");
    match body_template(&item.body).filter(|template| template.is_object()) {
        Some(template) => {
            let outputs = template.get("Outputs").and_then(Value::as_object).into_iter().flatten();
            section.entries = outputs.map(|(name, _)| Entry::of(name.as_str())).collect();
        }
        None => section.unknown = Some("its template was not read".into()),
    }
    section
}

fn reached(item: &InventoryItem, world: &World<'_>) -> Vec<Address> {
    let with_management = item.is_a(Role::Stack);
    let all = world.accounts(&Address::root(), with_management).into_iter();
    all.filter(|account| !origins(item, account, world.inventory).is_empty()).collect()
}

fn verdict(item: &InventoryItem, reached: usize) -> String {
    let accounts = count(reached, "account", "accounts");
    match item.is_a(Role::StackSet) {
        true => format!("It has stacks in {accounts}."),
        false if item.covers.is_empty() => "It is in one account and region.".into(),
        false => format!("It is in one account and region, and shares with {accounts}."),
    }
}
