use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::resource::PasswordPolicy;
use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::read::Seen;

/// The password policy that an account has set for its IAM users; none where AWS's own holds.
#[derive(Debug)]
pub struct PasswordPolicyOf(pub AccountAccess);

impl Question for PasswordPolicyOf {
    type Answer = Seen<Option<PasswordPolicy>>;

    fn key(&self) -> String {
        format!("iam/password-policy/{}", self.0.account.as_deref().unwrap_or("management"))
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = Request::new(Service::IAM, "GetAccountPasswordPolicy", Value::Null);
        let result = match cloud.call(&self.0, &cloud.region, request).await {
            Err(error) if error.is("NoSuchEntity") => Ok(None),
            other => other.map(|reply| Some(password_policy(&reply["PasswordPolicy"]))),
        };
        Seen::of(cloud, &self.0, result)
    }
}

fn password_policy(reply: &Value) -> PasswordPolicy {
    PasswordPolicy {
        minimum_length: read(&reply["MinimumPasswordLength"]),
        require_symbols: read(&reply["RequireSymbols"]),
        require_numbers: read(&reply["RequireNumbers"]),
        require_uppercase: read(&reply["RequireUppercaseCharacters"]),
        require_lowercase: read(&reply["RequireLowercaseCharacters"]),
        users_may_change: read(&reply["AllowUsersToChangePassword"]),
        reuse_prevention: read(&reply["PasswordReusePrevention"]),
        hard_expiry: read(&reply["HardExpiry"]),
        max_age_days: read(&reply["MaxPasswordAge"]),
    }
}

/// IAM writes numbers and truths as texts, and 0 for what is not limited.
fn read<T: DeserializeOwned>(field: &Value) -> Option<T> {
    let value: Value = serde_json::from_str(field.as_str()?).ok()?;
    if value == json!(0) { None } else { serde_json::from_value(value).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::Resource;

    #[test]
    fn a_password_policy_has_numbers_truths_and_no_limits_that_are_not_there() {
        let reply = json!({
            "MinimumPasswordLength": "14", "RequireSymbols": "true", "ExpirePasswords": "false", "MaxPasswordAge": "0",
            "HardExpiry": "false"
        });
        let body = json!({"minimum_length": 14, "require_symbols": true, "hard_expiry": false});
        assert_eq!(Value::Object(password_policy(&reply).body()), body);
    }

    #[test]
    fn every_field_is_read_by_the_name_that_iam_has_for_it() {
        let reply = json!({
            "MinimumPasswordLength": "1", "RequireSymbols": "true", "RequireNumbers": "false",
            "RequireUppercaseCharacters": "true", "RequireLowercaseCharacters": "false",
            "AllowUsersToChangePassword": "true", "PasswordReusePrevention": "2", "HardExpiry": "true",
            "MaxPasswordAge": "3"
        });
        let policy = PasswordPolicy {
            minimum_length: Some(1),
            require_symbols: Some(true),
            require_numbers: Some(false),
            require_uppercase: Some(true),
            require_lowercase: Some(false),
            users_may_change: Some(true),
            reuse_prevention: Some(2),
            hard_expiry: Some(true),
            max_age_days: Some(3),
        };
        assert_eq!(password_policy(&reply), policy);
    }
}
