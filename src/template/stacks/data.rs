//! Data and the keys that encrypt it.

use super::parameters::{ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "data-keys",
        summary: "A KMS key for each class of data, with separate administrators and users",
        rendered: &[
            parameter(
                "classes",
                "the classes, each with a key; the key of a class that is removed stays in the account",
                Shape::Labels(20),
                Preset::Required,
            ),
            parameter("alias_prefix", "the prefix of the keys' aliases", Shape::Label(20), Preset::Text("data")),
            parameter(
                "administrators",
                "names of roles, with their paths: only they can administer the keys, and they cannot use them; include the \
                 role that creates the stack. Unless given, IAM policies decide",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "users",
                "names of roles, with their paths: only they can use the keys; `*` matches any characters. Unless given, IAM \
                 policies decide",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "services",
                "the services through which the keys can be used",
                Shape::Labels(30),
                Preset::Texts(&["s3", "sagemaker", "ec2", "elasticfilesystem"]),
            ),
            parameter(
                "rotation_days",
                "days after which KMS rotates the key material",
                Shape::Whole(90, 2560),
                Preset::Whole(365),
            ),
        ],
        deployed: &[parameter(
            "UserAccounts",
            "ids of other accounts that may use the keys",
            Shape::Texts,
            Preset::Texts(&[]),
        )],
        management_account: false,
        text: include_str!("../../../templates/stacks/data-keys.yaml.hbs"),
    },
    StackTemplate {
        name: "customer-data-bucket",
        summary: "A private, encrypted bucket for customer data that allows access only in the ways it names",
        rendered: &[
            parameter("bucket_prefix", "the prefix of its name", Shape::Label(20), Preset::Text("customer-data")),
            parameter(
                "encryption_header",
                "whether uploads must send an encryption header; uploads without one are encrypted in any case",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter(
                "old_version_days",
                "days for which overwritten and deleted versions are kept",
                Shape::Whole(1, 36_500),
                Preset::Whole(90),
            ),
            parameter(
                "access_log_days",
                "days for which access logs are kept",
                Shape::Whole(1, 36_500),
                Preset::Whole(365),
            ),
        ],
        deployed: &[
            ORGANIZATION,
            parameter("KeyArn", "the key for this class of data", Shape::Text, Preset::Required),
            parameter(
                "AccessLogBucketName",
                "a bucket of the account and region for access logs; created unless given",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter(
                "SourceVpces",
                "ids of the only VPC endpoints through which the data can be read and written",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter("ReaderAccounts", "ids of other accounts that may read", Shape::Texts, Preset::Texts(&[])),
        ],
        management_account: false,
        text: include_str!("../../../templates/stacks/customer-data-bucket.yaml.hbs"),
    },
];
