use landing_blueprint::load_text;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn written(value: &Value) -> String {
    let Node::Map(map) = Node::value(value) else { panic!("a blueprint is a map") };
    let mut text = Text::default();
    text.map(&map);
    text.text
}

/// What a reader of blueprints makes of a text.
fn read(text: &str) -> Value {
    match load_text::<Value>("landing.yaml", &format!("version: 1\n{text}")) {
        Ok(loaded) => loaded.value,
        Err(failed) => panic!("{text}\n{:?}", failed.diagnostics),
    }
}

#[test]
fn maps_and_lists_stand_in_lines_and_short_lists_of_texts_in_one() {
    let value = json!({"a": {"b": ["x", "y: z"], "c": []}, "d": [{"e": 1, "f": {"g": true}}, ["h"]], "i j": null});
    let expected = "a:\n  b: [x, \"y: z\"]\n  c: []\nd:\n  - e: 1\n    f:\n      g: true\n  - [h]\ni j: null\n";
    assert_eq!(written(&value), expected);
}

#[test]
fn what_is_meant_to_stand_in_one_line_does_and_goes_on_in_the_next_where_it_is_too_long() {
    let long: String = "x".repeat(60);
    let item: Map =
        [("name", Node::text("a, b")), ("p", Node::text(&long)), ("q", Node::text(&long))].into_iter().collect();
    let short: Map = [("name", Node::text("c"))].into_iter().collect();
    let list = List {
        items: vec![
            Entry::new("", item.in_one_line()).of(&Address::account("a")),
            Entry::new("", short.in_one_line()).of(&Address::account("c")).saying("today\nonly"),
        ],
    };
    let mut text = Text::default();
    text.comment("first\n\nsecond");
    text.map(&[("accounts", Node::List(list))].into_iter().collect());
    let lines = format!("  - {{name: \"a, b\", p: {long},\n      q: {long}}}\n  - {{name: c}}  # today only\n");
    assert_eq!(text.text, format!("# first\n#\n# second\naccounts:\n{lines}"));
    let about = |line| text.about(line).map(Address::as_str);
    assert_eq!([3, 5, 6, 7].map(about), [None, Some("account/a"), Some("account/a"), Some("account/c")]);
}

fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("yes"),
        Just("null"),
        Just("0123"),
        Just("1e3"),
        Just("#"),
        Just(": "),
        Just("- "),
        Just("'"),
        Just("\""),
        Just("\t"),
        Just("\n"),
        Just("${values.x}"),
        Just("$${"),
        Just("$"),
        Just("{{x}}"),
        Just("${aws:PrincipalTag/a}"),
        Just("😀"),
        Just("/"),
        Just("@"),
        Just(" "),
        Just("ü"),
        Just("\u{85}"),
        Just("\u{2028}"),
        Just("\\"),
        Just(", "),
        Just("["),
        Just("<<"),
        Just("a"),
        Just("\u{0}"),
        Just("\u{feff}"),
        Just("123456789012"),
    ];
    prop_oneof![prop::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn hostile() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        hostile_text().prop_map(Value::String),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(hostile_text(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A value with its texts as the file has them: what looks like a reference to a value is escaped there, but not in keys.
fn as_written(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(super::super::scalar::escaped(text)),
        Value::Array(items) => items.iter().map(as_written).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (super::super::scalar::escaped(key), as_written(value))).collect()
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_as_it_was_meant(value in hostile(), flow: bool) {
        let Node::Map(mut map) = Node::value(&json!({"key": value})) else { panic!("an object is written as a map") };
        map.flow = flow;
        let mut text = Text::default();
        text.map(&[("outer", Node::Map(map))].into_iter().collect());
        // Another program's reader is asked as well.
        let other: Value = serde_yaml::from_str(&text.text).map_err(|error| TestCaseError::fail(format!("{}: {error}", text.text)))?;
        prop_assert_eq!(&other["outer"]["key"], &as_written(&value));
        prop_assert_eq!(&read(&text.text)["outer"]["key"], &value);
    }
}
