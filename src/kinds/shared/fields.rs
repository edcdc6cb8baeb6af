use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Body, FieldChange};

/// The fields in which two bodies differ: every key of either, tags one by one.
pub fn differences(wanted: &Body, found: &Body) -> Vec<FieldChange> {
    let keys: BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
    keys.into_iter()
        .flat_map(|key| match (wanted.get(key), found.get(key)) {
            (Some(after), Some(before)) if after == before => Vec::new(),
            (after, before) if key == "tags" => tag_differences(after, before),
            (after, before) => vec![field(key.clone(), before, after)],
        })
        .collect()
}

fn tag_differences(wanted: Option<&Value>, found: Option<&Value>) -> Vec<FieldChange> {
    let empty = Body::new();
    let map = |value: Option<&Value>| value.and_then(Value::as_object).unwrap_or(&empty).clone();
    differences(&map(wanted), &map(found))
        .into_iter()
        .map(|change| FieldChange { path: format!("tags.{}", change.path), ..change })
        .collect()
}

fn field(path: String, before: Option<&Value>, after: Option<&Value>) -> FieldChange {
    FieldChange { path, before: before.cloned().unwrap_or_default(), after: after.cloned().unwrap_or_default() }
}

/// A body from its fields; absent ones are left out.
pub(in crate::kinds) fn body<const N: usize>(fields: [(&str, Value); N]) -> Body {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tags_differ_one_by_one_and_other_fields_whole() {
        let wanted = body([("name", json!("b")), ("tags", json!({"x": "1", "y": "2"}))]);
        let found = body([("name", json!("a")), ("tags", json!({"y": "3", "z": "4"}))]);
        let paths: Vec<_> = differences(&wanted, &found).into_iter().map(|field| field.path).collect();
        assert_eq!(paths, ["name", "tags.x", "tags.y", "tags.z"]);
    }
}
