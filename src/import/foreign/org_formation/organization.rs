use std::collections::BTreeMap;

use landing_policy::PolicyType;

use crate::import::foreign::claim::{Named, ResourceClaim, Subject, is_placeholder, reason};
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::tree::Node;

/// The resources of an organization file, by their logical names.
struct Organization<'n> {
    resources: BTreeMap<&'n str, (&'n str, &'n Node)>,
    /// The unit that each unit is in.
    within: BTreeMap<&'n str, &'n str>,
}

/// What an organization file says.
pub(super) fn claim(root: &Node, ledger: &mut Ledger) {
    let entries = root.get("Organization").map(Node::entries).unwrap_or_default();
    let resources = entries.iter().filter_map(|(name, node)| {
        Some((name.as_str(), (node.text_at("Type")?, node.get("Properties").unwrap_or(node))))
    });
    let mut organization = Organization { resources: resources.collect(), within: BTreeMap::new() };
    for (name, (_, properties)) in organization.resources.clone() {
        for child in many(properties.get("OrganizationalUnits")).filter_map(reference) {
            organization.within.insert(child, name);
        }
    }
    for (name, node) in entries {
        let Some(subject) = organization.subject(name) else { continue };
        ledger.comment(&subject, node);
        organization.resource(name, &subject, ledger);
    }
}

impl Organization<'_> {
    /// What a logical name stands for.
    fn subject(&self, name: &str) -> Option<Subject> {
        let (of_type, properties) = self.resources.get(name)?;
        let said = |key: &str| properties.text_at(key).filter(|text| !is_placeholder(text)).map(str::to_owned);
        let account = || Named { id: said("AccountId"), email: said("RootEmail"), ..Named::path(said("AccountName")) };
        Some(match *of_type {
            "OC::ORG::MasterAccount" => match (said("AccountId"), said("RootEmail")) {
                (None, None) => Subject::Management,
                // Its name in the file may be anything.
                (id, email) => Subject::Account(Named { id, email, name: Vec::new() }),
            },
            "OC::ORG::Account" => Subject::Account(account()),
            "OC::ORG::OrganizationRoot" => Subject::Root,
            "OC::ORG::OrganizationalUnit" => Subject::Unit(Named::path(self.path(name))),
            "OC::ORG::ServiceControlPolicy" => {
                Subject::Policy(Some(PolicyType::ServiceControl), Named::path(said("PolicyName")))
            }
            _ => return None,
        })
    }

    /// The names of a unit's parents and its own.
    fn path(&self, name: &str) -> Vec<String> {
        let mut path = Vec::new();
        let mut at = Some(name);
        // Units that are in each other in a circle end it too.
        while let Some(unit) = at.filter(|_| path.len() < self.resources.len()) {
            let name = self.resources.get(unit).and_then(|(_, it)| it.text_at("OrganizationalUnitName"));
            path.extend(name.map(str::to_owned));
            at = self.within.get(unit).copied();
        }
        path.reverse();
        path
    }

    fn resource(&self, name: &str, subject: &Subject, ledger: &mut Ledger) {
        let Some((of_type, properties)) = self.resources.get(name) else { return };
        let is_master = *of_type == "OC::ORG::MasterAccount";
        for (key, value) in properties.entries() {
            if value.text().is_some_and(is_placeholder) {
                ledger.unmapped(value, reason::PLACEHOLDER);
                continue;
            }
            match key.as_str() {
                "AccountName" if is_master => ledger.unmapped(value, reason::OWN_NAME),
                "AccountId" => ledger.fact(&[value], subject.clone(), ResourceClaim::IsThere),
                "RootEmail" => field(value, subject, "email", ledger),
                "AccountName" | "OrganizationalUnitName" | "PolicyName" => field(value, subject, "name", ledger),
                "Alias" => field(value, &Subject::Alias(Box::new(subject.clone())), "alias", ledger),
                "Description" => field(value, subject, "description", ledger),
                "PolicyDocument" => document(value, subject, ledger),
                "Tags" => tags(value, subject, ledger),
                "ServiceControlPolicies" => self.attached(value, subject, ledger),
                "Accounts" | "OrganizationalUnits" => self.children(value, subject, ledger),
                _ => {}
            }
        }
    }

    fn attached(&self, list: &Node, place: &Subject, ledger: &mut Ledger) {
        for item in many(Some(list)) {
            if let Some(policy) = reference(item).and_then(|name| self.subject(name)) {
                let attachment = Subject::Attachment(Box::new(policy), Box::new(place.clone()));
                ledger.fact(&[item], attachment, ResourceClaim::IsThere);
            }
        }
    }

    fn children(&self, list: &Node, unit: &Subject, ledger: &mut Ledger) {
        for item in many(Some(list)) {
            if let Some(child) = reference(item).and_then(|name| self.subject(name)) {
                ledger.fact(&[item], child.clone(), ResourceClaim::Parent(unit.clone()));
                ledger.comment(&child, item);
            }
        }
    }
}

/// The items of a list, or the only one.
fn many(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    let items = node.map(Node::items).unwrap_or_default();
    let one = node.filter(|node| reference(node).is_some());
    items.iter().chain(one)
}

/// The logical name in `!Ref NAME` or `{Ref: NAME}`.
fn reference(node: &Node) -> Option<&str> {
    node.tagged("Ref").or_else(|| node.text_at("Ref"))
}

fn field(value: &Node, subject: &Subject, key: &'static str, ledger: &mut Ledger) {
    if let Some(text) = value.text() {
        ledger.fact(&[value], subject.clone(), ResourceClaim::Field(key, text.into()));
    }
}

fn document(value: &Node, subject: &Subject, ledger: &mut Ledger) {
    if let Some(said) = value.value() {
        ledger.fact(&[value], subject.clone(), ResourceClaim::Field("content", said));
    }
}

fn tags(value: &Node, subject: &Subject, ledger: &mut Ledger) {
    for (key, value) in value.entries() {
        if let Some(text) = value.text().filter(|text| !is_placeholder(text)) {
            ledger.fact(&[value], subject.clone(), ResourceClaim::Tag(key.clone(), text.to_owned()));
        }
    }
    let keys = value.entries().iter().map(|(key, _)| key.clone()).collect();
    ledger.note(value, subject.clone(), ResourceClaim::AllTags(keys));
}
