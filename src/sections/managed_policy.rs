//! Policies that stacks make by name in the accounts, for permission sets and roles to have. Both can only be given a policy
//! that is there.

use std::collections::BTreeMap;

use landing_blueprint::Diagnostic;
use serde_json::{Value, json};

use crate::declaration::Declaration;
use crate::model::{Address, Wanted};

/// The stacks and stack sets that make a policy, by its path and name: `/ml-boundary`.
type Makers = BTreeMap<String, Vec<Address>>;

/// Has stacks that make policies come before the permission sets and stacks that name them. Tells of permissions boundaries
/// that none of the blueprint's stacks make.
pub(super) fn come_first(declaration: &mut Declaration) {
    let makers = makers(declaration);
    let mut unmade = Vec::new();
    for wanted in declaration.desired.resources.values_mut() {
        let named = match wanted.kind.as_str() {
            "permission-set" => policies_of(wanted),
            "stack" | "stack-set" => named_in(wanted, &makers),
            _ => continue,
        };
        let first = named.iter().filter_map(|policy| makers.get(policy)).flatten();
        let first: Vec<Address> = first.filter(|maker| **maker != wanted.address).cloned().collect();
        wanted.needs.extend(first);
        unmade.extend(boundary(wanted).filter(|it| !makers.contains_key(it)).map(|it| (wanted.address.clone(), it)));
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
    for stack in declaration.desired.of_kind("stack").chain(declaration.desired.of_kind("stack-set")) {
        let resources = stack.body.get("template").and_then(|template| template["Resources"].as_object());
        let policies = resources.into_iter().flatten().filter(|(_, it)| it["Type"] == "AWS::IAM::ManagedPolicy");
        for (_, policy) in policies {
            let properties = &policy["Properties"];
            let path = properties["Path"].as_str().unwrap_or("/");
            if let Some(name) = properties["ManagedPolicyName"].as_str() {
                makers.entry(format!("{path}{name}")).or_default().push(stack.address.clone());
            }
        }
    }
    makers
}

/// The accounts' own policies that a permission set has.
fn policies_of(set: &Wanted) -> Vec<String> {
    let listed = set.body.get("customer_managed_policies").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(path_and_name).chain(boundary(set)).collect()
}

fn boundary(set: &Wanted) -> impl Iterator<Item = String> + use<> {
    set.body.get("boundary").and_then(|boundary| path_and_name(boundary.get("customer_managed")?)).into_iter()
}

fn path_and_name(policy: &Value) -> Option<String> {
    Some(format!("{}{}", policy["path"].as_str()?, policy["name"].as_str()?))
}

/// The policies that a stack's template names, such as the boundary of a role.
fn named_in(stack: &Wanted, makers: &Makers) -> Vec<String> {
    let text = stack.body.get("template").unwrap_or(&json!(null)).to_string();
    makers.keys().filter(|policy| text.contains(&format!(":policy{policy}\""))).cloned().collect()
}
