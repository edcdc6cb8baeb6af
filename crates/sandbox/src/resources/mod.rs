//! The resources that exist in accounts: what CloudFormation makes there and the services show. A type is a line in
//! its family's table; what no table names is not simulated.

mod access_analyzer;
mod analytics;
mod budgets;
mod cloudformation;
mod cloudtrail;
mod config;
mod controltower;
mod ec2;
mod ec2_rules;
mod events;
mod guardduty;
pub(crate) mod iam;
pub(crate) mod kind;
mod kms;
mod logs;
mod ram;
mod s3;
mod sagemaker;
mod security_hub;
mod sns;
mod ssm;
mod store;

use serde_json::{Map, Value};

use self::kind::{Draft, ResourceType};
use self::store::put;
use crate::model::resources::{Place, Resource, SUBNET, VPC};
use crate::shared::inventory::find;
use crate::shared::networks::{visible_subnets, visible_vpcs};
use crate::state::State;
use crate::tags::Tags;

/// Every family of resource types.
const FAMILIES: &[&[ResourceType]] = &[
    access_analyzer::TYPES,
    analytics::TYPES,
    budgets::TYPES,
    cloudformation::TYPES,
    cloudtrail::TYPES,
    config::TYPES,
    controltower::TYPES,
    ec2::TYPES,
    ec2_rules::TYPES,
    events::TYPES,
    guardduty::TYPES,
    iam::TYPES,
    kms::TYPES,
    logs::TYPES,
    ram::TYPES,
    s3::TYPES,
    security_hub::TYPES,
    sagemaker::TYPES,
    sns::TYPES,
    ssm::TYPES,
];

/// The type of that name, if it is simulated.
pub(super) fn resource_type(name: &str) -> Option<&'static ResourceType> {
    FAMILIES.iter().copied().flatten().find(|kind| kind.name == name)
}

/// Why a type's resource cannot be made at all.
pub(super) fn not_simulated(kind: &str) -> String {
    format!("not simulated: {kind}")
}

/// Makes the resource that `draft` describes and answers its physical id.
///
/// # Errors
/// The service's reason, as it becomes a ResourceStatusReason.
pub(super) fn create(state: &mut State, draft: &Draft<'_>, tags: &Tags) -> Result<String, String> {
    let kind = draft.kind;
    check(state, draft)?;
    let id = (kind.identify)(draft);
    if find(state, draft.place, kind.name, &id).is_some() {
        return Err(format!("Resource of type '{}' with identifier '{id}' already exists.", kind.name));
    }
    let resource = Resource {
        properties: draft.properties.clone(),
        attributes: (kind.attributes)(draft, &id),
        tags: tags.clone(),
        stack: draft.stack_id.to_owned(),
    };
    put(state, draft.place, kind, &id, resource);
    Ok(id)
}

/// Gives the properties in `changed` the values that they have in `draft`, and leaves the others as they really are.
///
/// # Errors
/// The service's reason; or that there is no such resource any more.
pub(super) fn update(
    state: &mut State,
    draft: &Draft<'_>,
    id: &str,
    changed: &[String],
    tags: &Tags,
) -> Result<(), String> {
    let kind = draft.kind;
    check(state, draft)?;
    if let Some(fixed) = changed.iter().find(|name| kind.unchangeable.contains(&name.as_str())) {
        return Err(format!("{fixed} of a resource of type '{}' cannot be changed", kind.name));
    }
    let missing = || format!("Resource of type '{}' with identifier '{id}' was not found.", kind.name);
    let mut resource = find(state, draft.place, kind.name, id).cloned().ok_or_else(missing)?;
    if !resource.properties.is_object() {
        resource.properties = Value::Object(Map::new());
    }
    if let Value::Object(properties) = &mut resource.properties {
        for name in changed {
            match draft.properties.get(name) {
                Some(value) => properties.insert(name.clone(), value.clone()),
                None => properties.shift_remove(name),
            };
        }
    }
    resource.attributes = (kind.attributes)(draft, id);
    resource.tags.clone_from(tags);
    put(state, draft.place, kind, id, resource);
    Ok(())
}

/// Removes a resource; one that is gone counts as removed.
///
/// # Errors
/// The service's reason.
pub(super) fn delete(state: &mut State, place: &Place, kind: &ResourceType, id: &str) -> Result<(), String> {
    if find(state, place, kind.name, id).is_none() {
        return Ok(());
    }
    (kind.may_go)(state, place, id)?;
    if let Some(types) = state.resources.get_mut(&place.account).and_then(|regions| regions.get_mut(kind.region(place)))
        && let Some(resources) = types.get_mut(kind.name)
    {
        resources.remove(id);
        if resources.is_empty() {
            types.remove(kind.name);
        }
    }
    (kind.effect)(state, place, id, None);
    Ok(())
}

/// Puts a resource back as it was.
pub(super) fn restore(state: &mut State, place: &Place, kind: &ResourceType, id: &str, resource: Resource) {
    put(state, place, kind, id, resource);
}

/// Whether an account has a resource, or uses that of another which shares it. A network is shared by its subnets.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html>
fn is_visible(state: &State, place: &Place, kind: &str, id: &str) -> bool {
    let shared = || match kind {
        SUBNET => visible_subnets(state, &place.account, &place.region).iter().any(|(_, found, _)| *found == id),
        VPC => visible_vpcs(state, &place.account, &place.region).iter().any(|(_, found, _)| *found == id),
        _ => false,
    };
    find(state, place, kind, id).is_some() || shared()
}

/// Whether everything is there that the resource needs.
fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let kind = draft.kind;
    if let Some(missing) = kind.required.iter().find(|name| draft.properties.get(**name).is_none()) {
        return Err(format!(
            "Properties validation failed for resource {} with message: [#: required key [{missing}] not found]",
            draft.logical
        ));
    }
    for (property, target) in kind.refers {
        let named = draft.texts(property);
        if let Some(id) = named.iter().find(|id| !is_visible(state, draft.place, target, id)) {
            return Err(format!(
                "{} '{id}' of {property} does not exist",
                target.rsplit("::").next().unwrap_or(target)
            ));
        }
    }
    (kind.check)(state, draft)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use landing_cloudformation::create_only;

    use super::*;

    #[test]
    fn no_type_is_listed_twice_and_every_reference_leads_to_a_type() {
        let mut seen = HashSet::new();
        for kind in FAMILIES.iter().copied().flatten() {
            assert!(seen.insert(kind.name), "{}", kind.name);
            for (_, target) in kind.refers {
                assert!(resource_type(target).is_some(), "{} refers to {target}", kind.name);
            }
            assert!(create_only(kind.name).is_some(), "CloudFormation has no schema of {}", kind.name);
        }
    }
}
