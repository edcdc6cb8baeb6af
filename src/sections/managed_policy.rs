//! Policies that stacks make by name in the accounts, for permission sets and roles to have. Both can only be given a policy
//! that is there.

use std::collections::BTreeMap;

use landing_blueprint::Diagnostic;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::kinds::resource::{Boundary, CustomerManagedPolicy, PermissionSet, Resource, Stack, StackSet, resources_of};
use crate::model::{Address, Wanted, body_template};

/// The stacks and stack sets that make a policy, by its path and name: `/ml-boundary`.
type Makers = BTreeMap<String, Vec<Address>>;

/// Has stacks that make policies come before the permission sets and stacks that name them. Reports permissions boundaries
/// that none of the blueprint's stacks make.
pub(super) fn come_first(declaration: &mut Declaration) {
    let makers = makers(declaration);
    let mut unmade = Vec::new();
    for wanted in declaration.desired.resources.values_mut() {
        let set = (wanted.kind == PermissionSet::KIND).then(|| PermissionSet::of(&wanted.body)).flatten();
        let named = match (&set, wanted.kind.as_str()) {
            (Some(set), _) => policies_of(set),
            (None, Stack::KIND | StackSet::KIND) => named_in(wanted, &makers),
            _ => continue,
        };
        let first = named.iter().filter_map(|policy| makers.get(policy)).flatten();
        let first: Vec<Address> = first.filter(|maker| **maker != wanted.address).cloned().collect();
        wanted.needs.extend(first);
        let boundary = set.as_ref().and_then(boundary).filter(|it| !makers.contains_key(it));
        unmade.extend(boundary.map(|it| (wanted.address.clone(), it)));
    }
    for (set, policy) in unmade {
        warn(&set, &policy, declaration);
    }
}

fn warn(set: &Address, policy: &str, declaration: &mut Declaration) {
    let place = declaration.places.get(set).copied().unwrap_or_default();
    let name = policy.rsplit('/').next().unwrap_or_default();
    let message = format!("no stack makes the policy {name}, beyond which {set} does not go");
    let help = if name == "ml-boundary" {
        "write `ml-boundary: {template: ml-boundary, in: [...]}` under `stacks`, for the units in which it is assigned"
    } else {
        "the set cannot be assigned in accounts that do not have the policy"
    };
    declaration.diagnostics.push(Diagnostic::warning("boundary", message).at(place).help(help));
}

fn makers(declaration: &Declaration) -> Makers {
    let mut makers = Makers::new();
    for stack in declaration.desired.of_kind(Stack::KIND).chain(declaration.desired.of_kind(StackSet::KIND)) {
        for properties in resources_of(&stack.body, "AWS::IAM::ManagedPolicy") {
            let path = properties["Path"].as_str().unwrap_or("/");
            if let Some(name) = properties["ManagedPolicyName"].as_str() {
                makers.entry(format!("{path}{name}")).or_default().push(stack.address.clone());
            }
        }
    }
    makers
}

/// The accounts' own policies that a permission set has.
fn policies_of(set: &PermissionSet) -> Vec<String> {
    set.customer_managed_policies.iter().map(CustomerManagedPolicy::path_and_name).chain(boundary(set)).collect()
}

fn boundary(set: &PermissionSet) -> Option<String> {
    match &set.boundary {
        Some(Boundary::CustomerManaged(policy)) => Some(policy.path_and_name()),
        _ => None,
    }
}

/// The policies that a stack's template names, such as the boundary of a role.
fn named_in(stack: &Wanted, makers: &Makers) -> Vec<String> {
    let text = body_template(&stack.body).map(Value::to_string).unwrap_or_default();
    makers.keys().filter(|policy| text.contains(&format!(":policy{policy}\""))).cloned().collect()
}
