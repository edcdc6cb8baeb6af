//! The sorts of resources that landing manages, a folder each: what the blueprint wants of it, how what AWS
//! answers is recognized, how the two differ and how the difference is made good. Kinds never import each
//! other; what they share is beside them.

mod account;
mod account_alias;
mod alternate_contact;
mod assignment;
mod attachment;
mod delegated_administrator;
mod ebs_encryption;
mod group;
mod guardduty_administrator;
mod kind;
mod kind_info;
mod organization;
mod organizational_unit;
mod password_policy;
mod permission_set;
mod policy;
mod policy_type;
pub mod read;
mod region;
pub(crate) mod resource;
mod resource_policy;
mod root;
mod root_access;
pub(crate) mod section;
mod service_administrator;
mod shared;
mod stack;
mod stack_set;
mod trusted_access;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use crate::facts::Look;
use crate::kinds::shared::{endpoint_zones, names, occupancy, prefix_list};
use crate::model::{Address, Desired, Observed, Wanted};
use crate::outline::Outline;

pub use kind::{Kind, Pending};
pub use kind_info::{OfKind, kind_info, kind_info_at, name_of, of_role};
pub use policy::effective::merged_types;
pub use shared::cover::Cover;
pub use shared::fields::differences;
pub use shared::occupancy::{Deployment, OccupancyContext};
pub use shared::site::{entered_by, looked_into, remember};
pub use shared::survey::Survey;
pub use shared::write::{Step, WriteContext, WriteError};

/// Every kind, in the order in which they are recognized.
pub const KINDS: [&dyn Kind; 23] = [
    &organization::Organizations,
    &root::Roots,
    &policy_type::PolicyTypes,
    &trusted_access::TrustedAccess,
    &organizational_unit::OrganizationalUnits,
    &account::Accounts,
    &delegated_administrator::DelegatedAdministrators,
    &resource_policy::ResourcePolicies,
    &alternate_contact::AlternateContacts,
    &region::Regions,
    &root_access::RootAccess,
    &password_policy::PasswordPolicies,
    &ebs_encryption::EbsEncryptions,
    &account_alias::AccountAliases,
    &policy::Policies,
    &attachment::Attachments,
    &stack::Stacks,
    &stack_set::StackSets,
    &guardduty_administrator::GuardDutyAdministrators,
    &service_administrator::ServiceAdministrators,
    &permission_set::PermissionSets,
    &group::Groups,
    &assignment::Assignments,
];

/// The IAM actions that looking at everything takes.
pub fn reads() -> impl Iterator<Item = &'static str> {
    let of_kinds = KINDS.iter().flat_map(|kind| kind.reads()).copied();
    of_kinds.chain(occupancy::READS).chain(prefix_list::READS).chain(endpoint_zones::READS)
}

/// The IAM actions that changing everything takes.
pub fn writes() -> impl Iterator<Item = &'static str> {
    KINDS.iter().flat_map(|kind| kind.writes()).copied()
}

/// The kinds whose resources are not known where a question of this kind has no answer, itself first; `None` where that is
/// what all others rest on.
pub fn unknown_with(name: &str) -> Option<Vec<&str>> {
    const FOUNDATIONS: [&str; 5] = ["organization", "root", "policy-type", "organizational-unit", "account"];
    /// Kinds, each with those that are recognized by what it finds. Stack sets take values that stacks put out.
    const RESTING: [(&str, &str); 4] =
        [("policy", "attachment"), ("stack", "stack-set"), ("permission-set", "assignment"), ("group", "assignment")];
    let resting = RESTING.iter().filter(|(kind, _)| *kind == name).map(|(_, resting)| *resting);
    (!FOUNDATIONS.contains(&name)).then(|| std::iter::once(name).chain(resting).collect())
}

/// The kinds that are not known where an operation is refused, beside those that are unread already; `None` where that is
/// what all others rest on, and where nothing more is read by it.
pub fn unknown_without(operation: &str, unread: &BTreeSet<String>) -> Option<Vec<&'static str>> {
    let asking = KINDS.iter().filter(|kind| kind.reads().contains(&operation) && !unread.contains(kind.name()));
    let kinds: Option<Vec<Vec<&str>>> = asking.map(|kind| unknown_with(kind.name())).collect();
    kinds.map(|kinds| kinds.concat()).filter(|kinds| !kinds.is_empty())
}

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}

/// What is there, and under which ids.
pub fn observe(desired: &Desired, look: &Look<'_>) -> Observed {
    let mut observed = Observed::default();
    prefix_list::recognize(desired, look, &mut observed);
    for kind in KINDS.iter().filter(|kind| !desired.settings.unread.contains(kind.name())) {
        let misses = look.misses();
        kind.recognize(desired, look, &mut observed);
        let missed = look.missed_since(misses);
        if !missed.is_empty() {
            observed.findings.unknown.insert(kind.name().to_owned(), missed);
        }
    }
    names::refuse_doubles(desired, &mut observed);
    names::note_vain_was(desired, &mut observed);
    occupancy::recognize(desired, look, &mut observed, |wanted, scene| {
        kind(&wanted.kind).map(|kind| kind.deployments(wanted, scene)).unwrap_or_default()
    });
    endpoint_zones::recognize(desired, look, &mut observed);
    observed
}

/// Everything that is wanted: what the blueprint says, and what that comes to where this was found. Of what the blueprint
/// has itself, kinds can say what else it needs, and no more.
pub fn expand<'d>(desired: &'d Desired, observed: &Observed) -> Cow<'d, Desired> {
    let more: Vec<Wanted> = KINDS.iter().flat_map(|kind| kind.expand(desired, observed)).collect();
    if more.is_empty() {
        return Cow::Borrowed(desired);
    }
    let mut complete = desired.clone();
    for wanted in more {
        match complete.resources.entry(wanted.address.clone()) {
            Entry::Vacant(entry) => drop(entry.insert(wanted)),
            Entry::Occupied(entry) => add_needs(entry.into_mut(), wanted.needs),
        }
    }
    Cow::Owned(complete)
}

fn add_needs(wanted: &mut Wanted, needs: Vec<Address>) {
    for need in needs {
        if !wanted.needs.contains(&need) {
            wanted.needs.push(need);
        }
    }
}

/// What was found, as a blueprint says it. `outline` says what is left out already.
pub fn outline(survey: &Survey<'_>, mut outline: Outline) -> Outline {
    for kind in KINDS {
        kind.outline(survey, &mut outline);
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_operation_leaves_out_the_kinds_that_need_it_and_those_that_rest_on_these() {
        let readers = |operation: &str| unknown_without(operation, &BTreeSet::new());
        assert_eq!(readers("account:GetAlternateContact"), Some(vec!["alternate-contact"]));
        assert_eq!(readers("organizations:ListAccounts"), None, "everything rests on it");
        assert_eq!(readers("s3:GetObject"), None, "no kind is recognized by it");
        let unread = BTreeSet::from(["alternate-contact".to_owned()]);
        assert_eq!(unknown_without("account:GetAlternateContact", &unread), None);
    }

    #[test]
    fn what_is_not_known_of_a_kind_is_not_known_of_those_that_rest_on_it() {
        for foundation in ["organization", "root", "policy-type", "organizational-unit", "account"] {
            assert!(kind(foundation).is_some());
            assert_eq!(unknown_with(foundation), None);
        }
        assert_eq!(unknown_with("region"), Some(vec!["region"]));
        assert_eq!(unknown_with("attachment"), Some(vec!["attachment"]));
        for (name, resting) in [
            ("policy", "attachment"),
            ("stack", "stack-set"),
            ("permission-set", "assignment"),
            ("group", "assignment"),
        ] {
            assert!(kind(name).is_some() && kind(resting).is_some());
            assert_eq!(unknown_with(name), Some(vec![name, resting]));
        }
    }
}
