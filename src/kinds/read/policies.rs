use aws_sdk_organizations::types::PolicyType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// The policies of one type, by AWS's name of the type; AWS-managed ones included.
#[derive(Debug)]
pub struct PoliciesOf(pub String);

/// One policy without its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFacts {
    /// `p-` and 8 or more characters.
    pub id: String,
    /// Its name, which no other policy of its type has.
    pub name: String,
    /// What it says about itself, maybe nothing.
    pub description: String,
    /// Whether it is AWS's own and cannot be changed.
    pub aws_managed: bool,
}

impl Question for PoliciesOf {
    type Answer = Vec<PolicyFacts>;

    fn key(&self) -> String {
        format!("organizations/policies-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<PolicyFacts>, AwsError> {
        let pages = cloud
            .organizations
            .list_policies()
            .filter(PolicyType::from(self.0.as_str()))
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListPolicies")?;
        Ok(pages
            .iter()
            .flat_map(|page| page.policies())
            .map(|policy| PolicyFacts {
                id: text(policy.id()),
                name: text(policy.name()),
                description: text(policy.description()),
                aws_managed: policy.aws_managed(),
            })
            .collect())
    }
}

/// A policy's document, by the policy's id; the text itself where it is not JSON.
#[derive(Debug)]
pub struct PolicyContent(pub String);

impl Question for PolicyContent {
    type Answer = Value;

    fn key(&self) -> String {
        format!("organizations/policy-content/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Value, AwsError> {
        let reply = cloud
            .organizations
            .describe_policy()
            .policy_id(&self.0)
            .send()
            .await
            .explain("organizations:DescribePolicy")?;
        let content = reply.policy().and_then(|policy| policy.content()).unwrap_or_default();
        Ok(serde_json::from_str(content).unwrap_or_else(|_| Value::from(content)))
    }
}

/// The ids of the roots, units and accounts that a policy is attached to.
#[derive(Debug)]
pub struct TargetsOf(pub String);

impl TargetsOf {
    /// What the keys of these questions begin with.
    pub const PREFIX: &'static str = "organizations/targets-of/";
}

impl Question for TargetsOf {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("{}{}", TargetsOf::PREFIX, self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let pages = cloud
            .organizations
            .list_targets_for_policy()
            .policy_id(&self.0)
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListTargetsForPolicy")?;
        Ok(pages.iter().flat_map(|page| page.targets()).map(|target| text(target.target_id())).collect())
    }
}
