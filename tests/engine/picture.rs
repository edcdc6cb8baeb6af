//! An organization as the simulated AWS has it, in names instead of ids, so that two of them compare.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

mod stacks;

pub use stacks::stacks;

/// The organization in a sandbox's snapshot.
pub fn picture(snapshot: &Value) -> Value {
    let organization = &snapshot["organization"];
    let names = names(organization);
    let named = |id: &str| names.get(id).cloned().unwrap_or_else(|| format!("unknown {id}"));
    let tags = |id: &str| organization["tags"].get(id).cloned().unwrap_or_else(|| json!({}));
    let items = |key: &str| organization[key].as_object().cloned().unwrap_or_default();
    let units: BTreeMap<String, Value> = items("units").keys().map(|id| (named(id), tags(id))).collect();
    let accounts: BTreeMap<String, Value> = items("accounts")
        .iter()
        .map(|(id, account)| {
            let place = named(account["parent"].as_str().unwrap_or_default());
            (named(id), json!({"in": place, "name": account["name"], "state": account["state"], "tags": tags(id)}))
        })
        .collect();
    let policies: BTreeMap<String, Value> = items("policies")
        .iter()
        .map(|(id, policy)| {
            let targets: BTreeSet<String> =
                policy["targets"].as_array().into_iter().flatten().filter_map(Value::as_str).map(named).collect();
            let mut content = policy["content"].as_str().unwrap_or_default().to_owned();
            for (id, name) in &names {
                content = content.replace(id, name);
            }
            let content: Value = serde_json::from_str(&content).unwrap_or_default();
            let name = format!(
                "{}/{}",
                policy["type"].as_str().unwrap_or_default(),
                policy["name"].as_str().unwrap_or_default()
            );
            (
                name,
                json!({"content": content, "targets": targets, "tags": tags(id), "description": policy["description"]}),
            )
        })
        .collect();
    json!({
        "root_tags": tags(organization["root"].as_str().unwrap_or_default()),
        "policy_types": organization["policy_types"],
        "trusted": items("trusted_services").keys().collect::<Vec<_>>(),
        "units": units,
        "accounts": accounts,
        "policies": policies,
        "identity": identity(snapshot, &names),
        "settings": settings(snapshot, &names),
    })
}

/// What accounts, and their regions, have set for themselves.
fn settings(snapshot: &Value, accounts: &BTreeMap<String, String>) -> Value {
    let mut text = json!({
        "root_access": snapshot["organization"]["root_access"],
        "delegation": snapshot["organization"]["resource_policy"]["content"],
        "password_policies": snapshot["password_policies"],
        "account_aliases": snapshot["account_aliases"],
        "ebs_encryption": snapshot["ebs_encryption"],
        "ebs_keys": snapshot["ebs_keys"],
        "guardduty": snapshot["guardduty"],
    })
    .to_string();
    for (id, name) in accounts {
        text = text.replace(id, name);
    }
    let mut settings: Value = serde_json::from_str(&text).unwrap_or_default();
    // A set of texts, in the order of ids.
    if let Some(places) = settings["ebs_encryption"].as_array_mut() {
        places.sort_by_key(Value::to_string);
    }
    settings
}

/// Permission sets and groups, with who has what where.
fn identity(snapshot: &Value, accounts: &BTreeMap<String, String>) -> Value {
    let items = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let directory = &snapshot["directory"];
    let named = |principal: &Value| {
        let (kind, id) = (principal["type"].as_str().unwrap_or_default(), principal["id"].as_str().unwrap_or_default());
        let known = if kind == "USER" { &directory["users"][id]["name"] } else { &directory["groups"][id]["name"] };
        format!("{kind} {}", known.as_str().unwrap_or(id))
    };
    let sets: BTreeMap<String, Value> = items(&snapshot["identity_center"]["permission_sets"])
        .values()
        .map(|set| {
            let mut shown = set.clone();
            for hidden in ["created", "revision", "accounts"] {
                shown[hidden].take();
            }
            if shown["description"] == " " {
                shown["description"].take();
            }
            let inline = set["inline_policy"].as_str().unwrap_or_default();
            let inline = accounts.iter().fold(inline.to_owned(), |inline, (id, name)| inline.replace(id, name));
            shown["inline_policy"] = inline.into();
            let there = items(&set["accounts"]).into_iter().map(|(account, there)| {
                let who: BTreeSet<String> = there["principals"].as_array().into_iter().flatten().map(named).collect();
                let account = accounts.get(&account).cloned().unwrap_or(account);
                (account, json!({"latest": there["revision"] == set["revision"], "principals": who}))
            });
            shown["accounts"] = Value::Object(there.collect());
            (set["name"].as_str().unwrap_or_default().to_owned(), shown)
        })
        .collect();
    let groups: BTreeMap<String, Value> = items(&directory["groups"])
        .values()
        .map(|group| (group["name"].as_str().unwrap_or_default().to_owned(), group["description"].clone()))
        .collect();
    json!({"permission_sets": sets, "groups": groups})
}

/// Every root, unit and account that no service control policy is attached to, while the type is enabled.
pub fn without_scp(snapshot: &Value) -> Vec<String> {
    let organization = &snapshot["organization"];
    let types = organization["policy_types"].as_array().cloned().unwrap_or_default();
    if !types.contains(&json!("SERVICE_CONTROL_POLICY")) {
        return Vec::new();
    }
    let attached: BTreeSet<&str> = organization["policies"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, policy)| policy["type"] == "SERVICE_CONTROL_POLICY")
        .flat_map(|(_, policy)| policy["targets"].as_array().into_iter().flatten().filter_map(Value::as_str))
        .collect();
    names(organization).into_iter().filter(|(id, _)| !attached.contains(id.as_str())).map(|(_, name)| name).collect()
}

/// Paths of units, emails of accounts, `root`, by id.
fn names(organization: &Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let root = organization["root"].as_str().unwrap_or_default().to_owned();
    names.insert(root.clone(), "root".to_owned());
    let empty = serde_json::Map::new();
    let units = organization["units"].as_object().unwrap_or(&empty);
    for id in units.keys() {
        let mut path = Vec::new();
        let mut at = id.as_str();
        while let Some(unit) = units.get(at) {
            path.push(unit["name"].as_str().unwrap_or_default());
            at = unit["parent"].as_str().unwrap_or_default();
        }
        path.reverse();
        names.insert(id.clone(), path.join("/"));
    }
    for (id, account) in organization["accounts"].as_object().unwrap_or(&empty) {
        names.insert(id.clone(), account["email"].as_str().unwrap_or_default().to_owned());
    }
    names
}

/// What differs between two pictures, a line each.
pub fn differences(left: &Value, right: &Value) -> Vec<String> {
    fn walk(path: &str, left: &Value, right: &Value, lines: &mut Vec<String>) {
        match (left, right) {
            (Value::Object(a), Value::Object(b)) => {
                for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                    let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                    walk(&format!("{path}/{key}"), a, b, lines);
                }
            }
            _ if left == right => {}
            _ => lines.push(format!("{path}: {left} instead of {right}")),
        }
    }
    let mut lines = Vec::new();
    walk("", left, right, &mut lines);
    lines
}
