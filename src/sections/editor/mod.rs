//! The JSON Schema that editors complete and check blueprints with: what the types of the sections say, and the forms of what is
//! written in them.
//!
//! A field or type names its form by the keyword `x-form` of its schema. The checks of the declaration hold the same by messages
//! of their own, so that the schema that blueprints are read with knows nothing of it.

mod forms;
mod guardrails;
mod names;
mod patterns;
mod replace;
mod stacks;

use landing_blueprint::{Keywords, each_subschema, for_editors, json_schema};
use serde_json::{Map, Value, json};

use super::blueprint::Blueprint;
use forms::Form;
use replace::replace_texts;

/// The keyword that names a form.
const FORM: &str = "x-form";

/// Where releases have the schema of a version.
/// <https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases>
const RELEASES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/releases/download/v", env!("CARGO_PKG_VERSION"));

/// The file that the schema has beside a blueprint, and in releases.
pub const SCHEMA_FILE: &str = "landing.schema.json";

/// What the line begins with by which editors find the schema of a file.
/// <https://github.com/redhat-developer/yaml-language-server#using-inlined-schema>
const SCHEMA_LINE: &str = "# yaml-language-server:";

/// A blueprint whose first line leads editors to the schema beside it, which needs no network and is that of this version.
#[must_use]
pub fn with_schema_line(text: &str) -> String {
    match text.starts_with(SCHEMA_LINE) {
        true => text.to_owned(),
        false => format!("{SCHEMA_LINE} $schema={SCHEMA_FILE}\n{text}"),
    }
}

/// The text of the file that this line leads to.
#[must_use]
pub fn schema_text() -> String {
    format!("{}\n", schema())
}

/// The keys of a blueprint, as its types have them.
#[must_use]
pub fn blueprint_keys() -> Value {
    json_schema::<Blueprint>()
}

/// The JSON Schema (draft-07) that editors complete and check blueprints with.
#[must_use]
pub fn schema() -> Value {
    let mut schema = blueprint_keys();
    if let Some(own) = schema["$defs"].as_object_mut() {
        let more = definitions(own);
        own.extend(more);
    }
    apply_forms(&mut schema);
    let Value::Object(published) = for_editors(schema) else { return Value::Null };
    let id = Map::from_iter([("$id".to_owned(), json!(format!("{RELEASES}/{SCHEMA_FILE}")))]);
    id.into_iter().chain(published).collect()
}

/// The definitions that forms refer to, beside those of the types, which are `own`.
fn definitions(own: &Keywords) -> Keywords {
    names::definitions().into_iter().chain(guardrails::definitions(own)).chain(stacks::definitions()).collect()
}

/// Puts the forms in their places: once in what the types say, and once in what forms have put there from types.
fn apply_forms(schema: &mut Value) {
    let known = schema["$defs"].as_object().cloned().unwrap_or_default();
    each_subschema(schema, &mut |keywords| apply_form(keywords, &known));
    each_subschema(schema, &mut |keywords| apply_form(keywords, &known));
}

/// Puts the form that a schema names in its place. `known` are the definitions as they were.
fn apply_form(keywords: &mut Keywords, known: &Keywords) {
    let Some(Value::String(name)) = keywords.remove(FORM) else { return };
    match forms::of(&name) {
        Some(Form::Text(form)) => replace_texts(keywords, &form, known),
        Some(Form::Beside(more)) => beside(keywords, more),
        Some(Form::Instead(other)) => instead(keywords, other),
        // A test finds what is left.
        None => drop(keywords.insert(FORM.to_owned(), name.into())),
    }
}

/// Adds conditions to a schema.
fn beside(keywords: &mut Keywords, more: Value) {
    if let Value::Object(more) = more {
        keywords.extend(more);
    }
}

/// Puts another schema in the place of one, which keeps its description.
fn instead(keywords: &mut Keywords, other: Value) {
    let described = keywords.remove("description");
    keywords.clear();
    keywords.extend(described.map(|text| ("description".to_owned(), text)));
    beside(keywords, other);
}

#[cfg(test)]
mod tests;
