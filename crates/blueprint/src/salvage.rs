//! A blueprint without what is wrong in it, so that the rest can be checked in the same run.

use std::collections::HashSet;

use super::diagnostic::{Diagnostics, Severity};
use super::node::{Content, Map, Node};
use super::place::Place;

/// Takes away every entry and item that an error has been reported for.
pub fn without_mistakes(root: Map, diagnostics: &Diagnostics) -> Map {
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let wrong: HashSet<Place> = errors.filter_map(|error| error.place).collect();
    map(root, &wrong)
}

fn map(map: Map, wrong: &HashSet<Place>) -> Map {
    map.into_iter()
        .filter(|(key, node)| !wrong.contains(&key.place) && is_sound(node, wrong))
        .map(|(key, node)| (key, self::node(node, wrong)))
        .collect()
}

fn node(node: Node, wrong: &HashSet<Place>) -> Node {
    let content = match node.content {
        Content::Map(entries) => Content::Map(map(entries, wrong)),
        Content::List(items) => {
            let sound = items.into_iter().filter(|item| is_sound(item, wrong));
            Content::List(sound.map(|item| self::node(item, wrong)).collect())
        }
        other => other,
    };
    Node { content, ..node }
}

fn is_sound(node: &Node, wrong: &HashSet<Place>) -> bool {
    !wrong.contains(&node.place) && !matches!(node.content, Content::Unknown)
}
