use serde_json::Value;

/// Bytes of a template that is sent with a request; a larger one is put into a bucket first.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const MAX_SENT: usize = 51_200;
/// Bytes of a template in a bucket, from the same page, as are the next three.
const MAX_STORED: usize = 1_048_576;
/// Sections of a template, and how many each may have.
const SECTIONS: [(&str, usize); 4] = [("Resources", 500), ("Parameters", 200), ("Outputs", 200), ("Mappings", 200)];

/// Whether a template is too large for a request. What counts is the text as it is sent, without white space.
#[must_use]
pub fn is_large(template: &Value) -> bool {
    template.to_string().len() > MAX_SENT
}

/// What of a template is more than CloudFormation takes, in words.
#[must_use]
pub fn excesses(template: &Value) -> Vec<String> {
    let bytes = template.to_string().len();
    let too_long = (bytes > MAX_STORED)
        .then(|| format!("has {bytes} bytes without white space, and CloudFormation takes {MAX_STORED}"));
    let too_many = SECTIONS.iter().filter_map(|(section, most)| {
        let count = template.get(section).and_then(Value::as_object).map_or(0, serde_json::Map::len);
        (count > *most).then(|| format!("has {count} {section}, and CloudFormation takes {most}"))
    });
    too_long.into_iter().chain(too_many).collect()
}

/// What of a template stack sets do not take that AWS manages for organizational units: macros, which transforms are, and
/// stacks in it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>
#[must_use]
pub fn unsupported_in_units(template: &Value) -> Vec<String> {
    let transform = template.get("Transform").map(|transform| match transform {
        Value::Array(names) => names.iter().map(name_of).collect::<Vec<_>>().join(", "),
        one => name_of(one),
    });
    let macros = transform.map(|name| format!("the transform {name}"));
    let included = has_macro(template).then(|| "the function Fn::Transform".to_owned());
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    let nested = resources.filter(|(_, resource)| NESTED.iter().any(|nested| resource["Type"] == *nested));
    let nested = nested.map(|(id, resource)| format!("the resource {id} ({})", name_of(&resource["Type"])));
    macros.into_iter().chain(included).chain(nested).collect()
}

/// Types that hold a template of their own.
const NESTED: [&str; 2] = ["AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet"];

/// A transform is a name, or a map with one.
fn name_of(value: &Value) -> String {
    value.as_str().or_else(|| value["Name"].as_str()).unwrap_or_default().to_owned()
}

fn has_macro(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| key == "Fn::Transform" || has_macro(value)),
        Value::Array(items) => items.iter().any(has_macro),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn a_template_is_large_from_the_first_byte_that_a_request_does_not_take() {
        let of = |bytes: usize| json!({"a": "x".repeat(bytes - r#"{"a":""}"#.len())});
        assert!(!is_large(&of(51_200)));
        assert!(is_large(&of(51_201)));
        assert!(excesses(&of(1_048_576)).is_empty());
        assert_eq!(excesses(&of(1_048_577)).len(), 1);
    }

    #[test]
    fn what_is_too_many_is_counted() {
        let entries = |count: usize| (0..count).map(|n| (format!("R{n}"), json!({}))).collect::<Map<_, _>>();
        assert!(excesses(&json!({"Resources": entries(500), "Outputs": entries(200)})).is_empty());
        let said = excesses(&json!({"Resources": entries(501), "Outputs": entries(201)}));
        assert_eq!(
            said,
            ["has 501 Resources, and CloudFormation takes 500", "has 201 Outputs, and CloudFormation takes 200"]
        );
    }

    #[test]
    fn macros_and_stacks_in_stacks_are_not_for_units() {
        let bucket = json!({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}});
        assert!(unsupported_in_units(&bucket).is_empty());
        for (template, expected) in [
            (json!({"Transform": "AWS::Serverless-2016-10-31"}), "the transform AWS::Serverless-2016-10-31"),
            (json!({"Transform": ["AWS::LanguageExtensions", "Mine"]}), "the transform AWS::LanguageExtensions, Mine"),
            (json!({"Transform": {"Name": "AWS::Include"}}), "the transform AWS::Include"),
            (json!({"Resources": {"A": {"Fn::Transform": {"Name": "AWS::Include"}}}}), "the function Fn::Transform"),
            (
                json!({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack"}}}),
                "the resource N (AWS::CloudFormation::Stack)",
            ),
            (
                json!({"Resources": {"N": {"Type": "AWS::CloudFormation::StackSet"}}}),
                "the resource N (AWS::CloudFormation::StackSet)",
            ),
        ] {
            assert_eq!(unsupported_in_units(&template), [expected], "{template}");
        }
    }
}
