use super::catalogue::StackTemplate;
use super::parameter::{Parameter, Preset, Shape};

static STACKS: [StackTemplate; 6] = [
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
        text: include_str!("../../templates/stacks/log-archive.yaml.hbs"),
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
        text: include_str!("../../templates/stacks/organization-trail.yaml.hbs"),
    },
    StackTemplate {
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
        text: include_str!("../../templates/stacks/network.yaml.hbs"),
    },
    StackTemplate {
        name: "budget",
        summary: "A monthly budget in US dollars that tells before it is spent; not in GovCloud",
        rendered: &[
            parameter("limit_usd", "US dollars a month", Shape::Amount, Preset::Required),
            parameter("emails", "who is told, one to ten", Shape::Texts, Preset::Required),
            parameter("thresholds", "percent spent at which they are told", Shape::Amounts, Preset::Wholes(&[80, 100])),
            parameter(
                "forecast_thresholds",
                "percent forecast at which they are told; at most five with `thresholds`",
                Shape::Amounts,
                Preset::Wholes(&[100]),
            ),
        ],
        deployed: &[parameter("BudgetName", "how it is called", Shape::Text, Preset::Text("landing-monthly"))],
        management_account: true,
        text: include_str!("../../templates/stacks/budget.yaml.hbs"),
    },
    StackTemplate {
        name: "landing-roles",
        summary: "The roles that landing plans and applies with",
        rendered: &[
            parameter(
                "plan_actions",
                "actions that planning takes beside reading stacks",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "plan_managed_policies",
                "AWS managed policies for planning; finding drift in stacks takes reading what is in them",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "apply_managed_policies",
                "AWS managed policies for applying",
                Shape::Texts,
                Preset::Texts(&["AdministratorAccess"]),
            ),
            parameter(
                "oidc_provider",
                "the identity provider of a CI system, such as token.actions.githubusercontent.com or gitlab.com",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter("oidc_audience", "the audience of its tokens", Shape::Text, Preset::Text("sts.amazonaws.com")),
            parameter(
                "oidc_existing",
                "whether the provider is in the management account already",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter(
                "plan_subjects",
                "subjects of tokens that may plan, `*` stands for anything",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter("apply_subjects", "subjects of tokens that may apply", Shape::Texts, Preset::Texts(&[])),
        ],
        deployed: &[MANAGEMENT],
        management_account: true,
        text: include_str!("../../templates/stacks/landing-roles.yaml.hbs"),
    },
    StackTemplate {
        name: "landing-templates",
        summary: "The bucket of templates that are too large for a request; landing makes it where it needs one",
        rendered: &[],
        deployed: &[ORGANIZATION],
        management_account: true,
        text: include_str!("../../templates/stacks/landing-templates.yaml.hbs"),
    },
];

/// The days for which CloudWatch Logs keeps events.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const LOG_DAYS: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const ORGANIZATION: Parameter =
    parameter("OrganizationId", "the organization's id", Shape::Text, Preset::Text("${organization}"));
const MANAGEMENT: Parameter =
    parameter("ManagementAccountId", "the management account's id", Shape::Text, Preset::Text("${management}"));
const TRAIL: Parameter =
    parameter("TrailName", "the organization trail's name", Shape::Text, Preset::Text("organization-trail"));

const fn parameter(name: &'static str, about: &'static str, shape: Shape, preset: Preset) -> Parameter {
    Parameter { name, about, shape, preset }
}

/// Every built-in template of a stack.
pub fn stacks() -> &'static [StackTemplate] {
    &STACKS
}

/// The built-in template of a stack that is called so.
pub fn stack(name: &str) -> Option<&'static StackTemplate> {
    STACKS.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests;
