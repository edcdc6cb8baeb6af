use serde_json::Value;

use super::loops::resources_and_bodies;

/// The properties that give an IAM resource a name of one's own.
const NAMES: [&str; 5] = ["RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"];

/// Types that CloudFormation makes only where it is reported that it may.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const IAM: [&str; 8] = [
    "AWS::IAM::AccessKey",
    "AWS::IAM::Group",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::UserToGroupAddition",
];

/// The capabilities that a template in its long form takes: `CAPABILITY_NAMED_IAM`, or `CAPABILITY_IAM` where its IAM
/// resources have no names of their own, and `CAPABILITY_AUTO_EXPAND` where it uses macros.
#[must_use]
pub fn capabilities(template: &Value) -> Vec<&'static str> {
    let resources = resources_and_bodies(template).into_iter();
    let iam: Vec<&Value> = resources.filter(|it| it["Type"].as_str().is_some_and(|it| IAM.contains(&it))).collect();
    let named = iam.iter().any(|resource| NAMES.iter().any(|name| resource["Properties"].get(name).is_some()));
    let mut needed = Vec::new();
    if named {
        needed.push("CAPABILITY_NAMED_IAM");
    } else if !iam.is_empty() {
        needed.push("CAPABILITY_IAM");
    }
    if template.get("Transform").is_some() || has_key(template, "Fn::Transform") {
        needed.push("CAPABILITY_AUTO_EXPAND");
    }
    needed
}

fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(own, value)| own == key || has_key(value, key)),
        Value::Array(items) => items.iter().any(|item| has_key(item, key)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn capabilities_follow_from_what_is_made() {
        let of = |resource: Value| capabilities(&json!({"Resources": {"A": resource}}));
        assert!(of(json!({"Type": "AWS::S3::Bucket", "Properties": {"GroupName": "no"}})).is_empty());
        assert_eq!(of(json!({"Type": "AWS::IAM::Role"})), ["CAPABILITY_IAM"]);
        assert_eq!(of(json!({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "a"}})), ["CAPABILITY_NAMED_IAM"]);
        let looped = json!({"Fn::ForEach::R": ["N", ["a"], {"Role${N}": {"Type": "AWS::IAM::Role"}}]});
        assert_eq!(capabilities(&json!({"Resources": looped})), ["CAPABILITY_IAM"]);
        let included = json!({"Type": "AWS::S3::Bucket", "Properties": {"Fn::Transform": {"Name": "AWS::Include"}}});
        assert_eq!(of(included), ["CAPABILITY_AUTO_EXPAND"]);
        assert_eq!(capabilities(&json!({"Transform": "AWS::LanguageExtensions"})), ["CAPABILITY_AUTO_EXPAND"]);
    }
}
