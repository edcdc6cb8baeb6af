use serde_json::Value;

use crate::model::{Body, body_content};

/// Whether a service control policy allows anything, as a list of what is allowed does in the place of FullAWSAccess.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
pub(in crate::kinds) fn allows(policy: &Body) -> bool {
    let statements = match body_content(policy).and_then(|content| content.get("Statement")) {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => &[],
    };
    statements.iter().any(|statement| statement.get("Effect") == Some(&Value::from("Allow")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_statement_that_allows_makes_a_list() {
        let allowing = |statements: Value| {
            let body: Body = [("content".to_owned(), json!({"Statement": statements}))].into_iter().collect();
            allows(&body)
        };
        assert!(allowing(json!([{"Effect": "Deny"}, {"Effect": "Allow"}])));
        assert!(allowing(json!({"Effect": "Allow"})));
        assert!(!allowing(json!([{"Effect": "Deny"}])));
        assert!(!allows(&Body::new()));
    }
}
