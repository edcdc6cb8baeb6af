//! What AWS Control Tower has in an organization that it governs: kinds leave that as it is.

use std::collections::BTreeSet;

use landing_policy::PolicyType;

use crate::facts::Look;
use crate::kinds::read;
use crate::kinds::shared::feature_set::has_all_features;
use crate::model::{Address, CONTROL_TOWER, ControlTower, Observed, Owner};

/// What the names of the policies begin with by which some of its controls hold. A unit may be governed without any.
/// <https://docs.aws.amazon.com/controltower/latest/userguide/governance-drift.html>
const GUARDRAIL: &str = "aws-guardrails-";

/// The permission sets that it makes and sets right whenever its landing zone is updated.
/// <https://docs.aws.amazon.com/controltower/latest/userguide/sso-groups.html>
const PERMISSION_SETS: [&str; 6] = [
    "AWSAdministratorAccess",
    "AWSOrganizationsFullAccess",
    "AWSPowerUserAccess",
    "AWSReadOnlyAccess",
    "AWSServiceCatalogAdminFullAccess",
    "AWSServiceCatalogEndUserAccess",
];

/// Whether Control Tower governs the organization, and which units are registered with it. Every plan asks which services
/// are trusted, since a unit may be governed by a baseline alone, which shows in none of what else is read.
pub(in crate::kinds) fn find(look: &Look<'_>, observed: &Observed) -> Option<ControlTower> {
    if !has_all_features(observed) || !look.at(read::TrustedAccess)?.iter().any(|service| service == CONTROL_TOWER) {
        return None;
    }
    let guardrails = guardrails(look, observed);
    // All is looked for before any of it is waited for, so that it is asked at once.
    let zone = look.at(read::ControlTowerLandingZone);
    let targets: Vec<_> = guardrails.into_iter().map(|policy| look.at(read::TargetsOf(policy.to_owned()))).collect();
    let zone = zone?.as_ref();
    let units = targets.into_iter().flatten().flatten().filter(|target| target.starts_with("ou-"));
    let units = units.chain(zone.iter().flat_map(|zone| &zone.units));
    Some(ControlTower { registered: units.cloned().collect(), enrolls: zone.map(|zone| zone.enrolls) })
}

/// The ids of its service control policies. Policies of a type that is enabled are listed in any case.
fn guardrails<'a>(look: &'a Look<'_>, observed: &Observed) -> BTreeSet<&'a str> {
    let scp = PolicyType::ServiceControl.api_name();
    if !observed.found.contains_key(&Address::new("policy-type", [scp])) {
        return BTreeSet::new();
    }
    let policies = look.at(read::PoliciesOf(scp.into())).into_iter().flatten();
    policies.filter(|policy| is_guardrail(&policy.name)).map(|policy| policy.id.as_str()).collect()
}

fn is_guardrail(policy: &str) -> bool {
    policy.starts_with(GUARDRAIL)
}

/// Whose a policy of this name is.
pub(in crate::kinds) fn owner_of_policy(owner: Owner, name: &str, observed: &Observed) -> Owner {
    or_control_tower(owner, observed, |_| is_guardrail(name))
}

/// Whose a permission set of this name is.
pub(in crate::kinds) fn owner_of_permission_set(owner: Owner, name: &str, observed: &Observed) -> Owner {
    or_control_tower(owner, observed, |_| PERMISSION_SETS.contains(&name))
}

/// Whose a unit with this id is, or what no one names in the unit.
pub(in crate::kinds) fn owner_in_unit(owner: Owner, unit: &str, observed: &Observed) -> Owner {
    or_control_tower(owner, observed, |tower| tower.registered.contains(unit))
}

fn or_control_tower(owner: Owner, observed: &Observed, is_its: impl Fn(&ControlTower) -> bool) -> Owner {
    match owner {
        Owner::Unmanaged if observed.control_tower.as_ref().is_some_and(is_its) => Owner::ControlTower,
        owner => owner,
    }
}
