//! The phrases by which AWS says which type of policy denied a request.

use std::fmt;

/// A type of policy, as messages about denials name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DenyingPolicy {
    /// A service control policy of the organization.
    ServiceControl,
    /// A resource control policy of the organization.
    ResourceControl,
    /// The policy of a VPC endpoint.
    VpcEndpoint,
    /// A permissions boundary.
    PermissionsBoundary,
    /// A policy that was given when the session began.
    Session,
    /// A policy of the resource.
    ResourceBased,
    /// The trust policy of the role that was to be assumed.
    RoleTrust,
    /// A policy of the principal.
    IdentityBased,
    /// S3's settings against public access.
    BlockPublicAccess,
}

/// What messages call each type, in lower case: first those of
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html> (which has `sessions policy` once), then
/// those of <https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html>.
const PHRASES: [(&str, DenyingPolicy); 19] = [
    ("service control policy", DenyingPolicy::ServiceControl),
    ("service control policies", DenyingPolicy::ServiceControl),
    ("resource control policy", DenyingPolicy::ResourceControl),
    ("resource control policies", DenyingPolicy::ResourceControl),
    ("vpc endpoint policy", DenyingPolicy::VpcEndpoint),
    ("vpc endpoint policies", DenyingPolicy::VpcEndpoint),
    ("permissions boundary", DenyingPolicy::PermissionsBoundary),
    ("permission boundary", DenyingPolicy::PermissionsBoundary),
    ("permissions boundaries", DenyingPolicy::PermissionsBoundary),
    ("session policy", DenyingPolicy::Session),
    ("sessions policy", DenyingPolicy::Session),
    ("session policies", DenyingPolicy::Session),
    ("resource-based policy", DenyingPolicy::ResourceBased),
    ("resource-based policies", DenyingPolicy::ResourceBased),
    ("role trust policy", DenyingPolicy::RoleTrust),
    ("trust policy", DenyingPolicy::RoleTrust),
    ("identity-based policy", DenyingPolicy::IdentityBased),
    ("identity-based policies", DenyingPolicy::IdentityBased),
    ("block public access", DenyingPolicy::BlockPublicAccess),
];

/// The type that a text in lower case begins with, and how long its name is.
pub(super) fn policy_type_at(text: &str) -> Option<(DenyingPolicy, usize)> {
    let found = PHRASES.iter().filter(|(phrase, _)| text.starts_with(phrase));
    found.max_by_key(|(phrase, _)| phrase.len()).map(|(phrase, policy_type)| (*policy_type, phrase.len()))
}

/// The type that a text in lower case names first.
pub(super) fn policy_type_in(text: &str) -> Option<DenyingPolicy> {
    let found =
        PHRASES.iter().filter_map(|(phrase, policy_type)| Some((text.find(phrase)?, phrase.len(), *policy_type)));
    found.min_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length))).map(|(_, _, policy_type)| policy_type)
}

impl DenyingPolicy {
    /// What AWS's documents call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::VpcEndpoint => "VPC endpoint policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ResourceBased => "resource-based policy",
            Self::RoleTrust => "role trust policy",
            Self::IdentityBased => "identity-based policy",
            Self::BlockPublicAccess => "setting of S3 Block Public Access",
        }
    }

    /// Whether it is a policy of the organization.
    #[must_use]
    pub fn is_of_organization(self) -> bool {
        matches!(self, Self::ServiceControl | Self::ResourceControl)
    }

    /// The type by AWS's name in its API, as `SERVICE_CONTROL_POLICY`.
    pub(super) fn from_api_name(name: &str) -> Option<Self> {
        Some(match name {
            "SERVICE_CONTROL_POLICY" => Self::ServiceControl,
            "RESOURCE_CONTROL_POLICY" => Self::ResourceControl,
            "VPC_ENDPOINT" | "VPC_ENDPOINT_POLICY" => Self::VpcEndpoint,
            "PERMISSIONS_BOUNDARY" => Self::PermissionsBoundary,
            "SESSION" | "SESSION_POLICY" => Self::Session,
            "RESOURCE" | "RESOURCE_BASED_POLICY" => Self::ResourceBased,
            "PRINCIPAL" | "IDENTITY_BASED_POLICY" => Self::IdentityBased,
            _ => return None,
        })
    }
}

impl fmt::Display for DenyingPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
