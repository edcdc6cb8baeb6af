use serde_json::{Value, json};

use super::organization::{document, fields, tags};
use super::resource::{Resource, State};
use crate::import::foreign::claim::{Named, ResourceClaim, Subject, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::tree::Node;

/// What a resource of IAM Identity Center says. Returns whether it is one.
pub(super) fn claim(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) -> bool {
    match resource.of_type {
        "aws_ssoadmin_permission_set" => permission_set(resource, state, ledger),
        "aws_ssoadmin_account_assignment" => assignment(resource, state, ledger),
        "aws_ssoadmin_managed_policy_attachment" => {
            if let Some(arn) = resource.get("managed_policy_arn") {
                part(resource, &[arn], ResourceClaim::Item("managed_policies", text(arn)), state, ledger);
            }
        }
        "aws_ssoadmin_customer_managed_policy_attachment" => {
            for policy in resource.get("customer_managed_policy_reference").map(Node::items).unwrap_or_default() {
                part(
                    resource,
                    &[policy],
                    ResourceClaim::Item("customer_managed_policies", customer(policy)),
                    state,
                    ledger,
                );
            }
        }
        "aws_ssoadmin_permission_set_inline_policy" => {
            if let Some(set) = set(resource, state) {
                document(resource, "inline_policy", "inline_policy", &set, ledger);
            }
        }
        "aws_ssoadmin_permissions_boundary_attachment" => boundary(resource, state, ledger),
        "aws_identitystore_group" => group(resource, state, ledger),
        "aws_identitystore_user" | "aws_identitystore_group_membership" => {
            ledger.rest(resource.values, |_| reason::PEOPLE);
        }
        "aws_ssoadmin_instances" => {}
        _ => return false,
    }
    true
}

fn permission_set(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let Some(arn) = resource.get("arn") else { return };
    let subject = state.permission_set(arn.text().unwrap_or_default());
    let nodes: Vec<&Node> = [Some(arn), resource.get("id")].into_iter().flatten().collect();
    ledger.fact(&nodes, subject.clone(), ResourceClaim::IsThere);
    let known = [
        ("name", "name"),
        ("description", "description"),
        ("session_duration", "session"),
        ("relay_state", "relay_state"),
    ];
    fields(resource.values, &subject, &known, ledger);
    tags(resource, &subject, ledger);
    let own = state.resources.iter().filter(|it| it.text("permission_set_arn") == arn.text());
    let policies = own.filter_map(|it| it.text("managed_policy_arn")).map(Value::from).collect();
    ledger.note(arn, subject, ResourceClaim::AllItems("managed_policies", policies));
}

fn set(resource: &Resource<'_>, state: &State<'_>) -> Option<Subject> {
    Some(state.permission_set(resource.text("permission_set_arn")?))
}

/// A part of a permission set that is a resource of its own.
fn part(resource: &Resource<'_>, nodes: &[&Node], says: ResourceClaim, state: &State<'_>, ledger: &mut Ledger) {
    let Some(set) = set(resource, state) else { return };
    let joins = ["permission_set_arn", "id"].into_iter().filter_map(|field| resource.get(field));
    let nodes: Vec<&Node> = nodes.iter().copied().chain(joins).collect();
    ledger.fact(&nodes, set, says);
}

fn boundary(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    for boundary in resource.get("permissions_boundary").map(Node::items).unwrap_or_default() {
        let own = boundary.get("customer_managed_policy_reference").and_then(|it| it.items().first());
        let managed = boundary.text_at("managed_policy_arn");
        let said =
            own.map(|own| json!({"customer_managed": customer(own)})).or_else(|| Some(json!({"managed": managed?})));
        if let Some(said) = said {
            part(resource, &[boundary], ResourceClaim::Field("boundary", said), state, ledger);
        }
    }
}

fn customer(policy: &Node) -> Value {
    json!({"name": policy.text_at("name").unwrap_or_default(), "path": policy.text_at("path").unwrap_or("/")})
}

fn assignment(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    const FIELDS: [&str; 4] = ["principal_id", "principal_type", "target_id", "id"];
    let (Some(set), Some(principal), Some(account)) =
        (set(resource, state), resource.text("principal_id"), resource.text("target_id"))
    else {
        return;
    };
    let kind = if resource.text("principal_type") == Some("USER") { "user" } else { "group" };
    let principal = Box::new(state.principal(principal, kind));
    let subject = Subject::Assignment(Box::new(set), principal, Box::new(state.account(account)));
    let nodes: Vec<&Node> =
        FIELDS.into_iter().chain(["permission_set_arn"]).filter_map(|field| resource.get(field)).collect();
    ledger.fact(&nodes, subject, ResourceClaim::IsThere);
}

fn group(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let (Some(id), Some(name)) = (resource.get("group_id"), resource.get("display_name")) else { return };
    let subject = match state.principal(id.text().unwrap_or_default(), "group") {
        Subject::Principal(kind, named) => {
            Subject::Principal(kind, Named { name: name.text().map(str::to_owned).into_iter().collect(), ..named })
        }
        other => other,
    };
    ledger.fact(&[id, name], subject, ResourceClaim::IsThere);
}

fn text(node: &Node) -> Value {
    node.text().unwrap_or_default().into()
}
