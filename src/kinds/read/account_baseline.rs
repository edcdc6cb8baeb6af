use serde_json::{Value, json};

use super::seen::Seen;
use crate::cloud::{AwsError, Cloud, Entrance, Request, Service};
use crate::facts::Question;
use crate::model::Body;

/// The fields of a password policy beside the names that AWS has for them.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html>
pub const PASSWORD_POLICY: [(&str, &str); 9] = [
    ("minimum_length", "MinimumPasswordLength"),
    ("require_symbols", "RequireSymbols"),
    ("require_numbers", "RequireNumbers"),
    ("require_uppercase", "RequireUppercaseCharacters"),
    ("require_lowercase", "RequireLowercaseCharacters"),
    ("users_may_change", "AllowUsersToChangePassword"),
    ("max_age_days", "MaxPasswordAge"),
    ("reuse_prevention", "PasswordReusePrevention"),
    ("hard_expiry", "HardExpiry"),
];

/// The password policy that an account has set for its IAM users; none where AWS's own holds.
#[derive(Debug)]
pub struct PasswordPolicyOf(pub Entrance);

impl Question for PasswordPolicyOf {
    type Answer = Seen<Option<Body>>;

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

/// IAM writes numbers and truths as texts, and leaves out what is not limited.
fn password_policy(reply: &Value) -> Body {
    let read = |text: &str| serde_json::from_str(text).ok().filter(|value: &Value| *value != json!(0));
    let fields = PASSWORD_POLICY.iter().filter_map(|(field, name)| {
        let value = reply.get(name)?.as_str().and_then(read)?;
        Some(((*field).to_owned(), value))
    });
    fields.collect()
}

/// Whether new EBS volumes of an account and region are encrypted, and by which key where that is asked.
#[derive(Debug)]
pub struct EbsEncryptionIn {
    /// How the account is entered.
    pub entrance: Entrance,
    /// The region.
    pub region: String,
    /// Whether to ask for the key too.
    pub with_key: bool,
}

impl Question for EbsEncryptionIn {
    type Answer = Seen<Option<Body>>;

    fn key(&self) -> String {
        let account = self.entrance.account.as_deref().unwrap_or("management");
        let key = if self.with_key { "/key" } else { "" };
        format!("ec2/ebs-encryption/{account}/{}{key}", self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &self.entrance, self.look(cloud).await)
    }
}

impl EbsEncryptionIn {
    async fn look(&self, cloud: &Cloud) -> Result<Option<Body>, AwsError> {
        let ask =
            |operation| cloud.call(&self.entrance, &self.region, Request::new(Service::EC2, operation, Value::Null));
        if ask("GetEbsEncryptionByDefault").await?["ebsEncryptionByDefault"] != json!("true") {
            return Ok(None);
        }
        let mut body = Body::new();
        if self.with_key {
            body.insert("key".into(), ask("GetEbsDefaultKmsKeyId").await?["kmsKeyId"].clone());
        }
        Ok(Some(body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_policy_has_numbers_truths_and_no_limits_that_are_not_there() {
        let reply = json!({
            "MinimumPasswordLength": "14", "RequireSymbols": "true", "ExpirePasswords": "false", "MaxPasswordAge": "0",
            "HardExpiry": "false"
        });
        let body = json!({"minimum_length": 14, "require_symbols": true, "hard_expiry": false});
        assert_eq!(Value::Object(password_policy(&reply)), body);
    }
}
