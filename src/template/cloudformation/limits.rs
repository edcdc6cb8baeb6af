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
}
