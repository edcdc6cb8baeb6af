//! Looking at what is there, and reporting.

use super::parameters::{ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Parameter, Preset, Shape};

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
    parameter("input_parameters", "the input parameters of the rule", Shape::Values, Preset::NoValues),
    parameter("resource_types", "the types that it looks at", Shape::Texts, Preset::Texts(&[])),
    parameter("frequency", "how often it looks, such as TwentyFour_Hours", Shape::Text, Preset::Text("")),
];

/// A hook of CloudFormation's.
const HOOK: &[Parameter] = &[
    parameter("name", "how the hook is called", Shape::Text, Preset::Required),
    parameter("controls", "AWS's proactive controls, such as CT.S3.PR.1", Shape::Texts, Preset::Required),
    parameter(
        "failure_mode",
        "whether what breaks them is refused or reported",
        Shape::Choice(&["FAIL", "WARN"]),
        Preset::Text("FAIL"),
    ),
];

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "config-recorder",
        summary: "AWS Config's recorder in an account and region, which delivers to the log archive",
        rendered: &[
            HOME_REGION,
            parameter(
                "role",
                "`own`, or `service-linked` for AWSServiceRoleForConfig, which the account has or service-linked-roles makes",
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
            parameter(
                "existing",
                "where a recorder of others stays as it is: ids of accounts such as `${account/NAME}`, or \
                 `${account/NAME}/REGION`",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
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
    StackTemplate {
        name: "proactive-controls",
        summary: "Hooks of CloudFormation, for an account and region: proactive controls of AWS look at what stacks are about \
                  to make",
        rendered: &[parameter("hooks", "the hooks", Shape::Rows(HOOK), Preset::Required)],
        deployed: &[],
        management_account: true,
        text: include_str!("../../../templates/stacks/proactive-controls.yaml.hbs"),
    },
    StackTemplate {
        name: "security-alerts",
        summary: "An encrypted topic that notifies people by email what the stacks of security-events send",
        rendered: &[
            parameter(
                "emails",
                "email addresses that are notified; each one confirms its subscription first",
                Shape::Texts,
                Preset::Required,
            ),
            parameter(
                "display_name",
                "whom the messages say that they are from",
                Shape::Text,
                Preset::Text("Security alerts"),
            ),
        ],
        deployed: &[ORGANIZATION],
        management_account: false,
        text: include_str!("../../../templates/stacks/security-alerts.yaml.hbs"),
    },
    StackTemplate {
        name: "security-events",
        summary: "EventBridge's rules of an account and region, which send the events that people should know of to \
                  security-alerts; us-east-1 must be among the regions, and GovCloud and China send to one region only",
        rendered: &[
            parameter("events", "what is sent", Shape::Choices(&EVENTS), Preset::Texts(&EVENTS)),
            parameter(
                "guardduty_severity",
                "the severity from which GuardDuty's findings are sent: 4 is medium, 7 high, 9 critical",
                Shape::Whole(1, 10),
                Preset::Whole(7),
            ),
            parameter(
                "security_hub_severities",
                "the severities of Security Hub's findings that are sent, each whenever it is updated while its workflow \
                 status is NEW",
                Shape::Choices(&["CRITICAL", "HIGH", "MEDIUM", "LOW"]),
                Preset::Texts(&["CRITICAL"]),
            ),
        ],
        deployed: &[parameter("BusArn", "the bus of security-alerts", Shape::Text, Preset::Required)],
        management_account: true,
        text: include_str!("../../../templates/stacks/security-events.yaml.hbs"),
    },
    StackTemplate {
        name: "service-linked-roles",
        summary: "Roles by which services act, for those that do not make them by themselves: Access Analyzer's must be \
                  in the management account before its delegated administrator has an analyzer",
        rendered: &[parameter(
            "services",
            "principals of services such as access-analyzer.amazonaws.com, whose role no account has yet",
            Shape::Texts,
            Preset::Required,
        )],
        deployed: &[],
        management_account: true,
        text: include_str!("../../../templates/stacks/service-linked-roles.yaml.hbs"),
    },
    StackTemplate {
        name: "access-analyzer",
        summary: "Analyzers of the organization in its delegated administrator: access from outside in every region, \
                  access that nobody uses in the home region",
        rendered: &[
            HOME_REGION,
            parameter("name_prefix", "how the analyzers' names begin", Shape::Label(40), Preset::Text("organization")),
            parameter(
                "existing",
                "what the account's own analyzers look for already",
                Shape::Choices(&["external-access", "unused-access"]),
                Preset::Texts(&[]),
            ),
            parameter(
                "unused_days",
                "days without use after which access counts as unused",
                Shape::Whole(1, 365),
                Preset::Whole(90),
            ),
            parameter(
                "excluded_accounts",
                "ids of accounts whose unused access is of no interest; each role and user that is looked at costs",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
        ],
        deployed: &[],
        management_account: false,
        text: include_str!("../../../templates/stacks/access-analyzer.yaml.hbs"),
    },
    StackTemplate {
        name: "guardduty",
        summary: "GuardDuty's detector in an account and region, and in its administrator the members; which account \
                  administers it CloudFormation cannot say, and the policy `guardduty` switches it on everywhere",
        rendered: &[
            parameter(
                "features",
                "what it looks at beside the foundational sources",
                Shape::Choices(&[
                    "AI_PROTECTION",
                    "EBS_MALWARE_PROTECTION",
                    "EKS_AUDIT_LOGS",
                    "LAMBDA_NETWORK_LOGS",
                    "RDS_LOGIN_EVENTS",
                    "RUNTIME_MONITORING",
                    "S3_DATA_EVENTS",
                ]),
                Preset::Texts(&["S3_DATA_EVENTS"]),
            ),
            parameter(
                "members",
                "the accounts whose findings the administrator sees",
                Shape::Rows(&[
                    parameter("account", "its id, such as `${account/NAME}`", Shape::Text, Preset::Required),
                    parameter("email", "its email", Shape::Text, Preset::Required),
                ]),
                Preset::Texts(&[]),
            ),
            parameter(
                "existing",
                "where a detector of others stays as it is: ids of accounts such as `${account/NAME}`, or \
                 `${account/NAME}/REGION`; with `members`, ExistingDetectorId says which it is",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
        ],
        deployed: &[parameter(
            "ExistingDetectorId",
            "the detector that the account has in this region already, as the administrator does: it is used then",
            Shape::Text,
            Preset::Text(""),
        )],
        management_account: true,
        text: include_str!("../../../templates/stacks/guardduty.yaml.hbs"),
    },
    StackTemplate {
        name: "security-hub-administrator",
        summary: "Names the account that administers Security Hub CSPM for the organization; in the management account",
        rendered: &[],
        deployed: &[parameter(
            "AdministratorId",
            "the account, such as `${account/audit}`; it has Security Hub enabled from then on",
            Shape::Text,
            Preset::Required,
        )],
        management_account: true,
        text: include_str!("../../../templates/stacks/security-hub-administrator.yaml.hbs"),
    },
    StackTemplate {
        name: "security-hub",
        summary: "Security Hub CSPM for the whole organization by central configuration, in its administrator's home region",
        rendered: &[
            parameter(
                "existing",
                "whether the account has Security Hub enabled, as its designation as administrator does",
                Shape::Flag,
                Preset::Flag(true),
            ),
            parameter(
                "standards",
                "what accounts are checked for, as in the ARNs of standards",
                Shape::Texts,
                Preset::Texts(&["aws-foundational-security-best-practices/v/1.0.0"]),
            ),
            parameter("disabled_controls", "controls that are off, such as IAM.6", Shape::Texts, Preset::Texts(&[])),
            parameter(
                "linked_regions",
                "the other regions that it reaches; the organization's unless given, and every region where it has no other",
                Shape::Texts,
                Preset::Organization,
            ),
            parameter(
                "every_region",
                "whether it reaches every region, those that the organization does not use as well",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter("policy_name", "how the configuration is called", Shape::Text, Preset::Text("organization")),
        ],
        deployed: &[parameter("RootId", "the organization's root", Shape::Text, Preset::Text("${root}"))],
        management_account: false,
        text: include_str!("../../../templates/stacks/security-hub.yaml.hbs"),
    },
];

const EVENTS: [&str; 8] =
    ["root-login", "trail", "organization", "buckets", "access-keys", "sagemaker", "guardduty", "security-hub"];
