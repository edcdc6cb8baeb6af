use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;

/// The services of a region that interface endpoints lead to, by name, with the ids of the availability zones that each is in.
/// These ids are the same in every account. Nothing where AWS does not show: what is asked for is advice alone.
/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
#[derive(Debug)]
pub struct EndpointServicesIn(pub String);

impl Question for EndpointServicesIn {
    type Answer = BTreeMap<String, BTreeSet<String>>;

    fn key(&self) -> String {
        format!("ec2/endpoint-services/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let input = json!({"Filter.1.Name": "service-type", "Filter.1.Value.1": "Interface"});
        let request = Request::new(Service::EC2, "DescribeVpcEndpointServices", input);
        let members = ("serviceDetailSet", "nextToken", "NextToken");
        let details = match cloud.list(&AccountAccess::own(), &self.0, request, members).await {
            // The caller may not, or has not opted in to the region.
            Err(error) if error.code().is_some() => return Ok(BTreeMap::new()),
            details => details?,
        };
        Ok(details.iter().filter_map(service).collect())
    }
}

fn service(detail: &Value) -> Option<(String, BTreeSet<String>)> {
    let zones = detail["availabilityZoneIdSet"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
    Some((detail["serviceName"].as_str()?.to_owned(), zones.collect()))
}
