mod nature;
pub(crate) mod section;

use serde_json::Value;

use super::read::{PASSWORD_POLICY, PasswordPolicyOf};
use super::{Kind, Pending, Step, Workshop, WriteError};
use crate::cloud::{Request, Service};
use crate::facts::Look;
use crate::kinds::shared::account_setting;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Desired, FieldChange, Found, Nature, Observed, Risk, Wanted};

/// What an account asks of the passwords of its IAM users: `password-policy/ACCOUNT`. CloudFormation has no type for it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>
pub(super) struct PasswordPolicies;

impl Kind for PasswordPolicies {
    fn name(&self) -> &'static str {
        "password-policy"
    }

    fn nature(&self) -> &'static Nature {
        &nature::NATURE
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        account_setting::recognize(self.name(), desired, look, observed, |_, entrance, _| PasswordPolicyOf(entrance));
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        account_setting::expand(self.name(), desired, observed)
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => {
                (Risk::Disruptive, "the blueprint says `state: absent`; AWS's own policy holds then".into())
            }
            Action::Create => (Risk::None, "the account has AWS's own policy".into()),
            _ => (Risk::None, "it differs".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let entrance = shop.entrance(wanted.parent.as_ref().unwrap_or(&wanted.address))?;
            let call = |operation, input| {
                shop.cloud.call(&entrance, &shop.cloud.region, Request::new(Service::IAM, operation, input))
            };
            if step.change.action == Action::Delete {
                let deleted = call("DeleteAccountPasswordPolicy", Value::Null).await;
                return Ok(done_already(deleted, &["NoSuchEntity"])?);
            }
            let field = |(field, name): &(&str, &str)| Some(((*name).to_owned(), wanted.body.get(*field)?.clone()));
            let input = PASSWORD_POLICY.iter().filter_map(field).collect();
            call("UpdateAccountPasswordPolicy", Value::Object(input)).await?;
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
