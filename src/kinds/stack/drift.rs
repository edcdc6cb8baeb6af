//! Resources of a stack that are not as its template says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::read::{DetectStackDrift, ResourceDrift, StackDrifts, StackFacts};
use super::is_at_rest;
use crate::cloud::Entrance;
use crate::facts::Look;
use crate::model::{Address, Change, Desired, FieldChange, Observed, Owner, Undetected};

/// What the paths of fields begin with that tell of drift: `drift.Topic.DisplayName`.
const FIELD: &str = "drift.";

/// One stack of the blueprint's, and how to get to it.
pub(super) struct Placed<'a> {
    pub address: &'a Address,
    pub owner: &'a Owner,
    pub entrance: &'a Entrance,
    pub region: &'a str,
    pub stack: &'a StackFacts,
}

/// How its resources are not as its template says, by logical id: as AWS finds now where `desired` has it look, else as
/// it found when it last looked. `None` where nothing differs, or is not known yet.
pub(super) fn recognize(desired: &Desired, look: &Look<'_>, observed: &mut Observed, it: &Placed<'_>) -> Option<Value> {
    let mut drifted = it.stack.drifted;
    let is_ours = matches!(it.owner, Owner::This { .. });
    if desired.settings.detects_drift && is_ours && is_at_rest(&it.stack.status) {
        let (entrance, region, id) = it.whereabouts();
        let detected = look.at(DetectStackDrift { entrance, region, id })?;
        drifted = detected.drifted.unwrap_or(drifted);
        let left_out = detected.left_out.iter();
        let undetected = left_out.map(|why| Undetected { address: it.address.clone(), why: why.clone() });
        observed.undetected.extend(undetected);
    }
    if !drifted {
        return None;
    }
    let (entrance, region, id) = it.whereabouts();
    look.at(StackDrifts { entrance, region, id }).map(|drifts| json!(drifts))
}

impl Placed<'_> {
    fn whereabouts(&self) -> (Entrance, String, String) {
        (self.entrance.clone(), self.region.to_owned(), self.stack.id.clone())
    }
}

/// Each property that is not as the template says, before as it is, after as it will be.
pub(super) fn fields(drift: &Value) -> Vec<FieldChange> {
    let drifts: BTreeMap<String, ResourceDrift> = serde_json::from_value(drift.clone()).unwrap_or_default();
    drifts.iter().flat_map(|(id, drift)| fields_of(id, drift)).collect()
}

fn fields_of(id: &str, drift: &ResourceDrift) -> Vec<FieldChange> {
    if drift.deleted || drift.properties.is_empty() {
        let before = if drift.deleted { Value::Null } else { json!("changed") };
        return vec![FieldChange { path: format!("{FIELD}{id}"), before, after: json!(drift.resource_type) }];
    }
    let properties = drift.properties.iter();
    properties
        .map(|(pointer, property)| FieldChange {
            path: format!("{FIELD}{id}{}", pointer.replace('/', ".")),
            before: property.actual.clone(),
            after: property.expected.clone(),
        })
        .collect()
}

/// Whether a field tells of drift.
pub(super) fn is_drift(field: &FieldChange) -> bool {
    field.path.starts_with(FIELD)
}

/// Whether a change makes resources anew as the template says.
pub(super) fn mends(change: &Change) -> bool {
    change.fields.iter().any(is_drift)
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
        let fields: Vec<_> = fields(&drift).into_iter().map(|it| (it.path, it.before, it.after)).collect();
        let expected = [
            ("drift.Bucket".to_owned(), Value::Null, json!("AWS::S3::Bucket")),
            ("drift.Topic.DisplayName".to_owned(), json!("by hand"), json!("alarms")),
            ("drift.Topic.Tags.0.Value".to_owned(), Value::Null, json!("x")),
        ];
        assert_eq!(fields, expected);
    }
}
