//! Which type a policy is of, where nobody says.

use serde_json::Value;

use crate::policy::{Language, PolicyType};

/// Services that RCPs were first made for; a policy that only denies these to everybody is probably one
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>).
const OF_RCPS: [&str; 9] = ["s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "dynamodb", "logs", "cognito-idp"];

/// The type of a document, from what stands at its top and in its statements: a management policy by its one key, an
/// RCP if every statement denies to the principal `*` actions of services that RCPs reach, else an SCP.
#[must_use]
pub fn guess_type(document: &Value) -> PolicyType {
    let managed = PolicyType::ALL.into_iter().find(|policy_type| match policy_type.language() {
        Language::Management { root_key } => document.get(root_key).is_some(),
        Language::Iam => false,
    });
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let is_rcp = !statements.is_empty() && statements.iter().all(is_of_rcp);
    managed.unwrap_or(if is_rcp { PolicyType::ResourceControl } else { PolicyType::ServiceControl })
}

fn is_of_rcp(statement: &Value) -> bool {
    let of_rcps = |action: &Value| {
        let service = action.as_str().and_then(|action| action.split_once(':')).map_or("", |(service, _)| service);
        OF_RCPS.contains(&service.to_lowercase().as_str())
    };
    let actions_fit = match statement.get("Action") {
        Some(Value::Array(actions)) => actions.iter().any(of_rcps),
        Some(action) => of_rcps(action),
        None => false,
    };
    statement.get("Principal").is_some() && statement["Effect"] != "Allow" && actions_fit
}
