use serde_json::json;

use super::super::json_schema;
use super::Sample;

#[test]
fn the_published_schema_knows_the_keys_of_every_blueprint() {
    let schema = json_schema::<Sample>();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["title"], "landing blueprint");
    for key in ["version", "name", "include", "values", "organization"] {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
    assert_eq!(schema["properties"]["version"]["const"], 1);
}

#[test]
fn the_published_schema_takes_a_reference_for_anything_but_text() {
    let schema = json_schema::<Sample>();
    let organization = &schema["$defs"]["Organization"];
    assert_eq!(organization["type"], json!(["object", "string"]));
    assert_eq!(organization["properties"]["protect"]["type"], json!(["boolean", "string"]));
    assert_eq!(organization["properties"]["home_region"]["type"], "string");
    assert_eq!(schema["type"], "object");
    assert!(schema.get("pattern").is_none());
    assert!(!schema.to_string().contains("oneOf"));
}

#[test]
fn the_published_schema_stays_as_editors_know_it() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&json_schema::<Sample>()).expect("it is JSON"));
}
