//! Machine learning.

use super::parameters::parameter;
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "ml-boundary",
        summary: "The permissions boundary of people who work on machine learning, and of the roles that they use",
        rendered: &[
            parameter(
                "name",
                "the policy's name; the built-in permission sets refer to `ml-boundary`",
                Shape::Label(64),
                Preset::Text("ml-boundary"),
            ),
            parameter(
                "services",
                "further services that the boundary allows, such as `bedrock`",
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
        summary: "SageMaker Studio in a VPC, for users who sign in with IAM Identity Center, in the region of Identity Center",
        rendered: &[
            parameter("domain_name", "the domain's name", Shape::Label(40), Preset::Text("studio")),
            parameter(
                "existing",
                "the id of an existing domain: the users get access to it, and no new domain is created",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter(
                "users",
                "user names of Identity Center; removing a name deletes the user's profile and its data",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "boundary",
                "the name of a policy of the account that is the permissions boundary of Studio's role; see `ml-boundary`",
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
                "the maximum storage of a notebook, in GB",
                Shape::Whole(5, 16_384),
                Preset::Whole(100),
            ),
        ],
        deployed: &[
            parameter("VpcId", "the VPC's id", Shape::Text, Preset::Declared),
            parameter("VpcCidr", "the VPC's CIDR block", Shape::Text, Preset::Declared),
            parameter(
                "SubnetIds",
                "ids of the VPC's private subnets, as a list or comma-separated",
                Shape::TextOrTexts,
                Preset::Declared,
            ),
            parameter("KeyArn", "the ARN of the key that encrypts users' files", Shape::Text, Preset::Declared),
            parameter(
                "S3PrefixListId",
                "the region's managed prefix list of S3, so that Studio can reach S3: `${prefix-list/REGION/s3}`",
                Shape::Text,
                Preset::Declared,
            ),
            parameter(
                "DataBucketArns",
                "ARNs of buckets that code in Studio can read and write, as a list or comma-separated",
                Shape::TextOrTexts,
                Preset::Declared,
            ),
            parameter(
                "DataKeyArns",
                "ARNs of the keys of those buckets, as a list or comma-separated",
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
            "ARNs of controls, or the part after `control/`; mandatory controls are always on, and controls that require \
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
