use serde_json::json;

use super::*;

fn judged(action: Action, paths: &[&str]) -> (Risk, String) {
    let field = |path: &&str| FieldChange { path: (*path).to_owned(), before: json!("x"), after: json!("y") };
    ResourcePolicies.judge(action, &paths.iter().map(field).collect::<Vec<_>>(), None)
}

#[test]
fn rights_that_are_given_are_reported_and_rights_that_go_are_destructive() {
    let (risk, reason) = judged(Action::Create, &["content"]);
    assert_eq!(risk, Risk::Disruptive);
    assert_eq!(reason, "it grants member accounts permissions of the management account");
    let (risk, reason) = judged(Action::Update, &["content", "tags.x"]);
    assert_eq!((risk, reason.as_str()), (Risk::Disruptive, "the permissions that it grants to member accounts differ"));
    assert_eq!(judged(Action::Update, &["tags.x"]), (Risk::None, "its tags differ".into()));
    assert_eq!(judged(Action::Adopt, &[]), (Risk::None, "no blueprint owns it".into()));
    let (risk, reason) = judged(Action::Adopt, &["content"]);
    assert_eq!(risk, Risk::Disruptive);
    assert!(reason.starts_with("no blueprint owns it; the permissions"), "{reason}");
    assert_eq!(judged(Action::Delete, &[]).0, Risk::Destructive);
}

fn differing(found: &str) -> Vec<String> {
    let policy = |account: &str, sid: &str| {
        let statement = json!({"Sid": sid, "Effect": "Allow", "Principal": {"AWS": account}, "Action": "organizations:List*", "Resource": "*"});
        ResourcePolicy { content: json!({"Version": "2012-10-17", "Statement": statement}), tags: Default::default() }
    };
    let wanted = policy("arn:aws:iam::111111111111:root", "A").wanted(Address::parse("resource-policy"));
    let found = Found {
        address: wanted.address.clone(),
        kind: wanted.kind.clone(),
        id: "rp-1".into(),
        owner: crate::model::Owner::Unmanaged,
        body: policy(found, "A").body(),
        parent: None,
        attached_to: Vec::new(),
    };
    ResourcePolicies.differ(&wanted, &found).into_iter().map(|field| field.path).collect()
}

#[test]
fn it_is_compared_by_meaning() {
    assert_eq!(differing("111111111111"), [""; 0]);
    assert_eq!(differing("222222222222"), ["content"]);
}
