//! Where what happened is kept.

use super::parameters::{LOG_DAYS, MANAGEMENT, ORGANIZATION, TRAIL, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "log-archive",
        summary: "The log archive: buckets for the organization's CloudTrail, AWS Config and access logs, and their key",
        rendered: &[
            parameter("bucket_prefix", "the prefix of the buckets' names", Shape::Label(20), Preset::Text("landing")),
            parameter("retain_days", "days after which logs are deleted", Shape::Whole(1, 36_500), Preset::Whole(2555)),
            parameter(
                "object_lock",
                "how Object Lock protects CloudTrail's files from deletion; it cannot be turned off later",
                Shape::Choice(&["governance", "compliance", "off"]),
                Preset::Text("governance"),
            ),
            parameter("lock_days", "days for which files are locked", Shape::Whole(1, 36_500), Preset::Whole(30)),
            parameter(
                "existing",
                "names of existing buckets, and the ARN of an existing key, to use instead of new ones: landing does not \
                 change them, so their own policies must allow CloudTrail, AWS Config and S3 to write",
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
            parameter(
                "log_group_days",
                "days for which CloudWatch Logs keeps them",
                Shape::OneOf(&LOG_DAYS),
                Preset::Whole(365),
            ),
            parameter(
                "existing",
                "the ARN of an existing trail to use instead of a new one; landing does not change it",
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
        summary: "Athena queries of CloudTrail's files, in the log archive's account and region",
        rendered: &[
            parameter(
                "bucket_prefix",
                "the prefix of the name of the bucket for results; use that of the log archive's buckets",
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
            parameter("database", "the database's name", Shape::Text, Preset::Text("organization_trail")),
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
                "ids of the accounts that a query searches if it names none; without them, every query must name one",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "RegionNames",
                "the regions whose events can be searched; those that every account has unless given",
                Shape::Texts,
                Preset::Texts(&REGIONS),
            ),
            parameter(
                "WorkGroupName",
                "the name of the workgroup and of the policy for principals that search",
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
