//! What the simulated AWS keeps, by service: plain values, which know no operation and no request.

pub(crate) mod account;
pub(crate) mod cloudformation;
pub(crate) mod control_tower;
pub(crate) mod event_history;
pub(crate) mod guardduty;
pub(crate) mod identity_center;
pub(crate) mod identity_store;
mod in_order;
pub(crate) mod organizations;
pub(crate) mod preferences;
pub(crate) mod principals;
pub(crate) mod readiness;
pub(crate) mod resources;
pub(crate) mod s3;
pub(crate) mod ssm;
pub(crate) mod stack_sets;
pub(crate) mod tagging;
mod watched;
