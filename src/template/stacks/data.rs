//! Data and the keys that encrypt it.

use super::parameters::{ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "data-keys",
        summary: "A key for each class of data, with those who administer it apart from those who use it",
        rendered: &[
            parameter(
                "classes",
                "the classes, each with a key; one that is dropped leaves its key to the resources that have it",
                Shape::Labels(20),
                Preset::Required,
            ),
            parameter("alias_prefix", "how the keys' aliases begin", Shape::Label(20), Preset::Text("data")),
            parameter(
                "administrators",
                "names of roles, with their paths, that alone administer the keys and cannot use them, the one that makes \
                 the stack among them; where none is given, IAM policies say who does",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "users",
                "names of roles, with their paths, that alone use the keys, `*` stands for anything; where none is given, \
                 IAM policies say who does",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "services",
                "the services through which they are used",
                Shape::Labels(30),
                Preset::Texts(&["s3", "sagemaker", "ec2", "elasticfilesystem"]),
            ),
            parameter(
                "rotation_days",
                "days after which a key gets new material",
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
        summary: "A private, encrypted bucket for customers' data, reached only in the ways that it names",
        rendered: &[
            parameter("bucket_prefix", "how its name begins", Shape::Label(20), Preset::Text("customer-data")),
            parameter(
                "encryption_header",
                "whether uploads must name their encryption; those that name none are encrypted in any case",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter(
                "old_version_days",
                "days for which what was overwritten or deleted is kept",
                Shape::Whole(1, 36_500),
                Preset::Whole(90),
            ),
            parameter(
                "access_log_days",
                "days for which it is kept who read the data",
                Shape::Whole(1, 36_500),
                Preset::Whole(365),
            ),
        ],
        deployed: &[
            ORGANIZATION,
            parameter("KeyArn", "the key for this class of data", Shape::Text, Preset::Required),
            parameter(
                "AccessLogBucketName",
                "a bucket of the account and region that says who reads the data; without it one is made",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter(
                "SourceVpces",
                "ids of VPC endpoints through which alone the data is read and written",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter("ReaderAccounts", "ids of other accounts that may read", Shape::Texts, Preset::Texts(&[])),
        ],
        management_account: false,
        text: include_str!("../../../templates/stacks/customer-data-bucket.yaml.hbs"),
    },
];
