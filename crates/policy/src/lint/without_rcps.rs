//! RCPs hold for some services only
//! (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>).

use super::code::Code;
use super::finding::Finding;
use crate::PolicyType;
use crate::services::services;
use crate::view::{Item, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    if policy.policy_type != PolicyType::ResourceControl {
        return Vec::new();
    }
    policy.statements.iter().flat_map(|statement| &statement.actions.items).filter_map(out_of_reach).collect()
}

fn out_of_reach(item: &Item) -> Option<Finding> {
    let (prefix, _) = item.text.split_once(':')?;
    let named = services().matching(prefix);
    (!named.is_empty() && !named.iter().any(|(_, service)| service.has_rcps)).then(|| {
        let message = format!("resource control policies do not reach `{prefix}`, as of {}", services().date());
        Finding::new(Code::ServiceWithoutRcps, &item.path, message).help("this denies nothing")
    })
}
