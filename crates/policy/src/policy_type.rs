//! The kinds of organization policy that AWS Organizations knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An organization policy type.
///
/// Source: `PolicyType` of the Organizations API
/// (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html>).
/// In JSON it is AWS's own name, for example `"SERVICE_CONTROL_POLICY"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PolicyType {
    /// Limits what principals of member accounts may do.
    #[serde(rename = "SERVICE_CONTROL_POLICY")]
    ServiceControl,
    /// Limits who may reach resources of member accounts.
    #[serde(rename = "RESOURCE_CONTROL_POLICY")]
    ResourceControl,
    /// Standardizes tags.
    #[serde(rename = "TAG_POLICY")]
    Tag,
    /// Backup plans for whole organizational units.
    #[serde(rename = "BACKUP_POLICY")]
    Backup,
    /// Whether AWS AI services may store and use content.
    #[serde(rename = "AISERVICES_OPT_OUT_POLICY")]
    AiOptOut,
    /// Access from chat applications.
    #[serde(rename = "CHATBOT_POLICY")]
    Chatbot,
    /// Attributes of EC2, VPC and EBS enforced by the service itself.
    #[serde(rename = "DECLARATIVE_POLICY_EC2")]
    DeclarativeEc2,
    /// Where Security Hub is enabled.
    #[serde(rename = "SECURITYHUB_POLICY")]
    SecurityHub,
    /// Where Security Hub CSPM is enabled.
    #[serde(rename = "SECURITYHUB_CSPM_POLICY")]
    SecurityHubCspm,
    /// Where Amazon Inspector is enabled.
    #[serde(rename = "INSPECTOR_POLICY")]
    Inspector,
    /// The order in which resources receive automatic upgrades.
    #[serde(rename = "UPGRADE_ROLLOUT_POLICY")]
    UpgradeRollout,
    /// Guardrails enforced on Amazon Bedrock inference.
    #[serde(rename = "BEDROCK_POLICY")]
    Bedrock,
    /// Block Public Access of Amazon S3.
    #[serde(rename = "S3_POLICY")]
    S3,
    /// Where AWS Shield network security director is enabled.
    #[serde(rename = "NETWORK_SECURITY_DIRECTOR_POLICY")]
    NetworkSecurityDirector,
    /// Where Amazon GuardDuty and its protection plans are enabled.
    #[serde(rename = "GUARDDUTY_POLICY")]
    GuardDuty,
}

impl PolicyType {
    /// Every policy type, authorization policies first.
    pub const ALL: [Self; 15] = [
        Self::ServiceControl,
        Self::ResourceControl,
        Self::Tag,
        Self::Backup,
        Self::AiOptOut,
        Self::Chatbot,
        Self::DeclarativeEc2,
        Self::SecurityHub,
        Self::SecurityHubCspm,
        Self::Inspector,
        Self::UpgradeRollout,
        Self::Bedrock,
        Self::S3,
        Self::NetworkSecurityDirector,
        Self::GuardDuty,
    ];

    /// The name in the Organizations API, for example `SERVICE_CONTROL_POLICY`.
    #[must_use]
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::ServiceControl => "SERVICE_CONTROL_POLICY",
            Self::ResourceControl => "RESOURCE_CONTROL_POLICY",
            Self::Tag => "TAG_POLICY",
            Self::Backup => "BACKUP_POLICY",
            Self::AiOptOut => "AISERVICES_OPT_OUT_POLICY",
            Self::Chatbot => "CHATBOT_POLICY",
            Self::DeclarativeEc2 => "DECLARATIVE_POLICY_EC2",
            Self::SecurityHub => "SECURITYHUB_POLICY",
            Self::SecurityHubCspm => "SECURITYHUB_CSPM_POLICY",
            Self::Inspector => "INSPECTOR_POLICY",
            Self::UpgradeRollout => "UPGRADE_ROLLOUT_POLICY",
            Self::Bedrock => "BEDROCK_POLICY",
            Self::S3 => "S3_POLICY",
            Self::NetworkSecurityDirector => "NETWORK_SECURITY_DIRECTOR_POLICY",
            Self::GuardDuty => "GUARDDUTY_POLICY",
        }
    }

    /// The first segment of an address, as `scp` in `scp/region-guard`.
    #[must_use]
    pub const fn address_prefix(self) -> &'static str {
        match self {
            Self::ServiceControl => "scp",
            Self::ResourceControl => "rcp",
            Self::Tag => "tag-policy",
            Self::Backup => "backup-policy",
            Self::AiOptOut => "ai-opt-out-policy",
            Self::Chatbot => "chatbot-policy",
            Self::DeclarativeEc2 => "declarative-ec2-policy",
            Self::SecurityHub => "security-hub-policy",
            Self::SecurityHubCspm => "security-hub-cspm-policy",
            Self::Inspector => "inspector-policy",
            Self::UpgradeRollout => "upgrade-rollout-policy",
            Self::Bedrock => "bedrock-policy",
            Self::S3 => "s3-policy",
            Self::NetworkSecurityDirector => "network-security-director-policy",
            Self::GuardDuty => "guardduty-policy",
        }
    }

    /// The service that must have trusted access before the type can be enabled, by principal: AWS answers
    /// SERVICE_ACCESS_NOT_ENABLED otherwise, and keeps the access while the type is enabled.
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html#API_EnablePolicyType_Errors>
    #[must_use]
    pub const fn trusted_service(self) -> Option<&'static str> {
        match self {
            Self::SecurityHub | Self::SecurityHubCspm => Some("securityhub.amazonaws.com"),
            _ => None,
        }
    }

    /// How documents of this type are written.
    #[must_use]
    pub const fn language(self) -> Language {
        match self {
            Self::ServiceControl | Self::ResourceControl => Language::Iam,
            Self::Tag => Language::Management { root_key: Some("tags") },
            Self::Backup => Language::Management { root_key: Some("plans") },
            Self::AiOptOut => Language::Management { root_key: Some("services") },
            Self::Chatbot => Language::Management { root_key: Some("chatbot") },
            Self::DeclarativeEc2 => Language::Management { root_key: Some("ec2_attributes") },
            Self::SecurityHub => Language::Management { root_key: Some("securityhub") },
            Self::SecurityHubCspm => Language::Management { root_key: None },
            Self::Inspector => Language::Management { root_key: Some("inspector") },
            Self::UpgradeRollout => Language::Management { root_key: Some("upgrade_rollout") },
            Self::Bedrock => Language::Management { root_key: Some("bedrock") },
            Self::S3 => Language::Management { root_key: Some("s3_attributes") },
            Self::NetworkSecurityDirector => Language::Management { root_key: Some("network_security_director") },
            Self::GuardDuty => Language::Management { root_key: Some("guardduty") },
        }
    }

    /// The type with this address prefix, or that AWS calls so.
    #[must_use]
    pub fn called(name: &str) -> Option<Self> {
        Self::from_address_prefix(name).or_else(|| name.parse().ok())
    }

    /// The type with this address prefix, if there is one.
    #[must_use]
    pub fn from_address_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.address_prefix() == prefix)
    }
}

/// The language of a policy document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Statements in IAM's policy language
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).
    Iam,
    /// A tree of settings with inheritance operators such as `@@assign`
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>).
    Management {
        /// The one key at the top of every document of the type, for example `tags`; absent where no page of AWS says
        /// which it is.
        root_key: Option<&'static str>,
    },
}

impl fmt::Display for PolicyType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.api_name())
    }
}

/// A name that is no policy type of the Organizations API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPolicyType(
    /// The name that was given.
    pub String,
);

impl fmt::Display for UnknownPolicyType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not an organization policy type", self.0)
    }
}

impl std::error::Error for UnknownPolicyType {}

impl FromStr for PolicyType {
    type Err = UnknownPolicyType;

    /// Reads the API's name, for example `TAG_POLICY`.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.api_name() == name).ok_or_else(|| UnknownPolicyType(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_prefixes_lead_back_to_their_type() {
        for kind in PolicyType::ALL {
            assert_eq!(kind.api_name().parse(), Ok(kind));
            assert_eq!(PolicyType::from_address_prefix(kind.address_prefix()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.api_name());
        }
    }

    #[test]
    fn no_two_types_share_a_prefix() {
        let prefixes: BTreeSet<_> = PolicyType::ALL.map(PolicyType::address_prefix).into();
        assert_eq!(prefixes.len(), PolicyType::ALL.len());
    }

    #[test]
    fn an_unknown_name_is_refused() {
        assert_eq!("SCP".parse::<PolicyType>(), Err(UnknownPolicyType("SCP".to_owned())));
    }
}
