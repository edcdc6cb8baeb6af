use std::collections::BTreeMap;

use serde_json::Value;

use super::scalar::escaped;
use crate::model::Address;

/// A value of a blueprint that is being written.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A text, number or truth value as it is meant.
    Scalar(Value),
    /// A text that refers to a value of the blueprint: `${values.tags.shop}`.
    Reference(String),
    /// A map.
    Map(Map),
    /// A list.
    List(List),
}

/// A map, in the order in which it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    entries: Vec<Entry>,
    /// Whether it is written in one line: `{name: shop}`.
    pub flow: bool,
}

/// A key of a map and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key, as it is meant.
    pub key: String,
    /// Its value.
    pub node: Node,
    /// What is said behind it, without `#`.
    pub comment: Option<String>,
    /// What it is about, so that a mistake in its line leads there.
    pub of: Option<Address>,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// Its items, with the key empty.
    pub items: Vec<Entry>,
}

impl Node {
    /// A text. What looks like a reference to a value in it is none.
    pub fn text(text: impl AsRef<str>) -> Node {
        Node::Scalar(Value::String(escaped(text.as_ref())))
    }

    /// A value of any shape, in block style.
    pub fn value(value: &Value) -> Node {
        match value {
            Value::String(text) => Node::text(text),
            Value::Array(items) => Node::List(items.iter().map(Node::value).collect()),
            Value::Object(map) => {
                Node::Map(map.iter().map(|(key, value)| (key.as_str(), Node::value(value))).collect())
            }
            other => Node::Scalar(other.clone()),
        }
    }

    /// Texts, as a list.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Node {
        Node::List(texts.into_iter().map(Node::text).collect())
    }

    /// Texts by texts, in one line.
    pub fn tags<'t>(tags: impl IntoIterator<Item = (&'t String, &'t String)>) -> Node {
        let map: Map = tags.into_iter().map(|(key, value)| (key.as_str(), Node::text(value))).collect();
        Node::Map(map.in_one_line())
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Node::Map(map) => map.is_empty(),
            Node::List(list) => list.items.is_empty(),
            _ => false,
        }
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Node {
        Node::Scalar(value.into())
    }
}

impl From<u64> for Node {
    fn from(value: u64) -> Node {
        Node::Scalar(value.into())
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Node {
        Node::Map(map)
    }
}

impl From<List> for Node {
    fn from(list: List) -> Node {
        Node::List(list)
    }
}

impl Entry {
    /// A key and its value, with no more said.
    pub fn new(key: impl Into<String>, node: impl Into<Node>) -> Entry {
        Entry { key: key.into(), node: node.into(), comment: None, of: None }
    }

    /// The same, with a comment unless that is empty.
    #[must_use]
    pub fn saying(mut self, comment: impl Into<String>) -> Entry {
        self.comment = Some(comment.into()).filter(|comment| !comment.is_empty());
        self
    }

    fn annotate(&mut self, comments: &BTreeMap<Address, String>) {
        if self.comment.is_none() {
            self.comment = self.of.as_ref().and_then(|of| comments.get(of)).cloned();
        }
        match &mut self.node {
            Node::Map(map) => map.annotate(comments),
            Node::List(list) => list.items.iter_mut().for_each(|item| item.annotate(comments)),
            Node::Scalar(_) | Node::Reference(_) => {}
        }
    }

    /// The same, about a resource.
    #[must_use]
    pub fn of(mut self, address: &Address) -> Entry {
        self.of = Some(address.clone());
        self
    }
}

impl Map {
    /// The same, in one line.
    #[must_use]
    pub fn in_one_line(mut self) -> Map {
        self.flow = true;
        self
    }

    /// Whether it has no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Its entries in their order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value of a key, to be changed.
    pub fn entry_if_any(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.node)
    }

    /// All values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.entries.iter_mut().map(|entry| &mut entry.node)
    }

    /// Says beside each resource what is said of it, unless something stands there already.
    pub fn annotate(&mut self, comments: &BTreeMap<Address, String>) {
        self.entries.iter_mut().for_each(|entry| entry.annotate(comments));
    }

    /// Sets a key, in its place where it has one already. What is empty is not said.
    pub fn set(&mut self, key: &str, node: impl Into<Node>) {
        let node = node.into();
        if !node.is_empty() {
            self.put(Entry::new(key, node));
        }
    }

    /// Sets a key with its comment, in its place where it has one already.
    pub fn put(&mut self, entry: Entry) {
        match self.entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) => *known = entry,
            None => self.entries.push(entry),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at).node)
    }

    /// Adds an item to the list at a key.
    pub fn add(&mut self, key: &str, item: Entry) {
        match self.entry(key) {
            Node::List(list) => list.items.push(item),
            other => *other = Node::List(List { items: vec![item] }),
        }
    }

    /// Changes the map at a key, which it gets where it has none.
    pub fn within(&mut self, key: &str, change: impl FnOnce(&mut Map)) {
        match self.entry(key) {
            Node::Map(map) => change(map),
            other => {
                let mut map = Map::default();
                change(&mut map);
                *other = Node::Map(map);
            }
        }
    }

    /// The value at a key, which gets an empty map where it has none.
    fn entry(&mut self, key: &str) -> &mut Node {
        let at = self.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            self.entries.push(Entry::new(key, Map::default()));
            self.entries.len() - 1
        });
        &mut self.entries[at].node
    }

    /// Puts the keys in the order of this list; those that it does not name stay behind the others, as they are.
    pub fn arrange(&mut self, order: &[&str]) {
        self.entries.sort_by_key(|entry| order.iter().position(|key| *key == entry.key).unwrap_or(order.len()));
    }

    /// Puts the entries in the order of their keys' bytes.
    pub fn sort(&mut self) {
        self.entries.sort_by(|one, other| one.key.cmp(&other.key));
    }
}

impl<'k> FromIterator<(&'k str, Node)> for Map {
    fn from_iter<I: IntoIterator<Item = (&'k str, Node)>>(entries: I) -> Map {
        let entries = entries.into_iter().map(|(key, node)| Entry::new(key, node)).collect();
        Map { entries, flow: false }
    }
}

impl List {
    /// Adds an item.
    pub fn push(&mut self, node: impl Into<Node>) {
        self.items.push(Entry::new("", node));
    }
}

impl FromIterator<Node> for List {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> List {
        List { items: nodes.into_iter().map(|node| Entry::new("", node)).collect() }
    }
}
