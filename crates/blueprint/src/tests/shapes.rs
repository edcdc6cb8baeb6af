//! Types of less common shapes: distinguished by a tag, a name or a map, refused by their own code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};

use super::super::{Spanned, load_text};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Shapes {
    #[serde(default)]
    sources: Vec<Source>,
    #[serde(default)]
    stack: Option<Stack>,
    #[serde(default)]
    cidr: Option<Spanned<Even>>,
    #[serde(default)]
    zones: Option<u8>,
    #[serde(default)]
    ratio: Option<f64>,
    #[serde(default)]
    names: BTreeSet<String>,
    #[serde(default)]
    pair: Option<(String, u16)>,
    #[serde(default)]
    by_number: BTreeMap<u16, String>,
    #[serde(default)]
    required: Vec<Required>,
}

/// Distinguished by `kind`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Source {
    File { path: String },
    Inline { content: serde_json::Value },
    Named(Required),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Required {
    name: String,
}

/// A template's name, or a map.
#[derive(Debug, PartialEq)]
struct Stack {
    template: String,
}

impl<'de> Deserialize<'de> for Stack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrMap)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Full {
    template: String,
}

struct NameOrMap;

impl<'de> Visitor<'de> for NameOrMap {
    type Value = Stack;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a name or a map")
    }

    fn visit_str<E>(self, template: &str) -> Result<Stack, E> {
        Ok(Stack { template: template.to_owned() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Stack, A::Error> {
        Full::deserialize(MapAccessDeserializer::new(map)).map(|full| Stack { template: full.template })
    }
}

impl JsonSchema for Stack {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Stack".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "string"}, generator.subschema_for::<Full>()]})
    }
}

/// A text of even length, which no schema says.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Even(String);

impl TryFrom<String> for Even {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.len().is_multiple_of(2) { Ok(Even(text)) } else { Err(format!("`{text}` is odd")) }
    }
}

fn read(text: &str) -> Result<Shapes, Vec<String>> {
    load_text("a.yaml", &format!("version: 1\n{text}\n")).map(|loaded| loaded.value).map_err(|failed| {
        let at = |found: &super::super::Diagnostic| failed.sources.at(found.place.unwrap_or_default());
        failed.diagnostics.iter().map(|found| format!("{}: {}", at(found), found.message)).collect()
    })
}

fn mistake(text: &str) -> String {
    let found = read(text).expect_err("it is wrong");
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

#[test]
fn every_shape_can_be_read() {
    let shapes = read(
        "sources: [{kind: file, path: a}, {kind: inline, content: [1]}, {kind: named, name: c}]
stack: {template: vpc}
cidr: ab
zones: 0x3
names: [b, a]
pair: [a, 1]
by_number: {80: http}
ratio: 1",
    )
    .expect("it is right");
    assert!(matches!(&shapes.sources[0], Source::File { path } if path == "a"));
    assert!(matches!(&shapes.sources[1], Source::Inline { content } if content == &serde_json::json!([1])));
    assert!(matches!(&shapes.sources[2], Source::Named(named) if named.name == "c"));
    assert_eq!(shapes.stack, Some(Stack { template: "vpc".to_owned() }));
    assert_eq!(shapes.cidr.map(|even| even.value.0).as_deref(), Some("ab"));
    assert_eq!((shapes.zones, shapes.ratio, shapes.pair), (Some(3), Some(1.0), Some(("a".to_owned(), 1))));
    assert_eq!((shapes.names.len(), shapes.by_number[&80].as_str()), (2, "http"));
    assert!(shapes.required.is_empty());
}

#[test]
fn alternatives_with_a_tag_are_distinguished_by_it() {
    assert_eq!(mistake("sources: [{kind: fil, path: a}]"), "a.yaml:2: `sources[0].kind` cannot be `fil`");
    assert_eq!(mistake("sources: [{kind: file}]"), "a.yaml:2: `sources[0]` lacks the key `path`");
    assert_eq!(mistake("sources: [{path: a}]"), "a.yaml:2: `sources[0]` lacks the key `kind`");
    assert_eq!(mistake("sources: [{kind: named, name: a, nme: b}]"), "a.yaml:2: unknown key `nme` in `sources[0]`");
}

#[test]
fn a_name_or_a_map_is_distinguished_by_its_sort() {
    assert_eq!(mistake("stack: {tmplate: vpc, template: x}"), "a.yaml:2: unknown key `tmplate` in `stack`");
    assert_eq!(mistake("stack: [vpc]"), "a.yaml:2: `stack` must be text or a map, found a list");
}

#[test]
fn what_only_the_type_s_code_refuses_has_its_place() {
    assert_eq!(mistake("zones: 1\ncidr: abc"), "a.yaml:3: `abc` is odd");
}

#[test]
fn numbers_must_fit_their_type() {
    assert_eq!(mistake("zones: 256"), "a.yaml:2: `zones` must be at most 255");
    assert_eq!(mistake("zones: -1"), "a.yaml:2: `zones` must be at least 0");
    assert_eq!(mistake("zones: 1.5"), "a.yaml:2: `zones` must be a whole number, found the number `1.5`");
    assert_eq!(mistake("zones: 007"), "a.yaml:2: `zones` must be a whole number, found the text `007`");
}

#[test]
fn lists_with_rules_are_checked() {
    assert_eq!(mistake("names: [a, b, a]"), "a.yaml:2: `a` is there twice in `names`");
    assert_eq!(mistake("pair: [a, b]"), "a.yaml:2: `pair[1]` must be a whole number, found the text `b`");
    assert_eq!(mistake("pair: [a]"), "a.yaml:2: `pair` must have at least 2 items, it has 1");
    assert_eq!(mistake("by_number: {http: 80}"), "a.yaml:2: unknown key `http` in `by_number`");
}

#[test]
fn an_empty_item_lacks_what_its_map_needs() {
    assert_eq!(mistake("required:\n  -\n"), "a.yaml:3: `required[0]` lacks the key `name`");
}
