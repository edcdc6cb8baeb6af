use std::collections::BTreeMap;

use serde_json::Value;

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;

/// The lists of addresses that AWS keeps for its services in a region, by the service's name as endpoints have it: `s3`. They
/// are the same in every account.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>
#[derive(Debug)]
pub struct PrefixListsIn(pub String);

impl Question for PrefixListsIn {
    type Answer = BTreeMap<String, String>;

    fn key(&self) -> String {
        format!("ec2/prefix-lists/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = Request::new(Service::EC2, "DescribeManagedPrefixLists", Value::Null);
        let members = ("prefixListSet", "nextToken", "NextToken");
        let lists = cloud.list(&AccountAccess::own(), &self.0, request, members).await?;
        Ok(lists.iter().filter_map(|list| self.service(list)).collect())
    }
}

impl PrefixListsIn {
    /// The service of a list, and the list's id: AWS's own are called `com.amazonaws.REGION.SERVICE`.
    fn service(&self, list: &Value) -> Option<(String, String)> {
        let (_, service) = list["prefixListName"].as_str()?.split_once(&format!(".{}.", self.0))?;
        Some((service.to_owned(), list["prefixListId"].as_str()?.to_owned()))
    }
}
