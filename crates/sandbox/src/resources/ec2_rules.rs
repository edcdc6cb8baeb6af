//! Security groups and network ACLs of Amazon EC2.

use serde_json::json;

use super::kind::{ResourceType, resource};
use crate::model::resources::{SUBNET, VPC};

const SECURITY_GROUP: &str = "AWS::EC2::SecurityGroup";
const NETWORK_ACL: &str = "AWS::EC2::NetworkAcl";

pub(super) const TYPES: &[ResourceType] = &[
    resource(SECURITY_GROUP, |draft| draft.hexadecimal("sg"))
        .required(&["GroupDescription"])
        .refers(&[("VpcId", VPC)])
        .attributes(|draft, id| json!({"GroupId": id, "Id": id, "VpcId": draft.text("VpcId")}))
        .tagged(),
    resource("AWS::EC2::SecurityGroupIngress", |draft| draft.hexadecimal("sgr"))
        .required(&["IpProtocol"])
        .refers(&[("GroupId", SECURITY_GROUP), ("SourceSecurityGroupId", SECURITY_GROUP)])
        .attributes(|_, id| json!({"Id": id})),
    resource("AWS::EC2::SecurityGroupEgress", |draft| draft.hexadecimal("sgr"))
        .required(&["GroupId", "IpProtocol"])
        .refers(&[("GroupId", SECURITY_GROUP), ("DestinationSecurityGroupId", SECURITY_GROUP)])
        .attributes(|_, id| json!({"Id": id})),
    resource(NETWORK_ACL, |draft| draft.hexadecimal("acl"))
        .required(&["VpcId"])
        .refers(&[("VpcId", VPC)])
        .attributes(|_, id| json!({"Id": id}))
        .tagged(),
    resource("AWS::EC2::NetworkAclEntry", |draft| draft.generated())
        .required(&["NetworkAclId", "Protocol", "RuleAction", "RuleNumber"])
        .refers(&[("NetworkAclId", NETWORK_ACL)])
        .attributes(|_, id| json!({"Id": id})),
    resource("AWS::EC2::SubnetNetworkAclAssociation", |draft| draft.hexadecimal("aclassoc"))
        .required(&["NetworkAclId", "SubnetId"])
        .refers(&[("NetworkAclId", NETWORK_ACL), ("SubnetId", SUBNET)])
        .attributes(|_, id| json!({"AssociationId": id})),
];
