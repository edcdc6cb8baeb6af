//! Which type a policy is of, where no one says.

use std::cmp::Ordering;

use serde_json::Value;

use crate::check::{check_grammar, suggestion};
use crate::elements::statements;
use crate::services::services;
use crate::{Language, PolicyType};

/// The type of a document, from what most of it holds:
///
/// - a document without statements is a management policy, by the key at its top or the one that this resembles;
/// - of a service and a resource control policy it is the one that fewer of its statements contradict, so that one
///   mistake is not taken for many of the other type. A statement about services alone that RCPs do not reach contradicts
///   an RCP. Where both are contradicted alike, it is an SCP, unless every statement denies something to a principal.
#[must_use]
pub fn guess_type(document: &Value) -> PolicyType {
    if document.get("Statement").is_none()
        && let Some(managed) = managed(document)
    {
        return managed;
    }
    let statements = statements(document);
    let against = |policy_type| check_grammar(document, policy_type).len();
    let out_of_reach = statements.iter().filter(|statement| is_out_of_reach(statement)).count();
    let (rcp, scp) = (against(PolicyType::ResourceControl) + out_of_reach, against(PolicyType::ServiceControl));
    let is_rcp = match rcp.cmp(&scp) {
        Ordering::Less => true,
        Ordering::Equal => !statements.is_empty() && statements.iter().all(is_of_rcp),
        Ordering::Greater => false,
    };
    if is_rcp { PolicyType::ResourceControl } else { PolicyType::ServiceControl }
}

/// Whether it denies something to a principal, of a service that RCPs reach.
fn is_of_rcp(statement: &Value) -> bool {
    let names_actions = statement.get("Action").is_some() && !is_out_of_reach(statement);
    statement.get("Principal").is_some() && statement["Effect"] != "Allow" && names_actions
}

/// The management policy type whose key stands at the top, or is resembled there.
fn managed(document: &Value) -> Option<PolicyType> {
    let root_key = |policy_type: PolicyType| match policy_type.language() {
        Language::Management { root_key } => Some((root_key?, policy_type)),
        Language::Iam => None,
    };
    let types: Vec<(&str, PolicyType)> = PolicyType::ALL.into_iter().filter_map(root_key).collect();
    let known: Vec<&str> = types.iter().map(|(root_key, _)| *root_key).collect();
    let keys = || document.as_object().into_iter().flat_map(|members| members.keys());
    let exact = || keys().find_map(|key| known.iter().find(|known| *known == key).copied());
    let near = || keys().filter(|_| has_operators(document)).find_map(|key| suggestion(key, &known));
    let root_key = exact().or_else(near)?;
    types.iter().find(|(known, _)| *known == root_key).map(|(_, policy_type)| *policy_type)
}

/// Whether an inheritance operator such as `@@assign` stands anywhere in it.
fn has_operators(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| name.starts_with("@@") || has_operators(member)),
        Value::Array(items) => items.iter().any(has_operators),
        _ => false,
    }
}

/// Whether it names actions, and none of a service that RCPs reach. `*` is a mistake of its own.
fn is_out_of_reach(statement: &Value) -> bool {
    let is_reached = |action: &Value| {
        let action = action.as_str().unwrap_or_default();
        let service = action.split_once(':').map_or("", |(service, _)| service);
        action == "*" || services().get(&service.to_lowercase()).is_some_and(|service| service.has_rcps)
    };
    match statement.get("Action") {
        Some(Value::Array(actions)) => !actions.iter().any(is_reached),
        Some(action) => !is_reached(action),
        None => false,
    }
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
        let to_one = |principal: &str| {
            let mut statement = to_all("Deny", json!("s3:*"));
            statement["Principal"] = json!({"AWS": principal});
            statement
        };
        for (statements, expected) in [
            (json!([to_all("Deny", json!("s3:*"))]), ResourceControl),
            (to_all("Deny", json!(["S3:GetObject", "ec2:*"])), ResourceControl),
            (json!([to_all("Deny", json!("s3:*")), statement("Deny", json!("s3:*"))]), ServiceControl),
            (json!([to_all("Deny", json!("ec2:*"))]), ServiceControl),
            (json!([to_one("arn:aws:iam::111111111111:root")]), ResourceControl),
            (json!([to_all("Allow", json!("s3:*"))]), ServiceControl),
            (json!([statement("Deny", json!("s3:*"))]), ServiceControl),
            (json!([]), ServiceControl),
        ] {
            assert_eq!(guess_type(&json!({"Statement": statements})), expected, "{statements}");
        }
        for (document, expected) in [
            (json!({"plans": {}}), Backup),
            (json!({"plan": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}}), Backup),
            (json!({"plan": {}}), ServiceControl),
            (json!({"tags": {}, "Statement": []}), ServiceControl),
        ] {
            assert_eq!(guess_type(&document), expected, "{document}");
        }
    }

    /// Each statement but one is as an RCP has it, and that one is the only mistake.
    #[test]
    fn one_mistake_in_a_resource_control_policy_does_not_make_it_a_service_control_policy() {
        let good = json!({"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"});
        let with = |name: &str, value: Value| {
            let mut statement = good.clone();
            statement[name] = value;
            statement
        };
        let mut by_not_action = with("NotAction", json!("s3:Get*"));
        by_not_action.as_object_mut().unwrap().remove("Action");
        for wrong in [
            with("Effect", json!("Allow")),
            with("Principal", json!({"AWS": "*"})),
            with("Action", json!("*")),
            with("Action", json!("ec2:*")),
            by_not_action,
        ] {
            let document = json!({"Version": "2012-10-17", "Statement": [good, wrong, good]});
            assert_eq!(guess_type(&document), PolicyType::ResourceControl, "{wrong}");
        }
    }
}
