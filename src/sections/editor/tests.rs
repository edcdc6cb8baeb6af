use std::collections::BTreeSet;

use serde_json::Value;

use super::{FORM, SCHEMA_FILE, schema, with_schema_line};

fn each<'a>(value: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            found.push((key, value));
            each(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}

#[test]
fn every_form_is_known_and_every_reference_leads_to_a_definition() {
    let schema = schema();
    let mut found = Vec::new();
    each(&schema, &mut found);
    let forms: Vec<&Value> = found.iter().filter(|(key, _)| *key == FORM).map(|(_, form)| *form).collect();
    assert!(forms.is_empty(), "{forms:?}");
    let references: BTreeSet<&str> =
        found.iter().filter(|(key, _)| *key == "$ref").filter_map(|(_, target)| target.as_str()).collect();
    let lost: Vec<&&str> = references
        .iter()
        .filter(|target| target.strip_prefix('#').and_then(|pointer| schema.pointer(pointer)).is_none())
        .collect();
    assert!(references.len() > 50 && lost.is_empty(), "{lost:?}");
}

#[test]
fn the_schema_of_a_version_has_an_address_of_its_own() {
    let schema = schema();
    let version = env!("CARGO_PKG_VERSION");
    let id = schema["$id"].as_str().unwrap_or_default();
    assert!(id.starts_with("https://") && id.ends_with(&format!("/v{version}/{SCHEMA_FILE}")), "{id}");
    assert_eq!(schema["title"], "landing blueprint");
    let linked = "# yaml-language-server: $schema=landing.schema.json\nname: a\n";
    assert_eq!([with_schema_line("name: a\n"), with_schema_line(linked)], [linked; 2]);
}

#[test]
fn guardrails_and_templates_are_described_where_they_are_named() {
    let schema = schema();
    let about = |definition: &str, name: &str| {
        let names = schema["definitions"][definition]["anyOf"].as_array().cloned().unwrap_or_default();
        let found = names.into_iter().find(|it| it["const"] == name).unwrap_or_default();
        found["description"].as_str().unwrap_or_default().to_owned()
    };
    assert!(about("GuardrailName", "region-restriction").contains("(strongly-recommended, preventive: SCP)"));
    assert!(about("GuardrailGroup", "mandatory").starts_with("All mandatory guardrails"));
    assert!(!about("StackTemplateName", "log-archive").is_empty());
    assert!(!about("PermissionSetTemplateName", "read-only").is_empty());
    assert_eq!(about("RegionName", "eu-south-1"), "A region of the partition aws: each account must opt in to it.");
    let cidr = &schema["definitions"]["StackParameters.log-archive"]["properties"]["retain_days"];
    assert_eq!((&cidr["minimum"], &cidr["default"]), (&Value::from(1), &Value::from(2555)));
}
