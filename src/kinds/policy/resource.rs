use landing_policy::PolicyType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::shared::resource::Resource;
use crate::model::Tags;

/// A policy of the organization, whatever it is attached to.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Policy.html>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Policy {
    /// What sort of policy it is, which never changes.
    #[serde(rename = "type")]
    pub policy_type: PolicyType,
    /// Its name, which no other policy of its type has.
    pub name: String,
    /// What it is for, in words; empty where nothing says so.
    pub description: String,
    /// Its document; null where it was not read.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub content: Value,
    /// Its tags without those of ownership.
    pub tags: Tags,
}

impl Resource for Policy {
    const KIND: &'static str = "policy";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::body_content;

    #[test]
    fn its_fields_are_as_plans_show_them() {
        let text = r#"{"type":"SERVICE_CONTROL_POLICY","name":"guard","description":"Keeps regions","content":{"Version":"2012-10-17","Statement":[]},"tags":{"team":"x"}}"#;
        let body = serde_json::from_str(text).expect("it is a map");
        let policy = Policy::of(&body).expect("it is a policy");
        assert_eq!(policy.policy_type, PolicyType::ServiceControl);
        assert_eq!(policy.content, json!({"Version": "2012-10-17", "Statement": []}));
        assert_eq!(body_content(&body), Some(&policy.content));
        assert_eq!(Value::Object(policy.body()).to_string(), text);
    }

    #[test]
    fn the_document_is_left_out_where_it_was_not_read() {
        let text = r#"{"type":"TAG_POLICY","name":"tags","description":"","tags":{}}"#;
        let policy = Policy::of(&serde_json::from_str(text).expect("it is a map")).expect("it is a policy");
        assert_eq!(Value::Object(policy.body()).to_string(), text);
    }
}
