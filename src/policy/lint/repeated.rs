//! Values that another value of the same list covers.

use super::finding::{Code, Finding};
use super::view::{List, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let lists = policy.statements.iter().flat_map(|statement| [&statement.actions, &statement.resources]);
    lists.flat_map(in_list).collect()
}

fn in_list(list: &List) -> Vec<Finding> {
    let covered_by = |index: usize| {
        let own = &list.items[index].pattern;
        list.items.iter().enumerate().find(|(place, other)| {
            let covers = *place != index && other.pattern.covers(own);
            // Of two that mean the same, the later one is superfluous.
            covers && (*place < index || !own.covers(&other.pattern))
        })
    };
    let each = list.items.iter().enumerate().filter_map(|(index, item)| {
        let (_, by) = covered_by(index)?;
        let message = format!("`{}` covers `{}`", by.text, item.text);
        Some(Finding::new(Code::RepeatedValue, &item.path, message).help("take it away: the policy gets shorter"))
    });
    each.collect()
}
