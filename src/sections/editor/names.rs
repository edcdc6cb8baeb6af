//! The names that are known: of regions, services, policies and templates, each with what it is.

use std::collections::BTreeMap;

use landing_policy::{PolicyType, managed_policies, regions, service_principals};
use serde_json::{Map, Value, json};

use super::patterns;
use super::stacks::parameters;
use crate::declaration::target::MEMBERS;
use crate::kinds::section::ROOT_FEATURES;
use crate::model::partition_of;
use crate::template::{permission_sets, policies, stacks};

/// A reference to a definition.
pub(super) fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// One of these names, each described, or what `others` take.
pub(super) fn one_of<'a>(names: impl IntoIterator<Item = (&'a str, String)>, others: &[Value]) -> Value {
    let names = names.into_iter().map(|(name, about)| json!({"const": name, "description": about}));
    let all: Vec<Value> = names.chain(others.iter().cloned()).collect();
    json!({"anyOf": all})
}

/// The definitions that forms refer to.
pub(super) fn definitions() -> Map<String, Value> {
    let named = [
        ("RegionName", region()),
        ("ServicePrincipal", service()),
        ("ManagedPolicyName", managed_policy()),
        ("PolicyTypeName", policy_type()),
        ("RootFeature", root_feature()),
        ("StackTemplateName", stack_template()),
        ("PolicyTemplateName", policy_template()),
        ("PermissionSetTemplateName", permission_set()),
        ("PolicyName", policy_name()),
        ("PlaceName", place(&[])),
        ("TargetName", place(&[(MEMBERS, "Every account but the management account")])),
    ];
    named.into_iter().map(|(name, definition)| (name.to_owned(), definition)).collect()
}

/// The codes of all regions.
pub(super) fn region_codes() -> Vec<&'static str> {
    regions().iter().map(|region| region.code).collect()
}

fn region() -> Value {
    let known = regions().iter().map(|region| {
        let enabled = if region.is_opt_in { "each account must opt in to it" } else { "every account has it" };
        (region.code, format!("A region of the partition {}: {enabled}.", partition_of(region.code)))
    });
    let newer = json!({
        "type": "string",
        "pattern": patterns::newer_region(&region_codes()),
        "description": "A region that is newer than this version of landing, named under `organization.extra_regions`.",
    });
    one_of(known, &[newer])
}

fn service() -> Value {
    let other = json!({"type": "string", "pattern": r"\.", "description": "The principal of another service."});
    let principals: Vec<&str> = service_principals().collect();
    json!({"anyOf": [{"enum": principals, "description": "The principal of a service that works with AWS Organizations."}, other]})
}

fn managed_policy() -> Value {
    let policies: Vec<&str> = managed_policies().collect();
    let other = json!({
        "type": "string",
        "pattern": patterns::MANAGED_POLICY,
        "description": "A policy that AWS manages: its name, with its path before it, or its ARN.",
    });
    json!({"anyOf": [{"enum": policies, "description": "A policy that AWS manages."}, other]})
}

fn policy_type() -> Value {
    let names = PolicyType::ALL.into_iter().flat_map(|it| {
        let (short, long) = (it.address_prefix(), it.api_name());
        [(short, format!("AWS's policy type {long}.")), (long, format!("The same as `{short}`."))]
    });
    one_of(names, &[])
}

fn root_feature() -> Value {
    let about = |name: &str| match name {
        "RootSessions" => "The management account may act as the root user of members for a few tasks.",
        _ => "The management account may delete the root credentials of members; new accounts have none.",
    };
    one_of(ROOT_FEATURES.into_iter().map(|name| (name, about(name).to_owned())), &[])
}

fn path(about: &str, pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern, "description": about})
}

fn stack_template() -> Value {
    let known = stacks().map(|template| (template.name, format!("{}.", template.summary)));
    one_of(known, &[path("The path of a template of your own: CloudFormation as YAML or JSON.", patterns::PATH)])
}

fn policy_template() -> Value {
    let known = policies().iter().map(|template| (template.name, format!("{}.", template.guardrail().title)));
    one_of(known, &[path("The path of a Handlebars file of your own.", patterns::POLICY_PATH)])
}

/// The built-in permission sets with what they are for.
pub(super) fn permission_set_descriptions() -> BTreeMap<&'static str, String> {
    let about = |text: &str| {
        let said: Value = serde_yaml::from_str(text).unwrap_or_default();
        said["description"].as_str().unwrap_or("A built-in permission set").to_owned()
    };
    permission_sets().iter().map(|set| (set.name, format!("{}.", about(set.text).trim_end_matches('.')))).collect()
}

fn permission_set() -> Value {
    let file = path("The path of a file of your own with the keys of a permission set.", patterns::PATH);
    one_of(permission_set_descriptions(), &[file])
}

fn policy_name() -> Value {
    let known = policies().iter().map(|template| (template.name, format!("{}.", template.guardrail().title)));
    let own = json!({"type": "string", "description": "The name of a policy under `policies`."});
    one_of(known, &[own])
}

fn place(more: &[(&'static str, &'static str)]) -> Value {
    let given = [
        (
            "root",
            "The root: every account. Policies do not bind the management account, and stack sets do not reach it",
        ),
        ("management", "The management account"),
    ];
    let known = given.iter().chain(more).map(|(name, about)| (*name, format!("{about}.")));
    let about = "The path of an organizational unit of this blueprint, such as `Workloads/Dev`, or an account's name.";
    one_of(known, &[json!({"type": "string", "description": about})])
}

/// The name of a built-in policy template, and what its parameters are.
pub(super) fn policy_parameters() -> impl Iterator<Item = (&'static str, Value)> {
    policies().iter().map(|template| (template.name, parameters(template.parameters.iter())))
}
