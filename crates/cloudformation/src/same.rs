use serde_json::Value;

/// Whether two templates in their long form deploy the same stack. The order of keys has no meaning, that of lists has.
/// Descriptions outside of resources are not compared: CloudFormation does not update a stack for them alone, so a plan
/// would show the difference again after every apply.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html>
#[must_use]
pub fn same_template(a: &Value, b: &Value) -> bool {
    a == b || without_descriptions(a) == without_descriptions(b)
}

fn without_descriptions(template: &Value) -> Value {
    let mut template = template.clone();
    remove_description(&mut template);
    for section in ["Outputs", "Parameters"] {
        let members = template.get_mut(section).and_then(Value::as_object_mut);
        members.into_iter().flat_map(|members| members.values_mut()).for_each(remove_description);
    }
    template
}

fn remove_description(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.remove("Description");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn descriptions_are_compared_in_resources_only() {
        let template = |top: &str, parameter: &str, output: &str, resource: &str| {
            json!({
                "Description": top,
                "Parameters": {"P": {"Type": "String", "Description": parameter}},
                "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Description": resource}}},
                "Outputs": {"O": {"Value": {"Ref": "R"}, "Description": output}},
            })
        };
        let before = template("a", "b", "c", "d");
        assert!(same_template(&before, &template("other", "b", "c", "d")));
        assert!(same_template(&before, &template("a", "other", "c", "d")));
        assert!(same_template(&before, &template("a", "b", "other", "d")));
        assert!(!same_template(&before, &template("a", "b", "c", "other")));
    }

    #[test]
    fn everything_else_outside_of_resources_is_compared() {
        let before = json!({"Parameters": {"P": {"Type": "String"}}, "Outputs": {"O": {"Value": "x"}}});
        let mut typed = before.clone();
        typed["Parameters"]["P"]["Type"] = json!("Number");
        let mut valued = before.clone();
        valued["Outputs"]["O"]["Value"] = json!("y");
        assert!(!same_template(&before, &typed) && !same_template(&before, &valued));
    }
}
