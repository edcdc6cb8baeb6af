//! Amazon EC2, by its API reference (version 2016-11-15): the networks that there are, and those shared by RAM, and how new volumes are encrypted.

mod ebs_encryption;
mod endpoint_services;
mod ipam;
mod prefix_lists;

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::model::resources::Resource;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::networks::{Owned, text, visible_subnets, visible_vpcs};

pub(super) const SERVICE: Service = Service {
    name: "ec2",
    action_prefix: "ec2",
    protocol: Protocol::Ec2 { namespace: "http://ec2.amazonaws.com/doc/2016-11-15/" },
    errors: ErrorCodes {
        access_denied: "UnauthorizedOperation",
        access_denied_status: 403,
        invalid_input: "InvalidParameterValue",
        reason: None,
        throttled: "RequestLimitExceeded",
        throttled_status: 503,
    },
    operations: &[
        ebs_encryption::OPERATIONS,
        endpoint_services::OPERATIONS,
        ipam::OPERATIONS,
        prefix_lists::OPERATIONS,
        &[operation("DescribeVpcs", describe_vpcs), operation("DescribeSubnets", describe_subnets)],
    ],
    admit: admit_all,
    settle: nothing_due,
};

/// What a request asks for: ids, and the filters `vpc-id`, `owner-id` and `tag:KEY`.
fn asked(request: &Request<'_>, ids: &str, row: &Owned<'_>, vpc: &str) -> Result<bool, ApiError> {
    let wanted = request.input.texts(ids);
    if !wanted.is_empty() && !wanted.contains(&row.1.as_str()) {
        return Ok(false);
    }
    for filter in request.input.list("Filter") {
        let name = filter.get("Name").and_then(Value::as_str).unwrap_or_default();
        let values = filter.get("Value").and_then(Value::as_array).into_iter().flatten();
        let mut values = values.filter_map(Value::as_str);
        let fits = match (name, name.strip_prefix("tag:")) {
            ("vpc-id", _) => values.any(|value| value == vpc),
            ("owner-id", _) => values.any(|value| value == row.0),
            (_, Some(key)) => {
                values.any(|value| tags(row.2).iter().any(|tag| tag["key"] == key && tag["value"] == value))
            }
            _ => return Err(request.input.invalid("", format!("not simulated: the filter {name}"))),
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A resource's own tags and its stack's.
fn tags(resource: &Resource) -> Vec<Value> {
    let own = resource.properties.get("Tags").and_then(Value::as_array).into_iter().flatten();
    let own = own.map(|tag| json!({"key": tag["Key"], "value": tag["Value"]}));
    let of_stack = resource.tags.iter().map(|(key, value)| json!({"key": key, "value": value}));
    own.chain(of_stack).collect()
}

fn describe_vpcs(request: &mut Request<'_>) -> Answer {
    let mut shown = Vec::new();
    for row in visible_vpcs(request.state, &request.caller.account, &request.region) {
        if asked(request, "VpcId", &row, row.1)? {
            let (owner, id, vpc) = &row;
            shown.push(json!({
                "vpcId": id,
                "ownerId": owner,
                "state": "available",
                "cidrBlock": text(vpc, "CidrBlock"),
                "instanceTenancy": "default",
                "isDefault": false,
                "tagSet": {"item": tags(vpc)},
            }));
        }
    }
    Ok(json!({"vpcSet": {"item": shown}}))
}

fn describe_subnets(request: &mut Request<'_>) -> Answer {
    let mut shown = Vec::new();
    for row in visible_subnets(request.state, &request.caller.account, &request.region) {
        if asked(request, "SubnetId", &row, text(row.2, "VpcId"))? {
            let (owner, id, subnet) = &row;
            let own = owner == &request.caller.account;
            shown.push(json!({
                "subnetId": id,
                "subnetArn": format!("arn:{}:ec2:{}:{owner}:subnet/{id}", request.state.partition, request.region),
                "ownerId": owner,
                "vpcId": text(subnet, "VpcId"),
                "state": "available",
                "cidrBlock": text(subnet, "CidrBlock"),
                "availabilityZone": text(subnet, "AvailabilityZone"),
                // Tags of shared subnets are their owner's alone.
                "tagSet": {"item": if own { tags(subnet) } else { Vec::new() }},
            }));
        }
    }
    Ok(json!({"subnetSet": {"item": shown}}))
}
