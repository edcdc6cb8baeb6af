use serde_json::{Value, json};

use super::accounts::{Accounts, place};
use super::organization::content;
use crate::import::foreign::claim::{Named, ResourceClaim, Subject, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::policy_file::Policies;
use crate::import::foreign::source::Mistake;
use crate::import::foreign::tree::Node;

/// What `iam-config.yaml` says of Identity Center. Policies, roles, groups and users in accounts stay LZA's.
pub(super) fn claim(
    root: &Node,
    accounts: &Accounts,
    policies: &mut Policies<'_>,
    ledger: &mut Ledger,
) -> Result<(), Mistake> {
    let Some(center) = root.get("identityCenter") else { return Ok(()) };
    if let Some(account) = center.get("delegatedAdminAccount") {
        let of = accounts.called(account.text().unwrap_or_default());
        ledger.fact(&[account], Subject::Delegated("sso.amazonaws.com".into(), Box::new(of)), ResourceClaim::IsThere);
    }
    for set in center.get("identityCenterPermissionSets").map(Node::items).unwrap_or_default() {
        permission_set(set, policies, ledger)?;
    }
    for assignment in center.get("identityCenterAssignments").map(Node::items).unwrap_or_default() {
        self::assignment(assignment, accounts, ledger);
    }
    Ok(())
}

fn permission_set(set: &Node, policies: &mut Policies<'_>, ledger: &mut Ledger) -> Result<(), Mistake> {
    let Some((node, name)) = set.get("name").and_then(|node| Some((node, node.text()?))) else { return Ok(()) };
    let subject = Subject::PermissionSet(Named::name(name));
    ledger.comment(&subject, set);
    ledger.fact(&[node], subject.clone(), ResourceClaim::IsThere);
    if let Some((node, text)) = set.get("description").and_then(|node| Some((node, node.text()?))) {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field("description", text.into()));
    }
    if let Some((node, minutes)) = set.get("sessionDuration").and_then(|node| Some((node, node.text()?))) {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field("session", format!("PT{minutes}M").into()));
    }
    let list = |key: &str| set.at(&["policies", key]).map(Node::items).unwrap_or_default();
    for policy in list("awsManaged") {
        ledger.fact(&[policy], subject.clone(), ResourceClaim::Item("managed_policies", managed(policy)));
    }
    for policy in list("customerManaged").iter().chain(list("acceleratorManaged")) {
        let said = json!({"name": policy.text().unwrap_or_default(), "path": "/"});
        ledger.fact(&[policy], subject.clone(), ResourceClaim::Item("customer_managed_policies", said));
    }
    if let Some(file) = set.at(&["policies", "inlinePolicy"]) {
        content(file, &subject, "inline_policy", policies, ledger)?;
    }
    if let Some(boundary) = set.at(&["policies", "permissionsBoundary"]) {
        boundary_of(boundary, subject, ledger);
    }
    Ok(())
}

fn boundary_of(boundary: &Node, set: Subject, ledger: &mut Ledger) {
    let said = match (boundary.get("awsManagedPolicyName"), boundary.get("customerManagedPolicy")) {
        (Some(name), _) => json!({"managed": managed(name)}),
        (None, Some(own)) => {
            let path = own.text_at("path").unwrap_or("/");
            json!({"customer_managed": {"name": own.text_at("name").unwrap_or_default(), "path": path}})
        }
        (None, None) => return,
    };
    ledger.fact(&[boundary], set, ResourceClaim::Field("boundary", said));
}

/// One of AWS's managed policies by its ARN, where only the name is said.
fn managed(node: &Node) -> Value {
    let text = node.text().unwrap_or_default();
    if text.starts_with("arn:") { text.into() } else { format!("arn:aws:iam::aws:policy/{text}").into() }
}

fn assignment(assignment: &Node, accounts: &Accounts, ledger: &mut Ledger) {
    let Some((node, set)) = assignment.get("permissionSetName").and_then(|node| Some((node, node.text()?))) else {
        return;
    };
    let set = Subject::PermissionSet(Named::name(set));
    let targets = targets(assignment, accounts);
    let units = assignment.at(&["deploymentTargets", "organizationalUnits"]).map(Node::items).unwrap_or_default();
    for (who, principal) in principals(assignment) {
        units.iter().for_each(|unit| ledger.whole_unit(&set, &principal, place(unit.text().unwrap_or_default())));
        for (target, account) in &targets {
            let subject =
                Subject::Assignment(Box::new(set.clone()), Box::new(principal.clone()), Box::new(account.clone()));
            let nodes: Vec<&Node> = who.iter().copied().chain([*target, node]).collect();
            ledger.fact(&nodes, subject, ResourceClaim::IsThere);
        }
    }
    if let Some(name) = assignment.get("name") {
        ledger.unmapped(name, reason::BOOKKEEPING);
    }
}

/// The accounts of an assignment, each with what says it.
fn targets<'n>(assignment: &'n Node, accounts: &Accounts) -> Vec<(&'n Node, Subject)> {
    let list = |key: &str| assignment.at(&["deploymentTargets", key]).map(Node::items).unwrap_or_default();
    let named = list("accounts").iter().map(|node| (node, accounts.called(node.text().unwrap_or_default())));
    let units = list("organizationalUnits").iter().flat_map(|node| {
        let within = accounts.within(node.text().unwrap_or_default());
        within.into_iter().map(move |account| (node, account))
    });
    named.chain(units).collect()
}

/// Who has it, each with what says it.
fn principals(assignment: &Node) -> Vec<(Vec<&Node>, Subject)> {
    let listed = assignment.get("principals").map(Node::items).unwrap_or_default();
    let mut all: Vec<(Vec<&Node>, Subject)> = listed
        .iter()
        .filter_map(|who| {
            let (kind, name) = (who.get("type")?, who.get("name")?);
            let named = Named::name(name.text().unwrap_or_default());
            Some((vec![kind, name], Subject::Principal(kind_of(kind), named)))
        })
        .collect();
    if let (Some(id), Some(kind)) = (assignment.get("principalId"), assignment.get("principalType")) {
        let named = Named::id(id.text().unwrap_or_default());
        all.push((vec![id, kind], Subject::Principal(kind_of(kind), named)));
    }
    all
}

fn kind_of(node: &Node) -> &'static str {
    if node.text() == Some("USER") { "user" } else { "group" }
}
