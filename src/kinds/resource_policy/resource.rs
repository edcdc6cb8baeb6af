use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::shared::resource::Resource;
use crate::model::Tags;

/// What the organization lets its member accounts do of what else only the management account may.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ResourcePolicy.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ResourcePolicy {
    /// Its document.
    pub content: Value,
    /// Its tags without those of ownership.
    pub tags: Tags,
}

impl Resource for ResourcePolicy {
    const KIND: &'static str = "resource-policy";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn its_fields_are_its_document_and_its_tags() {
        let policy =
            assert_same_fields::<ResourcePolicy>(r#"{"content":{"Version":"2012-10-17"},"tags":{"team":"x"}}"#);
        assert_eq!((policy.content["Version"].as_str(), policy.tags.len()), (Some("2012-10-17"), 1));
    }
}
