use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{minified, parse};

fn scp(statement: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statement})
}

fn same_scp(a: Value, b: Value) -> bool {
    same_meaning(&scp(a), &scp(b), PolicyType::ServiceControl)
}

#[test]
fn spellings_of_one_statement_mean_the_same() {
    let plain = json!([{
        "Effect": "Deny", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericLessThan": {"s3:TlsVersion": "1.2"}}
    }]);
    let other = json!({
        "Condition": {
            "numericlessthan": {"s3:tlsversion": [1.2]},
            "Bool": {"AWS:SecureTransport": [false, "false"]}
        },
        "Resource": ["*"], "Action": ["S3:getobject", "s3:PutObject", "s3:PUTOBJECT"], "Effect": "Deny"
    });
    assert!(same_scp(plain, other));
}

#[test]
fn order_of_statements_means_nothing() {
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    assert!(same_scp(json!([allow, deny]), json!([deny, allow, deny])));
}

#[test]
fn an_empty_condition_is_no_condition() {
    let without = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let with = json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}]);
    assert!(same_scp(without, with));
}

#[test]
fn differences_of_meaning_are_seen() {
    let statement = |member: &str, value: Value| {
        let mut object = json!({
            "Sid": "One", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
        });
        object[member] = value;
        json!([object])
    };
    let original = statement("Sid", json!("One"));
    for other in [
        statement("Sid", json!("Two")),
        statement("Effect", json!("Allow")),
        statement("Action", json!("s3:GetObjectAcl")),
        statement("NotAction", json!([])),
        statement("Resource", json!("arn:aws:s3:::A/*")),
        statement("Condition", json!({"StringLike": {"aws:PrincipalOrgID": "o-1"}})),
        statement("Condition", json!({"StringEquals": {"aws:PrincipalOrgID": "O-1"}})),
        statement("Condition", json!({"StringEquals": {"aws:PrincipalOrgID": []}})),
    ] {
        assert!(!same_scp(original.clone(), other.clone()), "{other}");
    }
}

#[test]
fn clauses_that_differ_in_case_only_are_not_merged() {
    // Both clauses must hold, so no single list of values stands for them.
    let both = json!([{"Condition": {"StringEquals": {"a:b": "x"}, "stringequals": {"a:b": "y"}}}]);
    let merged = json!([{"Condition": {"StringEquals": {"a:b": ["x", "y"]}}}]);
    assert!(!same_scp(both, merged));
}

#[test]
fn in_management_policies_only_key_order_and_sets_are_free() {
    let tag = |value: Value| json!({"tags": {"team": {"tag_value": value}}});
    let same = |a: Value, b: Value| same_meaning(&tag(a), &tag(b), PolicyType::Tag);
    assert!(same(json!({"@@remove": ["a", "b"]}), json!({"@@remove": ["b", "a"]})));
    assert!(!same(json!({"@@assign": ["a", "b"]}), json!({"@@assign": ["b", "a"]})));
    assert!(!same(json!({"@@assign": "a"}), json!({"@@assign": ["a"]})));
    let a = json!({"tags": {"x": {"tag_key": {"@@assign": "X"}}, "y": {}}});
    let b = json!({"tags": {"y": {}, "x": {"tag_key": {"@@assign": "X"}}}});
    assert!(same_meaning(&a, &b, PolicyType::Tag));
}

#[test]
fn names_and_spellings_decide_nothing() {
    let deny = |more: Value| {
        let mut statement = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"});
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        statement
    };
    let rcp = PolicyType::ResourceControl;
    let plain = json!({"Version": "2012-10-17", "Statement": [deny(json!({"Sid": "One"}))]});
    for other in [
        json!({"Version": "2012-10-17", "Statement": deny(json!({"Sid": "Two"}))}),
        json!({"Statement": [deny(json!({"Resource": ["*"], "Principal": {"AWS": ["*"]}}))]}),
        json!({"Version": "2008-10-17", "Id": "x", "Statement": [deny(json!({})), deny(json!({"Sid": "Again"}))]}),
    ] {
        assert!(decides_alike(&plain, &other, rcp), "{other}");
        assert!(!same_meaning(&plain, &other, rcp), "{other}");
    }
    for other in
        [deny(json!({"Effect": "Allow"})), deny(json!({"Action": "s3:Get*"})), deny(json!({"Principal": {"AWS": "1"}}))]
    {
        assert!(!decides_alike(&plain, &json!({"Version": "2012-10-17", "Statement": other}), rcp), "{other}");
    }
}

#[test]
fn the_version_decides_where_a_value_is_a_variable() {
    let home = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:username}"});
    let version = |version: &str| json!({"Version": version, "Statement": home});
    let scp = PolicyType::ServiceControl;
    assert!(!decides_alike(&version("2012-10-17"), &version("2008-10-17"), scp));
    assert!(decides_alike(&version("2012-10-17"), &version("2012-10-17"), scp));
}

#[test]
fn management_policies_decide_alike_where_they_mean_the_same() {
    let tag = |keys: [&str; 2]| json!({"tags": {keys[0]: {}, keys[1]: {}}, "Sid": keys[0].len()});
    assert!(decides_alike(&tag(["x", "y"]), &tag(["y", "x"]), PolicyType::Tag));
    let sid = |sid: &str| json!({"Sid": sid, "Version": "2012-10-17"});
    assert!(!decides_alike(&sid("A"), &sid("B"), PolicyType::Tag), "they have no statements");
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zA-Z*?:${}, '/é]{0,8}", 1..4)
}

fn statement() -> impl Strategy<Value = Value> {
    let conditions = prop::collection::btree_map("[a-z]{1,6}:[a-z]{1,6}", words(), 0..3);
    (words(), words(), conditions, prop::option::of("[A-Z][a-z]{0,4}")).prop_map(
        |(actions, resources, conditions, sid)| {
            let mut object = json!({"Effect": "Deny", "Action": actions, "Resource": resources});
            object["Condition"] = json!({"StringLike": conditions, "Null": {"aws:a": true}});
            if let Some(sid) = sid {
                object["Sid"] = json!(sid);
            }
            object
        },
    )
}

fn document() -> impl Strategy<Value = Value> {
    prop::collection::vec(statement(), 1..4).prop_map(|statements| scp(statements.into()))
}

/// The document written another way: keys and lists reversed, single values unwrapped, scalars as strings.
fn respelled(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.iter().rev().map(|(key, member)| (key.clone(), respelled(member))).collect(),
        Value::Array(items) if items.len() == 1 => respelled(&items[0]),
        Value::Array(items) => items.iter().rev().map(respelled).collect(),
        Value::Bool(flag) => json!(flag.to_string()),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn the_canonical_form_ignores_order_wrapping_and_white_space(document in document()) {
        let spaced = parse(&serde_json::to_string_pretty(&respelled(&document)).unwrap()).unwrap();
        prop_assert!(same_meaning(&document, &spaced, PolicyType::ServiceControl));
    }

    #[test]
    fn another_action_is_another_meaning(document in document()) {
        let mut changed = document.clone();
        changed["Statement"][0]["Action"] = json!(["changed:Action"]);
        prop_assert!(!same_meaning(&document, &changed, PolicyType::ServiceControl));
    }

    #[test]
    fn minifying_and_reading_again_gives_the_same_document(document in document()) {
        let text = minified(&document);
        let again = parse(&text).unwrap();
        prop_assert_eq!(minified(&again), text);
        prop_assert_eq!(again, document);
    }
}

#[test]
fn principals_are_compared_kind_by_kind_whatever_their_order() {
    let naming =
        |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "*"});
    let same = |a: Value, b: Value| same_scp(naming(a), naming(b));
    assert!(same(json!({"AWS": ["1", "2"], "Service": "a"}), json!({"Service": ["a"], "AWS": ["2", "1"]})));
    assert!(!same(json!({"AWS": ["1", "2"]}), json!({"AWS": ["1", "3"]})));
    assert!(!same(json!({"AWS": "a"}), json!({"Service": "a"})));
}

#[test]
fn sets_of_management_policies_are_compared_by_what_they_hold() {
    let removing = |values: Value| json!({"tags": {"team": {"tag_value": {"@@remove": values}}}});
    let same = |a: Value, b: Value| same_meaning(&removing(a), &removing(b), PolicyType::Tag);
    assert!(same(json!(["a", "b"]), json!(["b", "a", "a"])));
    assert!(!same(json!(["a", "b"]), json!(["a", "c"])));
    assert!(!same(json!(["a"]), json!([])));
}
