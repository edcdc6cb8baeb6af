//! Detection, findings and alerts.

use super::parameters::{ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Parameter, Preset, Shape};

/// The region in which global resources are checked.
const HOME_REGION: Parameter = parameter(
    "home_region",
    "the region for resources that are the same in every region; the organization's unless given",
    Shape::Text,
    Preset::Organization,
);

const RULE: &[Parameter] = &[
    parameter("name", "the rule's name", Shape::Text, Preset::Required),
    parameter("identifier", "the managed rule, such as ROOT_ACCOUNT_MFA_ENABLED", Shape::Text, Preset::Required),
    parameter("description", "what it detects", Shape::Text, Preset::Text("")),
    parameter("input_parameters", "the input parameters of the rule", Shape::Values, Preset::NoValues),
    parameter("resource_types", "the resource types that it evaluates", Shape::Texts, Preset::Texts(&[])),
    parameter("frequency", "how often it evaluates, such as TwentyFour_Hours", Shape::Text, Preset::Text("")),
];

/// A CloudFormation hook.
const HOOK: &[Parameter] = &[
    parameter("name", "the hook's name", Shape::Text, Preset::Required),
    parameter("controls", "AWS's proactive controls, such as CT.S3.PR.1", Shape::Texts, Preset::Required),
    parameter(
        "failure_mode",
        "whether the hook fails the operation or warns",
        Shape::Choice(&["FAIL", "WARN"]),
        Preset::Text("FAIL"),
    ),
];

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "config-recorder",
        summary: "The AWS Config recorder of an account and region, which delivers to the log archive",
        rendered: &[
            HOME_REGION,
            parameter(
                "role",
                "`own`, or `service-linked` for AWSServiceRoleForConfig, which the account has or service-linked-roles creates",
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
                "the name of the recorder and of its delivery channel",
                Shape::Text,
                Preset::Text("default"),
            ),
            parameter(
                "existing",
                "where a recorder already exists that landing does not change: ids of accounts such as `${account/NAME}`, or \
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
        summary: "An AWS Config aggregator of the whole organization, in its delegated administrator",
        rendered: &[parameter(
            "aggregated_regions",
            "the regions that it aggregates; all regions unless given",
            Shape::Texts,
            Preset::Texts(&[]),
        )],
        deployed: &[parameter("AggregatorName", "the aggregator's name", Shape::Text, Preset::Text("organization"))],
        management_account: false,
        text: include_str!("../../../templates/stacks/config-aggregator.yaml.hbs"),
    },
    StackTemplate {
        name: "config-rules",
        summary: "Managed rules of AWS Config, for an account and region or, from the delegated administrator, for every account",
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
                "ids of accounts that organization rules exclude, first of all those without a recorder",
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
        summary: "CloudFormation hooks of an account and region: AWS's proactive controls evaluate resources before stacks \
                  create or update them",
        rendered: &[parameter("hooks", "the hooks", Shape::Rows(HOOK), Preset::Required)],
        deployed: &[],
        management_account: true,
        text: include_str!("../../../templates/stacks/proactive-controls.yaml.hbs"),
    },
    StackTemplate {
        name: "security-alerts",
        summary: "An encrypted topic that emails the events that the stacks of security-events send",
        rendered: &[
            parameter(
                "emails",
                "email addresses that are notified; each one confirms its subscription first",
                Shape::Texts,
                Preset::Required,
            ),
            parameter(
                "display_name",
                "the sender that the messages show",
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
        summary: "EventBridge rules of an account and region, which send security events to security-alerts; us-east-1 must be \
                  among the regions, and GovCloud and China send to one region only",
        rendered: &[
            parameter("events", "the events that are sent", Shape::Choices(&EVENTS), Preset::Texts(&EVENTS)),
            parameter(
                "guardduty_severity",
                "the severity from which GuardDuty's findings are sent: 4 is medium, 7 high, 9 critical",
                Shape::Whole(1, 10),
                Preset::Whole(7),
            ),
            parameter(
                "security_hub_severities",
                "the severities of Security Hub's findings that are sent, each at every update while its workflow status \
                 is NEW",
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
        summary: "Service-linked roles of services that do not create them themselves: the role of Access Analyzer must be \
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
        summary: "IAM Access Analyzer for the organization, in its delegated administrator: external access in every region, \
                  unused access in the home region",
        rendered: &[
            HOME_REGION,
            parameter(
                "name_prefix",
                "the prefix of the analyzers' names",
                Shape::Label(40),
                Preset::Text("organization"),
            ),
            parameter(
                "existing",
                "what the account's existing analyzers already detect",
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
                "ids of accounts to exclude from unused access; AWS charges for each role and user that it analyzes",
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
        summary: "The GuardDuty detector of an account and region, and the members in the administrator account; \
                  CloudFormation cannot set the administrator account, and the policy `guardduty` enables GuardDuty everywhere",
        rendered: &[
            parameter(
                "features",
                "protection plans beside the foundational data sources",
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
                "where a detector already exists that landing does not change: ids of accounts such as `${account/NAME}`, or \
                 `${account/NAME}/REGION`; with `members`, give its id as ExistingDetectorId",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
        ],
        deployed: &[parameter(
            "ExistingDetectorId",
            "the id of the detector that the account already has in this region, as the administrator account does",
            Shape::Text,
            Preset::Text(""),
        )],
        management_account: true,
        text: include_str!("../../../templates/stacks/guardduty.yaml.hbs"),
    },
    StackTemplate {
        name: "security-hub-administrator",
        summary: "Sets the administrator account of Security Hub CSPM for the organization; in the management account",
        rendered: &[],
        deployed: &[parameter(
            "AdministratorId",
            "the account, such as `${account/audit}`; AWS enables Security Hub there",
            Shape::Text,
            Preset::Required,
        )],
        management_account: true,
        text: include_str!("../../../templates/stacks/security-hub-administrator.yaml.hbs"),
    },
    StackTemplate {
        name: "security-hub",
        summary: "Security Hub CSPM for the whole organization with central configuration, in its administrator's home region",
        rendered: &[
            parameter(
                "existing",
                "whether the account already has Security Hub enabled, as the administrator account does",
                Shape::Flag,
                Preset::Flag(true),
            ),
            parameter(
                "standards",
                "the security standards of every account, as in the ARNs of standards",
                Shape::Texts,
                Preset::Texts(&["aws-foundational-security-best-practices/v/1.0.0"]),
            ),
            parameter("disabled_controls", "disabled controls, such as IAM.6", Shape::Texts, Preset::Texts(&[])),
            parameter(
                "linked_regions",
                "the other linked regions; the organization's unless given, and every region where it has no other",
                Shape::Texts,
                Preset::Organization,
            ),
            parameter(
                "every_region",
                "whether every region is linked, including those that the organization does not use",
                Shape::Flag,
                Preset::Flag(false),
            ),
            parameter("policy_name", "the name of the configuration policy", Shape::Text, Preset::Text("organization")),
        ],
        deployed: &[parameter("RootId", "the id of the organization's root", Shape::Text, Preset::Text("${root}"))],
        management_account: false,
        text: include_str!("../../../templates/stacks/security-hub.yaml.hbs"),
    },
];

const EVENTS: [&str; 8] =
    ["root-login", "trail", "organization", "buckets", "access-keys", "sagemaker", "guardduty", "security-hub"];
