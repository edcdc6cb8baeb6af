use aws_sdk_organizations::types::PolicyType;

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

/// The ids of the policies of a type that are attached to one target, directly.
#[derive(Debug)]
pub struct PoliciesOn {
    /// The id of a root, unit or account.
    pub target: String,
    /// AWS's name of the type, `SERVICE_CONTROL_POLICY`.
    pub policy_type: String,
}

impl Question for PoliciesOn {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("organizations/policies-on/{}/{}", self.policy_type, self.target)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let pages = cloud
            .organizations
            .list_policies_for_target()
            .target_id(&self.target)
            .filter(PolicyType::from(self.policy_type.as_str()))
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListPoliciesForTarget")?;
        Ok(pages.iter().flat_map(|page| page.policies()).map(|policy| text(policy.id())).collect())
    }
}
