//! What several kinds do alike: whose a resource is, waiting, entering accounts, change sets, what an account has already.

pub(super) mod account_setting;
pub(super) mod activation;
pub(super) mod change_set;
pub(super) mod control_tower;
pub(super) mod cover;
pub(super) mod deployment;
pub(super) mod designation;
pub(super) mod drift;
pub(super) mod endpoint_zones;
pub(super) mod feature_set;
pub(super) mod fields;
pub(super) mod identity_center;
pub(super) mod lag;
pub(super) mod left_over;
pub(super) mod names;
pub(super) mod newcomer;
pub(super) mod occupancy;
pub(super) mod opt_in;
pub(super) mod ownership;
pub(super) mod places;
pub(super) mod prefix_list;
pub(crate) mod resource;
pub(super) mod site;
pub(super) mod template_source;
pub(super) mod wait;
pub(super) mod write;
