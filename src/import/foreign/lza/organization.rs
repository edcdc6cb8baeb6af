use landing_policy::PolicyType;

use super::accounts::{Accounts, place};
use crate::import::foreign::claim::{Named, ResourceClaim, Subject, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::policy_file::Policies;
use crate::import::foreign::source::Mistake;
use crate::import::foreign::tree::Node;
use crate::model::Address;

/// The lists of policies, by their types.
const POLICIES: [(&str, PolicyType); 6] = [
    ("serviceControlPolicies", PolicyType::ServiceControl),
    ("resourceControlPolicies", PolicyType::ResourceControl),
    ("declarativePolicies", PolicyType::DeclarativeEc2),
    ("taggingPolicies", PolicyType::Tag),
    ("backupPolicies", PolicyType::Backup),
    ("chatbotPolicies", PolicyType::Chatbot),
];

/// What `organization-config.yaml` says.
pub(super) fn claim(
    root: &Node,
    accounts: &Accounts,
    policies: &mut Policies<'_>,
    ledger: &mut Ledger,
) -> Result<(), Mistake> {
    for unit in root.get("organizationalUnits").map(Node::items).unwrap_or_default() {
        if let Some((node, name)) = unit.get("name").and_then(|node| Some((node, node.text()?))) {
            let subject = place(name);
            ledger.comment(&subject, unit);
            ledger.fact(&[node], subject, ResourceClaim::IsThere);
        }
    }
    for unit in root.get("organizationalUnitIds").map(Node::items).unwrap_or_default() {
        let (Some(name), Some(id)) = (unit.get("name"), unit.get("id")) else { continue };
        let subject = match place(name.text().unwrap_or_default()) {
            Subject::Unit(named) => Subject::Unit(Named { id: id.text().map(str::to_owned), ..named }),
            other => other,
        };
        ledger.fact(&[name, id], subject, ResourceClaim::IsThere);
    }
    for (list, of_type) in POLICIES {
        for policy in root.get(list).map(Node::items).unwrap_or_default() {
            self::policy(policy, of_type, accounts, policies, ledger)?;
        }
    }
    Ok(())
}

fn policy(
    policy: &Node,
    of_type: PolicyType,
    accounts: &Accounts,
    policies: &mut Policies<'_>,
    ledger: &mut Ledger,
) -> Result<(), Mistake> {
    let Some((node, name)) = policy.get("name").and_then(|node| Some((node, node.text()?))) else { return Ok(()) };
    let subject = Subject::Policy(Some(of_type), Named::name(name));
    ledger.comment(&subject, policy);
    ledger.fact(&[node], subject.clone(), ResourceClaim::IsThere);
    if let Some((node, description)) = policy.get("description").and_then(|node| Some((node, node.text()?))) {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field("description", description.into()));
    }
    if let Some(file) = policy.get("policy") {
        content(file, &subject, "content", policies, ledger)?;
    }
    if let Some(kind) = policy.get("type") {
        ledger.unmapped(kind, reason::BOOKKEEPING);
    }
    let attached = |place: Subject| Subject::Attachment(Box::new(subject.clone()), Box::new(place));
    for unit in policy.at(&["deploymentTargets", "organizationalUnits"]).map(Node::items).unwrap_or_default() {
        ledger.fact(&[unit], attached(place(unit.text().unwrap_or_default())), ResourceClaim::IsThere);
    }
    for account in policy.at(&["deploymentTargets", "accounts"]).map(Node::items).unwrap_or_default() {
        ledger.fact(&[account], attached(accounts.called(account.text().unwrap_or_default())), ResourceClaim::IsThere);
    }
    Ok(())
}

/// A document that stands in a file of its own.
pub(super) fn content(
    named: &Node,
    subject: &Subject,
    field: &'static str,
    policies: &mut Policies<'_>,
    ledger: &mut Ledger,
) -> Result<(), Mistake> {
    let Some(document) = policies.document(named, ledger)? else { return Ok(()) };
    match document.value {
        Some(value) => ledger.fact(&[named, &document.root], subject.clone(), ResourceClaim::Field(field, value)),
        None => {
            ledger.unmapped(named, reason::INCLUDE);
            ledger.unmapped(&document.root, reason::EXPRESSION);
        }
    }
    Ok(())
}

/// What `global-config.yaml` says of the organization.
pub(super) fn global(root: &Node, ledger: &mut Ledger) {
    for key in ["homeRegion", "enabledRegions", "managementAccountAccessRole"] {
        if let Some(node) = root.get(key) {
            ledger.unmapped(node, reason::SETTING);
        }
    }
    let features = [("rootCredentialsManagement", "RootCredentialsManagement"), ("allowRootSessions", "RootSessions")];
    for (key, feature) in features {
        let said = root.at(&["centralRootUserManagement", "capabilities", key]);
        if let Some(node) = said.filter(|node| node.is_true()) {
            let address = Address::new("root-access", [feature]).to_string();
            ledger.fact(&[node], Subject::Of("root-access", address), ResourceClaim::IsThere);
        }
    }
}
