//! The schema and the reader agree on which values there are: each list of values, form and range that the schema has is drawn from it.

use std::collections::BTreeSet;

use landing_blueprint::{Diagnostics, Severity};
use serde_json::{Map, Value, json};

use crate::sections::{blueprint_keys, declare_text};

/// One place of a blueprint at which the schema takes only certain values, and a blueprint with a value there.
struct Leaf {
    /// `organization.contacts.billing.state`
    path: String,
    schema: Value,
    /// A blueprint but for the value.
    around: Box<dyn Fn(Value) -> Value>,
}

/// How deep the schema is followed where it contains itself.
const DEPTH: usize = 9;

fn leaves() -> Vec<Leaf> {
    let whole = blueprint_keys();
    let mut found = Vec::new();
    let start = |value: Value| {
        let mut value = value;
        value["version"] = json!(1);
        if value.get("name").is_none() {
            value["name"] = json!("b");
        }
        value
    };
    walk(&whole, &whole, String::new(), std::rc::Rc::new(start), 0, &mut found);
    found
}

type Around = std::rc::Rc<dyn Fn(Value) -> Value>;

fn walk(whole: &Value, schema: &Value, path: String, around: Around, depth: usize, found: &mut Vec<Leaf>) {
    if depth > DEPTH {
        return;
    }
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|it| whole.pointer(it.strip_prefix('#')?));
    if let Some(target) = target {
        walk(whole, target, path.clone(), around.clone(), depth, found);
    }
    let is_closed = ["const", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength"]
        .iter()
        .any(|it| schema.get(it).is_some());
    let is_named = !["version", "include", "values"].contains(&path.as_str());
    let is_union = schema.get("type").is_some_and(Value::is_array) && schema.get("enum").is_none();
    if is_closed && is_named && !(is_union && schema.get("minimum").is_none()) {
        let around = around.clone();
        found.push(Leaf { path: path.clone(), schema: schema.clone(), around: Box::new(move |value| around(value)) });
    }
    let alternatives = ["anyOf", "oneOf", "allOf"].iter().filter_map(|it| schema.get(it)?.as_array()).flatten();
    for alternative in alternatives {
        walk(whole, alternative, path.clone(), around.clone(), depth, found);
    }
    for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let required = required(whole, schema, key);
        let (outer, name) = (around.clone(), key.clone());
        let inner = move |value: Value| {
            let mut map = required.clone();
            map.insert(name.clone(), value);
            outer(Value::Object(map))
        };
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        walk(whole, property, path, std::rc::Rc::new(inner), depth + 1, found);
    }
    if let Some(items) = schema.get("items") {
        let outer = around.clone();
        walk(whole, items, format!("{path}[0]"), std::rc::Rc::new(move |value| outer(json!([value]))), depth, found);
    }
    if let Some(other @ Value::Object(_)) = schema.get("additionalProperties") {
        let outer = around;
        walk(
            whole,
            other,
            format!("{path}.x"),
            std::rc::Rc::new(move |value| outer(json!({"x": value}))),
            depth + 1,
            found,
        );
    }
}

/// The keys beside `key` that must be there.
fn required(whole: &Value, schema: &Value, key: &str) -> Map<String, Value> {
    let listed = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let others = listed.filter(|name| *name != key && !["version"].contains(name));
    others.map(|name| (name.to_owned(), sample(whole, &schema["properties"][name]))).collect()
}

fn sample(whole: &Value, schema: &Value) -> Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|it| whole.pointer(it.strip_prefix('#')?));
    let schema = target.unwrap_or(schema);
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => json!([]),
        Some("object") => json!({}),
        Some("integer") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        _ => json!("b"),
    }
}

/// The values that the schema takes, as far as it lists them.
fn inside(schema: &Value) -> Vec<Value> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let bounds = ["minimum", "maximum"].into_iter().filter_map(|bound| schema.get(bound));
    listed.chain(bounds).filter(|value| !value.is_null()).cloned().collect()
}

/// Values near those that the schema takes, none of which it takes.
fn outside(schema: &Value) -> Vec<Value> {
    let listed: Vec<Value> = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .chain(schema.get("const"))
        .cloned()
        .collect();
    let mut values: Vec<Value> = Vec::new();
    for text in listed.iter().filter_map(Value::as_str) {
        let without: String = text.char_indices().filter(|(at, _)| *at != 2).map(|(_, c)| c).collect();
        values.extend([json!(without), json!(text.to_uppercase()), json!(format!("{text}x"))]);
    }
    if !listed.is_empty() {
        values.extend([json!("zzz-nothing-like-it"), json!(17)]);
        values.retain(|value| !listed.contains(value));
    }
    let number = |bound: &str| schema.get(bound).and_then(Value::as_i64);
    values.extend(number("minimum").map(|least| json!(least - 1)));
    values.extend(number("maximum").map(|most| json!(most + 1)));
    if schema.get("pattern").is_some() {
        values.push(json!("!! no form at all !!"));
    }
    let length = |bound: &str| usize::try_from(number(bound)?).ok();
    values.extend(length("maxLength").map(|most| json!("x".repeat(most + 1))));
    values
}

/// What is said about a value by the codes of the schema's check.
fn refusals(diagnostics: &Diagnostics, path: &str) -> Vec<String> {
    const CODES: [&str; 5] = ["unknown-name", "pattern", "range", "length", "type"];
    let about = format!("`{path}` ");
    let found = diagnostics.iter().filter(|it| CODES.contains(&it.code) && it.message.starts_with(&about));
    found.map(|it| it.message.clone()).collect()
}

fn diagnostics(blueprint: &Value) -> (bool, Diagnostics) {
    match declare_text("landing.yaml", &blueprint.to_string()) {
        Ok(declared) => (true, declared.warnings),
        Err(failed) => (false, failed.diagnostics),
    }
}

#[test]
fn a_value_outside_of_what_the_schema_takes_is_an_error_and_one_inside_is_not() {
    let mut tried = BTreeSet::new();
    for leaf in leaves() {
        for value in outside(&leaf.schema) {
            let blueprint = (leaf.around)(value);
            let (is_valid, found) = diagnostics(&blueprint);
            assert!(!is_valid, "{blueprint} is valid");
            let refusals = refusals(&found, &leaf.path);
            assert!(!refusals.is_empty(), "nothing is said of {} in {blueprint}: {found:#?}", leaf.path);
            assert!(found.iter().any(|it| it.severity == Severity::Error && it.place.is_some()));
            tried.insert(leaf.path.clone());
        }
        for value in inside(&leaf.schema) {
            let blueprint = (leaf.around)(value);
            let (_, found) = diagnostics(&blueprint);
            let refusals = refusals(&found, &leaf.path);
            assert!(refusals.is_empty(), "{refusals:?} is said of {blueprint}");
        }
    }
    for path in [
        "identity.source",
        "accounts[0].state",
        "organization.trusted_access[0].state",
        "organization.policy_types[0].state",
        "organization.delegated_administrators[0].auto_enable",
        "organization.contacts.billing.state",
        "account_settings[0].password_policy.state",
        "account_settings[0].password_policy.minimum_length",
        "organizational_units.x.accounts[0].contacts.security.state",
        "stacks.x.operation_preferences.region_concurrency",
        "organization.quotas.x.per_target",
        "name",
    ] {
        assert!(tried.contains(path), "{path} is not among {tried:#?}");
    }
}

#[test]
fn a_misspelt_value_is_reported_with_its_place_and_the_one_that_was_meant() {
    for (line, label) in [
        ("accounts: [{name: a, email: a@x.example, state: clsed}]", "did you mean `closed`?"),
        ("organization: {trusted_access: [{name: ram.amazonaws.com, state: absnt}]}", "did you mean `absent`?"),
        ("identity: {source: externl}", "did you mean `external`?"),
        ("account_settings: [{ebs_encryption: {state: presnt}}]", "did you mean `present`?"),
    ] {
        let text = format!("version: 1\nname: b\n{line}\n");
        let failed = declare_text("landing.yaml", &text).expect_err(line);
        let [found] = failed.diagnostics.into_iter().collect::<Vec<_>>().try_into().expect("one error");
        assert_eq!(found.label.as_deref(), Some(label));
        assert_eq!(failed.sources.position(found.place.unwrap_or_default()).0, 3);
    }
}

#[test]
fn what_follows_from_a_mistake_is_not_reported_besides() {
    let text = "version: 1\nname: b\nidentity:\n  source: externl\n  permission_sets: {s: {managed_policies: [ReadOnlyAccess], sesion: 1h}}\n  assignments: {team: {t: [root]}}\n";
    let failed = declare_text("landing.yaml", text).expect_err("it has mistakes");
    let found: Vec<&str> = failed.diagnostics.iter().map(|it| it.code).collect();
    assert_eq!(found, ["unknown-name", "unknown-key"]);
}

#[test]
fn what_stands_beside_a_set_of_guardrails_is_read_or_refused() {
    let messages = |guardrails: &str| {
        let text = format!("version: 1\nname: b\norganization: {{regions: [eu-west-1]}}\nguardrails:\n{guardrails}");
        let failed = declare_text("landing.yaml", &text).err();
        failed.map(|it| it.diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>()).unwrap_or_default()
    };
    assert_eq!(messages("- {level: mandatory, exept: [no-leaving]}"), ["unknown key `exept` beside `level`"]);
    assert_eq!(messages("- {level: mandatory, except: no-leaving}"), ["`except` must be a list of guardrails"]);
    assert_eq!(messages("- {level: mandatory, set: sagemaker}"), ["unknown key `level` beside `set`"]);
    assert!(messages("- {level: mandatory, except: [no-leaving]}").is_empty());
    assert_eq!(
        messages("- region-restriction: {regions: [eu-west-1]}\n- region-restriction: {regions: [us-east-1]}"),
        ["guardrail region-restriction is another one here than where it is first enabled"]
    );
    assert!(messages("- region-restriction\n- region-restriction\n- level: mandatory").is_empty());
}
