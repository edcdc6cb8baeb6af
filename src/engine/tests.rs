//! The pure half of the engine by plain values; every expectation is written by hand.

mod apply;
mod diff;
mod shown;
mod targets;

use serde_json::{Value, json};

use super::plan::Draft;
use crate::model::{
    Action, Address, Body, Change, Desired, FieldChange, Found, Observed, Owner, Plan, Presence, Waiting, Wanted,
};

pub(super) fn at(address: &str) -> Address {
    Address::parse(address)
}

fn body(json: Value) -> Body {
    json.as_object().cloned().unwrap_or_default()
}

/// A wanted resource; its kind follows from its address.
fn wanted(address: &str, parent: &str, fields: Value) -> Wanted {
    Wanted::new(kind(address), at(address), body(fields)).under(at(parent))
}

fn desired(all: impl IntoIterator<Item = Wanted>) -> Desired {
    let mut desired = Desired::default();
    all.into_iter().for_each(|wanted| desired.add(wanted));
    desired
}

fn found(address: &str, parent: &str, owner: Owner, fields: Value) -> Found {
    Found {
        address: at(address),
        kind: kind(address).into(),
        id: format!("id of {address}"),
        owner,
        body: body(fields),
        parent: Some(at(parent)),
        attached_to: vec![at(parent)],
    }
}

fn observed(all: impl IntoIterator<Item = Found>) -> Observed {
    let mut observed = Observed::default();
    all.into_iter().for_each(|found| observed.add(found));
    observed
}

const OURS: Owner = Owner::This { stale: None };

fn kind(address: &str) -> &'static str {
    match at(address).prefix() {
        _ if address.starts_with("assignment/") => "assignment",
        _ if address.contains('@') => "attachment",
        "ou" => "organizational-unit",
        "account" | "management" => "account",
        "scp" => "policy",
        "stack-set" => "stack-set",
        "permission-set" => "permission-set",
        "group" => "group",
        "trusted-access" => "trusted-access",
        "root" => "root",
        _ => "organization",
    }
}

fn change(address: &str, action: Action, fields: &[(&str, Value, Value)]) -> Change {
    let field = |(path, before, after): &(&str, Value, Value)| FieldChange {
        path: (*path).to_owned(),
        before: before.clone(),
        after: after.clone(),
    };
    Change { fields: fields.iter().map(field).collect(), ..Change::new(action, kind(address), at(address)) }
}

fn waiting(change: Change, cause: &str) -> Waiting {
    Waiting { change, waits_for: at(cause) }
}

/// A plan of some changes, made where this was found.
fn plan(changes: Vec<Change>, digests: &[(&str, &str)]) -> Plan {
    let bare = json!({
        "format": Plan::FORMAT, "blueprint": {"name": "b", "sha256": ""},
        "organization": {"id": "o-1", "management_account": "111111111111"},
        "summary": {"create": 0, "update": 0, "delete": 0, "adopt": 0, "move": 0, "unchanged": 0},
        "changes": [], "manual": [], "unmanaged": [], "refusals": [],
        "api_calls": {"total": 0, "by_operation": {}}, "observed": {},
    });
    let bare: Plan = serde_json::from_value(bare).unwrap();
    let observed = digests.iter().map(|(address, digest)| (at(address), (*digest).to_owned())).collect();
    Plan { changes, observed, ..bare }
}

fn draft(plan: Plan, observed: Observed) -> Draft {
    Draft { plan, observed, unmatched: Vec::new(), caller: None }
}

/// Addresses as text, for comparing.
fn names<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Vec<&'a str> {
    addresses.into_iter().map(Address::as_str).collect()
}

/// Something that the blueprint says must not be there.
fn absent(wanted: Wanted) -> Wanted {
    Wanted { presence: Presence::Absent, ..wanted }
}
