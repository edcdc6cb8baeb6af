use serde_json::json;

use super::*;

fn document(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn diff(before: &Value, after: &Value) -> Vec<StatementChange> {
    statement_diff(&document(before), &document(after))
}

#[test]
fn another_spelling_is_no_difference() {
    let before = json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]);
    let after = json!({"Resource": ["*"], "Effect": "Deny", "Action": ["S3:*"]});
    assert_eq!(diff(&before, &after), []);
}

#[test]
fn statements_of_one_sid_belong_together_however_different() {
    let before = json!([{"Sid": "A", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]);
    let after = json!([{"Sid": "A", "Effect": "Allow", "Action": "ec2:*", "Resource": "arn:aws:ec2:::x"}]);
    let changes = diff(&before, &after);
    assert_eq!(changes.len(), 1);
    assert!(matches!(&changes[0], StatementChange::Changed { sid: Some(sid), elements, .. }
        if sid == "A" && elements.len() == 3));
}

#[test]
fn a_condition_value_that_changes_is_named_with_its_path() {
    let with = |regions: Value| {
        json!([{"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": regions}}}])
    };
    let changes = diff(&with(json!(["eu-west-1", "us-east-1"])), &with(json!(["us-east-1", "eu-central-1"])));
    assert_eq!(
        serde_json::to_value(changes).unwrap(),
        json!([{"change": "changed", "index_before": 0, "index": 0, "sid": null, "elements": [{
            "path": ["Condition", "StringNotEquals", "aws:RequestedRegion"],
            "removed": ["eu-west-1"], "added": ["eu-central-1"]
        }]}])
    );
}

#[test]
fn a_new_sid_on_the_same_statement_is_one_change() {
    let before = json!([{"Sid": "Old", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]);
    let after = json!([{"Sid": "New", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]);
    let changes = diff(&before, &after);
    assert!(matches!(&changes[..], [StatementChange::Changed { elements, .. }]
        if elements[0].path == ["Sid"] && elements[0].removed == ["Old"] && elements[0].added == ["New"]));
}

#[test]
fn a_statement_is_compared_with_one_other_alone() {
    let deny = |actions: Value| json!({"Effect": "Deny", "Action": actions, "Resource": "*"});
    let near = deny(json!(["s3:A", "s3:B", "s3:C", "s3:D"]));
    let far = deny(json!(["s3:A", "s3:B", "s3:C", "s3:X"]));
    let one = json!([deny(json!(["s3:A", "s3:B", "s3:C", "s3:D", "s3:E"]))]);
    for both in [json!([near, far]), json!([far, near])] {
        let changed = |changes: Vec<StatementChange>| {
            let is_changed = |change: &&StatementChange| matches!(change, StatementChange::Changed { .. });
            (changes.len(), changes.iter().filter(is_changed).count())
        };
        assert_eq!(changed(diff(&both, &one)), (2, 1), "{both}");
        assert_eq!(changed(diff(&one, &both)), (2, 1), "{both}");
    }
}

#[test]
fn statements_that_share_little_are_removed_and_added() {
    let before = json!([{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]);
    let after = json!([{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}]);
    let changes = diff(&before, &after);
    assert!(matches!(
        &changes[..],
        [StatementChange::Removed { index: 0, .. }, StatementChange::Added { index: 0, .. }]
    ));
}

#[test]
fn an_element_that_goes_shows_all_its_values() {
    let before = json!([{"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/b", "arn:aws:iam::*:role/a"]}}}]);
    let after = json!([{"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}]);
    let changes = diff(&before, &after);
    assert!(matches!(&changes[..], [StatementChange::Changed { elements, .. }]
        if elements[0].removed == ["arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b"] && elements[0].added.is_empty()));
}

#[test]
fn statements_with_a_repeated_sid_are_matched_by_likeness() {
    let before = json!([
        {"Sid": "A", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
        {"Sid": "A", "Effect": "Deny", "Action": "ec2:*", "Resource": "*"}
    ]);
    let after = json!([{"Sid": "A", "Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]);
    assert!(matches!(&diff(&before, &after)[..], [StatementChange::Removed { index: 0, .. }]));
}

#[test]
fn elements_of_the_document_are_compared_apart() {
    let before = json!({"Version": "2008-10-17", "Statement": []});
    let after = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny"}]});
    let changes = element_diff(&before, &after);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].path, ["Version"]);
}
