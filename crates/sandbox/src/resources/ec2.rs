//! Networks of Amazon EC2.

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::ids;
use crate::model::resources::{Place, SUBNET, VPC};
use crate::shared::inventory;
use crate::shared::inventory::all;
use crate::state::State;

pub(super) const ROUTE_TABLE: &str = "AWS::EC2::RouteTable";
pub(super) const INTERNET_GATEWAY: &str = "AWS::EC2::InternetGateway";

const OF_VPC: &[(&str, &str)] = &[("VpcId", VPC)];

pub(super) const TYPES: &[ResourceType] = &[
    resource(VPC, |draft| draft.hexadecimal("vpc"))
        .attributes(vpc)
        .check(|_, draft| block(draft).map(|_| ()))
        .may_go(is_empty)
        .tagged(),
    resource(SUBNET, |draft| draft.hexadecimal("subnet"))
        .required(&["VpcId"])
        .refers(OF_VPC)
        .attributes(subnet)
        .check(subnet_fits)
        .tagged(),
    resource(ROUTE_TABLE, |draft| draft.hexadecimal("rtb"))
        .required(&["VpcId"])
        .refers(OF_VPC)
        .attributes(|_, id| json!({"RouteTableId": id}))
        .tagged(),
    resource("AWS::EC2::SubnetRouteTableAssociation", |draft| draft.hexadecimal("rtbassoc"))
        .required(&["RouteTableId", "SubnetId"])
        .refers(&[("RouteTableId", ROUTE_TABLE), ("SubnetId", SUBNET)])
        .attributes(|_, id| json!({"Id": id})),
    resource(INTERNET_GATEWAY, |draft| draft.hexadecimal("igw"))
        .attributes(|_, id| json!({"InternetGatewayId": id}))
        .tagged(),
    resource("AWS::EC2::VPCGatewayAttachment", |draft| format!("IGW|{}", draft.text("VpcId").unwrap_or_default()))
        .required(&["VpcId"])
        .refers(&[("VpcId", VPC), ("InternetGatewayId", INTERNET_GATEWAY)])
        .attributes(|_, _| json!({"AttachmentType": "IGW"})),
    resource("AWS::EC2::Route", route)
        .required(&["RouteTableId"])
        .refers(&[("RouteTableId", ROUTE_TABLE), ("GatewayId", INTERNET_GATEWAY)])
        .attributes(|draft, _| json!({"CidrBlock": draft.text("DestinationCidrBlock")})),
    resource("AWS::EC2::VPCEndpoint", |draft| draft.hexadecimal("vpce"))
        .required(&["VpcId"])
        .refers(&[
            ("VpcId", VPC),
            ("SubnetIds", SUBNET),
            ("RouteTableIds", ROUTE_TABLE),
            ("SecurityGroupIds", "AWS::EC2::SecurityGroup"),
        ])
        .attributes(endpoint)
        .tagged(),
    resource("AWS::EC2::FlowLog", |draft| draft.hexadecimal("fl"))
        .required(&["ResourceId", "ResourceType"])
        .attributes(|_, id| json!({"Id": id}))
        .check(watched)
        .tagged(),
];

fn block(draft: &Draft<'_>) -> Result<Option<Ipv4Net>, String> {
    let Some(text) = draft.text("CidrBlock") else {
        return Ok(None);
    };
    let block: Ipv4Net = text.parse().map_err(|_| {
        format!(
            "Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block. (Service: \
        Ec2, Error Code: InvalidParameterValue)"
        )
    })?;
    if !(16..=28).contains(&block.prefix_len()) {
        return Err(format!("The CIDR '{text}' is invalid. (Service: Ec2, Error Code: InvalidVpc.Range)"));
    }
    Ok(Some(block))
}

fn vpc(draft: &Draft<'_>, id: &str) -> Value {
    let made = |prefix: &str| format!("{prefix}-{}", ids::hexadecimal(&format!("{prefix}/{id}"), 17));
    json!({
        "VpcId": id,
        "CidrBlock": draft.text("CidrBlock"),
        "CidrBlockAssociations": [made("vpc-cidr-assoc")],
        "DefaultNetworkAcl": made("acl"),
        "DefaultSecurityGroup": made("sg"),
        "Ipv6CidrBlocks": [],
    })
}

/// A VPC goes only after its subnets.
fn is_empty(state: &State, place: &Place, id: &str) -> Result<(), String> {
    let inside =
        all(state, place, SUBNET).any(|(_, subnet)| subnet.properties.get("VpcId").is_some_and(|vpc| vpc == id));
    if inside {
        return Err(format!(
            "The vpc '{id}' has dependencies and cannot be deleted. (Service: Ec2, Status Code: 400, Error \
                Code: DependencyViolation)"
        ));
    }
    Ok(())
}

fn subnet(draft: &Draft<'_>, id: &str) -> Value {
    let first = format!("{}a", draft.place.region);
    json!({
        "SubnetId": id,
        "VpcId": draft.text("VpcId"),
        "CidrBlock": draft.text("CidrBlock"),
        "AvailabilityZone": draft.text("AvailabilityZone").unwrap_or(&first),
        "NetworkAclAssociationId": format!("aclassoc-{}", ids::hexadecimal(id, 17)),
        "Ipv6CidrBlocks": [],
    })
}

/// A subnet lies within its VPC and overlaps with no other.
fn subnet_fits(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(own) = block(draft)? else {
        return Ok(());
    };
    let id = draft.text("VpcId").unwrap_or_default();
    let parsed = |properties: &Value| {
        properties.get("CidrBlock").and_then(Value::as_str).and_then(|text| text.parse::<Ipv4Net>().ok())
    };
    let outside = inventory::find(state, draft.place, VPC, id)
        .and_then(|vpc| parsed(&vpc.properties))
        .is_some_and(|vpc| !vpc.contains(&own));
    if outside {
        return Err(format!(
            "The CIDR '{own}' is invalid. (Service: Ec2, Status Code: 400, Error Code: InvalidSubnet.Range)"
        ));
    }
    let overlaps = |other: Ipv4Net| other.contains(&own) || own.contains(&other);
    let mut others = all(state, draft.place, SUBNET).filter(|(_, subnet)| {
        let itself = subnet.stack == draft.stack_id && parsed(&subnet.properties) == Some(own);
        subnet.properties.get("VpcId").is_some_and(|vpc| vpc == id) && !itself
    });
    if others.any(|(_, other)| parsed(&other.properties).is_some_and(overlaps)) {
        return Err(format!(
            "The CIDR '{own}' conflicts with another subnet (Service: Ec2, Status Code: 400, Error Code: \
                InvalidSubnet.Conflict)"
        ));
    }
    Ok(())
}

fn route(draft: &Draft<'_>) -> String {
    let destinations = ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];
    let destination = destinations.iter().find_map(|name| draft.text(name));
    format!("{}|{}", draft.text("RouteTableId").unwrap_or_default(), destination.unwrap_or_default())
}

fn endpoint(_: &Draft<'_>, id: &str) -> Value {
    json!({"Id": id, "DnsEntries": [], "NetworkInterfaceIds": []})
}

fn watched(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let id = draft.text("ResourceId").unwrap_or_default();
    let kind = match draft.text("ResourceType") {
        Some("VPC") => VPC,
        Some("Subnet") => SUBNET,
        _ => return Ok(()),
    };
    if inventory::find(state, draft.place, kind, id).is_none() {
        return Err(format!("The resource '{id}' does not exist (Service: Ec2, Error Code: InvalidVpcId.NotFound)"));
    }
    Ok(())
}
