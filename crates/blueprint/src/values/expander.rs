//! Walks a tree and replaces its references.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::budget::{Budget, too_deep};
use super::mistakes;
use super::reference::{Piece, pieces};
use super::size::Size;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Content, MAX_DEPTH, Map, Node};
use crate::place::Place;
use crate::scalar::Scalar;
use crate::source::Sources;
use crate::spanned::Spanned;

/// Replaces references, each value being expanded once.
pub(super) struct Expander<'a> {
    pub(super) values: Rc<Map>,
    pub(super) sources: &'a Sources,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Values by path, expanded.
    pub(super) done: HashMap<String, Rc<Expanded>>,
    /// The top-level names of values that something refers to.
    pub(super) used: HashSet<String>,
    /// The paths that are being expanded, each needed by the one before.
    pub(super) chain: Vec<String>,
    budget: Budget,
}

/// A value without references.
pub(super) struct Expanded {
    pub(super) node: Node,
    pub(super) size: Size,
}

/// A reference to the value `path`, written at `place`, nested in `depth` lists and maps.
#[derive(Clone, Copy)]
pub(super) struct Use<'p> {
    pub(super) path: &'p str,
    pub(super) place: Place,
    pub(super) depth: usize,
}

impl<'a> Expander<'a> {
    pub(super) fn new(values: Map, sources: &'a Sources, diagnostics: &'a mut Diagnostics) -> Self {
        Expander {
            values: Rc::new(values),
            sources,
            diagnostics,
            done: HashMap::new(),
            used: HashSet::new(),
            chain: Vec::new(),
            budget: Budget::default(),
        }
    }

    /// `map` with everything in it replaced; its values are nested in `depth` lists and maps.
    pub(super) fn map(&mut self, map: &Map, depth: usize) -> Map {
        let mut expanded = Map::with_capacity(map.len());
        for (key, value) in map {
            let key = self.key(key);
            let node = self.node(value, depth);
            if expanded.contains_key(&key) {
                self.diagnostics.push(mistakes::key_twice(&key));
            }
            expanded.insert(key, node);
        }
        expanded
    }

    /// A key as it is meant: in it `$${` is the text `${` too.
    fn key(&mut self, key: &Spanned<String>) -> Spanned<String> {
        let pieces = pieces(key);
        let texts = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Some(*text),
            _ => None,
        });
        match texts.collect::<Option<String>>() {
            Some(text) => Spanned::new(text, key.place),
            None => {
                self.diagnostics.push(mistakes::reference_in_key(key));
                key.clone()
            }
        }
    }

    /// `node` with everything in it replaced.
    pub(super) fn node(&mut self, node: &Node, depth: usize) -> Node {
        if depth > MAX_DEPTH {
            self.diagnostics.push(too_deep().at(node.place));
            return Node::new(node.place, Content::Unknown);
        }
        let content = match &node.content {
            Content::Map(map) => Content::Map(self.map(map, depth + 1)),
            Content::List(items) => Content::List(items.iter().map(|item| self.node(item, depth + 1)).collect()),
            Content::Scalar(scalar) if scalar.text.contains("${") => {
                return self.scalar(scalar, node.place, depth);
            }
            other => other.clone(),
        };
        Node { content, ..*node }
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place, depth: usize) -> Node {
        let pieces = pieces(&scalar.text);
        if let [Piece::Reference { path, .. }] = pieces[..] {
            return self.whole(Use { path, place, depth });
        }
        // Every piece is looked at, so that every mistake is found.
        let texts: Vec<Option<String>> = pieces.iter().map(|piece| self.text(piece, place, depth)).collect();
        let content = match texts.into_iter().collect::<Option<String>>() {
            Some(text) if text == scalar.text => Content::Scalar(scalar.clone()),
            Some(text) => Content::Scalar(Scalar::quoted(text)),
            None => Content::Unknown,
        };
        Node::new(place, content)
    }

    /// What comes in for a scalar that is nothing but a reference.
    fn whole(&mut self, wanted: Use<'_>) -> Node {
        let place = wanted.place;
        match self.value(wanted) {
            Some(value) if self.afford(value.size, wanted) => Node {
                place,
                defined: Some(value.node.defined.unwrap_or(value.node.place)),
                content: value.node.content.clone(),
            },
            _ => Node::new(place, Content::Unknown),
        }
    }

    /// What a piece of a longer text becomes.
    fn text(&mut self, piece: &Piece<'_>, place: Place, depth: usize) -> Option<String> {
        match piece {
            Piece::Text(text) => Some((*text).to_owned()),
            Piece::Reference { written, path } => {
                let place = self.narrow(place, written);
                self.inserted(Use { path, place, depth })
            }
            Piece::Malformed(written) => {
                let place = self.narrow(place, written);
                self.diagnostics.push(mistakes::malformed(written).at(place));
                None
            }
        }
    }

    /// What a reference within a longer text becomes.
    fn inserted(&mut self, wanted: Use<'_>) -> Option<String> {
        let value = self.value(wanted)?;
        match &value.node.content {
            Content::Unknown => None,
            Content::Scalar(scalar) if !value.node.is_null() => {
                self.afford(value.size, wanted).then(|| scalar.text.clone())
            }
            _ => {
                self.diagnostics.push(mistakes::not_text(wanted, &value.node));
                None
            }
        }
    }

    /// Whether a value of this size may come in. A refusal is reported once, when the budget is exhausted.
    fn afford(&mut self, size: Size, wanted: Use<'_>) -> bool {
        if self.budget.is_exhausted() {
            return false;
        }
        match self.budget.spend(size, wanted.depth) {
            Ok(()) => true,
            Err(refused) => {
                self.diagnostics.push(refused.at(wanted.place));
                false
            }
        }
    }

    /// Warns of the values that nothing refers to, and finds what is wrong in them.
    pub(super) fn check_values(&mut self) {
        let values = Rc::clone(&self.values);
        let used = std::mem::take(&mut self.used);
        for (key, value) in values.iter() {
            if !used.contains(key.as_str()) {
                self.diagnostics.push(mistakes::unused(key));
            }
            if !self.budget.is_exhausted() && !self.done.contains_key(key.as_str()) {
                self.node(value, 1);
            }
        }
    }

    /// The part of `place` at which `written` is written, if it is written there as it is meant.
    pub(super) fn narrow(&self, place: Place, written: &str) -> Place {
        let start = place.range().start;
        match self.sources.excerpt(place).find(written) {
            Some(at) => Place::new(place.file(), start + at..start + at + written.len()),
            None => place,
        }
    }

    /// Adds a mistake in the path of a reference.
    pub(super) fn report(&mut self, wanted: Use<'_>, diagnostic: Diagnostic) {
        let place = self.narrow(wanted.place, &format!("values.{}", wanted.path));
        self.diagnostics.push(diagnostic.at(place));
    }
}
