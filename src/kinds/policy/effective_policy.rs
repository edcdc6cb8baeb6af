use aws_sdk_organizations::types::EffectivePolicyType;
use serde_json::Value;

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// What the policies of one type come to in an account, as AWS merges them; nothing where there are none.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html>
#[derive(Debug)]
pub struct EffectivePolicy {
    /// AWS's name of the type: `TAG_POLICY`.
    pub policy_type: String,
    /// The account's id.
    pub account: String,
}

impl Question for EffectivePolicy {
    type Answer = Option<Value>;

    fn key(&self) -> String {
        format!("organizations/effective-policy/{}/{}", self.policy_type, self.account)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = cloud.organizations.describe_effective_policy().target_id(&self.account);
        let request = request.policy_type(EffectivePolicyType::from(self.policy_type.as_str()));
        match request.send().await.explain("organizations:DescribeEffectivePolicy") {
            Ok(reply) => {
                let content = reply.effective_policy().and_then(|policy| policy.policy_content());
                let read = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
                Ok(content.map(read))
            }
            Err(error) if error.is("EffectivePolicyNotFoundException") => Ok(None),
            Err(error) => Err(error),
        }
    }
}
