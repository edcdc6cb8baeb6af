//! Where what happened is kept.

use super::parameters::{LOG_DAYS, MANAGEMENT, ORGANIZATION, TRAIL, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "log-archive",
        summary: "The buckets that keep what happened in the organization, and their key",
        rendered: &[
            parameter("bucket_prefix", "how the buckets' names begin", Shape::Label(20), Preset::Text("landing")),
            parameter("retain_days", "days after which logs are deleted", Shape::Whole(1, 36_500), Preset::Whole(2555)),
            parameter(
                "object_lock",
                "how CloudTrail's files are protected from deletion; what is on stays on",
                Shape::Choice(&["governance", "compliance", "off"]),
                Preset::Text("governance"),
            ),
            parameter("lock_days", "days for which they are", Shape::Whole(1, 36_500), Preset::Whole(30)),
            parameter(
                "existing",
                "names of buckets that are there already, and the ARN of a key, instead of those that are made: they stay \
                 as they are, so that their own policies must let CloudTrail, AWS Config and S3 write",
                Shape::Names(&["trail_bucket", "config_bucket", "access_log_bucket", "key"]),
                Preset::NoValues,
            ),
        ],
        deployed: &[ORGANIZATION, MANAGEMENT, TRAIL],
        management_account: false,
        text: include_str!("../../../templates/stacks/log-archive.yaml.hbs"),
    },
    StackTemplate {
        name: "organization-trail",
        summary: "CloudTrail for every account and region, in the management account",
        rendered: &[
            parameter(
                "cloudwatch_logs",
                "whether events go to CloudWatch Logs as well",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter("log_group_days", "days for which they stay there", Shape::OneOf(&LOG_DAYS), Preset::Whole(365)),
            parameter(
                "existing",
                "the ARN of a trail that is there already, which stays as it is instead of one that is made",
                Shape::Names(&["trail"]),
                Preset::NoValues,
            ),
        ],
        deployed: &[
            TRAIL,
            parameter("BucketName", "the bucket of the log archive", Shape::Text, Preset::Required),
            parameter("KeyArn", "the key of the log archive", Shape::Text, Preset::Required),
        ],
        management_account: true,
        text: include_str!("../../../templates/stacks/organization-trail.yaml.hbs"),
    },
    StackTemplate {
        name: "trail-search",
        summary: "Athena, which searches CloudTrail's files in the log archive's account and region",
        rendered: &[
            parameter(
                "bucket_prefix",
                "how the name of the bucket with the results begins: as the log archive's buckets do",
                Shape::Label(20),
                Preset::Text("landing"),
            ),
            parameter("result_days", "days for which results are kept", Shape::Whole(1, 36_500), Preset::Whole(30)),
            parameter("days", "days back that can be searched", Shape::Whole(1, 36_500), Preset::Whole(2555)),
            parameter(
                "scanned_bytes",
                "bytes that a query may read before it is stopped",
                Shape::Whole(10_000_000, 7_000_000_000_000_000),
                Preset::Whole(1_000_000_000_000),
            ),
            parameter("database", "how the database is called", Shape::Text, Preset::Text("organization_trail")),
        ],
        deployed: &[
            ORGANIZATION,
            MANAGEMENT,
            parameter("BucketName", "the log archive's bucket for CloudTrail", Shape::Text, Preset::Required),
            parameter("KeyArn", "the log archive's key", Shape::Text, Preset::Required),
            parameter(
                "AccessLogBucketName",
                "the log archive's bucket for access logs; none are kept without it",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter(
                "AccountIds",
                "ids of the accounts that a query looks at if it names none; without them it must name one",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "RegionNames",
                "the regions whose events can be found; those that every account has unless given",
                Shape::Texts,
                Preset::Texts(&REGIONS),
            ),
            parameter(
                "WorkGroupName",
                "how the workgroup and the policy of those who search are called",
                Shape::Text,
                Preset::Text("trail-search"),
            ),
        ],
        management_account: false,
        text: include_str!("../../../templates/stacks/trail-search.yaml.hbs"),
    },
];

/// The regions that no account has to enable.
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
