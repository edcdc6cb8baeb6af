//! Which type a policy is of, where nobody says.

use serde_json::Value;

use crate::policy::services::services;
use crate::policy::{Language, PolicyType};

/// The type of a document, from what stands at its top and in its statements:
///
/// - a management policy, if the one key that its type has stands at the top;
/// - an RCP, if every statement denies, has a `Principal` and names an action of a service that RCPs reach;
/// - an SCP otherwise, so that a `Principal` in one of several statements, or with a service that RCPs do not reach, is
///   a mistake at its place.
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
    let is_reached = |action: &Value| {
        let service = action.as_str().and_then(|action| action.split_once(':')).map_or("", |(service, _)| service);
        services().get(&service.to_lowercase()).is_some_and(|service| service.has_rcps)
    };
    let actions_fit = match statement.get("Action") {
        Some(Value::Array(actions)) => actions.iter().any(is_reached),
        Some(action) => is_reached(action),
        None => false,
    };
    statement.get("Principal").is_some() && statement["Effect"] != "Allow" && actions_fit
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_guessed_from_all_statements() {
        use PolicyType::{Backup, ResourceControl, ServiceControl};
        let statement = |effect: &str, action: Value| json!({"Effect": effect, "Action": action, "Resource": "*"});
        let to_all = |effect: &str, action: Value| {
            let mut statement = statement(effect, action);
            statement["Principal"] = json!("*");
            statement
        };
        for (statements, expected) in [
            (json!([to_all("Deny", json!("s3:*"))]), ResourceControl),
            (to_all("Deny", json!(["S3:GetObject", "ec2:*"])), ResourceControl),
            (json!([to_all("Deny", json!("s3:*")), statement("Deny", json!("s3:*"))]), ServiceControl),
            (json!([to_all("Deny", json!("ec2:*"))]), ServiceControl),
            (json!([to_all("Allow", json!("s3:*"))]), ServiceControl),
            (json!([statement("Deny", json!("s3:*"))]), ServiceControl),
            (json!([]), ServiceControl),
        ] {
            assert_eq!(guess_type(&json!({"Statement": statements})), expected, "{statements}");
        }
        assert_eq!(guess_type(&json!({"plans": {}})), Backup);
    }
}
