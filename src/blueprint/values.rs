//! Puts the blueprint's `values:` in for the references to them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, MAX_DEPTH, Map, Node, shorten};
use super::place::Place;
use super::reference::{Piece, pieces};
use super::scalar::Scalar;
use super::size::Size;
use super::source::Sources;
use super::suggest::did_you_mean;

/// The key under which values are defined.
pub const VALUES: &str = "values";

/// The most that references may bring in altogether, so that values made of values cannot grow without bound.
const MAX_EXPANSION: Size = Size {
    nodes: 200_000,
    bytes: 16 << 20,
    height: MAX_DEPTH,
};
/// How many values may refer to one another in a row.
const MAX_CHAIN: usize = 64;

/// Takes `values:` out of `root` and answers the rest with every reference replaced. What cannot be replaced is reported and becomes
/// [`Content::Unknown`]. A value that nothing refers to is warned about.
pub fn expand(mut root: Map, sources: &Sources, diagnostics: &mut Diagnostics) -> Map {
    let values = root.shift_remove(VALUES);
    let values = match values.map(|node| (node.is_null(), node)) {
        None | Some((true, _)) => Map::new(),
        Some((
            _,
            Node {
                content: Content::Map(map),
                ..
            },
        )) => map,
        Some((_, node)) => {
            let message = format!("`values` must be a map, found {}", node.describe());
            diagnostics.push(Diagnostic::error("type", message).at(node.place));
            Map::new()
        }
    };
    let mut expander = Expander {
        values: Rc::new(values),
        sources,
        diagnostics,
        done: HashMap::new(),
        used: HashSet::new(),
        chain: Vec::new(),
        spent: Size::default(),
        exhausted: false,
    };
    let root = expander.map(&root, 1);
    expander.check_values();
    root
}

struct Expander<'a> {
    values: Rc<Map>,
    sources: &'a Sources,
    diagnostics: &'a mut Diagnostics,
    /// Values by path, expanded.
    done: HashMap<String, Rc<Expanded>>,
    /// The top-level names of values that something refers to.
    used: HashSet<String>,
    /// The paths that are being expanded, each needed by the one before.
    chain: Vec<String>,
    spent: Size,
    /// The budget is spent and that has been said.
    exhausted: bool,
}

struct Expanded {
    node: Node,
    size: Size,
}

impl Expander<'_> {
    fn map(&mut self, map: &Map, depth: usize) -> Map {
        map.iter()
            .map(|(key, value)| {
                if pieces(key)
                    .iter()
                    .any(|piece| !matches!(piece, Piece::Text(_)))
                {
                    let message = format!("the key `{}` cannot take a value", shorten(key));
                    self.report(
                        key.place,
                        &message,
                        "write the name out; values go to the right of the colon",
                    );
                }
                (key.clone(), self.node(value, depth))
            })
            .collect()
    }

    /// `node` with everything in it replaced; it is nested in `depth` others.
    fn node(&mut self, node: &Node, depth: usize) -> Node {
        if depth > MAX_DEPTH {
            self.report(
                node.place,
                &format!("values nest lists and maps deeper than {MAX_DEPTH}"),
                "nest them less",
            );
            return Node::new(node.place, Content::Unknown);
        }
        let content = match &node.content {
            Content::Map(map) => Content::Map(self.map(map, depth + 1)),
            Content::List(items) => Content::List(
                items
                    .iter()
                    .map(|item| self.node(item, depth + 1))
                    .collect(),
            ),
            Content::Scalar(scalar) if scalar.text.contains("${") => {
                return self.scalar(node.place, scalar, depth);
            }
            other => other.clone(),
        };
        Node { content, ..*node }
    }

    fn scalar(&mut self, place: Place, scalar: &Scalar, depth: usize) -> Node {
        let pieces = pieces(&scalar.text);
        if let [Piece::Reference { path, .. }] = pieces[..] {
            return self.whole(place, path, depth);
        }
        let mut text = Some(String::new());
        for piece in pieces {
            match (self.text_of(place, &piece, depth), &mut text) {
                (Some(part), Some(text)) => *text += &part,
                _ => text = None,
            }
        }
        let content = match text {
            Some(text) if text == scalar.text => Content::Scalar(scalar.clone()),
            Some(text) => Content::Scalar(Scalar::quoted(text)),
            None => Content::Unknown,
        };
        Node::new(place, content)
    }

    /// What comes in for a scalar that is nothing but the reference to `path`.
    fn whole(&mut self, place: Place, path: &str, depth: usize) -> Node {
        let Some(value) = self
            .value(path, place, depth)
            .filter(|value| self.afford(value.size, place, depth))
        else {
            return Node::new(place, Content::Unknown);
        };
        let defined = value.node.defined.unwrap_or(value.node.place);
        Node {
            place,
            defined: Some(defined),
            content: value.node.content.clone(),
        }
    }

    /// What a piece of a longer text becomes.
    fn text_of(&mut self, place: Place, piece: &Piece<'_>, depth: usize) -> Option<String> {
        let (written, path) = match piece {
            Piece::Text(text) => return Some((*text).to_owned()),
            Piece::Reference { written, path } => (*written, *path),
            Piece::Malformed(written) => {
                let message = format!("`{}` is not a reference to a value", shorten(written));
                self.report(
                    self.narrow(place, written),
                    &message,
                    "write `${values.NAME}`, or `$${` for the text `${`",
                );
                return None;
            }
        };
        let place = self.narrow(place, written);
        let value = self.value(path, place, depth)?;
        let problem = match &value.node.content {
            Content::Unknown => return None,
            Content::Scalar(_) if value.node.is_null() => "is empty",
            Content::Scalar(scalar) => {
                return self
                    .afford(value.size, place, depth)
                    .then(|| scalar.text.clone());
            }
            Content::List(_) => "is a list",
            Content::Map(_) => "is a map",
        };
        self.diagnostics.push(
            Diagnostic::error(
                "value",
                format!("`values.{path}` {problem} and cannot stand within text"),
            )
            .at(place)
            .also(value.node.place, "defined here")
            .help("let the reference stand alone, or refer to one text or number"),
        );
        None
    }

    /// The value at `path`, expanded. `None`, reported, if there is none or it contains itself.
    fn value(&mut self, path: &str, place: Place, depth: usize) -> Option<Rc<Expanded>> {
        self.used
            .insert(path.split('.').next().unwrap_or(path).to_owned());
        if let Some(done) = self.done.get(path) {
            return Some(Rc::clone(done));
        }
        if self.chain.len() >= MAX_CHAIN || self.chain.iter().any(|outer| outer == path) {
            self.report_chain(path, place);
            return None;
        }
        self.chain.push(path.to_owned());
        let node = self.find(path, place, depth);
        self.chain.pop();
        let node = node?;
        let size = Size::of(&node);
        let expanded = Rc::new(Expanded { node, size });
        self.done.insert(path.to_owned(), Rc::clone(&expanded));
        Some(expanded)
    }

    /// Goes down from `values:` along `path`, through references where a value on the way is one.
    fn find(&mut self, path: &str, place: Place, depth: usize) -> Option<Node> {
        let values = Rc::clone(&self.values);
        let mut map: &Map = &values;
        let mut rest = path;
        loop {
            let (name, after) = rest
                .split_once('.')
                .map_or((rest, None), |(name, after)| (name, Some(after)));
            let Some(node) = map.get(name) else {
                self.report_unknown(name, map, path, place);
                return None;
            };
            let Some(after) = after else {
                return Some(self.node(node, depth));
            };
            rest = after;
            match &node.content {
                Content::Map(inner) => map = inner,
                Content::Scalar(scalar) => {
                    return self.find_through(scalar, rest, path, place, depth);
                }
                Content::Unknown => return None,
                Content::List(_) => {
                    self.report_not_a_map(rest, path, node, place);
                    return None;
                }
            }
        }
    }

    /// Goes on along `rest` in the value that `scalar` refers to.
    fn find_through(
        &mut self,
        scalar: &Scalar,
        rest: &str,
        path: &str,
        place: Place,
        depth: usize,
    ) -> Option<Node> {
        let target = match pieces(&scalar.text)[..] {
            [Piece::Reference { path, .. }] => Some(self.value(path, place, depth)?),
            _ => None,
        };
        let mut node = target.as_ref().map(|target| &target.node);
        for name in rest.split('.') {
            match node.map(|node| (&node.content, node)) {
                Some((Content::Map(map), _)) if map.contains_key(name) => node = map.get(name),
                Some((Content::Map(map), _)) => {
                    self.report_unknown(name, map, path, place);
                    return None;
                }
                Some((Content::Unknown, _)) => return None,
                other => {
                    let found = other.map_or_else(
                        || Node::new(place, Content::Scalar(scalar.clone())),
                        |(_, node)| node.clone(),
                    );
                    self.report_not_a_map(rest, path, &found, place);
                    return None;
                }
            }
        }
        node.cloned()
    }

    /// Whether `size` more may come in at the given depth.
    fn afford(&mut self, size: Size, place: Place, depth: usize) -> bool {
        if self.exhausted {
            return false;
        }
        self.spent.nodes += size.nodes;
        self.spent.bytes += size.bytes;
        let in_all =
            self.spent.nodes <= MAX_EXPANSION.nodes && self.spent.bytes <= MAX_EXPANSION.bytes;
        if !in_all {
            self.exhausted = true;
            let most = format!(
                "{} entries or {} MB",
                MAX_EXPANSION.nodes,
                MAX_EXPANSION.bytes >> 20
            );
            self.report(
                place,
                &format!("the values come to more than {most}"),
                "let fewer values contain other values",
            );
        } else if depth + size.height > MAX_EXPANSION.height + 1 {
            self.report(
                place,
                &format!("values nest lists and maps deeper than {MAX_DEPTH}"),
                "nest them less",
            );
            return false;
        }
        in_all
    }

    /// Warns of the values that nothing refers to, and finds what is wrong in them.
    fn check_values(&mut self) {
        let values = Rc::clone(&self.values);
        let used = std::mem::take(&mut self.used);
        for key in values.keys() {
            if !used.contains(key.as_str()) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "unused-value",
                        format!("nothing refers to the value `{}`", shorten(key)),
                    )
                    .at(key.place)
                    .help(format!(
                        "write `${{values.{}}}` where it is meant, or take it away",
                        shorten(key)
                    )),
                );
            }
            if !self.exhausted && !self.done.contains_key(key.as_str()) {
                self.node(&values[key], 1);
            }
        }
    }

    fn report_unknown(&mut self, name: &str, map: &Map, path: &str, place: Place) {
        let mut diagnostic =
            Diagnostic::error("unknown-value", format!("there is no value `{path}`"))
                .at(self.narrow(place, path));
        if let Some(near) = did_you_mean(name, map.keys().map(|key| key.as_str())) {
            diagnostic = diagnostic.label(format!("did you mean `{near}`?"));
        }
        let known: Vec<&str> = map.keys().map(|key| key.as_str()).take(20).collect();
        let holder = path
            .strip_suffix(name)
            .unwrap_or(path)
            .trim_end_matches('.');
        let holder = if holder.is_empty() {
            "values".to_owned()
        } else {
            format!("values.{holder}")
        };
        self.diagnostics.push(match known[..] {
            [] => diagnostic.help("define it under `values:` at the top level of the blueprint"),
            _ => diagnostic.help(format!("`{holder}` has: {}", known.join(", "))),
        });
    }

    fn report_not_a_map(&mut self, rest: &str, path: &str, found: &Node, place: Place) {
        let holder = path
            .strip_suffix(rest)
            .unwrap_or(path)
            .trim_end_matches('.');
        self.diagnostics.push(
            Diagnostic::error(
                "unknown-value",
                format!(
                    "there is no value `{path}`: `{holder}` is {}",
                    found.describe()
                ),
            )
            .at(self.narrow(place, path))
            .also(found.place, "defined here"),
        );
    }

    fn report_chain(&mut self, path: &str, place: Place) {
        let start = self.chain.iter().position(|outer| outer == path);
        let chain = self.chain[start.unwrap_or(0)..]
            .iter()
            .map(String::as_str)
            .chain([path]);
        let chain = chain.map(shorten).collect::<Vec<_>>().join(" → ");
        let message = match start {
            Some(_) => format!("the value `{path}` contains itself: {chain}"),
            None => format!("more than {MAX_CHAIN} values refer to one another in a row"),
        };
        self.report(self.narrow(place, path), &message, "write one of them out");
    }

    fn report(&mut self, place: Place, message: &str, help: &str) {
        self.diagnostics
            .push(Diagnostic::error("value", message).at(place).help(help));
    }

    /// The part of `place` at which `written` is written, if it is written there as it is meant.
    fn narrow(&self, place: Place, written: &str) -> Place {
        let range = place.range();
        self.sources
            .excerpt(place)
            .find(written)
            .map_or(place, |at| {
                let start = range.start + at;
                Place::new(place.file(), start..start + written.len())
            })
    }
}
