//! The kinds of organization policy that AWS Organizations knows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::quotas::Limits;

/// What is known of a policy type. Everything that differs from type to type stands in its row of the table below.
struct Row {
    api_name: &'static str,
    address_prefix: &'static str,
    trusted_service: Option<&'static str>,
    language: Language,
    limits: Limits,
}

/// A row for each type: AWS's name, the first segment of addresses, the service that must be trusted first, the language of
/// documents, and AWS's limits: characters of a document, policies on a target at most and at least.
macro_rules! policy_types {
    ($($(#[$comment:meta])* $name:ident: $api:literal, $prefix:literal, $trusted:expr, $language:expr, $limits:expr;)*) => {
        /// An organization policy type.
        ///
        /// Source: `PolicyType` of the Organizations API
        /// (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html>).
        /// In JSON it is AWS's own name, for example `"SERVICE_CONTROL_POLICY"`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PolicyType {
            $($(#[$comment])* #[serde(rename = $api)] $name,)*
        }

        impl PolicyType {
            /// Every policy type, authorization policies first.
            pub const ALL: [Self; [$($api),*].len()] = [$(Self::$name),*];

            const fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        api_name: $api,
                        address_prefix: $prefix,
                        trusted_service: $trusted,
                        language: $language,
                        limits: $limits,
                    },)*
                }
            }
        }
    };
}

policy_types! {
    /// Limits what principals of member accounts may do.
    ServiceControl: "SERVICE_CONTROL_POLICY", "scp", None, Language::Iam, limits(10_240, 10, 1);
    /// Limits who may reach resources of member accounts.
    // RCPFullAWSAccess is attached to every target and cannot be detached.
    ResourceControl: "RESOURCE_CONTROL_POLICY", "rcp", None, Language::Iam, limits(5_120, 5, 1);
    /// Standardizes tags.
    Tag: "TAG_POLICY", "tag-policy", None, settings(Some("tags")), limits(10_000, 10, 0);
    /// Backup plans for whole organizational units.
    Backup: "BACKUP_POLICY", "backup-policy", None, settings(Some("plans")), limits(10_000, 10, 0);
    /// Whether AWS AI services may store and use content.
    AiOptOut: "AISERVICES_OPT_OUT_POLICY", "ai-opt-out-policy", None, settings(Some("services")), limits(2_500, 5, 0);
    /// Access from chat applications.
    Chatbot: "CHATBOT_POLICY", "chatbot-policy", None, settings(Some("chatbot")), limits(10_000, 5, 0);
    /// Attributes of EC2, VPC and EBS enforced by the service itself.
    DeclarativeEc2: "DECLARATIVE_POLICY_EC2", "declarative-ec2-policy", None, settings(Some("ec2_attributes")), limits(10_000, 10, 0);
    /// Where Security Hub is enabled.
    SecurityHub: "SECURITYHUB_POLICY", "security-hub-policy", Some("securityhub.amazonaws.com"), settings(Some("securityhub")), limits(10_000, 10, 0);
    /// Where Security Hub CSPM is enabled.
    SecurityHubCspm: "SECURITYHUB_CSPM_POLICY", "security-hub-cspm-policy", Some("securityhub.amazonaws.com"), settings(None), limits(10_000, 10, 0);
    /// Where Amazon Inspector is enabled.
    Inspector: "INSPECTOR_POLICY", "inspector-policy", None, settings(Some("inspector")), limits(10_000, 10, 0);
    /// The order in which resources receive automatic upgrades.
    // The size stands on the page of the policy type's syntax:
    // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_upgrade_syntax.html
    UpgradeRollout: "UPGRADE_ROLLOUT_POLICY", "upgrade-rollout-policy", None, settings(Some("upgrade_rollout")), limits(5_120, 10, 0);
    /// Guardrails enforced on Amazon Bedrock inference.
    Bedrock: "BEDROCK_POLICY", "bedrock-policy", None, settings(Some("bedrock")), limits(10_000, 10, 0);
    /// Block Public Access of Amazon S3.
    S3: "S3_POLICY", "s3-policy", None, settings(Some("s3_attributes")), limits(10_000, 10, 0);
    /// Where AWS Shield network security director is enabled.
    NetworkSecurityDirector: "NETWORK_SECURITY_DIRECTOR_POLICY", "network-security-director-policy", None, settings(Some("network_security_director")), limits(10_000, 10, 0);
    /// Where Amazon GuardDuty and its protection plans are enabled.
    GuardDuty: "GUARDDUTY_POLICY", "guardduty-policy", None, settings(Some("guardduty")), limits(10_000, 10, 0);
}

const fn settings(root_key: Option<&'static str>) -> Language {
    Language::Management { root_key }
}

const fn limits(size: usize, per_target: usize, minimum_per_target: usize) -> Limits {
    Limits { size, per_target, minimum_per_target }
}

impl PolicyType {
    /// The name in the Organizations API, for example `SERVICE_CONTROL_POLICY`.
    #[must_use]
    pub const fn api_name(self) -> &'static str {
        self.row().api_name
    }

    /// The first segment of an address, as `scp` in `scp/region-guard`.
    #[must_use]
    pub const fn address_prefix(self) -> &'static str {
        self.row().address_prefix
    }

    /// The service that must have trusted access before the type can be enabled, by principal: AWS answers
    /// SERVICE_ACCESS_NOT_ENABLED otherwise, and keeps the access while the type is enabled.
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html#API_EnablePolicyType_Errors>
    #[must_use]
    pub const fn trusted_service(self) -> Option<&'static str> {
        self.row().trusted_service
    }

    /// How documents of this type are written.
    #[must_use]
    pub const fn language(self) -> Language {
        self.row().language
    }

    /// What AWS grants without asking.
    pub(crate) const fn granted(self) -> Limits {
        self.row().limits
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
