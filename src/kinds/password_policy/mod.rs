mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

use serde_json::{Value, json};

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{Request, Service};
use crate::facts::Look;
use crate::kinds::shared::account_setting;
use crate::kinds::shared::fields::body;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Desired, FieldChange, Found, KindInfo, Observed, Risk, Wanted};
use crate::outline::Outline;

use read::PasswordPolicyOf;
use resource::PasswordPolicy;

/// What an account asks of the passwords of its IAM users: `password-policy/ACCOUNT`. CloudFormation has no type for it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>
pub(super) struct PasswordPolicies;

/// What a policy asks is held against passwords when they are changed, but for their age, which counts at once.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>
fn expires(field: &FieldChange) -> bool {
    let is_less = match (field.before.as_u64(), field.after.as_u64()) {
        (Some(before), Some(after)) => after < before,
        (None, Some(_)) => true,
        (_, None) => field.after == true,
    };
    matches!(field.path.as_str(), "max_age_days" | "hard_expiry") && is_less
}

impl Kind for PasswordPolicies {
    fn name(&self) -> &'static str {
        PasswordPolicy::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        account_setting::recognize(desired, look, observed, |_, access, _| PasswordPolicyOf(access));
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        account_setting::expand::<PasswordPolicy>(desired, observed)
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        // AWS's own policy asks less of passwords, and lets none expire.
        // <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html#default-policy-details>
        let reason = match action {
            Action::Delete => "the blueprint says `state: absent`; AWS's own policy holds then",
            _ if fields.iter().any(expires) => {
                return (Risk::Disruptive, "passwords that are older than it allows expire at once".into());
            }
            Action::Create => "the account has AWS's own policy",
            _ => "it differs",
        };
        (Risk::None, reason.into())
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let access = context.access(wanted.parent.as_ref().unwrap_or(&wanted.address))?;
            let call = |operation, input| {
                context.cloud.call(&access, &context.cloud.region, Request::new(Service::IAM, operation, input))
            };
            if step.change.action == Action::Delete {
                let deleted = call("DeleteAccountPasswordPolicy", Value::Null).await;
                return Ok(done_already(deleted, &["NoSuchEntity"])?);
            }
            call("UpdateAccountPasswordPolicy", input(&step.resource()?)).await?;
            Ok(())
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["iam:GetAccountPasswordPolicy", "sts:AssumeRole"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["iam:UpdateAccountPasswordPolicy", "iam:DeleteAccountPasswordPolicy"]
    }
}

/// The policy as IAM takes it; what is not limited is left out.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
fn input(policy: &PasswordPolicy) -> Value {
    Value::Object(body([
        ("MinimumPasswordLength", json!(policy.minimum_length)),
        ("RequireSymbols", json!(policy.require_symbols)),
        ("RequireNumbers", json!(policy.require_numbers)),
        ("RequireUppercaseCharacters", json!(policy.require_uppercase)),
        ("RequireLowercaseCharacters", json!(policy.require_lowercase)),
        ("AllowUsersToChangePassword", json!(policy.users_may_change)),
        ("MaxPasswordAge", json!(policy.max_age_days)),
        ("PasswordReusePrevention", json!(policy.reuse_prevention)),
        ("HardExpiry", json!(policy.hard_expiry)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_is_given_every_field_by_its_name_and_none_that_is_not_limited() {
        let policy = PasswordPolicy {
            minimum_length: Some(14),
            require_symbols: Some(true),
            require_numbers: Some(false),
            require_uppercase: Some(true),
            require_lowercase: Some(false),
            users_may_change: Some(true),
            reuse_prevention: Some(24),
            hard_expiry: Some(false),
            max_age_days: None,
        };
        let expected = json!({
            "MinimumPasswordLength": 14, "RequireSymbols": true, "RequireNumbers": false,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": false, "AllowUsersToChangePassword": true,
            "PasswordReusePrevention": 24, "HardExpiry": false
        });
        assert_eq!(input(&policy), expected);
        assert_eq!(
            input(&PasswordPolicy { max_age_days: Some(90), ..PasswordPolicy::default() }),
            json!({"MaxPasswordAge": 90})
        );
    }
}
