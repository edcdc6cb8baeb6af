//! No stack is made that would meet what its account has already: it would fail.

use std::collections::BTreeMap;

use super::Guarded;
use crate::model::{Action, Keep, Occupied, Refusal};

/// So many resources are reported in one stack; what `existing` would hold is reported in all.
const SHOWN: usize = 4;

/// A refusal for each stack of the blueprint that would meet something, wherever it would.
pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    let mut met: BTreeMap<&str, Vec<&Occupied>> = BTreeMap::new();
    for occupied in
        guarded.observed.findings.occupied.iter().filter(|it| is_made(guarded, it) && !is_freed(guarded, it))
    {
        met.entry(&occupied.stack).or_default().push(occupied);
    }
    met.into_iter().map(|(stack, met)| refusal(stack, &met)).collect()
}

/// Whether the plan has the stack made: by its own change, or by the move of an account into a unit that has it.
fn is_made(guarded: &Guarded<'_>, occupied: &Occupied) -> bool {
    guarded.changes.iter().any(|change| {
        let is_own = change.address == occupied.address && change.action != Action::Delete;
        is_own || change.address == occupied.account && change.field("parent").is_some()
    })
}

fn is_freed(guarded: &Guarded<'_>, occupied: &Occupied) -> bool {
    guarded.changes.iter().any(|change| occupied.is_freed_by(change))
}

fn refusal(stack: &str, met: &[&Occupied]) -> Refusal {
    let reported: Vec<String> =
        met.iter().take(SHOWN).map(|it| format!("{} is in {}, {}", it.what, it.account, it.region)).collect();
    let more = met.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Refusal {
        code: "occupied".into(),
        address: met.first().map(|occupied| occupied.address.clone()),
        message: format!("the stack {stack} would make what is there already: {}{more}", reported.join("; ")),
        help: help(stack, met),
    }
}

fn help(stack: &str, met: &[&Occupied]) -> String {
    let keep: Vec<&Keep> = met.iter().filter_map(|occupied| occupied.keep.as_ref()).collect();
    let mut free: Vec<&str> = Vec::new();
    for occupied in met {
        if !free.contains(&occupied.free.as_str()) {
            free.push(&occupied.free);
        }
    }
    let more = free.len().saturating_sub(SHOWN);
    free.truncate(SHOWN);
    let more = if more > 0 { format!("; and so for {more} more") } else { String::new() };
    let free = format!("{}{more}", free.join("; "));
    if keep.is_empty() {
        return free;
    }
    let left_out = if keep.len() < met.len() { "what can stay" } else { "it" };
    format!(
        "to leave {left_out} as it is, write {} under `parameters` of the stack {stack}; or {free}",
        existing(&keep)
    )
}

/// The lines that the blueprint would have.
fn existing(keep: &[&Keep]) -> String {
    let quoted = |text: &str| format!("\"{text}\"");
    let mut parts: Vec<String> = Vec::new();
    for keep in keep {
        let part = match keep {
            Keep::Listed(item) if item.contains('$') => quoted(item),
            Keep::Listed(item) => item.clone(),
            Keep::Named(key, name) => format!("{key}: {}", quoted(name)),
            Keep::Flag => "true".to_owned(),
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let parts = parts.join(", ");
    match keep.first() {
        Some(Keep::Listed(_)) => format!("`existing: [{parts}]`"),
        Some(Keep::Named(..)) => format!("`existing: {{{parts}}}`"),
        _ => format!("`existing: {parts}`"),
    }
}
