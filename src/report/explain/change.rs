//! What the plan changes of what is explained.

use super::page::{Entry, Section};
use super::world::World;
use crate::model::{Address, Change, Risk};
use crate::report::graph::View;

/// The changes of a place or a resource, its own first.
pub(super) fn section(subject: &Address, world: &World<'_>) -> Section {
    let mut changes: Vec<&Change> =
        world.inventory.changes.iter().filter(|change| touches(change, subject, world)).collect();
    changes.sort_by_key(|change| (change.address != *subject, change.address.clone()));
    let entries = changes.into_iter().map(entry).collect();
    Section { entries, unknown: unknown(world), ..Section::new("changes", "The plan changes") }
}

/// Of kinds that cannot be read it is not known what a plan would change.
fn unknown(world: &World<'_>) -> Option<String> {
    if let Some(why) = &world.inventory.unplanned {
        return Some(format!("no plan can be made: {why}"));
    }
    let kinds: Vec<&str> = world.inventory.unknown.keys().map(String::as_str).collect();
    let is_planned = world.view == View::Planned && !kinds.is_empty();
    is_planned.then(|| format!("what it changes of kinds that cannot be read: {}", kinds.join(", ")))
}

fn touches(change: &Change, subject: &Address, world: &World<'_>) -> bool {
    let inventory = world.inventory;
    let attachment = change.address.split_target();
    let is_in = |place: &Address| inventory.is_same_account(place, subject);
    let is_on = attachment.as_ref().is_some_and(|(what, place)| what == subject || is_in(place));
    let is_given =
        change.address.assigned().is_some_and(|(set, principal, _)| set == *subject || principal == *subject);
    let is_here = change.parent.as_ref().is_some_and(is_in);
    let reaches = subject.is_any_account() && change.accounts.contains(&subject.name());
    is_in(&change.address) || is_on || is_given || is_here || reaches
}

fn entry(change: &Change) -> Entry {
    let risk = if change.risk == Risk::None { String::new() } else { format!(" ({})", change.risk.word()) };
    let mut lines: Vec<String> = Vec::new();
    let names = |all: &[Address]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !change.gains.is_empty() {
        lines.push(format!("gains {}", names(&change.gains)));
    }
    if !change.loses.is_empty() {
        lines.push(format!("loses {}", names(&change.loses)));
    }
    let fields: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
    Entry {
        text: format!("{}{risk}", change.action.verb()),
        lines,
        source: change.source.clone(),
        mark: Some(change.action),
        ..Entry::of(change.address.as_str())
    }
    .data("action", change.action.verb())
    .data("risk", change.risk.word())
    .data("reason", change.reason.clone())
    .data("fields", fields)
}
