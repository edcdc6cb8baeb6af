//! The resources of some kinds as their own types, for anyone who else reads their fields: sections of no one kind, other kinds,
//! the engine.

pub(crate) use super::account::resource::{Account, access_role, own_access_role};
pub(crate) use super::group::resource::Group;
pub(crate) use super::organization::resource::Organization;
pub(crate) use super::organizational_unit::resource::OrganizationalUnit;
pub(crate) use super::permission_set::resource::{Boundary, CustomerManagedPolicy, PermissionSet, managed_policies};
pub(crate) use super::root::resource::Root;
pub(crate) use super::shared::deployed::{Deployed, Templated, resources_of};
pub(crate) use super::shared::resource::Resource;
pub(crate) use super::stack::resource::{Stack, region as stack_region};
pub(crate) use super::stack_set::resource::{ParametersBy, StackSet, Targeting, Values};
