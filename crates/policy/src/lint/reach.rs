//! The known actions that a statement is about.

use crate::services::{Action, Service, services};
use crate::view::{Item, Statement};

/// More known actions than this are not looked at one by one: the statement is about whole services.
const MANY: usize = 400;

/// A known action with its service.
pub(super) struct Reached {
    pub prefix: &'static str,
    pub service: &'static Service,
    pub action: &'static Action,
    /// Whether it is named by itself, without wildcards.
    pub is_named: bool,
}

/// The known actions of a statement that lists actions; `None` for `NotAction`, `*`, unknown actions and too many.
pub(super) fn reached(statement: &Statement<'_>) -> Option<Vec<Reached>> {
    let items = &statement.actions.items;
    if statement.actions.negated || items.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    for item in items {
        let found = of_item(item)?;
        if found.is_empty() || all.len() + found.len() > MANY {
            return None;
        }
        all.extend(found);
    }
    Some(all)
}

fn of_item(item: &Item) -> Option<Vec<Reached>> {
    let (prefix, name) = item.text.split_once(':')?;
    let is_named = !item.pattern.has_wildcards();
    let reached = |(prefix, service): (&'static str, &'static Service)| {
        service.matching(name).into_iter().map(move |action| Reached { prefix, service, action, is_named })
    };
    Some(services().matching(prefix).into_iter().flat_map(reached).collect())
}
