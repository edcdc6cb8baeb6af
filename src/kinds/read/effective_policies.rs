use aws_sdk_organizations::types::{EffectivePolicyType, EffectivePolicyValidationError};
use serde::{Deserialize, Serialize};

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// The accounts whose effective policy of one type is invalid, by AWS's name of the type: AWS keeps the last valid one in
/// force there, so that later changes have no effect.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html>
#[derive(Debug)]
pub struct InvalidEffectivePolicies(pub String);

/// An account whose effective policy is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidEffectivePolicy {
    /// The account's id.
    pub account: String,
    /// What is wrong, with the place and the ids of the policies; empty where it was not asked.
    pub errors: Vec<String>,
}

/// Of so many accounts the errors are read, a call each: what is wrong is mostly the same in all.
const EXPLAINED: usize = 10;

impl Question for InvalidEffectivePolicies {
    type Answer = Vec<InvalidEffectivePolicy>;

    fn key(&self) -> String {
        format!("organizations/invalid-effective-policies/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = cloud.organizations.list_accounts_with_invalid_effective_policy();
        let pages =
            request.policy_type(self.policy_type()).into_paginator().send().collect::<Result<Vec<_>, _>>().await;
        let pages = pages.explain("organizations:ListAccountsWithInvalidEffectivePolicy")?;
        let accounts = pages.iter().flat_map(|page| page.accounts()).map(|account| text(account.id()));
        let mut invalid = Vec::new();
        for (position, account) in accounts.enumerate() {
            let errors = if position < EXPLAINED { self.errors(cloud, &account).await? } else { Vec::new() };
            invalid.push(InvalidEffectivePolicy { account, errors });
        }
        Ok(invalid)
    }
}

impl InvalidEffectivePolicies {
    fn policy_type(&self) -> EffectivePolicyType {
        EffectivePolicyType::from(self.0.as_str())
    }

    async fn errors(&self, cloud: &Cloud, account: &str) -> Result<Vec<String>, AwsError> {
        let request = cloud.organizations.list_effective_policy_validation_errors().account_id(account);
        let pages =
            request.policy_type(self.policy_type()).into_paginator().send().collect::<Result<Vec<_>, _>>().await;
        let pages = pages.explain("organizations:ListEffectivePolicyValidationErrors")?;
        Ok(pages.iter().flat_map(|page| page.effective_policy_validation_errors()).map(described).collect())
    }
}

/// `ELEMENTS_TOO_MANY at tags/cost: too many values (p-1234567890)`.
fn described(error: &EffectivePolicyValidationError) -> String {
    let place = error.path_to_error().map(|path| format!(" at {path}")).unwrap_or_default();
    let policies = match error.contributing_policies() {
        [] => String::new(),
        policies => format!(" ({})", policies.join(", ")),
    };
    let message = error.error_message().unwrap_or("AWS gives no message");
    format!("{}{place}: {message}{policies}", error.error_code().unwrap_or("invalid"))
}
