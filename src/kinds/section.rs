//! What blueprints say of some kinds, for the sections that these are part of.

pub(crate) use super::account_alias::section as account_alias;
pub(crate) use super::alternate_contact::section as alternate_contact;
pub(crate) use super::attachment::section as attachment;
pub(crate) use super::delegated_administrator::section as delegated_administrator;
pub(crate) use super::ebs_encryption::section as ebs_encryption;
pub(crate) use super::guardduty_administrator::section as guardduty_administrator;
pub(crate) use super::password_policy::section as password_policy;
pub(crate) use super::permission_set::section as permission_set;
pub(crate) use super::policy::section as policy;
pub(crate) use super::resource_policy::section as resource_policy;
pub(crate) use super::root_access::FEATURES as ROOT_FEATURES;
pub(crate) use super::service_administrator::section as service_administrator;
pub(crate) use super::stack_set::section as stack_set;
