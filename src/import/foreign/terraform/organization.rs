use serde_json::Value;

use super::resource::{Resource, State, is_said};
use crate::import::foreign::claim::{Named, ResourceClaim, Subject, is_placeholder, reason};
use crate::import::foreign::document::parsed;
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::tree::Node;
use crate::model::Address;

/// What a resource of AWS Organizations says. Returns whether it is one.
pub(super) fn claim(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) -> bool {
    match resource.of_type {
        "aws_organizations_organization" => organization(resource, state, ledger),
        "aws_organizations_organizational_unit" => unit(resource, state, ledger),
        "aws_organizations_account" => account(resource, state, ledger),
        "aws_organizations_policy" => policy(resource, state, ledger),
        "aws_organizations_policy_attachment" => attachment(resource, state, ledger),
        "aws_organizations_delegated_administrator" => delegated(resource, state, ledger),
        "aws_iam_organizations_features" => features(resource, ledger),
        "aws_account_alternate_contact" => contact(resource, state, ledger),
        "aws_organizations_resource_policy" => delegation(resource, ledger),
        "aws_dynamodb_table_item" => account_request(resource, ledger),
        _ => return false,
    }
    true
}

fn organization(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    if let Some(id) = resource.get("id") {
        ledger.fact(&[id], Subject::Organization(id.text().map(str::to_owned)), ResourceClaim::IsThere);
    }
    for service in items(resource, "aws_service_access_principals") {
        let address = Address::trusted_access(service.text().unwrap_or_default()).to_string();
        ledger.fact(&[service], Subject::Of("trusted-access", address), ResourceClaim::IsThere);
    }
    for policy_type in items(resource, "enabled_policy_types") {
        let address = Address::policy_type(policy_type.text().unwrap_or_default()).to_string();
        ledger.fact(&[policy_type], Subject::Of("policy-type", address), ResourceClaim::IsThere);
    }
    if let Some(id) = resource.get("master_account_id") {
        let management = Subject::Account(Named::id(id.text().unwrap_or_default()));
        fields(
            resource.values,
            &management,
            &[("master_account_email", "email"), ("master_account_name", "name")],
            ledger,
        );
        ledger.fact(&[id], management, ResourceClaim::IsThere);
    }
    for list in ["accounts", "non_master_accounts"] {
        items(resource, list).iter().for_each(|account| listed(account, state, ledger));
    }
}

/// An account in a list of them.
fn listed(account: &Node, state: &State<'_>, ledger: &mut Ledger) {
    let Some(id) = account.get("id") else { return };
    let subject = state.account(id.text().unwrap_or_default());
    ledger.fact(&[id], subject.clone(), ResourceClaim::IsThere);
    fields(account, &subject, &[("email", "email"), ("name", "name")], ledger);
}

fn unit(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let Some(id) = resource.get("id") else { return };
    let subject = state.place(id.text().unwrap_or_default());
    ledger.fact(&[id], subject.clone(), ResourceClaim::IsThere);
    fields(resource.values, &subject, &[("name", "name")], ledger);
    parent(resource, &subject, state, ledger);
    tags(resource, &subject, ledger);
    for account in items(resource, "accounts") {
        let Some(id) = account.get("id") else { continue };
        let about = state.account(id.text().unwrap_or_default());
        ledger.fact(&[id], about.clone(), ResourceClaim::Parent(subject.clone()));
        fields(account, &about, &[("email", "email"), ("name", "name")], ledger);
    }
}

fn account(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let Some(id) = resource.get("id") else { return };
    let subject = state.account(id.text().unwrap_or_default());
    ledger.fact(&[id], subject.clone(), ResourceClaim::IsThere);
    fields(resource.values, &subject, &[("name", "name"), ("email", "email")], ledger);
    parent(resource, &subject, state, ledger);
    tags(resource, &subject, ledger);
}

fn parent(resource: &Resource<'_>, subject: &Subject, state: &State<'_>, ledger: &mut Ledger) {
    if let Some(parent) = resource.get("parent_id") {
        ledger.fact(&[parent], subject.clone(), ResourceClaim::Parent(state.place(parent.text().unwrap_or_default())));
    }
}

fn policy(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let Some(id) = resource.get("id") else { return };
    if id.text().is_some_and(is_aws_own) {
        return ledger.unmapped(resource.values, reason::AWS_OWN);
    }
    let subject = state.policy(id.text().unwrap_or_default());
    let about: Vec<&Node> = [Some(id), resource.get("type")].into_iter().flatten().collect();
    ledger.fact(&about, subject.clone(), ResourceClaim::IsThere);
    fields(resource.values, &subject, &[("name", "name"), ("description", "description")], ledger);
    document(resource, "content", "content", &subject, ledger);
    tags(resource, &subject, ledger);
}

/// The organization's resource policy, of which there is one.
fn delegation(resource: &Resource<'_>, ledger: &mut Ledger) {
    let Some(id) = resource.get("id") else { return };
    let subject = Subject::Of("resource-policy", "resource-policy".to_owned());
    ledger.fact(&[id], subject.clone(), ResourceClaim::IsThere);
    document(resource, "content", "content", &subject, ledger);
    tags(resource, &subject, ledger);
}

/// A policy's document, which stands as a text in a state.
pub(super) fn document(
    resource: &Resource<'_>,
    field: &str,
    key: &'static str,
    subject: &Subject,
    ledger: &mut Ledger,
) {
    if let Some((node, value)) = resource.get(field).and_then(|node| Some((node, parsed(node.text()?)?))) {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field(key, value));
    }
}

fn attachment(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let (Some(policy), Some(target)) = (resource.get("policy_id"), resource.get("target_id")) else { return };
    let place = Box::new(state.place(target.text().unwrap_or_default()));
    let id = policy.text().unwrap_or_default();
    let subject = match id {
        "p-FullAWSAccess" => Subject::FullAccess(place),
        _ if is_aws_own(id) => return ledger.unmapped(resource.values, reason::AWS_OWN),
        _ => Subject::Attachment(Box::new(state.policy(id)), place),
    };
    let nodes: Vec<&Node> = [Some(policy), Some(target), resource.get("id")].into_iter().flatten().collect();
    ledger.fact(&nodes, subject, ResourceClaim::IsThere);
}

/// AWS's own policies have names for ids, all others `p-` and at least eight signs of a few letters and digits.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html>
fn is_aws_own(id: &str) -> bool {
    matches!(id, "p-FullAWSAccess" | "p-RCPFullAWSAccess")
}

fn delegated(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let (Some(account), Some(service)) = (resource.get("account_id"), resource.get("service_principal")) else {
        return;
    };
    let about = state.account(account.text().unwrap_or_default());
    let subject = Subject::Delegated(service.text().unwrap_or_default().to_owned(), Box::new(about.clone()));
    let nodes: Vec<&Node> = [Some(account), Some(service), resource.get("id")].into_iter().flatten().collect();
    ledger.fact(&nodes, subject, ResourceClaim::IsThere);
    fields(resource.values, &about, &[("email", "email"), ("name", "name")], ledger);
}

fn features(resource: &Resource<'_>, ledger: &mut Ledger) {
    for feature in items(resource, "enabled_features") {
        let address = Address::new("root-access", [feature.text().unwrap_or_default()]).to_string();
        ledger.fact(&[feature], Subject::Of("root-access", address), ResourceClaim::IsThere);
    }
}

fn contact(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let Some(contact) = resource.get("alternate_contact_type") else { return };
    let account = resource.get("account_id");
    let of =
        account.and_then(Node::text).filter(|id| !id.is_empty()).map_or(Subject::Management, |id| state.account(id));
    let subject = Subject::Contact(Box::new(of), contact.text().unwrap_or_default().to_owned());
    let nodes: Vec<&Node> = [Some(contact), account, resource.get("id")].into_iter().flatten().collect();
    ledger.fact(&nodes, subject.clone(), ResourceClaim::IsThere);
    let known = [("name", "name"), ("title", "title"), ("email_address", "email"), ("phone_number", "phone")];
    fields(resource.values, &subject, &known, ledger);
}

/// Fields that a blueprint has as well, by both names.
pub(super) fn fields(values: &Node, subject: &Subject, known: &[(&str, &'static str)], ledger: &mut Ledger) {
    for (field, key) in known {
        let Some(node) = values.get(field).filter(|node| is_said(node)) else { continue };
        match node.text() {
            Some(text) if is_placeholder(text) => ledger.unmapped(node, reason::PLACEHOLDER),
            Some(text) => ledger.fact(&[node], subject.clone(), ResourceClaim::Field(key, Value::from(text))),
            None => {}
        }
    }
}

/// The tags, those of the provider (`default_tags`) among them, which stand in `tags_all` alone.
pub(super) fn tags(resource: &Resource<'_>, subject: &Subject, ledger: &mut Ledger) {
    let Some(all) = resource.get("tags_all").or_else(|| resource.get("tags")) else { return };
    for list in [Some(all), resource.get("tags")].into_iter().flatten() {
        for (key, value) in list.entries() {
            if let Some(text) = tag(value) {
                ledger.fact(&[value], subject.clone(), ResourceClaim::Tag(key.clone(), text));
            }
        }
    }
    let keys = all.entries().iter().map(|(key, _)| key.clone()).collect();
    ledger.note(all, subject.clone(), ResourceClaim::AllTags(keys));
}

fn tag(value: &Node) -> Option<String> {
    // A tag may be an empty text.
    if value.is_null() { None } else { value.text().map(str::to_owned) }
}

/// The items of a list that is not sensitive.
fn items<'n>(resource: &Resource<'n>, field: &str) -> &'n [Node] {
    resource.get(field).map(Node::items).unwrap_or_default()
}

/// A request of Account Factory for Terraform, which stands as one text in a row of a table.
/// <https://docs.aws.amazon.com/controltower/latest/userguide/aft-provision-account.html>
fn account_request(resource: &Resource<'_>, ledger: &mut Ledger) {
    let Some((node, row)) = resource.get("item").and_then(|node| Some((node, parsed(node.text()?)?))) else { return };
    let parameters = &row["control_tower_parameters"]["M"];
    let said = |key: &str| parameters[key]["S"].as_str().map(str::to_owned);
    let Some(email) = said("AccountEmail").filter(|email| !is_placeholder(email)) else {
        return ledger.unmapped(node, reason::NO_KEY);
    };
    let subject = Subject::Account(Named { email: Some(email), ..Named::default() });
    ledger.fact(&[node], subject.clone(), ResourceClaim::IsThere);
    if let Some(name) = said("AccountName") {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field("name", name.into()));
    }
    if let Some(unit) = said("ManagedOrganizationalUnit") {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Parent(managed_unit(&unit)));
    }
    let tags = row["account_tags"]["S"].as_str().and_then(parsed);
    for (key, value) in tags.as_ref().and_then(Value::as_object).into_iter().flatten() {
        ledger.fact(
            &[node],
            subject.clone(),
            ResourceClaim::Tag(key.clone(), value.as_str().unwrap_or_default().to_owned()),
        );
    }
}

/// `Sandbox`, `Sandbox (ou-abcd-12345678)`: names repeat, so that the id decides where it is there.
fn managed_unit(text: &str) -> Subject {
    match text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((name, id)) => Subject::Unit(Named { id: Some(id.to_owned()), ..Named::path(name.split(':')) }),
        None if text == "Root" => Subject::Root,
        None => Subject::Unit(Named::path(text.split(':'))),
    }
}
