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
        let mut services = BTreeMap::new();
        let mut input = json!({"Filter.1.Name": "service-type", "Filter.1.Value.1": "Interface"});
        loop {
            let request = Request::new(Service::EC2, "DescribeVpcEndpointServices", input.clone());
            let reply = match cloud.call(&AccountAccess::own(), &self.0, request).await {
                // The caller may not, or has not opted in to the region.
                Err(error) if error.code().is_some() => return Ok(BTreeMap::new()),
                reply => reply?,
            };
            services.extend(reply["serviceDetailSet"].as_array().into_iter().flatten().filter_map(service));
            match reply["nextToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => input["NextToken"] = token.into(),
                None => return Ok(services),
            }
        }
    }
}

fn service(detail: &Value) -> Option<(String, BTreeSet<String>)> {
    let zones = detail["availabilityZoneIdSet"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
    Some((detail["serviceName"].as_str()?.to_owned(), zones.collect()))
}
