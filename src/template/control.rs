use serde_json::{Value, json};

use super::helpers::logical_id;

/// The controls of AWS Control Tower that these ARNs or ids name: `id` for the template, and `arn` with `${AWS::Region}`
/// and `${AWS::Partition}` in it. Those of the control catalogue have small letters and no region.
/// <https://docs.aws.amazon.com/controlcatalog/latest/APIReference/API_GetControl.html>
pub(super) fn list(names: &Value) -> Value {
    names.as_array().into_iter().flatten().filter_map(Value::as_str).map(described).collect()
}

fn described(name: &str) -> Value {
    let id = name.rsplit('/').next().unwrap_or(name);
    let arn = if name.starts_with("arn:") {
        name.to_owned()
    } else if id.contains(|c: char| c.is_ascii_uppercase()) {
        format!("arn:${{AWS::Partition}}:controltower:${{AWS::Region}}::control/{id}")
    } else {
        format!("arn:${{AWS::Partition}}:controlcatalog:::control/{id}")
    };
    json!({"id": logical_id(["Control", id].into_iter()), "arn": arn})
}
