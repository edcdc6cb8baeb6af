//! Looking at what is there, and telling.

use super::parameter;
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Parameter, Preset, Shape};

/// The accounts of a stack set that have already what it would make, and can have only one.
const EXISTING_IN: Parameter = parameter(
    "existing_in",
    "ids of accounts that have it already, such as `${account/NAME}`: what they have stays as it is",
    Shape::Texts,
    Preset::Texts(&[]),
);

/// Where what is the same in every region is looked at.
const HOME_REGION: Parameter = parameter(
    "home_region",
    "the region for what is the same in all of them; the organization's unless given",
    Shape::Text,
    Preset::Organization,
);

const RULE: &[Parameter] = &[
    parameter("name", "how the rule is called", Shape::Text, Preset::Required),
    parameter("identifier", "the managed rule, such as ROOT_ACCOUNT_MFA_ENABLED", Shape::Text, Preset::Required),
    parameter("description", "what it finds", Shape::Text, Preset::Text("")),
    parameter("input_parameters", "what the rule is told", Shape::Values, Preset::NoValues),
    parameter("resource_types", "the types that it looks at", Shape::Texts, Preset::Texts(&[])),
    parameter("frequency", "how often it looks, such as TwentyFour_Hours", Shape::Text, Preset::Text("")),
];

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "config-recorder",
        summary: "AWS Config's recorder in an account and region, which delivers to the log archive",
        rendered: &[
            HOME_REGION,
            parameter(
                "role",
                "`own`, or `service-linked` for AWSServiceRoleForConfig, which must be in the account",
                Shape::Choice(&["own", "service-linked"]),
                Preset::Text("own"),
            ),
            parameter(
                "frequency",
                "whether every change is recorded or the state of each day",
                Shape::Choice(&["continuous", "daily"]),
                Preset::Text("continuous"),
            ),
            parameter(
                "recorder_name",
                "how the recorder and its delivery channel are called",
                Shape::Text,
                Preset::Text("default"),
            ),
            EXISTING_IN,
        ],
        deployed: &[parameter("BucketName", "the log archive's bucket for AWS Config", Shape::Text, Preset::Required)],
        management_account: true,
        text: include_str!("../../../templates/stacks/config-recorder.yaml.hbs"),
    },
    StackTemplate {
        name: "config-aggregator",
        summary: "What AWS Config records in the whole organization, seen from its delegated administrator",
        rendered: &[parameter(
            "aggregated_regions",
            "the regions that it sees; all of them unless given",
            Shape::Texts,
            Preset::Texts(&[]),
        )],
        deployed: &[parameter("AggregatorName", "how it is called", Shape::Text, Preset::Text("organization"))],
        management_account: false,
        text: include_str!("../../../templates/stacks/config-aggregator.yaml.hbs"),
    },
    StackTemplate {
        name: "config-rules",
        summary: "AWS Config's managed rules, for an account and region or, from the delegated administrator, for all",
        rendered: &[
            parameter("rules", "the rules", Shape::Rows(RULE), Preset::Required),
            parameter(
                "scope",
                "`account`, or `organization` for every account's rules from the delegated administrator",
                Shape::Choice(&["account", "organization"]),
                Preset::Text("account"),
            ),
            parameter(
                "excluded_accounts",
                "ids of accounts that the organization's rules leave out, those without a recorder first",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
        ],
        deployed: &[],
        management_account: true,
        text: include_str!("../../../templates/stacks/config-rules.yaml.hbs"),
    },
];
