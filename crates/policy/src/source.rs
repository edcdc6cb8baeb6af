//! A JSON text, what it says, and where in the text each part of it stands.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use super::document::{ParseError, parse};
use super::statement::pointer;

/// A JSON text with its name and the places of its parts.
///
/// Parts are named by JSON pointers (RFC 6901) such as `/Statement/0/Action`, the form in which every problem and
/// finding names its place.
#[derive(Debug, Clone)]
pub struct SourceText {
    name: String,
    text: String,
    value: Value,
    spots: HashMap<String, Spot>,
    lines: Lines,
}

/// Where a part stands, in bytes.
#[derive(Debug, Clone)]
struct Spot {
    /// The key of a member, with its quotes; the element itself in a list.
    key: Range<usize>,
    value: Range<usize>,
}

/// A place in a text, as people count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// Line and column of a byte in a text; of the end for what lies behind it.
    #[must_use]
    pub fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// Where the lines of a text begin, and how many characters there are up to certain bytes: places are found without
/// reading the text again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    starts: Vec<usize>,
    /// The characters that begin before every [`BLOCK`] bytes.
    counted: Vec<usize>,
}

/// Bytes between which characters are counted one by one.
const BLOCK: usize = 1024;

impl Lines {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        let mut counted = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            counted.push(counted[counted.len() - 1] + characters(block));
        }
        Self { starts, counted }
    }

    /// Line and column of a byte in the text; of the end for what lies behind it.
    #[must_use]
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let byte = if text.is_char_boundary(byte) { byte } else { text.len() };
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        Position { line, column: self.before(text, byte) - self.before(text, start) + 1 }
    }

    /// The bytes of the line in which a byte stands, its end left out.
    #[must_use]
    pub fn around(&self, text: &str, byte: usize) -> Range<usize> {
        let line = self.starts.partition_point(|start| *start <= byte);
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        self.starts[line - 1]..end
    }

    /// The characters that begin before a byte.
    fn before(&self, text: &str, byte: usize) -> usize {
        let block = byte / BLOCK;
        self.counted[block] + characters(&text.as_bytes()[block * BLOCK..byte])
    }
}

/// The characters that begin in these bytes.
fn characters(bytes: &[u8]) -> usize {
    let is_first = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(is_first).count()
}

impl SourceText {
    /// Reads a JSON text. `name` is what the user calls it, such as a path.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn read(name: impl Into<String>, text: impl Into<String>) -> Result<Self, ParseError> {
        let text = text.into();
        let value = parse(&text)?;
        let mut scanner = Scanner { text: &text, at: 0, spots: HashMap::new() };
        scanner.value(String::new(), None);
        let spots = scanner.spots;
        let lines = Lines::of(&text);
        Ok(Self { name: name.into(), text, value, spots, lines })
    }

    /// What the user calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The bytes of the part that `pointer` leads to, or of the nearest one around it.
    #[must_use]
    pub fn value_at(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer).value.clone()
    }

    /// The bytes of the key under which that part stands, or of the part itself where it has none.
    #[must_use]
    pub fn key_at(&self, pointer: &str) -> Range<usize> {
        if self.spots.contains_key(pointer) { self.nearest(pointer).key.clone() } else { self.value_at(pointer) }
    }

    /// Line and column of a byte; of the end for what lies behind it.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        self.lines.position(&self.text, byte)
    }

    /// Where its lines begin.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Every part by its pointer, with the bytes of its key (its own, where it has none) and of its value.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Range<usize>, Range<usize>)> {
        self.spots.iter().map(|(pointer, spot)| (pointer.as_str(), spot.key.clone(), spot.value.clone()))
    }

    fn nearest(&self, pointer: &str) -> &Spot {
        let mut path = pointer;
        loop {
            if let Some(spot) = self.spots.get(path) {
                return spot;
            }
            path = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }
}

/// Goes through a text that is known to be JSON, and nested no deeper than its parser allows.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    spots: HashMap<String, Spot>,
}

impl Scanner<'_> {
    fn value(&mut self, path: String, key: Option<Range<usize>>) {
        self.blank();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.object(&path),
            Some(b'[') => self.list(&path),
            Some(b'"') => drop(self.string()),
            _ => self.word(),
        }
        let value = start..self.at;
        self.spots.insert(path, Spot { key: key.unwrap_or_else(|| value.clone()), value });
    }

    fn object(&mut self, path: &str) {
        self.at += 1;
        loop {
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'"') => {
                    let key = self.string();
                    let name: String = serde_json::from_str(&self.text[key.clone()]).unwrap_or_default();
                    self.blank();
                    self.at += 1;
                    self.value(pointer(path, &name), Some(key));
                }
                _ => break,
            }
        }
        self.at += 1;
    }

    fn list(&mut self, path: &str) {
        self.at += 1;
        let mut index = 0;
        loop {
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                None | Some(b']') => break,
                Some(_) => {
                    self.value(format!("{path}/{index}"), None);
                    index += 1;
                }
            }
        }
        self.at += 1;
    }

    /// The bytes of a string with its quotes.
    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        start..self.at
    }

    fn word(&mut self) {
        self.skip_while(|byte| !byte.is_ascii_whitespace() && !b",]}".contains(&byte));
    }

    fn blank(&mut self) {
        self.skip_while(|byte| byte.is_ascii_whitespace());
    }

    fn skip_while(&mut self, skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&skipped) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const TEXT: &str = "{\n \"a/b\": [1, \"x\\\"y\" , {}],\n \"é\" : {\"c\":true} }\n";

    #[test]
    fn every_part_has_exactly_its_place() {
        let source = SourceText::read("x.json", TEXT).unwrap();
        let value = |pointer| &source.text()[source.value_at(pointer)];
        let key = |pointer| &source.text()[source.key_at(pointer)];
        assert_eq!(value("/a~1b"), "[1, \"x\\\"y\" , {}]");
        assert_eq!((value("/a~1b/0"), value("/a~1b/1"), value("/a~1b/2")), ("1", "\"x\\\"y\"", "{}"));
        assert_eq!((key("/é"), value("/é"), value("/é/c")), ("\"é\"", "{\"c\":true}", "true"));
        assert_eq!(key("/a~1b/0"), "1");
        assert_eq!(value(""), TEXT.trim_end());
    }

    #[test]
    fn what_is_not_there_is_where_it_is_missing() {
        let source = SourceText::read("x.json", TEXT).unwrap();
        assert_eq!(source.value_at("/é/d/0"), source.value_at("/é"));
        assert_eq!(source.key_at("/é/d"), source.value_at("/é"));
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let source = SourceText::read("x.json", TEXT).unwrap();
        assert_eq!(source.position(source.value_at("/é/c").start), Position { line: 3, column: 13 });
        assert_eq!(source.position(usize::MAX).line, 4);
    }

    #[test]
    fn lines_are_found_as_they_are_read() {
        let long = "é".repeat(3 * BLOCK) + "\nab\r\n\n" + &"x".repeat(BLOCK);
        for text in ["", "\n", "a", "é\n", long.as_str()] {
            let lines = Lines::of(text);
            for byte in 0..=text.len() + 2 {
                assert_eq!(lines.position(text, byte), Position::of(text, byte), "{byte}");
            }
        }
        let lines = Lines::of("ab\ncd\n");
        assert_eq!((lines.around("ab\ncd\n", 4), lines.around("ab\ncd\n", 2)), (3..5, 0..2));
        assert_eq!(lines.around("ab\ncd\n", 6), 6..6);
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(json!(null)), any::<bool>().prop_map(Value::from), ".*".prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(".{0,3}", inner, 0..4).prop_map(|members| json!(members)),
            ]
        })
    }

    fn check_all(source: &SourceText, value: &Value, path: &str) {
        let found: Value = serde_json::from_str(&source.text()[source.value_at(path)]).expect("the place holds JSON");
        assert_eq!(&found, value, "{path}");
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| check_all(source, member, &pointer(path, name)));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| check_all(source, item, &format!("{path}/{index}")));
            }
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn the_text_at_a_place_says_what_the_value_says(document in documents(), pretty in any::<bool>()) {
            let text = if pretty { format!("{document:#}") } else { document.to_string() };
            let source = SourceText::read("x.json", text).unwrap();
            check_all(&source, &document, "");
        }

        #[test]
        fn no_text_makes_reading_panic(text in "[\\[\\]{}\",:0-9a-z\\\\ ]{0,40}") {
            let _ = SourceText::read("x.json", text);
        }
    }
}
