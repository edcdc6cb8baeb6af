//! What changing a property of a resource does, by the schema of its type.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

/// What changing one property of a resource does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Update {
    /// The resource stays.
    InPlace,
    /// The resource may stay.
    Depends,
    /// Another one takes its place.
    Replacement,
}

/// Every type, made by `scripts/create_only.py` from `createOnlyProperties` and `conditionalCreateOnlyProperties` of AWS's
/// schemas: a line each, without `AWS::`.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>
static TABLE: &str = include_str!("../data/create_only.txt");

/// What documentation says otherwise than the schemas, as lines of [`TABLE`]. What happens inside another stack only its own
/// change set says.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html>
const DOCUMENTED: &str = "CloudFormation::Stack ?NotificationARNs ?Parameters ?TemplateURL ?TimeoutInMinutes";

static BY_TYPE: LazyLock<BTreeMap<&'static str, Fixed>> =
    LazyLock::new(|| TABLE.lines().chain(DOCUMENTED.lines()).filter_map(line).collect());

/// The properties of a type of which another value makes another resource.
struct Fixed {
    /// Those of which every change does.
    create_only: Vec<&'static str>,
    /// Those of which only some changes do.
    conditional: Vec<&'static str>,
}

fn line(line: &'static str) -> Option<(&'static str, Fixed)> {
    let mut words = line.split(' ');
    let name = words.next().filter(|name| !name.is_empty())?;
    let (conditional, create_only): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('?'));
    let conditional = conditional.into_iter().map(|word| word.trim_start_matches('?')).collect();
    Some((name, Fixed { create_only, conditional }))
}

fn fixed_of(resource_type: &str) -> Option<&'static Fixed> {
    BY_TYPE.get(resource_type.strip_prefix("AWS::")?)
}

/// The properties of a type, as paths such as `Budget/BudgetName`, of which another value makes another resource;
/// `None` for a type that is not known here.
#[must_use]
pub fn create_only(resource_type: &str) -> Option<&'static [&'static str]> {
    fixed_of(resource_type).map(|fixed| fixed.create_only.as_slice())
}

/// Whether a path is `outer` or a part of it.
fn within(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a change at this path of a type does that no table has.
fn unknown(property: &str) -> Update {
    if within("Tags", property) { Update::InPlace } else { Update::Depends }
}

/// What another value at this path of a resource's properties does, whatever the values are. Of a type that no table has,
/// only CloudFormation can say.
pub(super) fn update(resource_type: &str, property: &str) -> Update {
    let Some(Fixed { create_only, conditional }) = fixed_of(resource_type) else { return unknown(property) };
    if create_only.iter().any(|fixed| within(fixed, property)) {
        return Update::Replacement;
    }
    // The whole of something is different; what of it cannot be changed may still be the same.
    let mut partly = create_only.iter().filter(|fixed| within(property, fixed)).chain(conditional);
    if partly.any(|fixed| within(property, fixed) || within(fixed, property)) {
        return Update::Depends;
    }
    Update::InPlace
}

/// What the change of one of a resource's properties does whose values are known: `before` and `after` are all of its
/// properties.
#[must_use]
pub fn update_between(resource_type: &str, property: &str, before: &Value, after: &Value) -> Update {
    let Some(Fixed { create_only, conditional }) = fixed_of(resource_type) else { return unknown(property) };
    let changes = |paths: &[&str]| {
        paths.iter().any(|path| within(property, path) && values_at(before, path) != values_at(after, path))
    };
    match (changes(create_only), changes(conditional)) {
        (true, _) => Update::Replacement,
        (false, true) => Update::Depends,
        (false, false) => Update::InPlace,
    }
}

/// The values at a path, of which `*` stands for every item of a list.
fn values_at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    path.split('/').fold(vec![value], |values, step| {
        let items = |value: &'a Value| match (step, value) {
            ("*", Value::Array(items)) => items.iter().collect(),
            _ => value.get(step).into_iter().collect::<Vec<_>>(),
        };
        values.into_iter().flat_map(items).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_is_what_its_values_say() {
        let glue = |name: &str, owner: &str| json!({"TableInput": {"Name": name, "Owner": owner}});
        let endpoint = |preference: &str| json!({"DnsOptions": {"PrivateDnsPreference": preference, "Other": 1}});
        let broker = |user: &str, port: u16| json!({"A": [{"User": user}, {"Port": port}]});
        for (resource_type, property, before, after, expected) in [
            ("AWS::Glue::Table", "TableInput", glue("a", "x"), glue("a", "y"), Update::InPlace),
            ("AWS::Glue::Table", "TableInput", glue("a", "x"), glue("b", "x"), Update::Replacement),
            ("AWS::Glue::Table", "TableInput", json!({}), glue("b", "x"), Update::Replacement),
            ("AWS::Glue::Table", "DatabaseName", glue("a", "x"), glue("b", "x"), Update::InPlace),
            ("AWS::EC2::VPCEndpoint", "DnsOptions", endpoint("ALL"), endpoint("NONE"), Update::Replacement),
            ("AWS::EC2::VPC", "InstanceTenancy", json!({}), json!({"InstanceTenancy": "default"}), Update::Depends),
            ("AWS::CloudFormation::Stack", "TemplateURL", json!({}), json!({"TemplateURL": "x"}), Update::Depends),
            ("AWS::New::Resource", "A", broker("a", 1), broker("a", 2), Update::Depends),
            ("AWS::New::Resource", "Tags", json!({}), json!({"Tags": []}), Update::InPlace),
        ] {
            assert_eq!(update_between(resource_type, property, &before, &after), expected, "{resource_type} {after}");
        }
    }

    #[test]
    fn a_star_stands_for_every_item() {
        let value = json!({"L": [{"A": {"B": 1}}, {"A": {}}, {"A": {"B": 2}}], "*": 3});
        assert_eq!(values_at(&value, "L/*/A/B"), [1, 2]);
        assert_eq!(values_at(&value, "L/0/A"), Vec::<&Value>::new());
    }

    #[test]
    fn types_beside_the_built_in_ones_are_known_too() {
        for (resource_type, property, expected) in [
            ("AWS::Lambda::Function", "Code", Update::InPlace),
            ("AWS::Lambda::Function", "FunctionName", Update::Replacement),
            ("AWS::Lambda::Function", "Tags", Update::InPlace),
            ("AWS::DynamoDB::Table", "TableName", Update::Replacement),
            ("AWS::DynamoDB::Table", "KeySchema", Update::Depends),
            ("AWS::DynamoDB::Table", "ImportSourceSpecification/S3BucketSource", Update::Replacement),
            ("AWS::S3::Bucket", "BucketName", Update::Replacement),
            ("AWS::S3::Bucket", "BucketEncryption", Update::InPlace),
            ("AWS::EC2::VPC", "InstanceTenancy", Update::Depends),
            ("AWS::CloudFormation::Stack", "TemplateURL", Update::Depends),
            ("AWS::New::Resource", "A", Update::Depends),
            ("AWS::New::Resource", "Tags/0", Update::InPlace),
            ("AWS::New::Resource", "TagsOfMine", Update::Depends),
            ("Custom::Resource", "A", Update::Depends),
        ] {
            assert_eq!(update(resource_type, property), expected, "{resource_type} {property}");
        }
    }

    #[test]
    fn the_table_has_a_type_on_each_line() {
        assert!(BY_TYPE.len() > 1000 && BY_TYPE.len() == TABLE.lines().count());
        assert!(BY_TYPE.keys().all(|name| name.split("::").count() == 2), "a type is SERVICE::RESOURCE");
    }
}
