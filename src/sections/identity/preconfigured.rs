//! The groups that AWS Control Tower sets up, with the permission sets that they have and where.

use landing_blueprint::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{AssignmentEntry, declare_assignments, want_group};
use crate::declaration::Declaration;
use crate::declaration::name_or::NameOr;
use crate::kinds::section::permission_set::{self, PermissionSetSection};
use crate::model::Address;

/// Control Tower's groups and permission sets, for an organization without it, or to refer to where it governs. They need the
/// names of the two shared accounts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PreconfiguredGroups")]
pub(in crate::sections) struct PreconfiguredGroups {
    /// The account that keeps logs.
    log_archive: Spanned<String>,
    /// The account of those who look after security.
    audit: Spanned<String>,
}

/// Where a group has a permission set.
#[derive(Clone, Copy)]
enum Place {
    Management,
    LogArchive,
    Audit,
    Everywhere,
}
use Place::{Audit, Everywhere, LogArchive, Management};

/// A group, what it is for, and the permission sets that it has.
type Group = (&'static str, &'static str, &'static [(&'static str, &'static [Place])]);

/// <https://docs.aws.amazon.com/controltower/latest/userguide/sso-groups.html>
const GROUPS: [Group; 8] = [
    (
        "AWSControlTowerAdmins",
        "Administrators of the shared accounts, and of the organization",
        &[("AWSAdministratorAccess", &[Management, LogArchive, Audit]), ("AWSOrganizationsFullAccess", &[Everywhere])],
    ),
    ("AWSSecurityAuditPowerUsers", "Power users of every account", &[("AWSPowerUserAccess", &[Everywhere])]),
    ("AWSSecurityAuditors", "Readers of every account", &[("AWSReadOnlyAccess", &[Everywhere])]),
    ("AWSLogArchiveAdmins", "Administrators of the log archive", &[("AWSAdministratorAccess", &[LogArchive])]),
    ("AWSLogArchiveViewers", "Readers of the log archive", &[("AWSReadOnlyAccess", &[LogArchive])]),
    ("AWSAuditAccountAdmins", "Administrators of the audit account", &[("AWSAdministratorAccess", &[Audit])]),
    (
        "AWSServiceCatalogAdmins",
        "Administrators of Service Catalog's products",
        &[("AWSServiceCatalogAdminFullAccess", &[Management])],
    ),
    (
        "AWSAccountFactory",
        "Those who use Service Catalog's products",
        &[("AWSServiceCatalogEndUserAccess", &[Management])],
    ),
];

/// Wants the groups, and of their permission sets those that the blueprint does not say itself. `trusted` is what permission
/// sets need.
pub(super) fn declare(
    section: &Spanned<PreconfiguredGroups>,
    trusted: &Address,
    external: bool,
    declaration: &mut Declaration,
) {
    for (group, description, sets) in GROUPS {
        let address = Address::group(group);
        if declaration.desired.get(&address).is_none() {
            want_group(group, section.place, if external { "" } else { description }, declaration);
        }
        for (set, places) in sets {
            let set = Spanned::new((*set).to_owned(), section.place);
            if declaration.desired.get(&Address::permission_set(&set)).is_none() {
                let made = PermissionSetSection::of_template(set.clone());
                permission_set::declare(&set, &made, trusted, declaration);
            }
            let entries = places.iter().map(|place| NameOr::Name(target(*place, section)));
            let targets: Vec<AssignmentEntry> = entries.collect();
            declare_assignments(&address, &set, &targets, declaration);
        }
    }
}

fn target(place: Place, section: &Spanned<PreconfiguredGroups>) -> Spanned<String> {
    match place {
        Management => Spanned::new("management".to_owned(), section.place),
        Everywhere => Spanned::new("root".to_owned(), section.place),
        LogArchive => section.log_archive.clone(),
        Audit => section.audit.clone(),
    }
}
