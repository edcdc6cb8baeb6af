//! The lists of addresses that AWS keeps for services with gateway endpoints.

use serde_json::json;

use crate::aws_error::Answer;
use crate::ids::hexadecimal;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[operation("DescribeManagedPrefixLists", describe_managed_prefix_lists)];

fn describe_managed_prefix_lists(request: &mut Request<'_>) -> Answer {
    let (partition, region) = (&request.state.partition, &request.region);
    let lists = ["s3", "dynamodb"].map(|service| {
        let name = format!("com.amazonaws.{region}.{service}");
        let id = format!("pl-{}", hexadecimal(&name, 8));
        json!({
            "prefixListId": id,
            "prefixListName": name,
            "prefixListArn": format!("arn:{partition}:ec2:{region}:aws:prefix-list/{id}"),
            "addressFamily": "IPv4",
            "ownerId": "AWS",
            "state": "create-complete",
        })
    });
    Ok(json!({"prefixListSet": {"item": lists}}))
}
