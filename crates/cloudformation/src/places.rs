//! Where in a template's text its parts are.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span, Tag};

/// Bytes of the text, by the JSON pointer of the value that they are in the template's long form.
pub type Places = BTreeMap<String, Range<usize>>;

/// Where each value of a template is, as far as its text can be read as YAML, which JSON is too.
#[must_use]
pub fn places(text: &str) -> Places {
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut walk = Walk { offsets, places: Places::new(), open: Vec::new() };
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        walk.event(&event, span);
    }
    walk.places
}

/// The place of what is at `pointer`, or else of the nearest that it is part of.
#[must_use]
pub fn nearest<'a>(places: &'a Places, pointer: &str) -> Option<&'a Range<usize>> {
    let mut at = pointer;
    loop {
        if let Some(range) = places.get(at) {
            return Some(range);
        }
        at = at.rsplit_once('/')?.0;
    }
}

/// A list or map that has not ended.
struct Open {
    pointer: String,
    /// How many values a list has had; the key of a map that waits for its value.
    at: At,
}

enum At {
    Item(usize),
    Key,
    Value(String),
}

struct Walk {
    /// The byte at which each character begins.
    offsets: Vec<usize>,
    places: Places,
    open: Vec<Open>,
}

impl Walk {
    fn event(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, _, _, tag) => self.scalar(text, tag.as_deref(), span),
            Event::SequenceStart(_, tag) => self.begin(tag.as_deref(), span, At::Item(0)),
            Event::MappingStart(_, tag) => self.begin(tag.as_deref(), span, At::Key),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.end_value();
            }
            _ => {}
        }
    }

    fn scalar(&mut self, text: &str, tag: Option<&Tag>, span: Span) {
        if let Some(Open { at: at @ At::Key, .. }) = self.open.last_mut() {
            *at = At::Value(text.to_owned());
            return;
        }
        let pointer = self.pointer();
        self.put(pointer, tag, span);
        self.end_value();
    }

    fn begin(&mut self, tag: Option<&Tag>, span: Span, at: At) {
        let pointer = self.pointer();
        let pointer = self.put(pointer, tag, span);
        self.open.push(Open { pointer, at });
    }

    /// Notes a value, and gives the pointer of what is in it: a short form has its long form's name in between.
    fn put(&mut self, pointer: String, tag: Option<&Tag>, span: Span) -> String {
        let byte = |index: usize| self.offsets.get(index).or(self.offsets.last()).copied().unwrap_or_default();
        let start = byte(span.start.index());
        let range = start..byte(span.end.index()).max(start);
        let within = tag.map(|tag| tag.suffix.trim_start_matches('!')).filter(|name| !name.is_empty());
        let inner = match within {
            Some(name @ ("Ref" | "Condition")) => format!("{pointer}/{name}"),
            Some(name) => format!("{pointer}/Fn::{name}"),
            None => pointer.clone(),
        };
        self.places.insert(pointer, range);
        inner
    }

    fn pointer(&self) -> String {
        match self.open.last() {
            None => String::new(),
            Some(Open { pointer, at: At::Item(nth) }) => format!("{pointer}/{nth}"),
            Some(Open { pointer, at: At::Value(key) }) => {
                format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            // A key that is a list or a map, which templates do not have.
            Some(Open { pointer, at: At::Key }) => format!("{pointer}/"),
        }
    }

    fn end_value(&mut self) {
        match self.open.last_mut() {
            Some(Open { at: At::Item(nth), .. }) => *nth += 1,
            Some(Open { at, .. }) => *at = At::Key,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands at a pointer.
    fn at<'a>(text: &'a str, pointer: &str) -> &'a str {
        nearest(&places(text), pointer).map_or("", |range| text[range.clone()].trim_end())
    }

    #[test]
    fn values_are_found_by_the_pointers_of_the_long_form() {
        let yaml = "Ä: x\nResources:\n  A:\n    DependsOn: [P, Zed]\n    Properties:\n      V: !Ref Missing\n      S: !Sub ['${x}', {x: !GetAtt B.C}]\n      I:\n        Fn::If: [C, !Ref D, e]\n";
        for (pointer, expected) in [
            ("/Resources/A/DependsOn/1", "Zed"),
            ("/Resources/A/Properties/V", "!Ref Missing"),
            ("/Resources/A/Properties/S/Fn::Sub/1/x", "!GetAtt B.C"),
            ("/Resources/A/Properties/I/Fn::If/1", "!Ref D"),
        ] {
            let found = at(yaml, pointer);
            assert!(found == expected || expected.ends_with(found), "{pointer}: {found}");
        }
        let json = "{\"Resources\": {\"A/b\": {\"V\": {\"Ref\": \"Missing\"}}}}";
        assert_eq!(at(json, "/Resources/A~1b/V/Ref"), "\"Missing\"");
    }

    #[test]
    fn what_is_not_there_has_the_place_of_what_it_is_part_of() {
        let text = "Resources:\n  Fn::ForEach::T: [x]\n";
        assert_eq!(at(text, "/Resources/TopicAlpha/Properties/P"), at(text, "/Resources"));
        assert_eq!(nearest(&Places::new(), "/Resources/A"), None);
        assert!(places("- !Ref [").len() <= 2);
    }
}
