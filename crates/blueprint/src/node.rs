//! A YAML document as a tree that keeps the place of everything.

use indexmap::IndexMap;

use super::place::Place;
use super::scalar::{Meaning, Scalar};
use super::spanned::Spanned;

/// How deep lists and maps may be nested. The deepest blueprint that makes sense needs about twenty; the limit keeps
/// every walk over the tree from overflowing the stack.
pub const MAX_DEPTH: usize = 64;

/// A map, in the order in which it was written.
pub type Map = IndexMap<Spanned<String>, Node>;

/// One value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is used: where it was written, or where the reference stands that it came in for.
    pub place: Place,
    /// Where it was written, if it came in for a reference.
    pub defined: Option<Place>,
    /// What it is.
    pub content: Content,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A word, number or text.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A map.
    Map(Map),
    /// A value that was wrong and has been reported; no further message is about it.
    Unknown,
}

impl Node {
    /// What is written at `place`.
    pub fn new(place: Place, content: Content) -> Self {
        Node { place, defined: None, content }
    }

    /// Whether it is empty, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if scalar.meaning() == Meaning::Null)
    }

    /// The map that it is.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.content {
            Content::Map(map) => Some(map),
            _ => None,
        }
    }

    /// What it is, in words that stand after "found".
    pub fn describe(&self) -> String {
        match &self.content {
            Content::List(_) => "a list".to_owned(),
            Content::Map(_) => "a map".to_owned(),
            Content::Unknown => "something unknown".to_owned(),
            Content::Scalar(scalar) => describe_scalar(scalar),
        }
    }
}

fn describe_scalar(scalar: &Scalar) -> String {
    let text = shorten(&scalar.text);
    match scalar.as_wanted() {
        Meaning::Null => "nothing".to_owned(),
        Meaning::Bool(_) => format!("`{text}`"),
        Meaning::Integer(_) | Meaning::Float(_) => format!("the number `{text}`"),
        Meaning::Text => format!("the text `{text}`"),
    }
}

/// The beginning of a text, short enough for a message.
pub fn shorten(text: &str) -> String {
    const ENOUGH: usize = 40;
    let line = text.lines().next().unwrap_or("");
    if line.len() == text.len() && text.chars().count() <= ENOUGH {
        return text.to_owned();
    }
    line.chars().take(ENOUGH).chain(['…']).collect()
}
