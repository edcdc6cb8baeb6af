//! Networks.

use super::parameters::{LOG_DAYS, ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

/// What is not given.
const UNSAID: Preset = Preset::Text("");

pub(super) static STACKS: &[StackTemplate] = &[StackTemplate {
    name: "network",
    summary: "A VPC with private subnets that can be shared with other accounts",
    rendered: &[
        parameter("cidr", "the VPC's CIDR block, unless it is cut from a `pool`", Shape::Network(16, 28), UNSAID),
        parameter("pool", "a CIDR block that several networks are cut from", Shape::Network(8, 28), UNSAID),
        parameter("pool_prefix", "the prefix length of each network", Shape::Whole(16, 28), Preset::Whole(16)),
        parameter(
            "pool_index",
            "which part of the pool this network gets; the first is 0",
            Shape::Whole(0, 4095),
            Preset::Whole(0),
        ),
        parameter(
            "isolated",
            "whether other networks may have the same addresses, since this one is never connected to them",
            Shape::Flag,
            Preset::Flag(false),
        ),
        parameter("zones", "the number of availability zones", Shape::Whole(1, 6), Preset::Whole(3)),
        parameter(
            "zone_ids",
            "ids of these availability zones, such as euw1-az1, the same in every account; the account's first zones \
             unless given. Use zones that support all the `endpoints`: `aws ec2 describe-vpc-endpoint-services` lists them",
            Shape::Texts,
            Preset::Texts(&[]),
        ),
        parameter(
            "subnet_bits",
            "each half of the addresses is cut into 2 to this power subnets, the lower half private, the upper one public",
            Shape::Whole(0, 11),
            Preset::Whole(3),
        ),
        parameter(
            "internet",
            "`none`, or `public` for public subnets with an internet gateway beside the private ones",
            Shape::Choice(&["none", "public"]),
            Preset::Text("none"),
        ),
        parameter(
            "endpoints",
            "services beside S3 to reach without the internet: names such as `sts` or `ecr.api`, and `sagemaker` for \
             all that SageMaker requires; AWS charges for each by the hour and zone",
            Shape::Texts,
            Preset::Texts(&[]),
        ),
        parameter(
            "aws_buckets",
            "names of AWS's own buckets that may be read",
            Shape::Texts,
            Preset::Texts(&[
                "prod-${AWS::Region}-starport-layer-bucket",
                "jumpstart-cache-prod-${AWS::Region}",
                "al2023-repos-${AWS::Region}-de612dc2",
            ]),
        ),
        parameter(
            "image_accounts",
            "accounts of AWS whose container images may be read; the preset has the Deep Learning Containers of most regions",
            Shape::Texts,
            Preset::Texts(&["763104351884"]),
        ),
        parameter("flow_logs", "whether traffic is logged", Shape::Flag, Preset::Flag(true)),
        parameter("flow_log_days", "days for which the log is kept", Shape::OneOf(&LOG_DAYS), Preset::Whole(30)),
    ],
    deployed: &[
        ORGANIZATION,
        parameter("NetworkName", "the VPC's name", Shape::Text, Preset::Text("landing")),
        parameter(
            "ShareWith",
            "ARNs of organizational units or the organization, or ids of accounts, that may use the subnets",
            Shape::Texts,
            Preset::Texts(&[]),
        ),
        parameter(
            "S3PrefixListId",
            "the region's managed prefix list of S3, so that the security group allows traffic to S3",
            Shape::Text,
            Preset::Text(""),
        ),
    ],
    management_account: false,
    text: include_str!("../../../templates/stacks/network.yaml.hbs"),
}];
