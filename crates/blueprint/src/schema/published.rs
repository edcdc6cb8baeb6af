//! The JSON Schema of a blueprint's type, with the keys that are understood here.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::include::INCLUDE;
use crate::values::VALUES;
use crate::version::VERSION;

/// The JSON Schema (2020-12) of blueprints that become a `T`, with the keys that all blueprints have. It says what `T` is made
/// of; [`for_editors`](super::for_editors) adds what YAML and references to values may stand for.
#[must_use]
pub fn json_schema<T: JsonSchema>() -> Value {
    let mut schema = of::<T>().to_value();
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
