//! An account.

use landing_policy::PolicyType;
use serde_json::Value;

use super::page::{Entry, Page, Section};
use super::place::origins;
use super::world::World;
use super::{access, change, guardrail, policies};
use crate::kinds::OfKind;
use crate::model::{Address, InventoryItem, KindInfo, Part, Role};
use crate::report::graph::View;
use crate::report::sentence::count;

pub(super) fn page(subject: &Address, world: &World<'_>) -> Page {
    let inventory = world.inventory;
    let item = inventory.get(subject);
    let mut page = Page::about(subject, item, world.view);
    let is_management = inventory.is_management(subject);
    let path: Vec<String> = inventory.path(subject).iter().map(ToString::to_string).collect();
    page.fact("path", path);
    if is_management {
        page.fact("management", true);
    }
    if let Some(item) = item {
        for key in ["name", "email", "state"] {
            page.field(key, item);
        }
        page.ownership(item);
    }
    page.sections = policies::sections(subject, world);
    page.sections.push(policies::effective(world));
    page.sections.push(guardrail::section(subject, world));
    page.sections.push(access::section(subject, world));
    page.sections.push(stacks(subject, world));
    page.sections.push(stack_sets(subject, world));
    page.sections.push(shared(subject, world));
    page.sections.extend(own(subject, world));
    page.sections.push(change::section(subject, world));
    page.verdict = verdict(subject, world);
    page
}

fn stacks(subject: &Address, world: &World<'_>) -> Section {
    let is_such = |item: &InventoryItem| item.is_a(Role::Stack) && is_in(subject, item, world);
    let entry = |address: &Address, item: &InventoryItem| match item.template.as_deref() {
        Some(template) => Entry { text: format!("template {template}"), ..Entry::of(address.as_str()) },
        None => Entry::of(address.as_str()),
    };
    listed(Section::new("stacks", "Stacks"), (subject, world), is_such, entry, |kind_info| {
        kind_info.role == Role::Stack
    })
}

fn is_in(subject: &Address, item: &InventoryItem, world: &World<'_>) -> bool {
    item.parent.as_ref().is_some_and(|parent| world.inventory.is_same_account(parent, subject))
}

/// The stack sets that have stacks at a place. None reaches the management account.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs.html>
pub(super) fn stack_sets(subject: &Address, world: &World<'_>) -> Section {
    let unknown = world.unknown(|kind_info| kind_info.role == Role::StackSet);
    let mut section = Section { unknown, ..Section::new("stack_sets", "Stack sets") };
    if world.inventory.is_management(subject) {
        return section;
    }
    for (address, item, stays) in world.of_role(Role::StackSet) {
        for from in origins(item, subject, world.inventory) {
            let regions: Vec<String> = item.regions.get(&from.0).into_iter().flatten().cloned().collect();
            let text = if regions.is_empty() { String::new() } else { format!("in {}", regions.join(", ")) };
            let entry = Entry { from: Some(from), text, source: item.source.clone(), ..Entry::of(address.as_str()) };
            section.entries.push(entry.data("regions", regions).marked(item, stays));
        }
    }
    section
}

/// What stacks of other accounts share with it.
fn shared(subject: &Address, world: &World<'_>) -> Section {
    let mut section = Section::new("shared", "Shared with it");
    for (address, item, stays) in world.of_role(Role::Stack).filter(|(_, item, _)| !is_in(subject, item, world)) {
        for from in origins(item, subject, world.inventory) {
            let of = item.parent.as_ref().map_or_else(String::new, |account| format!("subnets of {account}"));
            let entry =
                Entry { from: Some(from), text: of, source: item.source.clone(), ..Entry::of(address.as_str()) };
            section.entries.push(entry.marked(item, stays));
        }
    }
    section
}

/// What an account has of its own beside stacks.
fn own(subject: &Address, world: &World<'_>) -> Vec<Section> {
    let of = |key, title: &str, is_such: fn(&KindInfo) -> bool| {
        let is_own = |item: &InventoryItem| is_such(item.kind_info()) && is_in(subject, item, world);
        listed(Section::new(key, title), (subject, world), is_own, said, is_such)
    };
    let mut settings = of("settings", "Account settings", |kind_info| kind_info.part == Part::Settings);
    if settings.entries.is_empty() && settings.unknown.is_none() && world.view != View::Declared {
        let note = "Not read: settings are read where the blueprint has `account_settings`.";
        settings.notes.push(note.into());
    }
    vec![
        of("administers", "Administers for the organization", |kind_info| kind_info.administered.is_some()),
        settings,
        of("contacts", "Contacts", |kind_info| kind_info.part == Part::Contacts),
        of("regions", "Regions opted in to", |kind_info| kind_info.role == Role::OptIn),
    ]
}

/// What is of an account, in a few words.
fn said(address: &Address, item: &InventoryItem) -> Entry {
    let name = match item.kind_info().administered {
        Some(administered) => administered(address),
        None => item.kind_info().short_name.map_or_else(|| address.name(), |name| name(address)),
    };
    let fields: Vec<String> = item.body.iter().filter_map(|(key, value)| field(key, value)).collect();
    let text = if item.kind_info().administered.is_some() { String::new() } else { fields.join(", ") };
    Entry { text, ..Entry::of(name) }.data("address", address.as_str()).data("fields", item.body.clone())
}

fn field(key: &str, value: &Value) -> Option<String> {
    let key = key.replace('_', " ");
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(format!("{key} {text}")),
        Value::Bool(_) | Value::Number(_) => Some(format!("{key} {value}")),
        _ => None,
    }
}

fn listed(
    section: Section,
    (subject, world): (&Address, &World<'_>),
    is_such: impl Fn(&InventoryItem) -> bool,
    entry: impl Fn(&Address, &InventoryItem) -> Entry,
    is_kind: impl Fn(&KindInfo) -> bool,
) -> Section {
    let all = world.inventory.all().filter(|(_, item, _)| is_such(item));
    let entry = |(address, item, stays): (&Address, &InventoryItem, bool)| {
        Entry { source: item.source.clone(), ..entry(address, item) }.marked(item, stays)
    };
    let unknown = world.unknown(&is_kind).or_else(|| world.unread(subject, &is_kind));
    Section { entries: all.map(entry).collect(), unknown, ..section }
}

/// What decides about requests in the account.
fn verdict(subject: &Address, world: &World<'_>) -> Vec<String> {
    if world.inventory.closed.contains_key(subject) {
        return vec!["The account is closed: AWS keeps it for 90 days, and nothing in it can be used.".into()];
    }
    if world.inventory.is_management(subject) {
        return vec!["No SCP or RCP applies here: the account manages the organization. IAM alone decides.".into()];
    }
    let scps = count(policies::deciding(subject, world, PolicyType::ServiceControl), "SCP", "SCPs");
    let rcps = count(policies::deciding(subject, world, PolicyType::ResourceControl), "RCP", "RCPs");
    let lacking = policies::lacking(subject, world);
    let first = match lacking.is_empty() {
        true => format!("{scps} and {rcps} bind the account: what none of them denies, IAM decides."),
        false => format!(
            "{scps} and {rcps} bind the account. At {} only what the SCPs there allow is allowed.",
            lacking.join(" and ")
        ),
    };
    vec![first, format!("One request: landing simulate --in '{subject}' --principal role/NAME --action SERVICE:ACTION")]
}
