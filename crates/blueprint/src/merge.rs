//! How the files of one blueprint become one.

use indexmap::map::Entry;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Map, Node};
use super::spanned::Spanned;

/// Merges `more` into `base`: maps key by key, lists one after the other. Where both say something else for one key,
/// that is an error naming both places, and `base` stands.
pub fn merge(base: &mut Map, more: Map, diagnostics: &mut Diagnostics) {
    for (key, value) in more {
        match base.entry(key.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(value);
            }
            Entry::Occupied(mut entry) => {
                let first = entry.key().clone();
                merge_value(&first, entry.get_mut(), &key, value, diagnostics);
            }
        }
    }
}

fn merge_value(
    first: &Spanned<String>,
    base: &mut Node,
    key: &Spanned<String>,
    more: Node,
    diagnostics: &mut Diagnostics,
) {
    if more.is_null() {
        return;
    }
    if base.is_null() {
        *base = more;
        return;
    }
    match (&mut base.content, more.content) {
        (Content::Map(base), Content::Map(more)) => merge(base, more, diagnostics),
        (Content::List(base), Content::List(more)) => base.extend(more),
        (Content::Scalar(base), Content::Scalar(more)) if *base == more => {}
        (Content::Unknown, _) | (_, Content::Unknown) => {}
        _ => diagnostics.push(
            Diagnostic::error("conflict", format!("two files say something different for `{key}`"))
                .at(more.place)
                .label("another value here")
                .also(base.place, format!("`{first}` is already given here"))
                .help("take one of the two away; only maps and lists are put together"),
        ),
    }
}
