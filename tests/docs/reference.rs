//! `docs/reference/blueprint.md`, written from the keys that the types of a blueprint have.

use std::collections::VecDeque;
use std::fmt::Write;

use landing::sections::{blueprint_keys, builtin};
use landing::template::{Parameter, Preset, Shape, permission_sets, policies, stacks};
use landing_policy::PolicyType;
use serde_json::Value;
use snapbox::{Data, assert_data_eq};

use super::repository;

const HEAD: &str = "# Keys of a blueprint

This page is written by `tests/docs/reference.rs` from the types in `src/sections`: change those instead. The
[pages on the blueprint](../blueprint/index.md) explain the keys with examples.

Wherever a value is expected, `${values.NAME}` may stand for one of the blueprint's `values`.
";

#[test]
fn the_reference_says_what_the_schema_says() {
    let page = Data::read_from(&repository().join("docs/reference/blueprint.md"), None).raw();
    assert_data_eq!(page_text(), page);
}

#[test]
fn every_key_says_what_it_is_for() {
    let page = page_text();
    let silent: Vec<&str> = page.lines().filter(|line| line.starts_with("| `") && line.ends_with("|  |")).collect();
    assert!(silent.is_empty(), "give these keys doc comments in src/sections/: {silent:#?}");
}

fn page_text() -> String {
    let schema = blueprint_keys();
    let mut text = HEAD.to_owned();
    text += &section("A blueprint", &schema);
    for name in maps_in_order(&schema) {
        text += &section(&title(&name), &schema["$defs"][&name]);
    }
    text + &templates() + &built_in_permission_sets() + &policy_types() + &blueprints()
}

/// The named maps that a blueprint is made of, as one meets them reading from the top.
fn maps_in_order(schema: &Value) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut open = VecDeque::from([schema["properties"].clone()]);
    while let Some(value) = open.pop_front() {
        for name in references(&value) {
            if !seen.contains(&name) {
                open.push_back(schema["$defs"][&name].clone());
                seen.push(name);
            }
        }
    }
    seen.retain(|name| schema["$defs"][name]["properties"].is_object());
    seen
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            Some(path) => vec![definition(path)],
            None => map.values().flat_map(references).collect(),
        },
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn definition(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// `Policy type switch` for `PolicyTypeSwitch`.
fn title(definition: &str) -> String {
    let name = definition.trim_end_matches("Section").trim_end_matches("Map");
    let mut title = String::new();
    for c in name.chars() {
        match c.is_uppercase() && !title.is_empty() {
            true => write!(title, " {}", c.to_lowercase()).expect("a text takes everything"),
            false => title.push(c),
        }
    }
    title
}

fn section(title: &str, map: &Value) -> String {
    let mut text = format!("\n## {title}\n\n");
    if let Some(description) = map["description"].as_str() {
        writeln!(text, "{}\n", one_line(description)).expect("a text takes everything");
    }
    text += "| key | value | |\n|---|---|---|\n";
    let required = map["required"].as_array().cloned().unwrap_or_default();
    for (key, property) in map["properties"].as_object().expect("a map has properties") {
        let must = if required.iter().any(|own| own == key) { " (required)" } else { "" };
        let about = property["description"].as_str().map(one_line).unwrap_or_default();
        writeln!(text, "| `{key}`{must} | {} | {about} |", value_of(property)).expect("a text takes everything");
    }
    text
}

/// What may stand behind a key, in words.
fn value_of(property: &Value) -> String {
    if let Some(path) = property["$ref"].as_str() {
        let definition = definition(path);
        return referred(&definition, &blueprint_keys()["$defs"][&definition]);
    }
    if let Some(alternatives) = property["anyOf"].as_array() {
        let words = alternatives.iter().filter(|it| !is_null(it)).map(value_of);
        return words.collect::<Vec<_>>().join(" or ");
    }
    if let Some(constant) = property.get("const") {
        return format!("`{constant}`");
    }
    match kind(property).as_deref() {
        Some("array") => format!("list of {}", value_of(&property["items"])),
        Some("object") if property["additionalProperties"].is_object() => {
            format!("map of {}", value_of(&property["additionalProperties"]))
        }
        Some("object") => "map".into(),
        Some("string") => "text".into(),
        Some("boolean") => "true or false".into(),
        Some("integer" | "number") => "number".into(),
        _ => "anything".into(),
    }
}

fn referred(name: &str, definition: &Value) -> String {
    let described = definition["oneOf"].as_array().into_iter().flatten().map(|it| &it["const"]);
    let listed = definition["enum"].as_array().into_iter().flatten().chain(described);
    let values: Vec<String> = listed.filter_map(Value::as_str).map(|value| format!("`{value}`")).collect();
    if !values.is_empty() {
        return values.join(" or ");
    }
    match definition["properties"].is_object() {
        true => format!("[{}](#{})", title(name), title(name).to_lowercase().replace(' ', "-")),
        false => value_of(definition),
    }
}

/// The schema's type without null.
fn kind(property: &Value) -> Option<String> {
    let kinds: Vec<&str> = match &property["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        _ => return None,
    };
    let main = kinds.iter().find(|kind| **kind != "string").or(kinds.first());
    main.map(|kind| (*kind).to_owned())
}

fn is_null(property: &Value) -> bool {
    property["type"] == "null"
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn templates() -> String {
    let mut text = String::from("\n## Built-in policy templates\n\n| template | parameters | |\n|---|---|---|\n");
    for template in policies() {
        row(&mut text, template.name, template.parameters.iter(), &template.guardrail().title);
    }
    text += "\n## Built-in stack templates\n\n| template | parameters | |\n|---|---|---|\n";
    for template in stacks() {
        row(&mut text, template.name, template.rendered.iter().chain(template.deployed), template.summary);
    }
    text
}

fn built_in_permission_sets() -> String {
    let mut text = String::from(
        "\n## Built-in permission sets\n\nUnder `permission_sets`, a name alone means one of these. What they allow is in \
         [templates/permission-sets](https://github.com/_OWNER_/landing/tree/main/templates/permission-sets).\n\n| permission set | session | allows | boundary \
         | |\n|---|---|---|---|---|\n",
    );
    for set in permission_sets() {
        let says: Value = serde_yaml::from_str(set.text).expect("a built-in permission set is YAML");
        let managed = says["managed_policies"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let managed = managed.map(|policy| format!("`{policy}`")).collect::<Vec<_>>().join(" ");
        let own = says["inline_policy"]["Statement"].as_array().map(|own| format!("{} statements", own.len()));
        let about = says["description"].as_str().unwrap_or_default();
        let session = says["session"].as_str().unwrap_or("1h");
        let boundary =
            says["boundary"]["customer_managed"].as_str().map(|name| format!("`{name}`")).unwrap_or_default();
        let allows = own.unwrap_or(managed);
        writeln!(text, "| `{}` | {session} | {allows} | {boundary} | {about} |", set.name)
            .expect("a text takes everything");
    }
    text
}

fn row<'a>(text: &mut String, name: &str, parameters: impl Iterator<Item = &'a Parameter>, summary: &str) {
    let parameters = parameters.map(described);
    let parameters = parameters.collect::<Vec<_>>().join("<br>");
    writeln!(text, "| `{name}` | {parameters} | {summary} |").expect("a text takes everything");
}

/// A parameter with what it is where nothing is given.
fn described(parameter: &Parameter) -> String {
    let value = match parameter.preset {
        Preset::Required => " (required)".to_owned(),
        preset => match preset.value().map(|value| value.to_string()) {
            Some(value) if !["[]", "{}", "\"\""].contains(&value.as_str()) => format!(" (`{value}`)"),
            _ => String::new(),
        },
    };
    format!("`{}`: {}{value}{}", parameter.name, one_line(parameter.about), shape(parameter.shape))
}

/// What a parameter takes, where its values are not free.
fn shape(shape: Shape) -> String {
    match shape {
        Shape::Choices(choices) => format!(": any of {}", choices.join(", ")),
        Shape::Names(keys) => format!(", under any of {}", keys.join(", ")),
        Shape::Rows(keys) => format!(", each with {}", keys.iter().map(described).collect::<Vec<_>>().join("; ")),
        _ => String::new(),
    }
}

fn policy_types() -> String {
    let mut text = String::from("\n## Policy types\n\n| `type` | AWS's name |\n|---|---|\n");
    for policy_type in PolicyType::ALL {
        let (short, long) = (policy_type.address_prefix(), policy_type.api_name());
        writeln!(text, "| `{short}` | `{long}` |").expect("a text takes everything");
    }
    text
}

fn blueprints() -> String {
    let mut text = String::from("\n## Built-in blueprints\n\n| `landing init --from` | |\n|---|---|\n");
    for builtin in builtin::list() {
        writeln!(text, "| `{}` | {} |", builtin.name, builtin.summary).expect("a text takes everything");
    }
    text
}
