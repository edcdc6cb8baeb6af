//! How much a tree holds.

use crate::node::{Content, Node};

/// How much a tree holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Scalars, lists and maps.
    pub nodes: usize,
    /// The length of all texts and keys.
    pub bytes: usize,
    /// How deep it is nested; 1 for a scalar.
    pub height: usize,
}

impl Size {
    /// The size of `node` and everything in it.
    pub fn of(node: &Node) -> Self {
        let mut size = Size { nodes: 1, bytes: 0, height: 0 };
        match &node.content {
            Content::Scalar(scalar) => size.bytes = scalar.text.len(),
            Content::List(items) => items.iter().for_each(|item| size.add_inner(Size::of(item))),
            Content::Map(map) => map.iter().for_each(|(key, value)| {
                size.bytes += key.len();
                size.add_inner(Size::of(value));
            }),
            Content::Unknown => {}
        }
        size.height += 1;
        size
    }

    fn add_inner(&mut self, inner: Size) {
        self.nodes += inner.nodes;
        self.bytes += inner.bytes;
        self.height = self.height.max(inner.height);
    }
}
