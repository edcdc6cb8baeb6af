use crate::cloud::{AccountAccess, AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::{Seen, has_role};
use crate::model::global_region;

/// Whether stack sets have been activated for the organization, which trusted access alone does not say.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html>
#[derive(Debug)]
pub struct StackSetsAccess;

impl Question for StackSetsAccess {
    type Answer = Seen<bool>;

    fn key(&self) -> String {
        "cloudformation/organizations-access".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Seen<bool>, AwsError> {
        Seen::unless_refused(self.state(cloud).await)
    }
}

impl StackSetsAccess {
    /// The same, where AWS shows.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn state(&self, cloud: &Cloud) -> Result<bool, AwsError> {
        let cloudformation = cloud.cloudformation(&AccountAccess::own(), global_region(cloud.partition)).await?;
        let reply = cloudformation.describe_organizations_access().send().await;
        let reply = reply.explain("cloudformation:DescribeOrganizationsAccess")?;
        Ok(reply.status().is_some_and(|status| status.as_str() == "ENABLED"))
    }
}

/// Whether the management account has a service-linked role.
#[derive(Debug)]
pub struct ServiceLinkedRole(pub &'static str);

impl Question for ServiceLinkedRole {
    type Answer = Seen<bool>;

    fn key(&self) -> String {
        format!("iam/service-linked-role/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Seen<bool>, AwsError> {
        Seen::unless_refused(has_role(cloud, self.0).await)
    }
}
