//! Services that designate the account which administers them by a call of their own. Registering the account with
//! Organizations alone leaves these without an administrator.

/// Where a service is reported which account administers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Designation {
    /// In each region by itself.
    EveryRegion,
    /// In the partition's global region, for all.
    GlobalRegion,
    /// In any region, for all; landing asks in the home region.
    HomeRegion,
    /// By this command, which landing has no kind for.
    Command(&'static str),
}

use Designation::{Command, EveryRegion, GlobalRegion, HomeRegion};

/// GuardDuty is not among them: it has a kind of its own, since it needs a detector first.
const DESIGNATIONS: [(&str, Designation); 9] = [
    // https://docs.aws.amazon.com/inspector/latest/user/designating-admin.html
    ("inspector2.amazonaws.com", EveryRegion),
    // https://docs.aws.amazon.com/macie/latest/user/accounts-mgmt-ao-integrate.html
    ("macie.amazonaws.com", EveryRegion),
    // https://docs.aws.amazon.com/detective/latest/userguide/accounts-designate-admin.html
    ("detective.amazonaws.com", EveryRegion),
    // https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html
    ("securityhub.amazonaws.com", EveryRegion),
    // https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_AssociateAdminAccount.html
    ("fms.amazonaws.com", GlobalRegion),
    // https://docs.aws.amazon.com/vpc/latest/ipam/enable-integ-ipam.html
    ("ipam.amazonaws.com", HomeRegion),
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
    ("cloudtrail.amazonaws.com", HomeRegion),
    // https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_RegisterOrganizationAdminAccount.html
    (
        "auditmanager.amazonaws.com",
        Command("aws auditmanager register-organization-admin-account --admin-account-id ACCOUNT"),
    ),
    // https://docs.aws.amazon.com/security-lake/latest/APIReference/API_RegisterDataLakeDelegatedAdministrator.html
    (
        "securitylake.amazonaws.com",
        Command("aws securitylake register-data-lake-delegated-administrator --account-id ACCOUNT"),
    ),
];

impl Designation {
    /// How the service with this principal is reported, where Organizations' word does not do.
    pub fn of(principal: &str) -> Option<Designation> {
        DESIGNATIONS.iter().find(|(known, _)| *known == principal).map(|(_, designation)| *designation)
    }

    /// Whether the organization must trust the service first. The other services see to that themselves, and IPAM must.
    pub fn needs_trust(principal: &str) -> bool {
        ["securityhub.amazonaws.com", "cloudtrail.amazonaws.com"].contains(&principal)
    }
}
