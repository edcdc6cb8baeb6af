//! What a few levels of policies decide.

use landing_policy::{AttachedPolicy, Decision, Level, Policy, Request, evaluate};
use serde_json::{Value, json};

use super::world::{ACCOUNT, full_access};

/// An account with `FullAWSAccess` and a policy of one statement.
pub fn denying(statement: &Value) -> Vec<Level> {
    let policies = [full_access(), json!({"Version": "2012-10-17", "Statement": [statement]})];
    let attached = policies.iter().map(|document| AttachedPolicy {
        name: "policy".to_owned(),
        policy: Policy::read(document).expect("a policy"),
    });
    vec![Level { id: ACCOUNT.to_owned(), policies: attached.collect() }]
}

pub fn decide(scps: &[Level], request: &Request) -> Decision {
    evaluate(scps, &[], request).decision
}
