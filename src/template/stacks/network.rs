//! Networks.

use super::{LOG_DAYS, ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[StackTemplate {
    name: "network",
    summary: "A VPC with private subnets that other accounts may use",
    rendered: &[
        parameter("cidr", "the VPC's addresses", Shape::Network(16, 28), Preset::Required),
        parameter("zones", "the number of availability zones", Shape::Whole(1, 6), Preset::Whole(3)),
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
        parameter("flow_logs", "whether traffic is logged", Shape::Flag, Preset::Flag(true)),
        parameter("flow_log_days", "days for which the log is kept", Shape::OneOf(&LOG_DAYS), Preset::Whole(30)),
    ],
    deployed: &[
        ORGANIZATION,
        parameter("NetworkName", "how it is called", Shape::Text, Preset::Text("landing")),
        parameter(
            "ShareWith",
            "ARNs of organizational units or the organization, or ids of accounts, that may use the subnets",
            Shape::Texts,
            Preset::Texts(&[]),
        ),
        parameter(
            "S3PrefixListId",
            "the region's managed prefix list of S3, so that the security group lets S3 be reached",
            Shape::Text,
            Preset::Text(""),
        ),
    ],
    management_account: false,
    text: include_str!("../../../templates/stacks/network.yaml.hbs"),
}];
