use serde_json::{Value, json};

use super::*;
use crate::policy::Limits;

fn problems(document: &Value, policy_type: PolicyType) -> Vec<Problem> {
    check(document, policy_type, &Quotas::default())
}

fn of(statement: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn scp(name: &str, value: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    statement[name] = value;
    of(&statement)
}

fn rcp(name: &str, value: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"});
    statement[name] = value;
    of(&statement)
}

fn without(name: &str, mut document: Value) -> Value {
    document["Statement"][0].as_object_mut().unwrap().remove(name);
    document
}

/// The one problem of the document: its code and place.
fn only(document: &Value, policy_type: PolicyType) -> (ProblemCode, String) {
    match &problems(document, policy_type)[..] {
        [one] => (one.code, one.path.clone()),
        other => panic!("one problem expected in {document}, not {other:#?}"),
    }
}

#[test]
fn good_policies_pass() {
    let full = json!({"Version": "2012-10-17", "Statement": {
        "Sid": "All", "Effect": "Allow", "NotAction": ["iam:*", "ec2:*Vp?*"], "NotResource": "arn:aws:s3:::a/*",
        "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:PrincipalTag/a/b": ["x", true, 1]}, "Null": {"a:b": false}}
    }});
    assert_eq!(problems(&full, PolicyType::ServiceControl), []);
    assert_eq!(problems(&rcp("Sid", json!("One")), PolicyType::ResourceControl), []);
    for kind in PolicyType::ALL {
        if let Language::Management { root_key } = kind.language() {
            assert_eq!(problems(&json!({root_key: {"x": {"@@assign": ["y"]}}}), kind), []);
        }
    }
}

#[test]
fn each_problem_of_a_service_control_policy_is_found_at_its_place() {
    use ProblemCode as Code;
    for (document, code, path) in [
        (json!("text"), Code::WrongType, ""),
        (json!({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}), Code::MissingElement, ""),
        (json!({"Version": "2012-10-17"}), Code::MissingElement, ""),
        (json!({"Version": "2012-10-17", "Statement": []}), Code::InvalidValue, "/Statement"),
        (json!({"Version": "2012-10-17", "Statement": ["x"]}), Code::WrongType, "/Statement/0"),
        (scp("Sid", json!(1)), Code::WrongType, "/Statement/0/Sid"),
        (scp("Sid", json!("some-doc")), Code::InvalidValue, "/Statement/0/Sid"),
        (scp("Effect", json!("deny")), Code::InvalidValue, "/Statement/0/Effect"),
        (without("Effect", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (without("Action", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (without("Resource", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (scp("NotAction", json!("s3:*")), Code::ConflictingElements, "/Statement/0/NotAction"),
        (scp("NotResource", json!("*")), Code::ConflictingElements, "/Statement/0/NotResource"),
        (scp("Action", json!([])), Code::InvalidValue, "/Statement/0/Action"),
        (scp("Action", json!(["s3:*", "GetObject"])), Code::InvalidValue, "/Statement/0/Action/1"),
        (scp("Action", json!("s3:Get Object")), Code::InvalidValue, "/Statement/0/Action"),
        (scp("Resource", json!([1])), Code::WrongType, "/Statement/0/Resource/0"),
        (scp("Resource", json!("bucket")), Code::InvalidValue, "/Statement/0/Resource"),
        (scp("Principal", json!("*")), Code::UnsupportedElement, "/Statement/0/Principal"),
        (scp("NotPrincipal", json!("*")), Code::UnsupportedElement, "/Statement/0/NotPrincipal"),
        (scp("Condition", json!([])), Code::WrongType, "/Statement/0/Condition"),
        (scp("Condition", json!({"Bool": "x"})), Code::WrongType, "/Statement/0/Condition/Bool"),
        (scp("Condition", json!({"Bool": {"key": "x"}})), Code::InvalidValue, "/Statement/0/Condition/Bool/key"),
        (scp("Condition", json!({"Bool": {"a:b": {}}})), Code::WrongType, "/Statement/0/Condition/Bool/a:b"),
        (scp("Condition", json!({"Null": {"a:b": "no"}})), Code::InvalidValue, "/Statement/0/Condition/Null/a:b"),
        (scp("Condition", json!({"NullIfExists": {}})), Code::UnknownOperator, "/Statement/0/Condition/NullIfExists"),
    ] {
        assert_eq!(only(&document, PolicyType::ServiceControl), (code, path.to_owned()), "{document}");
    }
}

#[test]
fn each_problem_of_a_resource_control_policy_is_found_at_its_place() {
    use ProblemCode as Code;
    for (document, code, path) in [
        (rcp("Effect", json!("Allow")), Code::InvalidValue, "/Statement/0/Effect"),
        (rcp("Sid", json!("two words")), Code::InvalidValue, "/Statement/0/Sid"),
        (without("Principal", rcp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (rcp("Principal", json!({"AWS": "*"})), Code::InvalidValue, "/Statement/0/Principal"),
        (rcp("NotPrincipal", json!("*")), Code::UnsupportedElement, "/Statement/0/NotPrincipal"),
        (rcp("Action", json!("*")), Code::InvalidValue, "/Statement/0/Action"),
        (without("Action", rcp("NotAction", json!("s3:*"))), Code::UnsupportedElement, "/Statement/0/NotAction"),
    ] {
        assert_eq!(only(&document, PolicyType::ResourceControl), (code, path.to_owned()), "{document}");
    }
}

#[test]
fn a_sid_has_letters_and_digits_alone_in_every_policy_of_statements() {
    let of_identity = |sid: &str| check_identity(&scp("Sid", json!(sid)));
    let of_scp = |sid: &str| problems(&scp("Sid", json!(sid)), PolicyType::ServiceControl);
    let of_rcp = |sid: &str| problems(&rcp("Sid", json!(sid)), PolicyType::ResourceControl);
    for sid in ["", "A", "DenyAll2"] {
        assert_eq!((of_identity(sid), of_scp(sid), of_rcp(sid)), (vec![], vec![], vec![]), "{sid}");
    }
    for (sid, help) in [
        ("some-policy_doc", "write `somePolicyDoc`"),
        ("Two words", "write `TwoWords`"),
        ("Größe", "write `GrE`"),
        ("a.b", "write `aB`"),
        ("--", "write letters and digits, or leave the Sid out"),
    ] {
        for found in [of_identity(sid), of_scp(sid), of_rcp(sid)] {
            assert_eq!(found.len(), 1, "{sid}");
            assert_eq!((found[0].code, found[0].path.as_str()), (ProblemCode::InvalidValue, "/Statement/0/Sid"));
            assert_eq!(found[0].help.as_deref(), Some(help), "{sid}");
        }
    }
}

#[test]
fn all_problems_are_found_at_once() {
    let document = json!({"Statement": [{"Effect": "deny", "Action": "x"}, {"Sid": "a"}, {"Sid": "a"}]});
    let found = problems(&document, PolicyType::ServiceControl);
    assert_eq!(found.len(), 1 + 3 + 3 + 3 + 1, "{found:#?}");
    assert_eq!(found.last().map(|problem| problem.code), Some(ProblemCode::DuplicateSid));
}

#[test]
fn misspelled_names_are_met_with_the_right_one() {
    for (document, kind, help) in [
        (
            json!({"Version": "2012-10-17", "Statements": [], "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}),
            PolicyType::ServiceControl,
            "`Statement`",
        ),
        (scp("Conditions", json!({})), PolicyType::ServiceControl, "`Condition`"),
        (scp("Effect", json!("deny")), PolicyType::ServiceControl, "`Deny`"),
        (scp("Condition", json!({"ForAnyValue:StringLikes": {}})), PolicyType::ServiceControl, "`StringLike`"),
        (json!({"tags": {}, "tag": {}}), PolicyType::Tag, "`tags`"),
        (json!({"plans": {"a": {"@@asign": 1}}}), PolicyType::Backup, "`@@assign`"),
        (json!({"plans": {"@@operators_allowed_for_child_policies": ["@@al"]}}), PolicyType::Backup, "`@@all`"),
    ] {
        let found = problems(&document, kind);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].help.as_deref(), Some(&*format!("did you mean {help}?")));
    }
}

#[test]
fn a_management_policy_needs_the_key_of_its_type() {
    let found = problems(&json!({"plans": {}}), PolicyType::Tag);
    assert_eq!(
        found.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [ProblemCode::MissingElement, ProblemCode::UnknownElement]
    );
}

#[test]
fn the_size_counts_without_white_space_up_to_the_quota() {
    let document = scp("Condition", json!({"StringEquals": {"aws:userid": "É"}}));
    let exact = size(&document);
    let limits = |size| {
        Quotas::default().with(PolicyType::ServiceControl, Limits { size, per_target: 1, minimum_per_target: 1 })
    };
    assert_eq!(check(&document, PolicyType::ServiceControl, &limits(exact)), []);
    let found = check(&document, PolicyType::ServiceControl, &limits(exact - 1));
    assert_eq!(found[0].code, ProblemCode::TooLarge);
    assert!(found[0].message.contains("1 too many"), "{}", found[0].message);
}
