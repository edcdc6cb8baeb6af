//! The organization's own resource policy: by which it delegates what only its management account may do.

use serde_json::{Map, Value};

use super::check::check_grammar;
use super::elements::statements;
use super::statement::{pointer, strings};
use super::{PolicyType, Problem, ProblemCode, same_meaning, size};

/// The most characters that AWS takes
/// (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html>).
const MAX_SIZE: usize = 40_000;

/// Everything in a document that AWS would refuse for the resource policy of an organization, which has principals and names actions
/// of Organizations alone
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>).
#[must_use]
pub fn check_resource_policy(document: &Value) -> Vec<Problem> {
    // But for the principals the grammar is that of service control policies.
    let mut problems = check_grammar(document, PolicyType::ServiceControl);
    problems.retain(|problem| !matches!(problem.path.rsplit('/').next(), Some("Principal" | "NotPrincipal")));
    let is_list = document.get("Statement").is_some_and(Value::is_array);
    for (index, statement) in statements(document).iter().enumerate() {
        let path = if is_list { format!("/Statement/{index}") } else { "/Statement".to_owned() };
        if let Some(members) = statement.as_object() {
            problems.extend(check_principal(members, &path));
            problems.extend(check_actions(members, &path));
        }
    }
    problems.extend(check_size(document));
    problems
}

fn check_principal(members: &Map<String, Value>, path: &str) -> Option<Problem> {
    let place = pointer(path, "Principal");
    let help = "write {\"AWS\": \"arn:aws:iam::ACCOUNT:root\"} for the account that is to administer";
    let problem = |code, path: &str, message: &str| Some(Problem::new(code, path, message).help(help));
    match members.get("Principal") {
        None if members.contains_key("NotPrincipal") => None,
        None => problem(ProblemCode::MissingElement, path, "`Principal` is missing"),
        Some(Value::String(text)) if text == "*" => None,
        Some(Value::Object(kinds)) if !kinds.is_empty() && kinds.values().all(|ids| strings(ids).is_some()) => None,
        Some(_) => problem(ProblemCode::InvalidValue, &place, "a principal is \"*\" or an object of principals"),
    }
}

fn check_actions(members: &Map<String, Value>, path: &str) -> Vec<Problem> {
    let Some(value) = members.get("Action") else { return Vec::new() };
    let place = |index: usize| match value.is_array() {
        true => format!("{}/{index}", pointer(path, "Action")),
        false => pointer(path, "Action"),
    };
    let actions = strings(value).unwrap_or_default().into_iter().enumerate();
    let others = actions.filter(|(_, action)| {
        action.split_once(':').is_some_and(|(service, _)| !service.eq_ignore_ascii_case("organizations"))
            || action == "*"
    });
    let problem = |(index, action): (usize, String)| {
        let message = format!("`{action}` is not an action of Organizations, and the policy can delegate no other");
        let help = "name actions such as organizations:DescribePolicy";
        Problem::new(ProblemCode::InvalidValue, place(index), message).help(help)
    };
    others.map(problem).collect()
}

fn check_size(document: &Value) -> Option<Problem> {
    let size = size(document);
    (size > MAX_SIZE).then(|| {
        let message = format!("the policy has {size} characters, AWS takes {MAX_SIZE}");
        Problem::new(ProblemCode::TooLarge, "", message).help("name actions by wildcards such as organizations:List*")
    })
}

/// Whether two resource policies mean the same. An account's id is its root user's ARN: AWS may keep the one for the other
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts>).
#[must_use]
pub fn same_resource_policy(a: &Value, b: &Value) -> bool {
    same_meaning(&with_ids(a), &with_ids(b), PolicyType::ResourceControl)
}

/// The same with accounts as principals by their ids.
fn with_ids(document: &Value) -> Value {
    let mut document = document.clone();
    let Some(statement) = document.get_mut("Statement") else { return document };
    let statements = match statement {
        Value::Array(statements) => statements.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for statement in statements {
        for name in ["Principal", "NotPrincipal"] {
            if let Some(accounts) = statement.get_mut(name).and_then(|principal| principal.get_mut("AWS")) {
                accounts_by_id(accounts);
            }
        }
    }
    document
}

fn accounts_by_id(accounts: &mut Value) {
    match accounts {
        Value::Array(accounts) => accounts.iter_mut().for_each(accounts_by_id),
        Value::String(text) => {
            let rest = text.strip_suffix(":root").and_then(|arn| arn.split_once(":iam::"));
            let id = rest.map(|(_, id)| id).filter(|id| id.len() == 12 && id.bytes().all(|it| it.is_ascii_digit()));
            if let Some(id) = id.map(str::to_owned) {
                *text = id;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(more: Value) -> Value {
        let mut statement = json!({
            "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": ["organizations:DescribePolicy", "organizations:List*"], "Resource": "*",
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            match value {
                Value::Null => drop(statement.as_object_mut().unwrap().remove(name)),
                value => statement[name] = value.clone(),
            }
        }
        json!({"Version": "2012-10-17", "Statement": [statement]})
    }

    fn problems(more: Value) -> Vec<String> {
        check_resource_policy(&policy(more)).into_iter().map(|it| format!("{}: {}", it.path, it.message)).collect()
    }

    #[test]
    fn a_delegation_to_an_account_is_right() {
        assert_eq!(problems(json!({})), [""; 0]);
        assert_eq!(
            problems(json!({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}})),
            [""; 0]
        );
        assert_eq!(
            problems(json!({"Effect": "Deny", "Principal": null, "NotPrincipal": {"AWS": ["111111111111"]}})),
            [""; 0]
        );
    }

    #[test]
    fn what_aws_refuses_is_found_where_it_is() {
        assert_eq!(problems(json!({"Principal": null})), ["/Statement/0: `Principal` is missing"]);
        let wrong = "/Statement/0/Principal: a principal is \"*\" or an object of principals";
        for principal in [json!("111111111111"), json!({}), json!({"AWS": {}})] {
            assert_eq!(problems(json!({"Principal": principal})), [wrong], "{principal}");
        }
        let other = "is not an action of Organizations, and the policy can delegate no other";
        assert_eq!(
            problems(json!({"Action": ["organizations:*", "s3:GetObject"]})),
            [format!("/Statement/0/Action/1: `s3:GetObject` {other}")]
        );
        assert_eq!(problems(json!({"Action": "*"})), [format!("/Statement/0/Action: `*` {other}")]);
        assert_eq!(problems(json!({"Resource": null})), ["/Statement/0: either `Resource` or `NotResource` is needed"]);
        assert_eq!(problems(json!({"Efect": "Allow"})), ["/Statement/0/Efect: there is no element `Efect` here"]);
    }

    #[test]
    fn a_policy_has_its_largest_size() {
        let of_length =
            |length: usize| problems(json!({"Resource": format!("arn:aws:organizations::{}", "x".repeat(length))}));
        assert_eq!(of_length(39_000), [""; 0]);
        assert!(of_length(40_000)[0].contains("AWS takes 40000"));
    }

    #[test]
    fn an_accounts_id_is_its_root_users_arn() {
        let of = |accounts: Value| policy(json!({"Principal": {"AWS": accounts}}));
        let both = of(json!(["111111111111", "arn:aws:iam::222222222222:root"]));
        assert!(same_resource_policy(&both, &of(json!(["222222222222", "arn:aws-cn:iam::111111111111:root"]))));
        assert!(!same_resource_policy(&both, &of(json!(["111111111111", "333333333333"]))));
        let role = of(json!("arn:aws:iam::111111111111:role/root"));
        assert!(!same_resource_policy(&of(json!("111111111111")), &role));
        let other = policy(json!({"Action": "organizations:List*"}));
        assert!(!same_resource_policy(&policy(json!({})), &other) && same_resource_policy(&other, &other.clone()));
        let renamed = policy(json!({"Sid": "Other"}));
        assert!(!same_resource_policy(&policy(json!({})), &renamed), "a Sid is the user's own word");
    }
}
