use serde_json::json;

use super::*;

fn judged(action: Action, paths: &[&str]) -> (Risk, String) {
    let field = |path: &&str| FieldChange { path: (*path).to_owned(), before: json!("x"), after: json!("y") };
    let fields: Vec<FieldChange> = paths.iter().map(field).collect();
    Policies.judge(action, &fields, None)
}

#[test]
fn a_policy_that_says_something_else_is_disruptive_whether_it_is_ours_or_adopted() {
    assert_eq!(judged(Action::Update, &["content", "name"]), (Risk::Disruptive, "its content differs".into()));
    assert_eq!(
        judged(Action::Adopt, &["content"]),
        (Risk::Disruptive, "no blueprint owns it; its content differs".into())
    );
}

#[test]
fn a_policy_that_says_the_same_takes_nothing_from_anyone() {
    assert_eq!(judged(Action::Update, &["name"]), (Risk::None, "its name differs, its content does not".into()));
    assert_eq!(judged(Action::Update, &["description"]), (Risk::None, "its description differs".into()));
    assert_eq!(judged(Action::Update, &["tags.x"]), (Risk::None, "its tags differ".into()));
    assert_eq!(
        judged(Action::Adopt, &["description"]),
        (Risk::None, "no blueprint owns it; its description differs".into())
    );
    assert_eq!(judged(Action::Adopt, &[]), (Risk::None, "no blueprint owns it".into()));
    assert_eq!(judged(Action::Create, &["content"]).0, Risk::None);
}

#[test]
fn a_policy_that_goes_is_destructive() {
    assert_eq!(judged(Action::Delete, &[]).0, Risk::Destructive);
}

fn scp(sid: &str, action: &str, description: &str) -> crate::model::Body {
    let statement = json!([{"Sid": sid, "Effect": "Deny", "Action": action, "Resource": "*"}]);
    let body = json!({"description": description, "content": {"Version": "2012-10-17", "Statement": statement}});
    body.as_object().cloned().unwrap_or_default()
}

/// The paths in which a wanted policy differs from one with another description, this name of its statement and this action.
fn paths(lenient: &[&str], sid: &str, action: &str) -> Vec<String> {
    let mut wanted = Wanted::new("policy", Address::parse("scp/p"), scp("Ours", "s3:*", "ours"));
    wanted.lenient = lenient.iter().map(|field| (*field).to_owned()).collect();
    let found = Found {
        address: wanted.address.clone(),
        kind: "policy".into(),
        id: "p-1".into(),
        owner: Owner::Unmanaged,
        body: scp(sid, action, "theirs"),
        parent: None,
        attached_to: Vec::new(),
    };
    Policies.differ(&wanted, &found).into_iter().map(|field| field.path).collect()
}

#[test]
fn what_is_not_the_users_own_word_stays_as_long_as_it_decides_the_same() {
    assert_eq!(paths(&["content", "description"], "Theirs", "s3:*"), [""; 0]);
    assert_eq!(paths(&["content", "description"], "Theirs", "sqs:*"), ["content"]);
    assert_eq!(paths(&["content"], "Theirs", "s3:*"), ["description"]);
    assert_eq!(paths(&[], "Theirs", "s3:*"), ["content", "description"]);
    assert_eq!(paths(&["description"], "Ours", "s3:*"), [""; 0]);
}
