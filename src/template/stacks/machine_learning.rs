//! Machine learning.

use super::parameters::parameter;
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "ml-boundary",
        summary: "What those who work on machine learning, and the roles that they work with, never go beyond",
        rendered: &[
            parameter(
                "name",
                "how the policy is called; the built-in permission sets say `ml-boundary`",
                Shape::Label(64),
                Preset::Text("ml-boundary"),
            ),
            parameter(
                "services",
                "services that may be used as well, such as `bedrock`",
                Shape::Labels(40),
                Preset::Texts(&[]),
            ),
        ],
        deployed: &[],
        management_account: false,
        text: include_str!("../../../templates/stacks/ml-boundary.yaml.hbs"),
    },
    StackTemplate {
        name: "sagemaker-studio",
        summary: "SageMaker Studio within the network, for people who sign in by IAM Identity Center, in its region",
        rendered: &[
            parameter("domain_name", "how it is called", Shape::Label(40), Preset::Text("studio")),
            parameter(
                "existing",
                "the id of a domain that is there already: then people are let into that one, and no other is made",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter(
                "users",
                "the names of people as Identity Center has them; a name that is dropped loses what is kept for it",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "boundary",
                "the name of a policy of the account that the role in Studio does not go beyond; see `ml-boundary`",
                Shape::Text,
                Preset::Text("ml-boundary"),
            ),
            parameter(
                "idle_minutes",
                "minutes after which an idle notebook is shut down",
                Shape::Whole(60, 525_600),
                Preset::Whole(120),
            ),
            parameter(
                "volume_gb",
                "the most space that a notebook may have",
                Shape::Whole(5, 16_384),
                Preset::Whole(100),
            ),
        ],
        deployed: &[
            parameter("VpcId", "the network", Shape::Text, Preset::Declared),
            parameter("VpcCidr", "its addresses", Shape::Text, Preset::Declared),
            parameter(
                "SubnetIds",
                "its private subnets, as a list or with commas between them",
                Shape::TextOrTexts,
                Preset::Declared,
            ),
            parameter("KeyArn", "the key that encrypts people's files", Shape::Text, Preset::Declared),
            parameter(
                "S3PrefixListId",
                "the region's managed prefix list of S3, so that Studio reaches S3: `${prefix-list/REGION/s3}`",
                Shape::Text,
                Preset::Declared,
            ),
            parameter(
                "DataBucketArns",
                "ARNs of buckets that code in Studio reads and writes, as a list or with commas between them",
                Shape::TextOrTexts,
                Preset::Declared,
            ),
            parameter(
                "DataKeyArns",
                "ARNs of the keys of those buckets, as a list or with commas between them",
                Shape::TextOrTexts,
                Preset::Declared,
            ),
        ],
        management_account: false,
        text: include_str!("../../../templates/stacks/sagemaker-studio.yaml.hbs"),
    },
    StackTemplate {
        name: "control-tower-controls",
        summary: "Controls of AWS Control Tower on a unit, in the management account and Control Tower's home region",
        rendered: &[parameter(
            "controls",
            "ARNs of controls, or what comes after `control/` in them; mandatory ones are always on, and those that need \
             parameters are enabled in Control Tower",
            Shape::Texts,
            Preset::Required,
        )],
        deployed: &[parameter(
            "TargetArn",
            "the unit's ARN: arn:aws:organizations::${management}:ou/${organization}/${ou/NAME}",
            Shape::Text,
            Preset::Required,
        )],
        management_account: true,
        text: include_str!("../../../templates/stacks/control-tower-controls.yaml.hbs"),
    },
];
