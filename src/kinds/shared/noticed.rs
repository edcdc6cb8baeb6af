//! Whether what runs can notice a change of a deployment.

use serde_json::Value;

use crate::model::FieldChange;

/// Types that only report, count or are looked up by people: whatever they say, no request is decided by them and nothing is
/// reached through them. A budget without actions only compares costs and notifies; rules of AWS Config only evaluate; findings
/// of an analyzer, dashboards and saved queries are read.
/// <https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html>
/// <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html>
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html>
const ONLY_REPORTING: [&str; 7] = [
    "AWS::AccessAnalyzer::Analyzer",
    "AWS::Athena::NamedQuery",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::Dashboard",
    "AWS::Config::ConfigRule",
    "AWS::Logs::QueryDefinition",
    "AWS::ResourceGroups::Group",
];

/// Members of any resource that only describe it. CloudFormation takes changed metadata for no update of the resource.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html>
const ONLY_DESCRIBING: [&str; 4] = ["/Properties/Tags", "/Properties/Description", "/Metadata", "/DeletionPolicy"];

/// What the field of a resource begins with.
const RESOURCE: &str = "resources.";

/// Whether anything that runs may notice that these fields of a deployment change.
pub(in crate::kinds) fn is_noticed(fields: &[FieldChange]) -> bool {
    // What a parameter changes, the resources show that take it.
    let shows_resources = fields.iter().any(|field| field.path.starts_with(RESOURCE));
    fields.iter().any(|field| match field.path.as_str() {
        path if path.starts_with(RESOURCE) => !is_harmless(field),
        path if path.starts_with("parameters") => !shows_resources,
        // Termination protection only guards the stack itself.
        // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html>
        path => !path.starts_with("tags") && !matches!(path, "termination_protection" | "description"),
    })
}

fn is_harmless(resource: &FieldChange) -> bool {
    let of_type =
        |value: &Value| value.get("Type").and_then(Value::as_str).is_some_and(|it| ONLY_REPORTING.contains(&it));
    let (before, after) = (&resource.before, &resource.after);
    if [before, after].into_iter().all(|value| value.is_null() || of_type(value)) {
        return true;
    }
    // Where both are the same, a value from elsewhere differs.
    !before.is_null() && !after.is_null() && before != after && described(before) == described(after)
}

/// A resource without what only describes it.
fn described(resource: &Value) -> Value {
    let mut resource = resource.clone();
    for path in ONLY_DESCRIBING {
        let (above, name) = path.rsplit_once('/').unwrap_or_default();
        if let Some(map) = resource.pointer_mut(above).and_then(Value::as_object_mut) {
            map.remove(name);
        }
    }
    resource
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(path: &str, before: Value, after: Value) -> FieldChange {
        FieldChange { path: path.into(), before, after }
    }

    fn budget(limit: u32) -> Value {
        json!({"Type": "AWS::Budgets::Budget", "Properties": {"Budget": {"BudgetLimit": {"Amount": limit}}}})
    }

    fn bucket(tag: &str, versioning: &str) -> Value {
        json!({"Type": "AWS::S3::Bucket", "Properties": {"Tags": [tag], "Versioning": versioning}, "Metadata": {"x": tag}})
    }

    #[test]
    fn what_only_reports_or_describes_is_not_noticed() {
        let limit = field("resources.Budget", budget(500), budget(700));
        let tags = field("resources.Logs", bucket("a", "on"), bucket("b", "on"));
        let parameter = field("parameters.Limit", json!("500"), json!("700"));
        for quiet in [
            vec![],
            vec![limit.clone()],
            vec![parameter.clone(), limit.clone()],
            vec![tags.clone()],
            vec![field("resources.New", Value::Null, budget(1))],
            vec![field("tags.a", json!("x"), Value::Null), field("termination_protection", json!(false), json!(true))],
        ] {
            assert!(!is_noticed(&quiet), "{quiet:?}");
        }
    }

    #[test]
    fn whatever_else_changes_may_be_noticed() {
        let versioning = field("resources.Logs", bucket("a", "on"), bucket("b", "off"));
        let follows = field("resources.Logs", bucket("a", "on"), bucket("a", "on"));
        for noticed in [
            vec![versioning],
            vec![follows],
            vec![field("resources.New", Value::Null, bucket("a", "on"))],
            vec![field("resources.Changed", budget(1), bucket("a", "on"))],
            vec![field("parameters.Limit", json!("500"), json!("700"))],
            vec![field("retains", json!(["Logs"]), Value::Null)],
            vec![field("resources.Budget", budget(1), budget(2)), field("drift.Topic", json!("x"), Value::Null)],
        ] {
            assert!(is_noticed(&noticed), "{noticed:?}");
        }
    }
}
