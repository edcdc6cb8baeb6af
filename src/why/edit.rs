//! Small changes of YAML and JSON texts that leave everything else as it is written.

use std::ops::Range;

use serde_json::Value;

use crate::sections::Written;

/// A stretch of a text and what is written in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

impl Edit {
    fn insert(at: usize, text: String) -> Edit {
        Edit { range: at..at, text }
    }

    /// The text with the edit made.
    pub fn applied(&self, text: &str) -> String {
        let (before, after) = (&text[..self.range.start], &text[self.range.end..]);
        format!("{before}{}{after}", self.text)
    }
}

/// A document within a text, with the places of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doc<'a> {
    pub text: &'a str,
    pub value: &'a Value,
    pub written: &'a Written,
    pub is_json: bool,
}

/// How a collection is written.
enum Style {
    /// Between brackets.
    Flow,
    /// By its indentation.
    Block,
}

impl Doc<'_> {
    /// Adds items to the list at a JSON pointer. One value in place of a list becomes a list.
    pub fn add_to_list(&self, list: &str, items: &[String]) -> Option<Edit> {
        let items: Vec<String> = items.iter().map(|item| self.scalar(item)).collect();
        match self.value.pointer(list)? {
            Value::Array(held) if held.is_empty() => {
                Some(Edit { range: self.range(list), text: format!("[{}]", items.join(", ")) })
            }
            Value::Array(held) => self.add_items(list, held.len() - 1, &items),
            Value::Null => None,
            _ => {
                let range = self.range(list);
                let text = format!("[{}, {}]", self.text.get(range.clone())?.trim_end(), items.join(", "));
                Some(Edit { range, text })
            }
        }
    }

    /// Adds an item that is written as it is given to the list at a JSON pointer.
    pub fn add_written(&self, list: &str, item: String) -> Option<Edit> {
        let held = self.value.pointer(list)?.as_array()?;
        self.add_items(list, held.len().checked_sub(1)?, &[item])
    }

    fn add_items(&self, list: &str, last: usize, items: &[String]) -> Option<Edit> {
        let item = format!("{list}/{last}");
        let last = self.range(&item);
        let end = self.end_of(&last);
        let indent = self.indent_of(last.start);
        match self.style(list) {
            Style::Flow => {
                let between =
                    if self.begins_line(last.start) { format!(",{}{indent}", self.line_end()) } else { ", ".into() };
                Some(Edit::insert(end, items.iter().map(|item| format!("{between}{item}")).collect()))
            }
            Style::Block => {
                let dash = self.text[..last.start].trim_end().strip_suffix('-')?;
                let column = dash.len() - dash.rfind('\n').map_or(0, |newline| newline + 1);
                let line = self.line_of_end(&item);
                let blanks = " ".repeat(column);
                let more = items.iter().map(|item| format!("{}{blanks}- {item}", self.line_end()));
                Some(Edit::insert(line, more.collect()))
            }
        }
    }

    /// Gives the map at a JSON pointer one more member, the value of which is written as it is given.
    pub fn add_member(&self, map: &str, key: &str, value: &str) -> Option<Edit> {
        let members = self.value.pointer(map)?.as_object()?;
        let member = format!("{}: {value}", if self.is_json { quoted(key) } else { plain(key) });
        let path = |name: &str| format!("{map}/{}", name.replace('~', "~0").replace('/', "~1"));
        match (self.style(map), members.keys().next(), members.keys().next_back()) {
            (Style::Flow, None, _) => Some(Edit { range: self.range(map), text: format!("{{{member}}}") }),
            (Style::Flow, _, Some(last)) => {
                let key = self.written.key_at(&path(last)).range();
                let between = match self.begins_line(key.start) {
                    true => format!(",{}{}", self.line_end(), self.indent_of(key.start)),
                    false => ", ".to_owned(),
                };
                Some(Edit::insert(self.end_of(&self.range(&path(last))), format!("{between}{member}")))
            }
            (Style::Block, Some(first), Some(last)) => {
                let key = self.written.key_at(&path(first)).range();
                let column = key.start - self.text[..key.start].rfind('\n').map_or(0, |newline| newline + 1);
                let line = self.line_of_end(&path(last));
                Some(Edit::insert(line, format!("{}{}{member}", self.line_end(), " ".repeat(column))))
            }
            (Style::Block | Style::Flow, ..) => None,
        }
    }

    /// Writes something else in place of the part at a JSON pointer.
    pub fn replace(&self, part: &str, text: String) -> Edit {
        let range = self.range(part);
        Edit { range: range.start..self.end_of(&range), text }
    }

    /// Writes a value behind a key that has none.
    pub fn fill(&self, part: &str, text: &str) -> Option<Edit> {
        let key = self.written.key_at(part).range();
        let colon = key.end + self.text.get(key.end..)?.find(':')? + 1;
        Some(Edit::insert(colon, format!(" {text}")))
    }

    /// A text as a value is written here.
    pub fn scalar(&self, text: &str) -> String {
        if self.is_json { quoted(text) } else { plain(text) }
    }

    /// Whether the part at a JSON pointer stands between brackets.
    pub fn is_in_flow(&self, part: &str) -> bool {
        let before = self.text[..self.range(part).start].trim_end();
        before.ends_with(['[', ',', '{'])
    }

    /// The JSON pointer to the part that is written, or the key of which is written, at a place.
    pub fn pointer_to(&self, range: &Range<usize>) -> Option<String> {
        let mut open = vec![(String::new(), self.value)];
        while let Some((path, value)) = open.pop() {
            let key = self.written.key_at(&path).range();
            if !path.is_empty() && (key == *range || self.range(&path) == *range) {
                return Some(path);
            }
            match value {
                Value::Array(items) => {
                    open.extend(items.iter().enumerate().map(|(nth, it)| (format!("{path}/{nth}"), it)))
                }
                Value::Object(members) => open.extend(
                    members
                        .iter()
                        .map(|(name, it)| (format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), it)),
                ),
                _ => {}
            }
        }
        None
    }

    fn range(&self, part: &str) -> Range<usize> {
        self.written.value_at(part).range()
    }

    /// Where a part ends, without the blanks behind it.
    fn end_of(&self, range: &Range<usize>) -> usize {
        range.start + self.text[range.clone()].trim_end().len()
    }

    /// The end of the line on which a part ends: where the last of what is in it does.
    fn line_of_end(&self, part: &str) -> usize {
        let last = match (self.value.pointer(part), self.style(part)) {
            (Some(Value::Array(items)), Style::Block) => items.len().checked_sub(1).map(|nth| nth.to_string()),
            (Some(Value::Object(members)), Style::Block) => {
                members.keys().next_back().map(|name| name.replace('~', "~0").replace('/', "~1"))
            }
            _ => None,
        };
        if let Some(last) = last {
            return self.line_of_end(&format!("{part}/{last}"));
        }
        let is_empty = self.value.pointer(part).is_none_or(Value::is_null);
        let range = if is_empty { self.written.key_at(part).range() } else { self.range(part) };
        let end = self.end_of(&range);
        let line = self.text[end..].find('\n').map_or(self.text.len(), |newline| end + newline);
        line - usize::from(self.text[..line].ends_with('\r'))
    }

    fn style(&self, part: &str) -> Style {
        let starts_with_bracket = self.text[self.range(part)].starts_with(['[', '{']);
        // A block map begins with its first key, which no bracket begins.
        if starts_with_bracket && !self.is_block_of_flows(part) { Style::Flow } else { Style::Block }
    }

    /// Whether a list by indentation begins with an item between brackets.
    fn is_block_of_flows(&self, part: &str) -> bool {
        let first = self.range(&format!("{part}/0"));
        self.value.pointer(part).is_some_and(Value::is_array) && first.start == self.range(part).start
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text[..at].chars().rev().take_while(|c| *c != '\n').all(char::is_whitespace)
    }

    fn indent_of(&self, at: usize) -> String {
        let start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[start..at].chars().take_while(|c| c.is_whitespace()).collect()
    }

    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// As plain YAML where that is a text, else in quotes.
pub(super) fn plain(text: &str) -> String {
    const WORDS: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && !WORDS.contains(&text.to_lowercase().as_str())
        && text != "n";
    match text.contains(['\'', '\n', '\\']) {
        _ if is_plain => text.to_owned(),
        true => quoted(text),
        false => format!("'{text}'"),
    }
}

/// A list between brackets.
pub(super) fn list(items: &[String], is_json: bool) -> String {
    let items = items.iter().map(|item| if is_json { quoted(item) } else { plain(item) });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
