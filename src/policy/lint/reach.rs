//! The known actions that a statement is about.

use crate::policy::services::{Action, Service, services};
use crate::policy::value::Pattern;
use crate::policy::view::{Item, Statement};

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
    let (prefix, name) = (Pattern::in_lower_case(prefix), Pattern::in_lower_case(name));
    let is_named = !prefix.has_wildcards() && !name.has_wildcards();
    let mut found = Vec::new();
    for service_prefix in services().prefixes().filter(|known| prefix.matches(known)) {
        let Some(service) = services().get(service_prefix) else { continue };
        let actions = service.actions.iter().filter(|action| name.matches(&action.name.to_lowercase()));
        found.extend(actions.map(|action| Reached { prefix: service_prefix, service, action, is_named }));
    }
    Some(found)
}
