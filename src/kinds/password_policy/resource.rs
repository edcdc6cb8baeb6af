use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;

/// What an account asks of the passwords of its IAM users. IAM leaves out what it does not limit.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordPolicy {
    /// Characters of a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_length: Option<u32>,
    /// Whether it needs one that is neither letter nor digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_symbols: Option<bool>,
    /// Whether it needs a digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_numbers: Option<bool>,
    /// Whether it needs a capital letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_uppercase: Option<bool>,
    /// Whether it needs a small letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_lowercase: Option<bool>,
    /// Whether users may change their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users_may_change: Option<bool>,
    /// How many earlier ones it may not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse_prevention: Option<u32>,
    /// Whether only an administrator can change one that is too old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_expiry: Option<bool>,
    /// Days after which it has to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_days: Option<u32>,
}

impl Resource for PasswordPolicy {
    const KIND: &'static str = "password-policy";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;

    #[test]
    fn a_password_policy_has_its_fields_as_they_are_shown() {
        let json = concat!(
            r#"{"minimum_length":14,"require_symbols":true,"require_numbers":true,"require_uppercase":true,"#,
            r#""require_lowercase":false,"users_may_change":true,"reuse_prevention":24,"hard_expiry":false,"#,
            r#""max_age_days":90}"#
        );
        assert_eq!(assert_same_fields::<PasswordPolicy>(json).max_age_days, Some(90));
        assert_same_fields::<PasswordPolicy>(r#"{"minimum_length":8}"#);
    }
}
