//! The simulated AWS, through the AWS SDK's own clients.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail at once")]

mod account_assignments;
mod account_management;
mod accounts;
mod auto_deployment;
mod center;
mod change_sets;
mod front_door;
mod identity_center;
mod identity_store;
mod independence;
mod lags;
mod leaving;
mod organization;
mod parameters;
mod permission_sets;
mod policies;
mod provisioning;
mod roles;
mod rollback;
mod security_resources;
mod stack_drift;
mod stack_resources;
mod stack_set_drift;
mod stack_set_operations;
mod stack_set_support;
mod stack_sets;
mod stack_support;
mod stacks;
mod support;
mod tags;
mod template_language;
mod trusted_access;
