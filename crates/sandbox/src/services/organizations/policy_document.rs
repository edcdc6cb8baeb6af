//! What the content of a policy must look like for its type.

use serde_json::{Map, Value};

use super::policy_types::{RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY};
use crate::aws_error::ApiError;

type Check = Result<(), ApiError>;

/// Checks `content` as AWS does before it keeps it: a JSON object, and for the authorization policies their grammar
/// ("SCP syntax" and "RCP syntax" in the user guide). Which actions and keys exist is not checked.
pub(super) fn check(kind: &str, content: &str) -> Check {
    let parsed = serde_json::from_str(content).ok();
    let Some(Value::Object(document)) = parsed else {
        return Err(malformed("The provided policy document is not a JSON object."));
    };
    match kind {
        SERVICE_CONTROL_POLICY => statements(&document, service_control),
        RESOURCE_CONTROL_POLICY => statements(&document, resource_control),
        _ => Ok(()),
    }
}

fn malformed(message: impl Into<String>) -> ApiError {
    ApiError::new("MalformedPolicyDocumentException", message)
}

fn statements(document: &Map<String, Value>, check: fn(&Map<String, Value>) -> Check) -> Check {
    only(document, &["Version", "Id", "Statement"])?;
    if document.get("Version").is_some_and(|version| version != "2012-10-17" && version != "2008-10-17") {
        return Err(malformed("The policy document has an invalid Version."));
    }
    let statements = match document.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements.as_slice(),
        Some(statement @ Value::Object(_)) => std::slice::from_ref(statement),
        _ => return Err(malformed("The policy document needs a Statement.")),
    };
    for statement in statements {
        let statement = statement.as_object().ok_or_else(|| malformed("A statement must be an object."))?;
        check(statement)?;
        sid(statement)?;
        condition(statement)?;
    }
    Ok(())
}

fn service_control(statement: &Map<String, Value>) -> Check {
    only(statement, &["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"])?;
    effect(statement, &["Allow", "Deny"])?;
    one_of(statement, "Action", "NotAction")?;
    one_of(statement, "Resource", "NotResource")
}

/// RCPs only deny, and always for everyone.
fn resource_control(statement: &Map<String, Value>) -> Check {
    only(statement, &["Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"])?;
    effect(statement, &["Deny"])?;
    let principal = statement.get("Principal");
    let everyone =
        principal.is_some_and(|principal| principal == "*" || principal.get("AWS").is_some_and(|aws| aws == "*"));
    if !everyone {
        return Err(malformed("The Principal of a resource control policy must be *."));
    }
    if texts(statement.get("Action")).contains(&"*") {
        return Err(malformed("An Action of a resource control policy must name a service."));
    }
    one_of(statement, "Action", "NotAction")?;
    one_of(statement, "Resource", "NotResource")
}

fn only(object: &Map<String, Value>, allowed: &[&str]) -> Check {
    match object.keys().find(|key| !allowed.contains(&key.as_str())) {
        Some(key) => Err(malformed(format!("The policy document has the unsupported element {key}."))),
        None => Ok(()),
    }
}

/// A string of letters and digits.
fn sid(statement: &Map<String, Value>) -> Check {
    let is_allowed = |sid: &str| sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match statement.get("Sid") {
        Some(sid) if !sid.as_str().is_some_and(is_allowed) => Err(malformed("A statement has an invalid Sid.")),
        _ => Ok(()),
    }
}

fn effect(statement: &Map<String, Value>, allowed: &[&str]) -> Check {
    let effect = statement.get("Effect").and_then(Value::as_str).unwrap_or_default();
    if allowed.contains(&effect) { Ok(()) } else { Err(malformed("A statement has an invalid Effect.")) }
}

/// Exactly one of two elements, which holds strings.
fn one_of(statement: &Map<String, Value>, element: &str, negated: &str) -> Check {
    let given = match (statement.get(element), statement.get(negated)) {
        (Some(value), None) | (None, Some(value)) => value,
        _ => {
            return Err(malformed(format!("A statement needs either {element} or {negated}.")));
        }
    };
    let strings = match given {
        Value::Array(values) => !values.is_empty() && values.iter().all(Value::is_string),
        value => value.is_string(),
    };
    if strings { Ok(()) } else { Err(malformed(format!("{element} must hold strings."))) }
}

fn condition(statement: &Map<String, Value>) -> Check {
    let operators = match statement.get("Condition") {
        None => return Ok(()),
        Some(Value::Object(operators)) => operators,
        Some(_) => return Err(malformed("A Condition must be an object.")),
    };
    if operators.values().all(Value::is_object) { Ok(()) } else { Err(malformed("A condition operator needs keys.")) }
}

/// A string, or the strings of a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scp(statement: Value) -> Check {
        check(SERVICE_CONTROL_POLICY, &json!({"Version": "2012-10-17", "Statement": [statement]}).to_string())
    }

    fn rcp(statement: Value) -> Check {
        check(RESOURCE_CONTROL_POLICY, &json!({"Version": "2012-10-17", "Statement": statement}).to_string())
    }

    #[test]
    fn an_scp_may_use_the_full_policy_language_without_principals() {
        let exempt = json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}});
        scp(json!({"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*", "Condition": exempt})).unwrap();
        scp(json!({"Effect": "Allow", "Action": "s3:Get*", "NotResource": ["arn:aws:s3:::b/*"]})).unwrap();
        scp(json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})).unwrap_err();
    }

    #[test]
    fn an_scp_statement_needs_an_effect_actions_and_resources() {
        scp(json!({"Action": "*", "Resource": "*"})).unwrap_err();
        scp(json!({"Effect": "deny", "Action": "*", "Resource": "*"})).unwrap_err();
        scp(json!({"Effect": "Deny", "Resource": "*"})).unwrap_err();
        scp(json!({"Effect": "Deny", "Action": "*"})).unwrap_err();
        scp(json!({"Effect": "Deny", "Action": [], "Resource": "*"})).unwrap_err();
        scp(json!({"Effect": "Deny", "Action": "*", "NotAction": "*", "Resource": "*"})).unwrap_err();
    }

    #[test]
    fn a_sid_has_letters_and_digits_alone() {
        let with = |sid: Value| json!({"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*"});
        scp(with(json!("DenyAll2"))).unwrap();
        scp(with(json!("deny-all"))).unwrap_err();
        scp(with(json!("deny all"))).unwrap_err();
        scp(with(json!(1))).unwrap_err();
    }

    #[test]
    fn an_rcp_only_denies_and_for_everyone() {
        rcp(json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})).unwrap();
        rcp(json!({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"})).unwrap_err();
        rcp(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})).unwrap_err();
        rcp(json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"})).unwrap_err();
    }

    #[test]
    fn every_policy_is_a_json_object() {
        check("TAG_POLICY", r#"{"tags": {}}"#).unwrap();
        check("TAG_POLICY", "[]").unwrap_err();
        check("TAG_POLICY", "{").unwrap_err();
    }
}
