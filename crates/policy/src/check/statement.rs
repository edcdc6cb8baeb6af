//! The grammar of service and resource control policies.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::condition::check_condition;
use super::problem::{Problem, ProblemCode};
use super::resource::check_resource;
use crate::PolicyType;
use crate::statement::pointer;

const DOCUMENT_ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal"];
const VERSION: &str = "2012-10-17";

type Members = Map<String, Value>;

pub(super) fn check_document(document: &Value, policy_type: PolicyType) -> Vec<Problem> {
    let Value::Object(members) = document else {
        return vec![Problem::new(ProblemCode::WrongType, "", "a policy is a JSON object")];
    };
    let mut problems = unknown_elements(members, "", &DOCUMENT_ELEMENTS);
    problems.extend(check_version(members));
    problems.extend(check_statements(members, policy_type));
    problems
}

fn unknown_elements(members: &Members, path: &str, known: &[&str]) -> Vec<Problem> {
    let unknown = members.keys().filter(|name| !known.contains(&name.as_str()));
    let problem = |name: &String| {
        let message = format!("there is no element `{name}` here");
        Problem::new(ProblemCode::UnknownElement, pointer(path, name), message).help_with_names(name, known)
    };
    unknown.map(problem).collect()
}

fn check_version(members: &Members) -> Option<Problem> {
    let help = format!("write \"Version\": \"{VERSION}\"");
    match members.get("Version") {
        None => Some(Problem::new(ProblemCode::MissingElement, "", "`Version` is missing").help(help)),
        Some(version) if version == VERSION => None,
        Some(other) => {
            let message = format!("the version is {other}, but must be \"{VERSION}\"");
            Some(Problem::new(ProblemCode::InvalidValue, "/Version", message).help(help))
        }
    }
}

fn check_statements(members: &Members, policy_type: PolicyType) -> Vec<Problem> {
    let statements: Vec<(String, &Value)> = match members.get("Statement") {
        None => {
            return vec![Problem::new(ProblemCode::MissingElement, "", "`Statement` is missing")];
        }
        Some(Value::Array(list)) if list.is_empty() => {
            return vec![Problem::new(ProblemCode::InvalidValue, "/Statement", "there is no statement")];
        }
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(index, one)| (format!("/Statement/{index}"), one)).collect()
        }
        Some(single) => vec![("/Statement".to_owned(), single)],
    };
    let each = statements.iter().flat_map(|(path, statement)| check_statement(statement, path, policy_type));
    each.chain(repeated_sids(&statements)).collect()
}

fn repeated_sids(statements: &[(String, &Value)]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (path, statement) in statements {
        if let Some(sid) = statement.get("Sid").and_then(Value::as_str)
            && !sid.is_empty()
            && !seen.insert(sid)
        {
            let message = format!("an earlier statement has the Sid `{sid}` too");
            problems.push(Problem::new(ProblemCode::DuplicateSid, pointer(path, "Sid"), message));
        }
    }
    problems
}

fn check_statement(statement: &Value, path: &str, policy_type: PolicyType) -> Vec<Problem> {
    let Value::Object(members) = statement else {
        return vec![Problem::new(ProblemCode::WrongType, path, "a statement is a JSON object")];
    };
    let mut problems = unknown_elements(members, path, &STATEMENT_ELEMENTS);
    problems.extend(check_sid(members, path));
    problems.extend(check_effect(members, path, policy_type));
    problems.extend(check_principal(members, path, policy_type));
    problems.extend(exactly_one(members, path, "Action", "NotAction"));
    problems.extend(exactly_one(members, path, "Resource", "NotResource"));
    problems.extend(check_not_action(members, path, policy_type));
    for name in ["Action", "NotAction", "Resource", "NotResource"] {
        problems.extend(check_patterns(members, path, name, policy_type));
    }
    if let Some(condition) = members.get("Condition") {
        problems.extend(check_condition(condition, &pointer(path, "Condition")));
    }
    problems
}

/// Letters and digits alone, as IAM has it for policies of identities and AWS validates organization policies
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-sid>).
fn check_sid(members: &Members, path: &str) -> Option<Problem> {
    let sid = members.get("Sid")?;
    let place = pointer(path, "Sid");
    let Some(text) = sid.as_str() else {
        return Some(Problem::new(ProblemCode::WrongType, place, format!("a Sid is a string, not {sid}")));
    };
    let is_allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!is_allowed).then(|| {
        let message = format!("the Sid `{text}` has characters other than A-Z, a-z and 0-9");
        let problem = Problem::new(ProblemCode::InvalidValue, place, message);
        match without_other_characters(text) {
            better if better.is_empty() => problem.help("write letters and digits, or leave the Sid out"),
            better => problem.help(format!("write `{better}`")),
        }
    })
}

/// The Sid in letters and digits, each word but the first with a capital: `some-policy_doc` as `somePolicyDoc`.
fn without_other_characters(sid: &str) -> String {
    let mut words = sid.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |sid, word| sid + &capital(word))
}

fn check_effect(members: &Members, path: &str, policy_type: PolicyType) -> Option<Problem> {
    let place = pointer(path, "Effect");
    match members.get("Effect").map(|effect| (effect, effect.as_str())) {
        None => Some(Problem::new(ProblemCode::MissingElement, path, "`Effect` is missing")),
        Some((_, Some("Allow"))) if policy_type == PolicyType::ResourceControl => Some(
            Problem::new(ProblemCode::InvalidValue, place, "a resource control policy can only deny")
                .help("RCPFullAWSAccess, which AWS attaches everywhere, allows what no policy denies"),
        ),
        Some((_, Some("Allow" | "Deny"))) => None,
        Some((other, name)) => {
            let message = format!("an effect is \"Allow\" or \"Deny\", not {other}");
            let problem = Problem::new(ProblemCode::InvalidValue, place, message);
            Some(problem.help_with_names(name.unwrap_or_default(), &["Allow", "Deny"]))
        }
    }
}

fn check_principal(members: &Members, path: &str, policy_type: PolicyType) -> Vec<Problem> {
    let place = |name| pointer(path, name);
    let mut problems = Vec::new();
    if members.contains_key("NotPrincipal") {
        let message = "`NotPrincipal` is not supported in organization policies";
        problems.push(
            Problem::new(ProblemCode::UnsupportedElement, place("NotPrincipal"), message)
                .help("exempt principals by a condition on `aws:PrincipalArn`"),
        );
    }
    let problem = match (policy_type, members.get("Principal")) {
        (PolicyType::ResourceControl, None) => Some(
            Problem::new(ProblemCode::MissingElement, path, "`Principal` is missing")
                .help("write \"Principal\": \"*\""),
        ),
        (PolicyType::ResourceControl, Some(principal)) if principal != "*" => Some(
            Problem::new(ProblemCode::InvalidValue, place("Principal"), "the principal must be \"*\"")
                .help("name principals by a condition such as `aws:PrincipalArn`"),
        ),
        (PolicyType::ResourceControl, Some(_)) | (_, None) => None,
        (_, Some(_)) => Some(
            Problem::new(
                ProblemCode::UnsupportedElement,
                place("Principal"),
                "a service control policy has no `Principal`",
            )
            .help("it binds all principals of the accounts below; name some by a condition on `aws:PrincipalArn`"),
        ),
    };
    problems.extend(problem);
    problems
}

fn exactly_one(members: &Members, path: &str, plain: &str, negated: &str) -> Option<Problem> {
    match (members.contains_key(plain), members.contains_key(negated)) {
        (true, true) => {
            let message = format!("`{plain}` and `{negated}` exclude each other");
            Some(Problem::new(ProblemCode::ConflictingElements, pointer(path, negated), message))
        }
        (false, false) => {
            let message = format!("either `{plain}` or `{negated}` is needed");
            Some(Problem::new(ProblemCode::MissingElement, path, message))
        }
        _ => None,
    }
}

fn check_not_action(members: &Members, path: &str, policy_type: PolicyType) -> Option<Problem> {
    let unsupported = policy_type == PolicyType::ResourceControl && members.contains_key("NotAction");
    unsupported.then(|| {
        let message = "`NotAction` is not supported in resource control policies";
        Problem::new(ProblemCode::UnsupportedElement, pointer(path, "NotAction"), message)
            .help("list the actions, or whole services such as `s3:*`, under `Action`")
    })
}

fn check_patterns(members: &Members, path: &str, name: &str, policy_type: PolicyType) -> Vec<Problem> {
    let place = pointer(path, name);
    let wrong_type = |place: &str, value: &Value| {
        let message = format!("`{name}` takes strings, not {value}");
        Problem::new(ProblemCode::WrongType, place, message)
    };
    let check_one = |place: String, value: &Value| match value.as_str() {
        None => Some(wrong_type(&place, value)),
        Some(text) if name.ends_with("Action") => check_action(text, place, policy_type),
        Some(text) => check_resource(text, place),
    };
    match members.get(name) {
        None => Vec::new(),
        Some(Value::Array(items)) if items.is_empty() => {
            vec![Problem::new(ProblemCode::InvalidValue, place, format!("`{name}` is empty"))]
        }
        Some(Value::Array(items)) => {
            let each = items.iter().enumerate();
            each.filter_map(|(index, item)| check_one(format!("{place}/{index}"), item)).collect()
        }
        Some(single) => check_one(place, single).into_iter().collect(),
    }
}

fn check_action(action: &str, place: String, policy_type: PolicyType) -> Option<Problem> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*?".contains(&byte);
    let well_formed = action.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty() && !name.is_empty() && service.bytes().chain(name.bytes()).all(allowed)
    });
    match action {
        "*" if policy_type == PolicyType::ResourceControl => Some(
            Problem::new(
                ProblemCode::InvalidValue,
                place,
                "a resource control policy cannot name all actions of all services",
            )
            .help("name services, as `s3:*`"),
        ),
        "*" => None,
        _ if well_formed => None,
        _ => Some(
            Problem::new(ProblemCode::InvalidValue, place, format!("`{action}` is not an action"))
                .help("write service and action, as `s3:GetObject` or `s3:*`"),
        ),
    }
}
