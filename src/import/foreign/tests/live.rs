//! An organization as it would have been found, for files to be held against.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::*;
use crate::model::{Address, Found, Observed, Owner};

fn found(observed: &mut Observed, address: &str, kind: &str, id: &str, parent: Option<&str>, body: Value) {
    let address = Address::parse(address);
    let body = body.as_object().cloned().unwrap_or_default();
    observed.bindings.bind(address.clone(), id);
    let parent = parent.map(Address::parse);
    let found = Found {
        address: address.clone(),
        kind: kind.into(),
        id: id.into(),
        owner: Owner::Unmanaged,
        body,
        parent,
        attached_to: Vec::new(),
    };
    observed.found.insert(address, found);
}

fn account(observed: &mut Observed, name: &str, id: &str, email: &str, parent: &str, tags: Value) {
    let address = format!("account/{name}");
    observed.accounts.insert(Address::parse(&address), Address::parse(parent));
    found(observed, &address, "account", id, Some(parent), json!({"name": name, "email": email, "tags": tags}));
}

/// Three units, four accounts, two policies, a permission set that a group has.
pub fn organization() -> Observed {
    let mut live = Observed::default();
    found(&mut live, "organization", "organization", "o-example", None, json!({}));
    found(&mut live, "root", "root", "r-exam", None, json!({"tags": {}}));
    live.bindings.bind(Address::management(), "111111111111");
    for (address, id, name, parent) in [
        ("ou/Security", "ou-exam-sec00000", "Security", "root"),
        ("ou/Workloads", "ou-exam-wor00000", "Workloads", "root"),
        ("ou/Workloads/Dev", "ou-exam-dev00000", "Dev", "ou/Workloads"),
    ] {
        found(&mut live, address, "organizational-unit", id, Some(parent), json!({"name": name, "tags": {}}));
    }
    account(&mut live, "boss", "111111111111", "aws@example.com", "root", json!({}));
    account(&mut live, "audit", "222222222222", "aws+audit@example.com", "ou/Security", json!({"owner": "platform"}));
    account(
        &mut live,
        "shop-dev",
        "333333333333",
        "aws+shop-dev@example.com",
        "ou/Workloads/Dev",
        json!({"owner": "shop"}),
    );
    account(&mut live, "data-dev", "444444444444", "aws+data-dev@example.com", "ou/Workloads/Dev", json!({}));
    let leaving = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]});
    for (name, id, description, content) in
        [("Leaving", "p-leaving0", "Nobody leaves", leaving.clone()), ("Old", "p-old00000", "", leaving)]
    {
        let body = json!({"type": "SERVICE_CONTROL_POLICY", "name": name, "description": description, "content": content, "tags": {}});
        found(&mut live, &format!("scp/{name}"), "policy", id, None, body);
    }
    found(&mut live, "scp/Leaving@ou/Workloads", "attachment", "scp/Leaving@ou/Workloads", None, json!({}));
    found(&mut live, "trusted-access/sso.amazonaws.com", "trusted-access", "sso.amazonaws.com", None, json!({}));
    let set = json!({"name": "Admin", "session": "PT8H", "managed_policies": ["arn:aws:iam::aws:policy/AdministratorAccess"], "customer_managed_policies": [], "tags": {}});
    found(&mut live, "permission-set/Admin", "permission-set", "arn:aws:sso:::permissionSet/ssoins-1/ps-1", None, set);
    live.bindings.bind(Address::group("platform"), "00000000-0000-4000-8000-000000000001");
    let assignment = "assignment/Admin/group/platform@account/audit";
    found(&mut live, assignment, "assignment", assignment, None, json!({}));
    live
}

/// What files come to beside it.
pub fn held(foreign: &Foreign) -> Compared {
    compare(foreign, &organization(), &BTreeSet::new(), &BTreeMap::new())
}

/// What differs: `ABOUT: SAYS / LIVE`.
pub fn differences(compared: &Compared) -> BTreeSet<String> {
    compared.differences().iter().map(|(_, _, it)| format!("{}: {} / {}", it.about, it.says, it.live)).collect()
}

/// The reason of a leaf that has no place in a blueprint.
pub fn reason(compared: &Compared, path: &str) -> Option<String> {
    let judged = compared.sheets.iter().flat_map(|sheet| &sheet.judged).find(|judged| judged.path == path)?;
    match &judged.outcome {
        ClaimOutcome::Unmapped(reason) => Some(reason.clone()),
        _ => None,
    }
}
