//! What stacks and stack sets have in common where resources are not as their template says.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cloud::AccountAccess;
use crate::facts::Question;
use crate::kinds::read::{DetectStackDrift, ResourceDrift, StackDrifts};
use crate::kinds::{WriteContext, WriteError};
use crate::model::{Address, Change, FieldChange};

/// What a body's field is called that reports drift, and what the paths of its fields begin with.
pub(in crate::kinds) const DRIFT: &str = "drift";

/// Each property that is not as the template says, below `path`: before as it is, after as it will be.
pub(in crate::kinds) fn fields(path: &str, drift: &Value) -> Vec<FieldChange> {
    of_resources(path, &BTreeMap::deserialize(drift).unwrap_or_default())
}

/// As [`fields`], of resources by their logical ids.
pub(in crate::kinds) fn of_resources(path: &str, drifts: &BTreeMap<String, ResourceDrift>) -> Vec<FieldChange> {
    drifts.iter().flat_map(|(id, drift)| fields_of(&format!("{path}.{id}"), drift)).collect()
}

fn fields_of(path: &str, drift: &ResourceDrift) -> Vec<FieldChange> {
    if drift.deleted || drift.properties.is_empty() {
        let before = if drift.deleted { Value::Null } else { json!("changed") };
        return vec![FieldChange { path: path.to_owned(), before, after: json!(drift.resource_type) }];
    }
    let properties = drift.properties.iter();
    properties
        .map(|(pointer, property)| FieldChange {
            path: format!("{path}{}", pointer.replace('/', ".")),
            before: property.actual.clone(),
            after: property.expected.clone(),
        })
        .collect()
}

/// Whether a field reports drift.
pub(in crate::kinds) fn is_drift(field: &FieldChange) -> bool {
    field.path.strip_prefix(DRIFT).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a change makes resources anew as the template says.
pub(in crate::kinds) fn corrects(change: &Change) -> bool {
    change.fields.iter().any(is_drift)
}

/// One stack and how to get to it.
pub(in crate::kinds) struct Place<'a> {
    pub access: &'a AccountAccess,
    pub region: &'a str,
    /// The stack's ARN.
    pub id: &'a str,
}

impl Place<'_> {
    /// What has AWS look for drift in it.
    pub fn detect(&self) -> DetectStackDrift {
        DetectStackDrift { access: self.access.clone(), region: self.region.to_owned(), id: self.id.to_owned() }
    }

    /// What shows how its resources are not as the template says.
    pub fn drifts(&self) -> StackDrifts {
        StackDrifts { access: self.access.clone(), region: self.region.to_owned(), id: self.id.to_owned() }
    }

    /// Has AWS look again at what was repaired: until it has, it may go on calling the stack drifted, and the next plan
    /// would repair it anew.
    ///
    /// # Errors
    /// When something is still not as the template says.
    pub async fn confirm_repaired(&self, context: &WriteContext, address: &Address) -> Result<(), WriteError> {
        let limit = DetectStackDrift::limit();
        let looks = "AWS detects drift";
        context.report_progress(address, format!("{looks}; waiting until {} at most", limit.until()));
        if self.detect().ask(&context.cloud).await?.drifted != Some(true) {
            return Ok(());
        }
        let left = self.drifts().ask(&context.cloud).await?;
        let left: Vec<&str> = left.keys().map(String::as_str).collect();
        Err(WriteError::Failed {
            message: format!("in {address} CloudFormation could not repair {}", left.join(", ")),
            help: "repair it by hand, or have the template say what is there".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_that_differs_is_a_field_and_what_is_gone_is_one() {
        let drift = json!({
            "Topic": {"resource_type": "AWS::SNS::Topic", "deleted": false, "properties": {
                "/DisplayName": {"actual": "by hand", "expected": "alarms"},
                "/Tags/0/Value": {"actual": null, "expected": "x"},
            }},
            "Bucket": {"resource_type": "AWS::S3::Bucket", "deleted": true, "properties": {}},
        });
        let fields: Vec<_> = fields(DRIFT, &drift).into_iter().map(|it| (it.path, it.before, it.after)).collect();
        let expected = [
            ("drift.Bucket".to_owned(), Value::Null, json!("AWS::S3::Bucket")),
            ("drift.Topic.DisplayName".to_owned(), json!("by hand"), json!("alarms")),
            ("drift.Topic.Tags.0.Value".to_owned(), Value::Null, json!("x")),
        ];
        assert_eq!(fields, expected);
    }
}
