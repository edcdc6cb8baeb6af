//! Puts a form in the place of the texts within a schema.

use serde_json::{Map, Value, json};

/// A type of so few keys that has one of these is a name with something to say of it, such as `{name: eu-south-1, state: absent}`.
const NAMES: [&str; 2] = ["name", "type"];
const MOST_KEYS: usize = 2;

/// Puts `form` in the place of every text that `keywords` takes: itself, as one of its alternatives, as an item, or as the name in
/// a small map. `known` are the definitions that it may refer to.
pub(super) fn replace_texts(keywords: &mut Map<String, Value>, form: &Value, known: &Map<String, Value>) {
    if let Some(target) = definition(keywords, known) {
        return refer(keywords, target, form, known);
    }
    let is_text = |kind: &Value| kind == "string";
    match keywords.get("type") {
        Some(kind) if is_text(kind) => return put(keywords, form),
        Some(Value::Array(kinds)) if kinds.iter().any(is_text) => {
            keywords.remove("type");
            keywords.insert("anyOf".to_owned(), json!([form, {"type": "null"}]));
            return;
        }
        _ => {}
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(Value::Object(inner)) = keywords.get_mut(keyword) {
            replace_texts(inner, form, known);
        }
    }
    for branch in keywords.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(branch) = branch {
            replace_texts(branch, form, known);
        }
    }
}

/// The definition that a schema refers to.
fn definition<'a>(keywords: &Map<String, Value>, known: &'a Map<String, Value>) -> Option<&'a Map<String, Value>> {
    known.get(keywords.get("$ref")?.as_str()?.strip_prefix("#/$defs/")?)?.as_object()
}

/// A definition with other texts stands where it was referred to; one without texts stays as it is.
fn refer(keywords: &mut Map<String, Value>, target: &Map<String, Value>, form: &Value, known: &Map<String, Value>) {
    let mut own = target.clone();
    if let Some(Value::Object(properties)) = own.get_mut("properties") {
        let name = NAMES.into_iter().find(|name| properties.contains_key(*name));
        let Some(name) = name.filter(|_| properties.len() <= MOST_KEYS) else { return };
        if let Some(Value::Object(name)) = properties.get_mut(name) {
            replace_texts(name, form, known);
        }
    } else {
        replace_texts(&mut own, form, known);
    }
    let described = keywords.remove("description");
    keywords.clear();
    keywords.extend(own);
    keywords.extend(described.map(|text| ("description".to_owned(), text)));
}

/// A text that is described keeps its description, and its mark where it is read as a plain value.
fn put(keywords: &mut Map<String, Value>, form: &Value) {
    keywords.retain(|keyword, _| ["description", "x-plain"].contains(&keyword.as_str()));
    keywords.extend(form.as_object().cloned().unwrap_or_default());
}
