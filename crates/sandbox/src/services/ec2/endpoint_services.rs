//! The services that interface endpoints lead to, and the zones that they are in.

use serde_json::{Value, json};

use crate::aws_error::Answer;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[operation("DescribeVpcEndpointServices", describe_vpc_endpoint_services)];

/// Some of the services that AWS has in every region.
const SERVICES: [&str; 8] = ["ec2", "ecr.api", "ecr.dkr", "kms", "logs", "sagemaker.api", "sagemaker.runtime", "sts"];

fn describe_vpc_endpoint_services(request: &mut Request<'_>) -> Answer {
    let region = &request.region;
    let lacking = request.state.endpoint_zones.get(region);
    let details: Vec<Value> = SERVICES
        .iter()
        .map(|service| {
            let name = format!("com.amazonaws.{region}.{service}");
            let all = || (1..=3).map(|number| zone_id(region, number)).collect();
            let zones: Vec<String> = lacking.and_then(|of| of.get(*service)).cloned().unwrap_or_else(all);
            json!({
                "serviceName": name,
                "serviceType": {"item": [{"serviceType": "Interface"}]},
                "availabilityZoneIdSet": {"item": zones},
                "owner": "amazon",
            })
        })
        .collect();
    Ok(json!({"serviceDetailSet": {"item": details}}))
}

/// `euw1-az1` of `eu-west-1`.
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html>
fn zone_id(region: &str, number: usize) -> String {
    let parts: Vec<&str> = region.split('-').collect();
    let short = parts.iter().enumerate().map(|(place, part)| match (place, *part) {
        (0, part) => part.to_owned(),
        (_, "northeast") => "ne".into(),
        (_, "southeast") => "se".into(),
        (_, part) => part.chars().take(1).collect(),
    });
    format!("{}-az{number}", short.collect::<String>())
}
