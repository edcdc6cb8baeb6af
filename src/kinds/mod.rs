//! The sorts of things that landing manages, one file each: what the blueprint wants of it, how what AWS
//! answers is recognized, how the two differ and how the difference is made good. Kinds never import each
//! other; what they share is beside them.

mod account;
mod alternate_contact;
mod assignment;
mod attachment;
mod delegated_administrator;
mod ebs_encryption;
mod group;
mod guardduty_administrator;
mod organization;
mod organizational_unit;
mod password_policy;
mod permission_set;
mod policy;
mod policy_type;
pub mod read;
mod region;
mod root;
mod root_access;
mod service_administrator;
mod shared;
mod stack;
mod stack_set;
mod trusted_access;

/// What blueprints say of some kinds, for the sections that these are part of.
pub(crate) mod section {
    pub(crate) use crate::kinds::alternate_contact::section as alternate_contact;
    pub(crate) use crate::kinds::attachment::section as attachment;
    pub(crate) use crate::kinds::delegated_administrator::section as delegated_administrator;
    pub(crate) use crate::kinds::ebs_encryption::section as ebs_encryption;
    pub(crate) use crate::kinds::guardduty_administrator::section as guardduty_administrator;
    pub(crate) use crate::kinds::password_policy::section as password_policy;
    pub(crate) use crate::kinds::permission_set::section as permission_set;
    pub(crate) use crate::kinds::policy::section as policy;
    pub(crate) use crate::kinds::service_administrator::section as service_administrator;
    pub(crate) use crate::kinds::stack_set::section as stack_set;
}

/// The resources of some kinds as their own types, for whoever else reads their fields: sections of no one kind, other kinds,
/// the engine.
pub(crate) mod resource {
    pub(crate) use crate::kinds::account::resource::Account;
    pub(crate) use crate::kinds::group::resource::Group;
    pub(crate) use crate::kinds::organization::resource::Organization;
    pub(crate) use crate::kinds::organizational_unit::resource::OrganizationalUnit;
    pub(crate) use crate::kinds::permission_set::resource::{
        Boundary, CustomerManagedPolicy, PermissionSet, managed_policies,
    };
    pub(crate) use crate::kinds::root::resource::Root;
    pub(crate) use crate::kinds::shared::deployed::{Deployed, Templated, resources_of};
    pub(crate) use crate::kinds::shared::resource::Resource;
    pub(crate) use crate::kinds::stack::resource::{Stack, region as stack_region};
    pub(crate) use crate::kinds::stack_set::resource::{StackSet, Targeting};
}

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use crate::facts::Look;
use crate::kinds::shared::{endpoint_zones, names, occupancy, prefix_list};
use crate::model::{Action, Address, Bindings, Body, Desired, FieldChange, Found, Nature, Observed, Risk, Wanted};

pub use shared::cover::Cover;
pub use shared::fields::differences;
pub use shared::nature::{OfKind, name_of, nature, nature_at, of_role};
pub use shared::occupancy::{Deployment, Scene};
pub use shared::site::remember;
pub use shared::write::{Step, Workshop, WriteError};

/// A future that is not known by its type.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the engine knows of a kind.
pub trait Kind: Sync {
    /// AWS's name for it in one word: `organizational-unit`.
    fn name(&self) -> &'static str;

    /// What is known of it beside that: its role, its reach, its words.
    fn nature(&self) -> &'static Nature;

    /// Whether its resources have addresses like this one.
    fn has_address(&self, address: &Address) -> bool {
        address.prefix() == self.name()
    }

    /// Tells what is there, in terms of addresses. Pure: what it looks for in vain will be fetched, and it is
    /// called again. Kinds are called in the registry's order and see what earlier ones recognized.
    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed);

    /// What the blueprint wants because of what was found: what its rules come to, and what is missing that AWS brings by
    /// itself. Pure; asked once everything is recognized.
    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        let _ = (desired, observed);
        Vec::new()
    }

    /// The fields in which what is found differs from what is wanted. `wanted` has its references resolved.
    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        differences(&wanted.body, &found.body)
    }

    /// What a change costs, and why it is made.
    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String);

    /// What others take from a thing and can know only once it has been changed from how it was found to how it is wanted.
    fn unsettles(&self, wanted: &Wanted, found: &Found) -> Vec<Address> {
        let _ = (wanted, found);
        Vec::new()
    }

    /// What accounts have of a thing, how it is found or how it is wanted, by being where they are.
    fn covers(&self, address: &Address, body: &Body, bindings: &Bindings) -> Option<Cover> {
        let _ = (address, body, bindings);
        None
    }

    /// Where resources of what is wanted will be made or changed in accounts that are there already; nothing as long as
    /// that is not known. `wanted` has its references resolved.
    fn deployments(&self, wanted: &Wanted, scene: &Scene<'_>) -> Vec<Deployment> {
        let _ = (wanted, scene);
        Vec::new()
    }

    /// Makes the change. Doing again what was done already is not an error.
    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>>;

    /// The IAM actions that reading it takes.
    fn reads(&self) -> &'static [&'static str];

    /// The IAM actions that changing it takes.
    fn writes(&self) -> &'static [&'static str];
}

/// Every kind, in the order in which they are recognized.
pub const KINDS: [&dyn Kind; 21] = [
    &organization::Organizations,
    &root::Roots,
    &policy_type::PolicyTypes,
    &trusted_access::TrustedAccess,
    &organizational_unit::OrganizationalUnits,
    &account::Accounts,
    &delegated_administrator::DelegatedAdministrators,
    &alternate_contact::AlternateContacts,
    &region::Regions,
    &root_access::RootAccess,
    &password_policy::PasswordPolicies,
    &ebs_encryption::EbsEncryptions,
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

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}

/// What is there, and under which ids.
pub fn observe(desired: &Desired, look: &Look<'_>) -> Observed {
    let mut observed = Observed::default();
    prefix_list::recognize(desired, look, &mut observed);
    for kind in KINDS {
        kind.recognize(desired, look, &mut observed);
    }
    names::refuse_doubles(desired, &mut observed);
    names::note_vain_was(desired, &mut observed);
    occupancy::recognize(desired, look, &mut observed);
    endpoint_zones::recognize(desired, look, &mut observed);
    observed
}

/// Everything that is wanted: what the blueprint says, and what that comes to where this was found.
pub fn expand<'d>(desired: &'d Desired, observed: &Observed) -> Cow<'d, Desired> {
    let more: Vec<Wanted> = KINDS.iter().flat_map(|kind| kind.expand(desired, observed)).collect();
    if more.is_empty() {
        return Cow::Borrowed(desired);
    }
    let mut complete = desired.clone();
    for wanted in more {
        complete.resources.entry(wanted.address.clone()).or_insert(wanted);
    }
    Cow::Owned(complete)
}
