//! From YAML text to a tree with places.
//!
//! Blueprints use the plain part of YAML: anchors, aliases, merge keys, tags and several documents are refused, because
//! values and includes do the same and are seen by every other step.

mod brackets;
mod hints;
mod layout;
mod offsets;

use indexmap::map::Entry;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, MAX_DEPTH, Map, Node, shorten};
use super::place::{FileId, Place};
use super::scalar::Scalar;
use super::source::Sources;
use super::spanned::Spanned;
use offsets::Offsets;

const REUSE: &str = "to use something twice, define it under `values:` and write `${values.NAME}`";

/// Reads one file. Answers what it holds, with nothing (null) for an empty file; or `None` if it cannot be read to its
/// end. Everything that is wrong goes to `diagnostics`.
pub fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Node> {
    parse_text(sources.text(file), file, diagnostics)
}

/// Where `key` is written in the map at the place `map`.
pub fn key_place(sources: &Sources, map: Place, key: &str) -> Option<Place> {
    if !map.is_somewhere() {
        return None;
    }
    // The lines of a block are indented as its first one, whose indentation lies before the place.
    let indent = sources.position(map).1.saturating_sub(1);
    let text = " ".repeat(indent) + sources.excerpt(map);
    let Content::Map(entries) = parse_text(&text, map.file(), &mut Diagnostics::new())?.content else { return None };
    let found = entries.get_key_value(key)?.0.place.range();
    let moved = |byte: usize| (map.range().start + byte).checked_sub(indent);
    Some(Place::new(map.file(), moved(found.start)?..moved(found.end)?))
}

fn parse_text(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut reader = Reader { parser: Parser::new_from_str(text), offsets: Offsets::of(text), file, text, diagnostics };
    match reader.document() {
        Ok(root) => Some(root),
        Err(Unreadable(diagnostic)) => {
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// The rest of the file makes no sense.
struct Unreadable(Box<Diagnostic>);

struct Reader<'t, 'd> {
    parser: Parser<'t, StrInput<'t>>,
    offsets: Offsets<'t>,
    file: FileId,
    text: &'t str,
    diagnostics: &'d mut Diagnostics,
}

impl<'t> Reader<'t, '_> {
    fn document(&mut self) -> Result<Node, Unreadable> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamEnd, place) => return Ok(root.unwrap_or_else(|| empty(place))),
                (Event::StreamStart | Event::DocumentEnd | Event::Nothing, _) => {}
                (Event::DocumentStart(_), place) if root.is_some() => {
                    return Err(second_document(place));
                }
                (Event::DocumentStart(_), _) => {}
                (event, place) => root = Some(self.node(event, place, 0)?),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Place), Unreadable> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, self.place(span))),
            Some(Err(error)) => {
                let place = self.place(Span::empty(*error.marker()));
                Err(Unreadable(Box::new(hints::explain(error.info(), place, self.text))))
            }
            None => Ok((Event::StreamEnd, Place::new(self.file, self.text.len()..self.text.len()))),
        }
    }

    fn place(&self, span: Span) -> Place {
        let start = self.offsets.byte(span.start.index());
        let end = self.offsets.byte(span.end.index()).max(start);
        Place::new(self.file, start..end)
    }

    fn node(&mut self, event: Event<'t>, place: Place, depth: usize) -> Result<Node, Unreadable> {
        if depth > MAX_DEPTH {
            return Err(Unreadable(Box::new(hints::too_deep(place))));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_decoration(anchor, tag.map(|tag| tag.to_string()), place);
                let plain = style == ScalarStyle::Plain;
                Ok(Node::new(place, Content::Scalar(Scalar { text: text.into_owned(), plain })))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_decoration(anchor, tag.map(|tag| tag.to_string()), place);
                self.list(place, depth)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_decoration(anchor, tag.map(|tag| tag.to_string()), place);
                self.map(place, depth)
            }
            _ => {
                self.report(place, "YAML aliases are not used in blueprints", REUSE);
                Ok(Node::new(place, Content::Unknown))
            }
        }
    }

    fn list(&mut self, start: Place, depth: usize) -> Result<Node, Unreadable> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, end) => {
                    let last = items.last().map_or(start, |item: &Node| item.place);
                    return Ok(Node::new(self.whole(start, last, end), Content::List(items)));
                }
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn map(&mut self, start: Place, depth: usize) -> Result<Node, Unreadable> {
        let mut map = Map::new();
        let mut last = start;
        loop {
            let (event, place) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Node::new(self.whole(start, last, place), Content::Map(map)));
            }
            let key = self.node(event, place, depth + 1)?;
            let (event, place) = self.next()?;
            let mut value = self.node(event, place, depth + 1)?;
            if value.place.range().is_empty() {
                value.place = key.place;
            }
            last = value.place;
            if let Some(key) = self.key(key) {
                self.insert(&mut map, key, value);
            }
        }
    }

    /// A collection's place: a block ends with its last part, since its end is noticed only at the next token; a flow
    /// collection with its bracket.
    fn whole(&self, start: Place, last: Place, end: Place) -> Place {
        let is_flow = self.text[start.range().start..].starts_with(['[', '{']);
        start.to(if is_flow { end } else { last })
    }

    fn key(&mut self, key: Node) -> Option<Spanned<String>> {
        let Content::Scalar(scalar) = key.content else {
            self.report(key.place, "a key must be a word", "write it in quotes if it is text");
            return None;
        };
        if scalar.plain && scalar.text == "<<" {
            self.report(key.place, "YAML merge keys are not used in blueprints", REUSE);
            return None;
        }
        if scalar.plain && scalar.text.is_empty() {
            self.report(key.place, "a key is missing before the colon", "write the key, or remove the colon");
            return None;
        }
        Some(Spanned::new(scalar.text, key.place))
    }

    fn insert(&mut self, map: &mut Map, key: Spanned<String>, value: Node) {
        let again = key.place;
        match map.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(value);
            }
            Entry::Occupied(first) => {
                let diagnostic =
                    Diagnostic::error("duplicate-key", format!("the key `{}` is written twice", shorten(first.key())))
                        .at(again)
                        .label("again here")
                        .also(first.key().place, "first here")
                        .help("put both under one key");
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn refuse_decoration(&mut self, anchor: usize, tag: Option<String>, place: Place) {
        if anchor > 0 {
            self.report(place, "YAML anchors are not used in blueprints", REUSE);
        }
        if let Some(tag) = tag {
            let help = "write CloudFormation's functions in their long form, such as `Fn::Sub:`, and text in quotes";
            self.report(place, &format!("YAML tags such as `{}` are not used in blueprints", shorten(&tag)), help);
        }
    }

    fn report(&mut self, place: Place, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic::error("yaml", message).at(place).help(help));
    }
}

/// What an empty file holds.
fn empty(place: Place) -> Node {
    Node::new(place, Content::Scalar(Scalar { text: String::new(), plain: true }))
}

fn second_document(place: Place) -> Unreadable {
    let diagnostic = Diagnostic::error("yaml", "a second document begins here")
        .at(place)
        .help("put it in a file of its own and name that under `include:`");
    Unreadable(Box::new(diagnostic))
}

#[cfg(test)]
mod tests {
    use super::{Content, Diagnostics, Node, Sources, parse};
    use crate::place::Place;

    fn read(text: &str) -> (Sources, Option<Node>, Diagnostics) {
        let mut sources = Sources::embedded(&[("a.yaml", text)]);
        let file = sources.read(Place::NOWHERE, "a.yaml").expect("the file is there");
        let mut diagnostics = Diagnostics::new();
        let node = parse(&sources, file, &mut diagnostics);
        (sources, node, diagnostics)
    }

    fn messages(text: &str) -> Vec<String> {
        let (sources, _, found) = read(text);
        found.iter().map(|d| format!("{}: {}", sources.at(d.place.unwrap_or_default()), d.message)).collect()
    }

    fn excerpts(node: &Node, sources: &Sources, found: &mut Vec<String>) {
        found.push(sources.excerpt(node.place).to_owned());
        match &node.content {
            Content::List(items) => items.iter().for_each(|item| excerpts(item, sources, found)),
            Content::Map(map) => map.iter().for_each(|(key, value)| {
                found.push(sources.excerpt(key.place).to_owned());
                excerpts(value, sources, found);
            }),
            _ => {}
        }
    }

    #[test]
    fn every_key_and_node_has_exactly_its_place() {
        let (sources, node, _) = read("é: \"ü\"\nb:\n  - 12\n  - {c: [x, y]}\nd:\n");
        let mut found = Vec::new();
        excerpts(&node.expect("it is well-formed"), &sources, &mut found);
        assert_eq!(
            found[1..],
            ["é", "\"ü\"", "b", "- 12\n  - {c: [x, y]}", "12", "{c: [x, y]}", "c", "[x, y]", "x", "y", "d", "d"]
        );
    }

    #[test]
    fn windows_line_ends_do_not_shift_places() {
        let (sources, node, _) = read("a: 1\r\nb:\r\n  c: é\r\n  d: last\r\n");
        let mut found = Vec::new();
        excerpts(&node.expect("it is well-formed"), &sources, &mut found);
        assert_eq!(found[found.len() - 1], "last");
        assert_eq!(found[found.len() - 3], "é");
    }

    #[test]
    fn a_key_is_found_in_the_map_at_a_place() {
        let (sources, node, _) = read("é: {x: 1, yé: 2}\nb:\n  - c: 3\n    d: 4\n");
        let Some(Node { content: Content::Map(map), .. }) = node else { panic!("it is a map") };
        let key = |map: &Node, key: &str| super::key_place(&sources, map.place, key).map(|at| sources.position(at));
        assert_eq!(key(&map["é"], "yé"), Some((1, 11)));
        let Content::List(items) = &map["b"].content else { panic!("it is a list") };
        assert_eq!(key(&items[0], "d"), Some((4, 5)));
        assert_eq!((key(&items[0], "e"), key(&map["b"], "c")), (None, None));
    }

    #[test]
    fn what_blueprints_leave_out_of_yaml_is_reported_all_at_once() {
        let found = messages("a: &x 1\nb: *x\nc: {<<: {d: 1}}\nd: !Sub x\na: 2\n[e]: 1\n");
        assert_eq!(
            found,
            [
                "a.yaml:1: YAML anchors are not used in blueprints",
                "a.yaml:2: YAML aliases are not used in blueprints",
                "a.yaml:3: YAML merge keys are not used in blueprints",
                "a.yaml:4: YAML tags such as `!Sub` are not used in blueprints",
                "a.yaml:5: the key `a` is written twice",
                "a.yaml:6: a key must be a word",
            ]
        );
    }

    #[test]
    fn a_second_document_is_refused() {
        assert_eq!(messages("a: 1\n---\nb: 1\n"), ["a.yaml:2: a second document begins here"]);
        assert!(messages("---\na: 1\n").is_empty());
    }

    #[test]
    fn nesting_ends_at_its_limit_whatever_its_style() {
        for text in ["[".repeat(3000), "- ".repeat(3000), "{a: ".repeat(3000), "? ".repeat(3000)] {
            let found = messages(&text);
            assert!(found[0].ends_with("nested deeper than 64"), "{found:?}");
        }
    }
}
