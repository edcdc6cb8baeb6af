use landing_blueprint::Spanned;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::declaration::state::State;

/// An account that administers a service for the organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-form" = "administrator"))]
pub(crate) struct DelegatedAdministrator {
    /// The service's principal, such as guardduty.amazonaws.com. Where the service has a call of its own for it, it is reported
    /// in every region that it has to be: GuardDuty, Inspector, Macie, Detective, Security Hub, Firewall Manager, IPAM and
    /// CloudTrail have.
    #[schemars(extend("x-form" = "service"))]
    pub service: Spanned<String>,
    /// The account's name in this blueprint.
    pub account: Spanned<String>,
    /// For GuardDuty: whether it is switched on in `all` accounts, in those that are `new`, or in `none`.
    #[serde(default)]
    pub auto_enable: Option<Spanned<AutoEnable>>,
    /// For GuardDuty: the protection plans that are switched on in the same accounts; S3_DATA_EVENTS unless given. Others stay as
    /// they are.
    #[serde(default)]
    pub protection_plans: Option<Vec<ProtectionPlan>>,
    /// `absent` takes the administration from it.
    #[serde(default)]
    pub state: State,
}

/// Whose GuardDuty its administrator switches on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AutoEnable {
    /// GuardDuty is enabled in all accounts.
    #[default]
    All,
    /// GuardDuty is enabled in accounts that join the organization.
    New,
    /// GuardDuty is enabled in no account.
    None,
}

/// What GuardDuty looks at beside the foundational sources, by AWS's names.
/// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_OrganizationFeatureConfiguration.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProtectionPlan {
    AiProtection,
    EbsMalwareProtection,
    EksAuditLogs,
    LambdaNetworkLogs,
    RdsLoginEvents,
    RuntimeMonitoring,
    S3DataEvents,
}
