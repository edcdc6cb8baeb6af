use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::declaration::state::State;
use crate::model::Body;

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
    /// How it is to be, in the kind's fields.
    pub(crate) fn body(&self) -> Body {
        let mut body = Body::new();
        body.insert("minimum_length".into(), json!(self.minimum_length));
        body.insert("require_symbols".into(), json!(self.require_symbols));
        body.insert("require_numbers".into(), json!(self.require_numbers));
        body.insert("require_uppercase".into(), json!(self.require_uppercase));
        body.insert("require_lowercase".into(), json!(self.require_lowercase));
        body.insert("users_may_change".into(), json!(self.users_may_change));
        body.insert("reuse_prevention".into(), json!(self.reuse_prevention));
        body.insert("hard_expiry".into(), json!(self.hard_expiry));
        if let Some(days) = self.max_age_days {
            body.insert("max_age_days".into(), json!(days));
        }
        body
    }
}
