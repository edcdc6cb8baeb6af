//! Paths of several levels, RCPs, exemptions and the rest of the language, case by case in `paths.json`.
//!
//! A case there is short for one in the form of `landing simulate --cases`: `"full"` is FullAWSAccess, `{"Deny": "s3:*"}`
//! a statement for all resources, `"by": "ou-1 p1 0 explicit"` the level, the policy by its place there, the statement
//! and the kind of what decided.

use landing_policy::{answer, read_cases};
use serde_json::{Value, json};

use super::world::{ACCOUNT, full_access};

const TABLE: &str = include_str!("paths.json");

#[test]
fn every_case_is_decided_by_what_it_names() {
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("JSON");
    for case in &table {
        let cases = read_cases(&json!([expanded(case)])).unwrap_or_else(|problems| panic!("{case}: {problems:?}"));
        let answer = answer(&cases[0]).to_json();
        assert_eq!(answer["decision"], case["expect"], "{}: {answer}", case["case"]);
        assert_eq!(shortened(&answer["decided_by"]), case["by"], "{}: {answer}", case["case"]);
        assert_eq!(answer["missing"], case.get("missing").cloned().unwrap_or(json!([])), "{}", case["case"]);
    }
}

fn expanded(case: &Value) -> Value {
    let mut request = json!({
        "principal": case.get("principal").cloned().unwrap_or(json!(format!("arn:aws:iam::{ACCOUNT}:role/app/Deployer"))),
        "account": ACCOUNT,
        "resourceAccount": "222222222222",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::corp-data/a/b",
        "context": case.get("context").cloned().unwrap_or(json!({})),
    });
    if let Some(resource) = case.get("resource") {
        request["resource"] = resource.clone();
    }
    let mut full = json!({"id": case["case"], "levels": levels(&case["levels"]), "request": request});
    if case.get("rcps").is_some() {
        full["rcpLevels"] = levels(&case["rcps"]);
    }
    if case["exempt"] == true {
        full["exempt"] = json!("management");
    }
    full
}

fn levels(short: &Value) -> Value {
    let levels = short.as_object().expect("levels by id");
    levels.iter().map(|(id, policies)| json!({"id": id, "policies": attached(policies)})).collect()
}

fn attached(policies: &Value) -> Vec<Value> {
    let policies = policies.as_array().expect("a list of policies").iter().enumerate();
    policies.map(|(index, policy)| json!({"name": format!("p{index}"), "policy": document(policy)})).collect()
}

fn document(short: &Value) -> Value {
    match short {
        Value::String(_) => full_access(),
        Value::Array(statements) => {
            json!({"Version": "2012-10-17", "Statement": statements.iter().map(statement).collect::<Vec<_>>()})
        }
        single => json!({"Version": "2012-10-17", "Statement": [statement(single)]}),
    }
}

fn statement(short: &Value) -> Value {
    let mut statement = short.clone();
    for effect in ["Allow", "Deny"] {
        if let Some(action) = short.get(effect) {
            statement = json!({"Effect": effect, "Action": action, "Resource": "*"});
            if let Some(condition) = short.get("Condition") {
                statement["Condition"] = condition.clone();
            }
        }
    }
    statement
}

fn shortened(decided_by: &Value) -> Value {
    let text = |name: &str| decided_by[name].as_str().unwrap_or_default();
    match (decided_by, decided_by["statement"].as_u64()) {
        (Value::Null, _) => Value::Null,
        (_, Some(statement)) => json!(format!("{} {} {statement} {}", text("level"), text("policy"), text("kind"))),
        (_, None) => json!(format!("{} {}", text("level"), text("kind"))),
    }
}
