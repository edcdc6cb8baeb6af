//! Puts the blueprint's `values:` in for the references to them.

mod budget;
mod expander;
mod lookup;
mod mistakes;
mod reference;
mod size;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Map};
use super::source::Sources;
use expander::Expander;

/// The key under which values are defined.
pub const VALUES: &str = "values";

/// Takes `values:` out of `root` and answers the rest with every reference replaced. What cannot be replaced is
/// reported and becomes [`Content::Unknown`]. A value that nothing refers to is warned about.
pub fn expand(mut root: Map, sources: &Sources, diagnostics: &mut Diagnostics) -> Map {
    let values = take_values(&mut root, diagnostics);
    let mut expander = Expander::new(values, sources, diagnostics);
    let root = expander.map(&root, 1);
    expander.check_values();
    root
}

fn take_values(root: &mut Map, diagnostics: &mut Diagnostics) -> Map {
    let Some(node) = root.shift_remove(VALUES) else {
        return Map::new();
    };
    let found = node.describe();
    match node.content {
        Content::Map(map) => return map,
        Content::Unknown => {}
        _ if node.is_null() => {}
        _ => {
            let message = format!("`{VALUES}` must be a map, found {found}");
            diagnostics.push(Diagnostic::error("type", message).at(node.place));
        }
    }
    Map::new()
}
