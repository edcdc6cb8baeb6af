use ipnet::Ipv4Net;
use serde_json::Value;

use super::deployed::Version;

/// The addresses of the VPCs that a template makes, as far as its parameters say them. A VPC with the metadata
/// `Isolated: true` is never connected to others and counts for none.
#[must_use]
pub fn networks(version: &Version<'_>) -> Vec<Ipv4Net> {
    let resources = version.resources();
    let vpcs = resources.values().filter(|it| it["Type"] == "AWS::EC2::VPC" && it["Metadata"]["Isolated"] != true);
    let cidr = |vpc: &Value| vpc["Properties"]["CidrBlock"].as_str()?.parse().ok();
    vpcs.filter_map(cidr).collect()
}
