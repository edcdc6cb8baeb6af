//! The simulated AWS, through the AWS SDK's own clients.

mod account_management;
mod accounts;
mod front_door;
mod independence;
mod leaving;
mod organization;
mod parameters;
mod policies;
mod roles;
mod support;
mod tags;
mod trusted_access;
