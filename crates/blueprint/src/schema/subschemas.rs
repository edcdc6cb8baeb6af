//! Walks through a JSON Schema.

use serde_json::{Map, Value};

/// A schema's keywords and their values.
pub type Keywords = Map<String, Value>;

/// The keywords that hold schemas by name, a list of schemas, and one schema. What `if`, `not` and `propertyNames` hold is
/// left out: it tests a value and does not describe it.
const BY_NAME: [&str; 3] = ["properties", "patternProperties", "$defs"];
const LISTS: [&str; 4] = ["anyOf", "oneOf", "allOf", "prefixItems"];
const SINGLE: [&str; 4] = ["additionalProperties", "items", "then", "else"];

/// Shows `visit` every schema that describes a value within `schema`, and `schema` itself at last.
pub fn each_subschema(schema: &mut Value, visit: &mut impl FnMut(&mut Keywords)) {
    let Some(keywords) = schema.as_object_mut() else { return };
    for child in children(keywords) {
        each_subschema(child, visit);
    }
    visit(keywords);
}

/// The schemas that describe a value, one step further down.
pub(super) fn children(keywords: &mut Keywords) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (keyword, value) in keywords.iter_mut() {
        let keyword = keyword.as_str();
        if SINGLE.contains(&keyword) {
            found.push(value);
        } else if BY_NAME.contains(&keyword) {
            found.extend(value.as_object_mut().into_iter().flat_map(|schemas| schemas.values_mut()));
        } else if LISTS.contains(&keyword) {
            found.extend(value.as_array_mut().into_iter().flatten());
        }
    }
    found
}
