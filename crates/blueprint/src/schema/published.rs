//! The JSON Schema that editors check blueprints with.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::include::INCLUDE;
use crate::values::VALUES;
use crate::version::VERSION;

/// What stands for a value that is no text; see [`values`](crate::values).
const REFERENCE: &str = r"^\$\{\s*values\.[^}]+\}$";

/// The JSON Schema (2020-12) of blueprints that become a `T`, with the keys that all blueprints have, and with
/// references to values allowed in place of anything but text, which allows them anyway.
#[must_use]
pub fn json_schema<T: JsonSchema>() -> Value {
    let mut schema = of::<T>();
    RecursiveTransform(allow_reference).transform(&mut schema);
    let mut schema = schema.to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), json!("landing blueprint"));
        root.insert("type".to_owned(), json!("object"));
        root.remove("pattern");
    }
    for (key, about) in own_keys() {
        schema["properties"][key] = about;
    }
    schema
}

/// The schema of `T` as it is, which the checker uses.
pub fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

fn own_keys() -> [(&'static str, Value); 3] {
    let paths = "Further files of this blueprint: paths or patterns (`*`, `?`, `**`), relative to this file.";
    let values = "Values that stand wherever `${values.NAME}` is written.";
    [
        (VERSION, json!({"description": "The version of the blueprint's form.", "const": 1})),
        (INCLUDE, json!({"description": paths, "type": ["array", "string"], "items": {"type": "string"}})),
        (VALUES, json!({"description": values, "type": ["object", "null"]})),
    ]
}

/// A text of the form of a reference may stand for whatever is not a text itself. Since it then is a possible reading
/// of several alternatives at once, exactly one of them becomes any of them.
fn allow_reference(schema: &mut Schema) {
    if let Some(alternatives) = schema.remove("oneOf") {
        schema.insert("anyOf".to_owned(), alternatives);
    }
    let mut kinds = match schema.get("type") {
        Some(Value::String(kind)) => vec![json!(kind)],
        Some(Value::Array(kinds)) => kinds.clone(),
        _ => return,
    };
    if kinds.contains(&json!("string")) || schema.get("const").is_some() || schema.get("enum").is_some() {
        return;
    }
    kinds.push(json!("string"));
    schema.insert("type".to_owned(), Value::Array(kinds));
    schema.insert("pattern".to_owned(), json!(REFERENCE));
}
