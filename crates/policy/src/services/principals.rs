//! The services that work with Organizations.

use super::Lookup;

/// The month of the table of service principals.
pub const PRINCIPALS_DATE: &str = "2026-11";

/// The principals of the services that take trusted access or a delegated administrator, sorted. AWS adds services.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html>
const PRINCIPALS: [&str; 81] = [
    "access-analyzer.amazonaws.com",
    "account.amazonaws.com",
    "agreement-marketplace.amazonaws.com",
    "aiops.amazonaws.com",
    "apptest.amazonaws.com",
    "auditmanager.amazonaws.com",
    "aws-artifact-account-sync.amazonaws.com",
    "backup.amazonaws.com",
    "bcm-data-exports.amazonaws.com",
    "bcm.amazonaws.com",
    "billing-cost-management.amazonaws.com",
    "billingconductor.amazonaws.com",
    "budgets.amazonaws.com",
    "chatbot.amazonaws.com",
    "cloudformation.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "compute-optimizer.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
    "config.amazonaws.com",
    "controltower.amazonaws.com",
    "cost-optimization-hub.bcm.amazonaws.com",
    "deadline.amazonaws.com",
    "detective.amazonaws.com",
    "devops-guru.amazonaws.com",
    "ds.amazonaws.com",
    "ec2.amazonaws.com",
    "ec2.image-builder.amazonaws.com",
    "fms.amazonaws.com",
    "freetier.amazonaws.com",
    "guardduty.amazonaws.com",
    "health.amazonaws.com",
    "iam.amazonaws.com",
    "imagebuilder.amazonaws.com",
    "inspector.amazonaws.com",
    "inspector2.amazonaws.com",
    "ipam.amazonaws.com",
    "lex.amazonaws.com",
    "license-management.marketplace.amazonaws.com",
    "license-manager-linux-subscriptions.amazonaws.com",
    "license-manager-user-subscriptions.amazonaws.com",
    "license-manager.amazonaws.com",
    "license-manager.member-account.amazonaws.com",
    "macie.amazonaws.com",
    "malware-protection.guardduty.amazonaws.com",
    "managed-services.amazonaws.com",
    "marketplace.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "mgn.amazonaws.com",
    "network-firewall.amazonaws.com",
    "network-security-director.amazonaws.com",
    "networkmanager.amazonaws.com",
    "notifications.amazonaws.com",
    "observabilityadmin.amazonaws.com",
    "organizations.amazonaws.com",
    "private-marketplace.marketplace.amazonaws.com",
    "procurement-insights.marketplace.amazonaws.com",
    "q.amazonaws.com",
    "ram.amazonaws.com",
    "reachabilityanalyzer.networkinsights.amazonaws.com",
    "reporting.trustedadvisor.amazonaws.com",
    "resource-explorer-2.amazonaws.com",
    "resource-explorer.amazonaws.com",
    "s3.amazonaws.com",
    "security-ir.amazonaws.com",
    "securityhub.amazonaws.com",
    "securityhubv2.amazonaws.com",
    "securitylake.amazonaws.com",
    "selfservice.supportplans.amazonaws.com",
    "servicecatalog.amazonaws.com",
    "servicequotas.amazonaws.com",
    "ssm-quicksetup.amazonaws.com",
    "ssm.amazonaws.com",
    "sso.amazonaws.com",
    "stacksets.cloudformation.amazonaws.com",
    "storage-lens.s3.amazonaws.com",
    "sustainability.amazonaws.com",
    "tagpolicies.tag.amazonaws.com",
    "user-subscriptions.amazonaws.com",
    "vpc-lattice.amazonaws.com",
    "wellarchitected.amazonaws.com",
];

/// The principals of the services that work with Organizations.
pub fn service_principals() -> impl Iterator<Item = &'static str> {
    PRINCIPALS.into_iter()
}

/// Looks up the principal of a service that works with Organizations.
#[must_use]
pub fn look_up_principal(principal: &str) -> Lookup {
    match Lookup::among(principal, PRINCIPALS) {
        // Most principals have the same long end: only what is before it distinguishes them.
        Lookup::Near(near) if is_same_service_misspelt(principal, &near) => Lookup::Near(near),
        Lookup::Near(_) => Lookup::Unknown,
        found => found,
    }
}

fn is_same_service_misspelt(written: &str, near: &str) -> bool {
    let own = |principal: &str| principal.split(".amazon").next().unwrap_or(principal).to_lowercase();
    strsim::normalized_damerau_levenshtein(&own(written), &own(near)) >= 0.7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_known_by_its_principal_and_a_slip_is_reported_from_another_service() {
        assert!(PRINCIPALS.is_sorted());
        for (principal, expected) in [
            ("guardduty.amazonaws.com", Lookup::Found),
            ("member.org.stacksets.cloudformation.amazonaws.com", Lookup::Found),
            ("gaurdduty.amazonaws.com", Lookup::Near("guardduty.amazonaws.com".into())),
            ("guardduty.amazonaws.con", Lookup::Near("guardduty.amazonaws.com".into())),
            ("cloudtrial.amazonaws.com", Lookup::Near("cloudtrail.amazonaws.com".into())),
            ("brandnew.amazonaws.com", Lookup::Unknown),
            ("xy.amazonaws.com", Lookup::Unknown),
        ] {
            assert_eq!(look_up_principal(principal), expected, "{principal}");
        }
    }
}
