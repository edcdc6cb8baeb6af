//! Finds the value that a path means.

use std::rc::Rc;

use super::expander::{Expanded, Expander, Use};
use super::mistakes;
use super::reference::{Piece, pieces};
use super::size::Size;
use crate::node::{Content, Map, Node};

/// How many values may refer to one another in a row.
const MAX_CHAIN: usize = 64;

impl Expander<'_> {
    /// The value that is wanted, expanded. `None`, reported, if there is none or it contains itself.
    pub(super) fn value(&mut self, wanted: Use<'_>) -> Option<Rc<Expanded>> {
        let top = wanted.path.split('.').next().unwrap_or(wanted.path);
        self.used.insert(top.to_owned());
        if let Some(done) = self.done.get(wanted.path) {
            return Some(Rc::clone(done));
        }
        if self.chain.len() >= MAX_CHAIN || self.chain.iter().any(|outer| outer == wanted.path) {
            self.report(wanted, mistakes::endless(&self.chain, wanted.path));
            return None;
        }
        self.chain.push(wanted.path.to_owned());
        let node = self.find(wanted);
        self.chain.pop();
        let node = node?;
        let expanded = Rc::new(Expanded { size: Size::of(&node), node });
        self.done.insert(wanted.path.to_owned(), Rc::clone(&expanded));
        Some(expanded)
    }

    /// Goes down from `values:` along the path, through a reference where a value on the way is one.
    fn find(&mut self, wanted: Use<'_>) -> Option<Node> {
        let values = Rc::clone(&self.values);
        let mut node = self.child(&values, wanted.path, wanted)?;
        let mut rest = wanted.path;
        while let Some((_, after)) = rest.split_once('.') {
            rest = after;
            if let Some(path) = referred(node) {
                let target = self.value(Use { path, ..wanted })?;
                return self.descend(&target.node, rest, wanted).cloned();
            }
            node = self.step(node, rest, wanted)?;
        }
        Some(self.node(node, wanted.depth))
    }

    /// Goes down from `node`, in which nothing is left to replace, along `rest`.
    fn descend<'n>(&mut self, mut node: &'n Node, mut rest: &str, wanted: Use<'_>) -> Option<&'n Node> {
        loop {
            node = self.step(node, rest, wanted)?;
            match rest.split_once('.') {
                Some((_, after)) => rest = after,
                None => return Some(node),
            }
        }
    }

    /// What `node` has under the first name of `rest`.
    fn step<'n>(&mut self, node: &'n Node, rest: &str, wanted: Use<'_>) -> Option<&'n Node> {
        match &node.content {
            Content::Map(map) => self.child(map, rest, wanted),
            Content::Unknown => None,
            _ => {
                self.report(wanted, mistakes::not_a_map(wanted.path, rest, node));
                None
            }
        }
    }

    fn child<'n>(&mut self, map: &'n Map, rest: &str, wanted: Use<'_>) -> Option<&'n Node> {
        let name = rest.split('.').next().unwrap_or(rest);
        let child = map.get(name);
        if child.is_none() {
            self.report(wanted, mistakes::unknown(wanted.path, rest, map));
        }
        child
    }
}

/// The path that `node` refers to, if it is nothing but a reference.
fn referred(node: &Node) -> Option<&str> {
    let Content::Scalar(scalar) = &node.content else {
        return None;
    };
    match pieces(&scalar.text)[..] {
        [Piece::Reference { path, .. }] => Some(path),
        _ => None,
    }
}
