//! The simulated AWS, through the AWS SDK's own clients.

mod account_assignments;
mod account_management;
mod accounts;
mod center;
mod change_sets;
mod front_door;
mod identity_center;
mod identity_store;
mod independence;
mod leaving;
mod organization;
mod parameters;
mod permission_sets;
mod policies;
mod provisioning;
mod roles;
mod rollback;
mod stack_drift;
mod stack_resources;
mod stack_support;
mod stacks;
mod support;
mod tags;
mod template_language;
mod trusted_access;
