use serde_json::{Value, json};

use super::super::{for_editors, json_schema};
use super::Sample;

#[test]
fn the_schema_knows_the_keys_of_every_blueprint() {
    let schema = json_schema::<Sample>();
    assert_eq!(schema["title"], "Sample");
    for key in ["version", "name", "include", "values", "organization"] {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
    assert_eq!(schema["properties"]["version"]["const"], 1);
}

/// What editors get for one schema.
fn loosened(schema: Value) -> Value {
    for_editors(json!({"properties": {"it": schema}}))["properties"]["it"].clone()
}

const WHOLE: &str = r"^\$\{\s*values\.[^}]+\}$";
const WITHIN: &str = r"\$\{\s*values\.[^}]+\}";

#[test]
fn a_reference_stands_for_any_value_and_within_any_text() {
    let flag = json!({"type": ["boolean", "string"], "pattern": WHOLE});
    assert_eq!(loosened(json!({"type": "boolean"})), flag);
    let reference = json!({"type": "string", "pattern": WITHIN});
    let choice = json!({"type": "string", "enum": ["a", "b"]});
    assert_eq!(loosened(choice.clone()), json!({"anyOf": [choice, reference]}));
    let number = json!({"type": "integer", "enum": [1, 3]});
    assert_eq!(loosened(number.clone()), json!({"anyOf": [number, {"type": "string", "pattern": WHOLE}]}));
}

#[test]
fn an_empty_value_is_a_map_or_list_in_which_nothing_is_required() {
    let kinds = |schema: Value| loosened(schema)["type"].clone();
    assert_eq!(kinds(json!({"type": "object"})), json!(["object", "null", "string"]));
    assert_eq!(kinds(json!({"type": "array"})), json!(["array", "null", "string"]));
    assert_eq!(kinds(json!({"type": "object", "required": ["a"]})), json!(["object", "string"]));
    assert_eq!(kinds(json!({"type": "array", "minItems": 1})), json!(["array", "string"]));
    assert_eq!(kinds(json!({"type": "object", "x-plain": true})), json!(["object", "string"]));
    let several = json!({"anyOf": [{"type": "string"}, {"type": "object"}]});
    assert_eq!(kinds(several), json!(["object", "string", "integer"]), "an empty value is neither");
}

#[test]
fn digits_are_a_text_where_the_text_may_be_digits() {
    assert_eq!(loosened(json!({"type": "string"})), json!({"type": ["string", "integer"], "minimum": 0}));
    let digits = json!({"type": "string", "pattern": "^[0-9]+$"});
    assert_eq!(loosened(digits)["anyOf"][1], json!({"type": "integer", "minimum": 0}));
    let letters = json!({"type": "string", "pattern": "^[a-z]+$"});
    assert_eq!(loosened(letters)["anyOf"].as_array().map(Vec::len), Some(2));
    let plain = loosened(json!({"type": "string", "x-plain": true}));
    assert_eq!(plain["maximum"], 999_999_999_999_u64);
}

#[test]
fn names_stand_together_with_one_reference_for_all() {
    let names = json!({"anyOf": [{"const": "a", "description": "A"}, {"const": "b"}, {"type": "null"}]});
    let expected = json!({"anyOf": [
        {"const": "a", "description": "A"}, {"const": "b"}, {"type": "null"}, {"type": "string", "pattern": WITHIN},
    ]});
    assert_eq!(loosened(names), expected);
}

#[test]
fn what_is_published_is_draft_07() {
    let schema = for_editors(json!({
        "$defs": {"Unit": {"type": "object"}},
        "properties": {"plain": {"$ref": "#/$defs/Unit"}, "said": {"$ref": "#/$defs/Unit", "description": "one\ntwo"}},
        "required": ["plain"],
    }));
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["properties"]["plain"], json!({"$ref": "#/definitions/Unit"}));
    let said = json!({"description": "one two", "allOf": [{"$ref": "#/definitions/Unit"}]});
    assert_eq!(schema["properties"]["said"], said);
    assert_eq!(schema["then"], json!({"required": ["plain"]}), "unless another file is included");
}

#[test]
fn the_published_schema_stays_as_editors_know_it() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&for_editors(json_schema::<Sample>())).expect("it is JSON"));
}
