//! Values that another value of the same list covers.

use super::code::Code;
use super::finding::Finding;
use crate::view::{Item, List, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let lists = policy.statements.iter().flat_map(|statement| [&statement.actions, &statement.resources]);
    lists.flat_map(in_list).collect()
}

fn in_list(list: &List) -> Vec<Finding> {
    let finding = |(item, by): (&Item, &Item)| {
        let message = format!("`{}` covers `{}`", by.text, item.text);
        Finding::new(Code::RepeatedValue, &item.path, message).help("remove it: the policy gets shorter")
    };
    list.superfluous().map(finding).collect()
}
