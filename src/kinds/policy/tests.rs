use serde_json::json;

use super::*;

fn judged(action: Action, paths: &[&str]) -> (Risk, String) {
    let field = |path: &&str| FieldChange { path: (*path).to_owned(), before: json!("x"), after: json!("y") };
    let fields: Vec<FieldChange> = paths.iter().map(field).collect();
    Policies.judge(action, &fields, None)
}

#[test]
fn a_policy_that_says_something_else_is_disruptive_whether_it_is_ours_or_adopted() {
    assert_eq!(judged(Action::Update, &["content", "name"]), (Risk::Disruptive, "what it says differs".into()));
    assert_eq!(
        judged(Action::Adopt, &["content"]),
        (Risk::Disruptive, "no blueprint owns it; what it says differs".into())
    );
}

#[test]
fn a_policy_that_says_the_same_takes_nothing_from_anyone() {
    assert_eq!(judged(Action::Update, &["name"]), (Risk::None, "its name differs, not what it says".into()));
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
