//! What rules know beside the policy.

use crate::Quotas;

/// Roles that landing, stack sets and Control Tower enter accounts by.
const ROLES: [&str; 4] =
    ["OrganizationAccountAccessRole", "landing-apply", "stacksets-exec-*", "AWSControlTowerExecution"];

/// What is known of the organization that policies are for. The default is what holds for most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationContext {
    /// Its quotas.
    pub quotas: Quotas,
    /// The roles by which its accounts are kept, by name; `*` stands for what differs from account to account.
    pub roles: Vec<String>,
    /// Whether `roles` are those of the organization, and not what most have.
    pub knows_roles: bool,
    /// Its partition, such as `aws`.
    pub partition: String,
    /// The region that it is kept from, if that is known.
    pub home_region: Option<String>,
}

impl Default for OrganizationContext {
    fn default() -> Self {
        Self {
            quotas: Quotas::default(),
            roles: ROLES.map(str::to_owned).into(),
            knows_roles: false,
            partition: "aws".to_owned(),
            home_region: None,
        }
    }
}
