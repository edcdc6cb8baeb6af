use schemars::JsonSchema;
use serde::Deserialize;

use super::resource;
use crate::declaration::state::State;

/// What an account asks of the passwords of its IAM users.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PasswordPolicy {
    /// Characters of a password.
    #[schemars(range(min = 6, max = 128))]
    minimum_length: u32,
    /// Whether it needs one that is neither letter nor digit.
    require_symbols: bool,
    /// Whether it needs a digit.
    require_numbers: bool,
    /// Whether it needs a capital letter.
    require_uppercase: bool,
    /// Whether it needs a small letter.
    require_lowercase: bool,
    /// Whether users may change their own.
    users_may_change: bool,
    /// Days after which it has to be changed; never unless given.
    #[schemars(range(min = 1, max = 1095))]
    max_age_days: Option<u32>,
    /// How many earlier ones it may not be.
    #[schemars(range(min = 1, max = 24))]
    reuse_prevention: u32,
    /// Whether only an administrator can change one that is too old.
    hard_expiry: bool,
    /// `absent` leaves AWS's own policy.
    pub(crate) state: State,
}

/// As the CIS AWS Foundations Benchmark asks; it does not ask for passwords that expire.
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-15>
impl Default for PasswordPolicy {
    fn default() -> PasswordPolicy {
        PasswordPolicy {
            minimum_length: 14,
            require_symbols: true,
            require_numbers: true,
            require_uppercase: true,
            require_lowercase: true,
            users_may_change: true,
            max_age_days: None,
            reuse_prevention: 24,
            hard_expiry: false,
            state: State::Present,
        }
    }
}

impl PasswordPolicy {
    /// How it is to be.
    pub(crate) fn resource(&self) -> resource::PasswordPolicy {
        resource::PasswordPolicy {
            minimum_length: Some(self.minimum_length),
            require_symbols: Some(self.require_symbols),
            require_numbers: Some(self.require_numbers),
            require_uppercase: Some(self.require_uppercase),
            require_lowercase: Some(self.require_lowercase),
            users_may_change: Some(self.users_may_change),
            reuse_prevention: Some(self.reuse_prevention),
            hard_expiry: Some(self.hard_expiry),
            max_age_days: self.max_age_days,
        }
    }
}
