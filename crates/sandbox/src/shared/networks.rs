//! The networks that an account sees: its own, and those that others share with it.

use serde_json::Value;

use super::inventory;
use super::sharing::shared_with;
use crate::model::resources::{Place, Resource, SUBNET, VPC};
use crate::state::State;

/// A network and its owner's account.
pub(crate) type Owned<'a> = (String, &'a String, &'a Resource);

pub(crate) fn text<'a>(resource: &'a Resource, name: &str) -> &'a str {
    let found = resource.properties.get(name).or_else(|| resource.attributes.get(name));
    found.and_then(Value::as_str).unwrap_or_default()
}

/// The subnets that an account sees in a region: its own, and those that others share with it.
pub(crate) fn visible_subnets<'a>(state: &'a State, account: &str, region: &str) -> Vec<Owned<'a>> {
    let own = Place { account: account.to_owned(), region: region.to_owned() };
    let own = inventory::all(state, &own, SUBNET).map(|(id, subnet)| (account.to_owned(), id, subnet));
    let shared = shared_with(state, account, region).into_iter().filter_map(|arn| {
        let owner = Place { account: arn.split(':').nth(4)?.to_owned(), region: region.to_owned() };
        let id = arn.split_once(":subnet/")?.1.to_owned();
        let (id, subnet) = inventory::all(state, &owner, SUBNET).find(|(found, _)| **found == id)?;
        Some((owner.account, id, subnet))
    });
    let mut seen: Vec<Owned<'a>> = own.collect();
    for subnet in shared {
        if !seen.iter().any(|(_, id, _)| *id == subnet.1) {
            seen.push(subnet);
        }
    }
    seen
}

/// Own VPCs, and those of which a subnet is shared.
pub(crate) fn visible_vpcs<'a>(state: &'a State, account: &str, region: &str) -> Vec<Owned<'a>> {
    let mut places = vec![(account.to_owned(), None)];
    for (owner, _, subnet) in visible_subnets(state, account, region) {
        if owner != account {
            places.push((owner, Some(text(subnet, "VpcId").to_owned())));
        }
    }
    let mut seen: Vec<Owned<'a>> = Vec::new();
    for (owner, only) in places {
        let place = Place { account: owner.clone(), region: region.to_owned() };
        for (id, vpc) in inventory::all(state, &place, VPC) {
            if only.as_ref().is_none_or(|only| only == id) && !seen.iter().any(|(_, seen, _)| *seen == id) {
                seen.push((owner.clone(), id, vpc));
            }
        }
    }
    seen
}
