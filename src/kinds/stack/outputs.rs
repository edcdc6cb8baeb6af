//! What stacks give to others, checked before it is used.
//!
//! An administrator of an account can change what its stacks give. A value that goes into a policy or into another
//! account must be what it stands for: never a wildcard, and an ARN only of the account and region that gives it.

use std::collections::{BTreeMap, BTreeSet};

use landing_cloudformation::{DeploymentTarget, Version};
use serde_json::Value;

use super::super::read::StackFacts;
use super::resource::Stack;
use crate::model::{Address, Desired, body_references, dns_suffix, references};

/// A stack that gives something, and its template's text for it.
pub(super) struct OutputSource<'a> {
    /// The account's id.
    pub account: &'a str,
    pub region: &'a str,
    pub partition: &'a str,
    /// What the template says for each output, as far as parameters decide it.
    pub said: &'a serde_json::Map<String, Value>,
}

/// The outputs of a stack: those that can be used, and why each other one cannot.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Checked {
    pub usable: BTreeMap<String, String>,
    pub faults: BTreeMap<String, String>,
}

/// Checks all outputs of a stack that has the template and the parameters of `says`.
pub(super) fn checked(stack: &StackFacts, says: &Stack) -> Checked {
    let parts: Vec<&str> = stack.id.splitn(6, ':').collect();
    let ["arn", partition, _, region, account, _] = parts.as_slice() else { return Checked::default() };
    let said = Version::new(&says.template, &says.parameters)
        .at(&DeploymentTarget { account, region, partition, url_suffix: dns_suffix(partition) })
        .outputs();
    let giver = OutputSource { account, region, partition, said: &said };
    let mut checked = Checked::default();
    for (name, value) in &stack.outputs {
        match giver.fault(name, value) {
            None => checked.usable.insert(name.clone(), value.clone()),
            Some(fault) => checked.faults.insert(name.clone(), fault),
        };
    }
    checked
}

/// The outputs of stacks that something in the blueprint takes.
pub(super) fn taken(desired: &Desired) -> BTreeSet<Address> {
    let bodies = desired.resources.values().flat_map(|wanted| body_references(&wanted.body));
    let bucket = desired.settings.template_bucket.iter().flat_map(|bucket| references(&Value::from(bucket.as_str())));
    bodies.chain(bucket).filter(|address| address.output().is_some()).collect()
}

/// What a refusal says of an output that cannot be used, and what to do about it.
pub(super) fn refused(output: &Address, value: &str, fault: &str) -> (String, String) {
    let message = format!("the output {output} is `{value}`, which {fault}: it is not given to others");
    let help = "find out who changed the stack or its template; correct the template's output so that it names only \
                what the stack's own account has, then plan again";
    (message, help.into())
}

impl OutputSource<'_> {
    /// Why the value of an output cannot be used; nothing where it can.
    pub fn fault(&self, name: &str, value: &str) -> Option<String> {
        let said = self.said.get(name);
        if value.trim().is_empty() {
            return Some("is empty".into());
        }
        if let Some(what) = forbidden(value) {
            return Some(format!("holds {what}"));
        }
        // What the blueprint itself says, through a parameter or as it is, may be another account's.
        if said.is_some_and(|said| said == value) {
            return None;
        }
        let pieces = || value.split(',').map(str::trim);
        if is_arn_named(name, said) && !pieces().all(|piece| piece.starts_with("arn:")) {
            return Some("is no ARN".into());
        }
        pieces().filter(|piece| piece.starts_with("arn:")).find_map(|arn| self.foreign(arn))
    }

    /// Why an ARN is not of the stack's own account and region.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    fn foreign(&self, arn: &str) -> Option<String> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, partition, _, region, account, resource] = parts.as_slice() else {
            return Some("is not a complete ARN".into());
        };
        let differs = |part: &str, own: &str| !part.is_empty() && part != own;
        if *partition != self.partition {
            return Some(format!("is of the partition {partition}, not of {}", self.partition));
        }
        if differs(account, self.account) {
            return Some(format!("is of the account {account}, not of the stack's account {}", self.account));
        }
        if differs(region, self.region) {
            return Some(format!("is of the region {region}, not of the stack's region {}", self.region));
        }
        resource.is_empty().then(|| "is not a complete ARN".into())
    }
}

/// Whether an output stands for an ARN, by its name or by the attribute that it is.
fn is_arn_named(name: &str, said: Option<&Value>) -> bool {
    let attribute = said.and_then(|said| said["Fn::GetAtt"][1].as_str());
    name.ends_with("Arn") || attribute.is_some_and(|attribute| attribute.ends_with("Arn"))
}

/// What of a value would mean something else in a policy or a template.
fn forbidden(value: &str) -> Option<&'static str> {
    if value.contains(['*', '?']) {
        return Some("a wildcard");
    }
    if value.contains(['"', '\'', '`', '\\']) {
        return Some("a quotation mark");
    }
    if value.contains("${") || value.contains("{{") {
        return Some("a variable");
    }
    value.chars().any(char::is_control).then_some("a control character")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(name: &str, value: &str, said: &Value) -> Option<String> {
        let said = serde_json::Map::from_iter([(name.to_owned(), said.clone())]);
        let giver = OutputSource { account: "111111111111", region: "eu-west-1", partition: "aws", said: &said };
        giver.fault(name, value)
    }

    fn computed() -> Value {
        json!({"Fn::GetAtt": ["Key", "Arn"]})
    }

    #[test]
    fn names_ids_and_arns_of_the_own_account_and_region_can_be_used() {
        for (name, value) in [
            ("Bucket", "acme-trail-111111111111"),
            ("SubnetIds", "subnet-1,subnet-2"),
            ("KeyArn", "arn:aws:kms:eu-west-1:111111111111:key/1"),
            ("BucketArn", "arn:aws:s3:::acme"),
            ("RoleArn", "arn:aws:iam::111111111111:role/x"),
            ("Url", "https://example.com/a"),
        ] {
            assert_eq!(fault(name, value, &json!({"Ref": "Key"})), None, "{value}");
        }
    }

    #[test]
    fn an_arn_of_another_account_region_or_partition_cannot_be_used() {
        for (value, expected) in [
            (
                "arn:aws:kms:eu-west-1:222222222222:key/1",
                "is of the account 222222222222, not of the stack's account 111111111111",
            ),
            (
                "arn:aws:kms:us-east-1:111111111111:key/1",
                "is of the region us-east-1, not of the stack's region eu-west-1",
            ),
            ("arn:aws-cn:kms:eu-west-1:111111111111:key/1", "is of the partition aws-cn, not of aws"),
            ("arn:aws:kms:eu-west-1", "is not a complete ARN"),
            ("arn:aws:kms:eu-west-1:111111111111:", "is not a complete ARN"),
            ("acme", "is no ARN"),
            (
                "arn:aws:s3:::acme, arn:aws:iam::222222222222:role/x",
                "is of the account 222222222222, not of the stack's account 111111111111",
            ),
        ] {
            assert_eq!(fault("KeyArn", value, &computed()).as_deref(), Some(expected), "{value}");
        }
        let by_attribute = fault("Key", "acme", &computed());
        assert_eq!(by_attribute.as_deref(), Some("is no ARN"));
        assert!(fault("Key", "arn:aws:iam::222222222222:role/x", &json!({"Ref": "X"})).is_some());
    }

    #[test]
    fn what_the_blueprint_says_itself_may_be_of_another_account() {
        let key = "arn:aws:kms:eu-west-1:222222222222:key/1";
        assert_eq!(fault("KeyArn", key, &json!(key)), None);
        assert!(fault("KeyArn", key, &json!("arn:aws:kms:eu-west-1:333333333333:key/1")).is_some());
    }

    #[test]
    fn wildcards_quotation_marks_and_variables_cannot_be_used_anyone_who_says_them() {
        for (value, expected) in [
            ("*", "holds a wildcard"),
            ("arn:aws:s3:::acme/*", "holds a wildcard"),
            ("a?", "holds a wildcard"),
            ("a\",\"b", "holds a quotation mark"),
            ("a'b", "holds a quotation mark"),
            ("a\\b", "holds a quotation mark"),
            ("${aws:username}", "holds a variable"),
            ("{{resolve:ssm:/x}}", "holds a variable"),
            ("a\nb", "holds a control character"),
            ("", "is empty"),
            (" ", "is empty"),
        ] {
            assert_eq!(fault("Name", value, &json!(value)).as_deref(), Some(expected), "{value:?}");
        }
    }

    #[test]
    fn outputs_of_a_stack_are_checked_by_its_own_arn_template_and_parameters() {
        let template = json!({
            "Parameters": {"Given": {"Type": "String"}},
            "Outputs": {"Own": {"Value": {"Fn::GetAtt": ["K", "Arn"]}}, "Given": {"Value": {"Ref": "Given"}}},
        });
        let foreign = "arn:aws:kms:eu-west-1:222222222222:key/1";
        let parameters = BTreeMap::from([("Given".to_owned(), foreign.to_owned())]);
        let says = Stack { template, parameters, ..Stack::default() };
        let outputs = [("Own", foreign), ("Given", foreign)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let stack = StackFacts {
            id: "arn:aws:cloudformation:eu-west-1:111111111111:stack/s/1".into(),
            name: "s".into(),
            status: "CREATE_COMPLETE".into(),
            reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::from(outputs),
            tags: BTreeMap::new(),
            termination_protection: false,
            ..StackFacts::default()
        };
        let checked = checked(&stack, &says);
        assert_eq!(checked.usable.keys().collect::<Vec<_>>(), ["Given"]);
        assert_eq!(checked.faults.keys().collect::<Vec<_>>(), ["Own"]);
    }
}
