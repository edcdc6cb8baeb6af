use std::collections::BTreeMap;

use super::node::{Entry, List, Map, Node};
use super::scalar::{key, scalar};
use crate::model::Address;

/// The longest line in which a list or map stands as one.
const WIDTH: usize = 140;

/// A line of a text, counted from one.
pub type Line = usize;

/// A text of YAML, and what its lines are about.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The text, which ends with a line break unless it is empty.
    pub text: String,
    /// How many lines it has.
    lines: Line,
    /// Where what is said of a resource begins.
    about: BTreeMap<Line, Address>,
}

impl Text {
    /// Adds comment lines; an empty one parts paragraphs.
    pub fn comment(&mut self, comment: &str) {
        for line in comment.lines() {
            let line = printable(line);
            self.line(&if line.is_empty() { "#".to_owned() } else { format!("# {line}") });
        }
    }

    /// Adds a map's entries, each in lines of its own.
    pub fn map(&mut self, map: &Map) {
        self.block_map(map, 0);
    }

    /// Adds an empty line.
    pub fn gap(&mut self) {
        self.line("");
    }

    /// What a line is about: what begins there or before it.
    #[must_use]
    pub fn about(&self, line: Line) -> Option<&Address> {
        self.about.range(..=line).next_back().map(|(_, address)| address)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        // A value may go on in further lines.
        self.lines += line.matches('\n').count() + 1;
    }

    fn begin(&mut self, entry: &Entry) {
        if let Some(address) = &entry.of {
            self.about.insert(self.lines + 1, address.clone());
        }
    }

    fn block_map(&mut self, map: &Map, indent: usize) {
        for entry in map.entries() {
            self.entry(entry, &format!("{}{}:", spaces(indent), key(&entry.key)), indent);
        }
    }

    fn block_list(&mut self, list: &List, indent: usize) {
        for item in &list.items {
            self.item(item, indent);
        }
    }

    /// What follows the colon of a key.
    fn entry(&mut self, entry: &Entry, head: &str, indent: usize) {
        self.begin(entry);
        match &entry.node {
            Node::Map(map) if !is_flow(&entry.node, indent) || is_too_long(head, &entry.node) => {
                self.line(&with_comment(head.to_owned(), &entry.comment));
                self.block_map(map, indent + 2);
            }
            Node::List(list) if !is_flow(&entry.node, indent) => {
                self.line(&with_comment(head.to_owned(), &entry.comment));
                self.block_list(list, indent + 2);
            }
            node => self.line(&with_comment(wrapped(head, node, indent), &entry.comment)),
        }
    }

    /// What follows the hyphen of an item; the first key of a map stands beside it.
    fn item(&mut self, item: &Entry, indent: usize) {
        let head = format!("{}-", spaces(indent));
        match &item.node {
            Node::Map(map) if !is_flow(&item.node, indent) => {
                self.begin(item);
                for (nth, entry) in map.entries().iter().enumerate() {
                    let before = if nth == 0 { format!("{head} ") } else { spaces(indent + 2) };
                    self.entry(entry, &format!("{before}{}:", key(&entry.key)), indent + 2);
                }
            }
            Node::List(list) if !is_flow(&item.node, indent) => {
                self.begin(item);
                self.line(&with_comment(head, &item.comment));
                self.block_list(list, indent + 2);
            }
            node => {
                self.begin(item);
                self.line(&with_comment(wrapped(&head, node, indent), &item.comment));
            }
        }
    }
}

fn spaces(number: usize) -> String {
    " ".repeat(number)
}

/// Whether it stands in the line of its key: what is no collection, what is empty, what is meant to, and short lists of texts.
fn is_flow(node: &Node, indent: usize) -> bool {
    let is_single = |entry: &Entry| entry.comment.is_none() && !matches!(entry.node, Node::Map(_) | Node::List(_));
    match node {
        Node::Scalar(_) | Node::Reference(_) => true,
        Node::Map(map) => map.flow || map.is_empty(),
        Node::List(list) => list.items.iter().all(is_single) && indent + flow(node).chars().count() < WIDTH,
    }
}

/// Whether a map that is meant to stand in the line of its key does not fit there.
fn is_too_long(head: &str, node: &Node) -> bool {
    matches!(node, Node::Map(map) if map.entries().len() > 1)
        && head.chars().count() + 1 + flow(node).chars().count() > WIDTH
}

fn flow(node: &Node) -> String {
    match node {
        Node::Scalar(value) => scalar(value),
        Node::Reference(reference) => format!("\"{reference}\""),
        Node::Map(_) => format!("{{{}}}", parts(node).join(", ")),
        Node::List(_) => format!("[{}]", parts(node).join(", ")),
    }
}

/// What stands between the commas of a list or map.
fn parts(node: &Node) -> Vec<String> {
    match node {
        Node::Map(map) => {
            map.entries().iter().map(|entry| format!("{}: {}", key(&entry.key), flow(&entry.node))).collect()
        }
        Node::List(list) => list.items.iter().map(|item| flow(&item.node)).collect(),
        _ => Vec::new(),
    }
}

/// A value in the line of its key, or in several where it is long.
fn wrapped(head: &str, node: &Node, indent: usize) -> String {
    let line = format!("{head} {}", flow(node));
    let (open, close) = match node {
        Node::Map(_) => ('{', '}'),
        Node::List(_) => ('[', ']'),
        _ => return line,
    };
    if line.chars().count() <= WIDTH {
        return line;
    }
    let mut lines = format!("{head} {open}");
    let mut length = lines.chars().count();
    let parts = parts(node);
    for (nth, part) in parts.iter().enumerate() {
        let piece = if nth + 1 < parts.len() { format!("{part},") } else { format!("{part}{close}") };
        let size = piece.chars().count();
        if nth > 0 && length + 1 + size > WIDTH {
            lines.push('\n');
            lines.push_str(&spaces(indent + 4));
            length = indent + 4;
        } else if nth > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(&piece);
        length += size;
    }
    lines
}

fn with_comment(line: String, comment: &Option<String>) -> String {
    match comment.as_deref().map(printable) {
        Some(comment) if !comment.is_empty() => format!("{line}  # {comment}"),
        _ => line,
    }
}

/// A comment as one line that nothing in it can end.
fn printable(comment: &str) -> String {
    let is_sign = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    comment.chars().map(|c| if is_sign(c) { ' ' } else { c }).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests;
