use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// How new EBS volumes of an account and region are encrypted without anyone asking for it.
/// <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EbsEncryption {
    /// The key; AWS's own unless given, and not looked at then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Resource for EbsEncryption {
    const KIND: &'static str = "ebs-encryption";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn encryption_has_a_key_or_says_nothing_of_it() {
        assert_eq!(assert_same_fields::<EbsEncryption>(r#"{"key":"alias/ebs"}"#).key.as_deref(), Some("alias/ebs"));
        assert_eq!(assert_same_fields::<EbsEncryption>("{}").key, None);
    }
}
