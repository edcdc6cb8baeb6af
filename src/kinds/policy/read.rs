use aws_sdk_organizations::config::Builder;
use aws_sdk_organizations::config::retry::RetryConfig;
use aws_sdk_organizations::types::{EffectivePolicyType, EffectivePolicyValidationError};
use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

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

/// What AWS says of the effective policies of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectivePolicies {
    /// Those that are invalid.
    #[serde(rename = "Looked")]
    Read(Vec<InvalidEffectivePolicy>),
    /// AWS could not look, or what takes its place does not know the operation: why.
    #[serde(rename = "NotLooked")]
    NotRead(String),
}

/// Of so many accounts the errors are read, a call each: what is wrong is mostly the same in all.
const EXPLAINED: usize = 10;

impl Question for InvalidEffectivePolicies {
    type Answer = EffectivePolicies;

    fn key(&self) -> String {
        format!("organizations/invalid-effective-policies/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        match self.look(cloud).await {
            Ok(invalid) => Ok(EffectivePolicies::Read(invalid)),
            Err(error) if error.is_access_denied() => Err(error),
            Err(error) => Ok(EffectivePolicies::NotRead(error.to_string())),
        }
    }
}

impl InvalidEffectivePolicies {
    async fn look(&self, cloud: &Cloud) -> Result<Vec<InvalidEffectivePolicy>, AwsError> {
        let mut invalid = Vec::new();
        for (position, account) in self.accounts(cloud).await?.into_iter().enumerate() {
            let errors = if position < EXPLAINED { self.errors(cloud, &account).await? } else { Vec::new() };
            invalid.push(InvalidEffectivePolicy { account, errors });
        }
        Ok(invalid)
    }

    async fn accounts(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let mut accounts = Vec::new();
        let mut next = None;
        loop {
            let request = cloud.organizations.list_accounts_with_invalid_effective_policy().set_next_token(next);
            let request = request.policy_type(self.policy_type()).customize();
            // What emulates AWS may not know the operation, and answers so that the SDK would repeat it for long.
            let twice = Builder::new().retry_config(RetryConfig::standard().with_max_attempts(2));
            let page = request.config_override(twice).send().await;
            let page = page.explain("organizations:ListAccountsWithInvalidEffectivePolicy")?;
            accounts.extend(page.accounts().iter().map(|account| text(account.id())));
            next = page.next_token().map(str::to_owned);
            if next.is_none() {
                return Ok(accounts);
            }
        }
    }

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
