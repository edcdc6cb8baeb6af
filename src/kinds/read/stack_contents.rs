use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{ChangeSetSummary, StackResourceSummary};
use serde::{Deserialize, Serialize};

use super::organization::text;
use crate::cloud::{AccountAccess, AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::model::Tags;

/// What a stack holds that was not created whole, or not deleted whole.
#[derive(Debug)]
pub struct ContentsOf {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
    /// The stack's ARN.
    pub id: String,
}

/// Resources and change sets of a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackContents {
    /// The logical ids of the resources that exist.
    pub resources: Vec<String>,
    /// The tags that each of its change sets would give it.
    pub change_sets: Vec<Tags>,
}

impl Question for ContentsOf {
    type Answer = StackContents;

    fn key(&self) -> String {
        format!("cloudformation/contents-of/{}", self.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<StackContents, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let contents = self.contents(&client).await;
        contents.map_err(|error| self.access.in_account(error))
    }
}

impl ContentsOf {
    async fn contents(&self, client: &Client) -> Result<StackContents, AwsError> {
        let resources = client.list_stack_resources().stack_name(&self.id).into_paginator().items().send();
        let resources = resources.collect::<Result<Vec<_>, _>>().await.explain("cloudformation:ListStackResources")?;
        let sets = client.list_change_sets().stack_name(&self.id).into_paginator().items().send();
        let sets = sets.collect::<Result<Vec<_>, _>>().await.explain("cloudformation:ListChangeSets")?;
        let mut change_sets = Vec::new();
        for set in &sets {
            change_sets.push(self.tags(client, set).await?);
        }
        let resources = resources.iter().filter(|it| exists(it)).map(|it| text(it.logical_resource_id())).collect();
        Ok(StackContents { resources, change_sets })
    }

    /// The tags of the change set, which are on each page of it.
    async fn tags(&self, client: &Client, set: &ChangeSetSummary) -> Result<Tags, AwsError> {
        let request = client.describe_change_set().stack_name(&self.id);
        let reply = request.change_set_name(text(set.change_set_name())).send().await;
        let reply = reply.explain("cloudformation:DescribeChangeSet")?;
        Ok(reply.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect())
    }
}

/// Whether a stack has the resource still, or may have it: one that failed may have been created in part.
fn exists(resource: &StackResourceSummary) -> bool {
    let status = resource.resource_status().map_or("", |status| status.as_str());
    let is_gone = matches!(status, "DELETE_COMPLETE" | "DELETE_SKIPPED");
    !is_gone && resource.physical_resource_id().is_some_and(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::ResourceStatus;

    use super::*;

    fn resource(status: &str, physical: Option<&str>) -> StackResourceSummary {
        StackResourceSummary::builder()
            .logical_resource_id("A")
            .resource_type("AWS::S3::Bucket")
            .resource_status(ResourceStatus::from(status))
            .set_physical_resource_id(physical.map(str::to_owned))
            .last_updated_timestamp(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
            .build()
    }

    #[test]
    fn a_resource_exists_until_it_was_deleted_or_left_behind() {
        for status in ["CREATE_COMPLETE", "CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE"] {
            assert!(exists(&resource(status, Some("id"))), "{status}");
        }
        for status in ["DELETE_COMPLETE", "DELETE_SKIPPED"] {
            assert!(!exists(&resource(status, Some("id"))), "{status}");
        }
        assert!(!exists(&resource("CREATE_FAILED", None)));
        assert!(!exists(&resource("CREATE_FAILED", Some(""))));
    }
}
