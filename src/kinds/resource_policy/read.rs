use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::text;

/// The resource policy of the organization; none where it has none.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html>
#[derive(Debug)]
pub struct OrganizationsResourcePolicy;

/// A resource policy and its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourcePolicyFacts {
    /// `rp-` and 4 or more characters.
    pub id: String,
    /// Its document; the text itself where it is not JSON.
    pub content: Value,
}

impl Question for OrganizationsResourcePolicy {
    type Answer = Option<ResourcePolicyFacts>;

    fn key(&self) -> String {
        "organizations/resource-policy".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let reply = cloud.organizations.describe_resource_policy().send().await;
        let reply = match reply.explain("organizations:DescribeResourcePolicy") {
            Err(error) if error.is("ResourcePolicyNotFoundException") => return Ok(None),
            other => other?,
        };
        Ok(reply.resource_policy().map(|policy| {
            let content = policy.content().unwrap_or_default();
            ResourcePolicyFacts {
                id: text(policy.resource_policy_summary().and_then(|summary| summary.id())),
                content: serde_json::from_str(content).unwrap_or_else(|_| Value::from(content)),
            }
        }))
    }
}
