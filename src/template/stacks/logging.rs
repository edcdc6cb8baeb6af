//! Where what happened is kept.

use super::{LOG_DAYS, MANAGEMENT, ORGANIZATION, TRAIL, parameter};
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
        ],
        deployed: &[
            TRAIL,
            parameter("BucketName", "the bucket of the log archive", Shape::Text, Preset::Required),
            parameter("KeyArn", "the key of the log archive", Shape::Text, Preset::Required),
        ],
        management_account: true,
        text: include_str!("../../../templates/stacks/organization-trail.yaml.hbs"),
    },
];
