//! The form in which editors and other validators get a schema: it accepts what the checker accepts, although they know YAML's
//! plain types only, and is written in draft-07, which every editor reads.
//!
//! - An empty value stands for an empty list or map where nothing in it is required.
//! - Digits without quotes are a number to others, and text here; see [`Scalar`](crate::scalar::Scalar).
//! - `${values.NAME}` may stand for any value, and within any text; see [`values`](crate::values).

use regex_lite::Regex;
use serde_json::{Map, Value, json};

use super::array;
use super::subschemas::{Keywords, children, each_subschema};

/// Marks a schema of what is read as a plain value: an empty one is null there, and digits are a number, but for the twelve of an
/// account id.
const PLAIN: &str = "x-plain";
/// A reference to a value in the place of a whole one, and within a text.
const REFERENCE: &str = r"^\$\{\s*values\.[^}]+\}$";
const WITH_REFERENCE: &str = r"\$\{\s*values\.[^}]+\}";
/// What a schema says without asserting it.
const ANNOTATIONS: [&str; 6] = ["title", "description", "default", "examples", "enumDescriptions", "deprecated"];
/// What is asserted of texts.
const OF_TEXTS: [&str; 6] = ["pattern", "minLength", "maxLength", "format", "enum", "const"];
/// Digits that a pattern must take for numbers to be possible.
const SOME_DIGITS: &str = "1234567";

/// `schema`, which describes what a checked blueprint holds, as a schema of the YAML that may be written.
#[must_use]
pub fn for_editors(mut schema: Value) -> Value {
    let strict = schema.clone();
    loosen(&mut schema, &strict);
    each_subschema(&mut schema, &mut |keywords| {
        keywords.remove(PLAIN);
        if keywords.get("format").is_some_and(|format| format != "date") {
            keywords.remove("format");
        }
        one_line(keywords);
    });
    draft_07(whole(schema))
}

/// Adds to `schema` and all within it what may stand for a value. `strict` is the whole schema as it was.
fn loosen(schema: &mut Value, strict: &Value) {
    let Some(keywords) = schema.as_object_mut() else { return };
    let mixed = mixed_kinds(keywords, strict);
    let texts = take_texts(keywords);
    children(keywords).into_iter().for_each(|child| loosen(child, strict));
    let alternatives = ["anyOf", "oneOf"].into_iter().find(|keyword| keywords.contains_key(*keyword));
    match alternatives.filter(|_| !texts.is_empty()) {
        Some(keyword) => put_back(keywords, keyword, texts),
        None => loosen_kinds(keywords),
    }
    if let Some(kinds) = mixed {
        keywords.insert("type".to_owned(), json!(kinds));
    }
}

/// Takes the alternatives out that are texts of a certain form: what stands for one of them stands for all.
fn take_texts(keywords: &mut Keywords) -> Vec<Value> {
    let Some(alternatives) = ["anyOf", "oneOf"].into_iter().find(|keyword| keywords.contains_key(*keyword)) else {
        return Vec::new();
    };
    let Some(Value::Array(branches)) = keywords.get_mut(alternatives) else { return Vec::new() };
    let (texts, others) = std::mem::take(branches).into_iter().partition(is_text_of_form);
    *branches = others;
    texts
}

/// Whether a schema takes texts alone, or none, and not every one.
fn is_text_of_form(schema: &Value) -> bool {
    let kinds = named_kinds(schema);
    let values: Vec<&Value> = schema.get("const").into_iter().chain(array(schema, "enum")).collect();
    if kinds.is_empty() {
        return !values.is_empty() && values.iter().all(|value| value.is_string());
    }
    kinds.iter().any(|kind| kind == "string")
        && kinds.iter().all(|kind| kind == "string" || kind == "null")
        && OF_TEXTS.iter().any(|keyword| schema.get(*keyword).is_some())
}

/// Puts texts back before the other alternatives, and a text with references after them.
fn put_back(keywords: &mut Keywords, keyword: &str, texts: Vec<Value>) {
    let digits = texts.iter().find_map(|text| text.as_object().and_then(digits));
    let Some(Value::Array(others)) = keywords.remove(keyword) else { return };
    let reference = json!({"type": "string", "pattern": WITH_REFERENCE});
    let all: Vec<Value> = texts.into_iter().chain(others).chain(digits).chain([reference]).collect();
    keywords.insert("anyOf".to_owned(), all.into());
}

/// The kinds of which values may be, where there are several and an empty value is of none of them: the checker takes it for an
/// empty map or list only where nothing else is possible.
fn mixed_kinds(keywords: &Keywords, strict: &Value) -> Option<Vec<String>> {
    if keywords.contains_key("type") || !(keywords.contains_key("anyOf") || keywords.contains_key("oneOf")) {
        return None;
    }
    let mut kinds = kinds(&Value::Object(keywords.clone()), strict)?;
    kinds.sort_unstable();
    kinds.dedup();
    let has = |kind: &str| kinds.iter().any(|own| own == kind);
    if has("null") || kinds.len() < 2 || !(has("object") || has("array")) {
        return None;
    }
    let more = if has("string") { vec!["integer"] } else { vec!["string"] };
    Some(kinds.iter().cloned().chain(more.into_iter().filter(|kind| !has(kind)).map(str::to_owned)).collect())
}

/// The kinds that a schema names; `None` where it takes any.
fn kinds(schema: &Value, strict: &Value) -> Option<Vec<String>> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return kinds(strict.pointer(target.strip_prefix('#')?)?, strict);
    }
    let named = named_kinds(schema);
    if !named.is_empty() {
        return Some(named);
    }
    if is_text_of_form(schema) {
        return Some(vec!["string".to_owned()]);
    }
    let branches = array(schema, "anyOf").iter().chain(array(schema, "oneOf"));
    let of_branches = branches.map(|branch| kinds(branch, strict)).collect::<Option<Vec<_>>>()?.concat();
    (!of_branches.is_empty()).then_some(of_branches)
}

fn named_kinds(schema: &Value) -> Vec<String> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.clone()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Adds what may stand for values of the kinds that are named.
fn loosen_kinds(keywords: &mut Keywords) {
    if is_text_of_form(&Value::Object(keywords.clone())) {
        let more = digits(keywords).into_iter().chain([json!({"type": "string", "pattern": WITH_REFERENCE})]);
        return add_alternatives(keywords, more.collect());
    }
    let mut kinds = named_kinds(&Value::Object(keywords.clone()));
    let has = |kinds: &[String], kind: &str| kinds.iter().any(|own| own == kind);
    if kinds.is_empty() || kinds == ["null"] {
        return;
    }
    if has(&kinds, "string") {
        if !has(&kinds, "number") && !has(&kinds, "integer") {
            add_digits(keywords, &mut kinds);
        }
    } else if keywords.contains_key("enum") || keywords.contains_key("const") {
        return add_alternatives(keywords, vec![json!({"type": "string", "pattern": REFERENCE})]);
    } else {
        if may_be_empty(keywords, &kinds) {
            kinds.push("null".to_owned());
        }
        kinds.push("string".to_owned());
        keywords.insert("pattern".to_owned(), json!(REFERENCE));
    }
    keywords.insert("type".to_owned(), if let [one] = kinds.as_slice() { json!(one) } else { json!(kinds) });
}

fn may_be_empty(keywords: &Keywords, kinds: &[String]) -> bool {
    let has = |kind: &str| kinds.iter().any(|own| own == kind);
    let requires = keywords.get("required").and_then(Value::as_array).is_some_and(|keys| !keys.is_empty())
        || keywords.contains_key("minItems");
    (has("object") || has("array")) && !has("null") && !requires && !keywords.contains_key(PLAIN)
}

/// Lets digits without quotes be a text without further conditions.
fn add_digits(keywords: &mut Keywords, kinds: &mut Vec<String>) {
    let Some(Value::Object(digits)) = digits(keywords) else { return };
    kinds.push("integer".to_owned());
    keywords.extend(digits.into_iter().filter(|(keyword, _)| keyword != "type"));
}

/// The numbers that digits without quotes are to others, where they can be this text.
fn digits(text: &Keywords) -> Option<Value> {
    let is_closed = text.contains_key("enum") || text.contains_key("const");
    let pattern = text.get("pattern").and_then(Value::as_str);
    let refuses = |pattern: &str| Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(SOME_DIGITS));
    if is_closed || text.contains_key("format") || pattern.is_some_and(refuses) {
        return None;
    }
    Some(match text.contains_key(PLAIN) {
        true => json!({"type": "integer", "minimum": 1_000_000_000_u64, "maximum": 999_999_999_999_u64}),
        false => json!({"type": "integer", "minimum": 0}),
    })
}

/// Makes a schema one of several, and leaves what it says of itself where it is.
fn add_alternatives(keywords: &mut Keywords, more: Vec<Value>) {
    let (said, asserted): (Keywords, Keywords) =
        std::mem::take(keywords).into_iter().partition(|(keyword, _)| ANNOTATIONS.contains(&keyword.as_str()));
    let all: Vec<Value> = std::iter::once(Value::Object(asserted)).chain(more).collect();
    keywords.extend(said);
    keywords.insert("anyOf".to_owned(), all.into());
}

/// Takes the breaks of lines out of a description, which a page has its own of.
fn one_line(keywords: &mut Keywords) {
    if let Some(Value::String(text)) = keywords.get_mut("description") {
        *text = text.split("\n\n").map(|part| part.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
    }
}

/// A blueprint as a whole is a map. What it requires may be in a file that it includes.
fn whole(schema: Value) -> Value {
    let Value::Object(mut keywords) = schema else { return schema };
    keywords.insert("type".to_owned(), json!("object"));
    keywords.remove("pattern");
    if let Some(required) = keywords.remove("required") {
        keywords.insert("if".to_owned(), json!({"not": {"required": ["include"]}}));
        keywords.insert("then".to_owned(), json!({"required": required}));
    }
    keywords.into()
}

/// The same in draft-07: <https://json-schema.org/draft-07/json-schema-release-notes>. There nothing counts beside `$ref`.
fn draft_07(schema: Value) -> Value {
    let Value::Object(mut keywords) = renamed(schema) else { return Value::Null };
    keywords.remove("$schema");
    let definitions = keywords.remove("$defs");
    let mut whole = Map::from_iter([("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"))]);
    whole.extend(keywords);
    whole.extend(definitions.map(|definitions| ("definitions".to_owned(), definitions)));
    whole.into()
}

/// The same with every `$ref` as draft-07 has it, those included that only test a value.
fn renamed(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Keywords = members.into_iter().map(|(key, value)| (key, renamed(value))).collect();
            match members.get("$ref").and_then(Value::as_str).map(|target| target.replace("#/$defs/", "#/definitions/"))
            {
                Some(target) if members.len() == 1 => json!({"$ref": target}),
                Some(target) => {
                    members.remove("$ref");
                    let mut parts = vec![json!({"$ref": target})];
                    if let Some(Value::Array(more)) = members.remove("allOf") {
                        parts.extend(more);
                    }
                    members.insert("allOf".to_owned(), parts.into());
                    members.into()
                }
                None => members.into(),
            }
        }
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        other => other,
    }
}
