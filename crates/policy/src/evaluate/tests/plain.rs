//! The parts of an evaluation by themselves.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::condition::holds;
use super::super::levels::Candidates;
use super::super::matching::Asked;
use super::super::*;
use crate::truth::Truth;
use crate::{Policy, Statement};

fn statement(parts: &Value) -> Statement {
    let mut whole = json!({"Effect": "Deny", "Action": "*", "Resource": "*"});
    for (name, value) in parts.as_object().unwrap() {
        whole[name] = value.clone();
        if let Some(other) = name.strip_prefix("Not") {
            whole.as_object_mut().unwrap().remove(other);
        }
    }
    Policy::read(&json!({"Version": "2012-10-17", "Statement": whole})).unwrap().statements.remove(0)
}

/// Whether a condition of one key holds: `yes`, `no` or the keys that are missing.
fn held(operator: &str, key: &str, values: Value, context: &Context) -> String {
    let statement = statement(&json!({"Condition": {operator: {key: values}}}));
    match holds(&statement.conditions[0], context) {
        Truth::True => "yes".to_owned(),
        Truth::False => "no".to_owned(),
        Truth::Unknown(missing) => missing.keys().collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn a_key_of_an_account_outside_holds_what_is_the_same_for_all_of_them() {
    let context =
        Context::default().with_foreign("aws:PrincipalOrgID", "o-own").with_foreign("aws:PrincipalOrgPaths", "o-own");
    let id = "aws:PrincipalOrgID";
    let path = "aws:PrincipalOrgPaths";
    for (operator, key, values, expected) in [
        ("StringEquals", id, json!("o-own"), "no"),
        ("StringNotEquals", id, json!("o-own"), "yes"),
        ("StringNotEqualsIfExists", id, json!("o-own"), "yes"),
        ("StringEqualsIfExists", id, json!("o-own"), id),
        ("StringEquals", id, json!("o-partner"), id),
        ("StringNotEquals", id, json!("o-partner"), id),
        ("StringNotEquals", id, json!(["o-own", "o-partner"]), id),
        ("StringLike", id, json!("o-*"), id),
        ("StringLike", id, json!("o-own"), "no"),
        ("StringLike", id, json!("*"), id),
        ("StringLikeIfExists", id, json!("*"), "yes"),
        ("Null", id, json!("true"), id),
        ("Null", id, json!(["true", "false"]), "yes"),
        ("ForAnyValue:StringLike", path, json!("o-own/*"), "no"),
        ("ForAnyValue:StringLike", path, json!("o-own/r-1/*"), "no"),
        ("ForAnyValue:StringLike", path, json!("o-partner/*"), path),
        ("ForAnyValue:StringLike", path, json!("o-ow?/*"), path),
        ("ForAllValues:StringLike", path, json!("o-own/*"), path),
        ("ForAllValues:StringNotLike", path, json!("o-own/*"), "yes"),
        ("ForAnyValue:StringNotLike", path, json!("o-own/*"), path),
    ] {
        assert_eq!(held(operator, key, values.clone(), &context), expected, "{operator} {key} {values}");
    }
}

#[test]
fn a_variable_of_a_key_of_another_organization_is_not_known() {
    let context = Context::default().with("a:b", ["x"]).with_foreign("aws:PrincipalOrgID", "o-own");
    assert_eq!(held("StringEquals", "a:b", json!("${aws:PrincipalOrgID}"), &context), "aws:PrincipalOrgID");
}

#[test]
fn of_several_values_without_a_set_operator_one_must_match_and_none_if_negated() {
    let context = Context::default().with("a:b", ["x", "y"]);
    for (operator, values, expected) in [
        ("StringEquals", json!("x"), "yes"),
        ("StringEquals", json!("z"), "no"),
        ("StringNotEquals", json!("x"), "no"),
        ("StringNotEquals", json!("z"), "yes"),
        ("StringNotEquals", json!(["x", "y"]), "no"),
        ("ForAnyValue:StringNotEquals", json!("x"), "yes"),
        ("ForAnyValue:StringNotEquals", json!(["x", "y"]), "no"),
    ] {
        assert_eq!(held(operator, "a:b", values.clone(), &context), expected, "{operator} {values}");
    }
}

#[test]
fn what_a_context_says_of_a_key_goes_before_what_it_says_of_all_others() {
    let known = Context::default().with("A:b", ["x"]).with("a:absent", [""; 0]).with_unknown("a:unknown");
    let unlisted = known.clone().with_unlisted(Unlisted::Unknown);
    for (key, expected, expected_unlisted) in [
        ("a:b", Held::Values(&["x".to_owned()]), Held::Values(&["x".to_owned()])),
        ("a:absent", Held::Absent, Held::Absent),
        ("a:unknown", Held::Unknown, Held::Unknown),
        ("a:other", Held::Absent, Held::Unknown),
    ] {
        assert_eq!((known.get(key), unlisted.get(key)), (expected, expected_unlisted), "{key}");
    }
}

#[test]
fn statements_are_about_an_action_or_may_be_about_one_of_a_service() {
    for (parts, action, service) in [
        (json!({"Action": "s3:GetObject"}), true, true),
        (json!({"Action": "S3:get*"}), true, true),
        (json!({"Action": "s3:PutObject"}), false, true),
        (json!({"Action": ["ec2:*", "*"]}), true, true),
        (json!({"Action": "ec2:*"}), false, false),
        (json!({"Action": "s3-outposts:*"}), false, false),
        (json!({"NotAction": "s3:GetObject"}), false, true),
        (json!({"NotAction": "s3:*"}), false, false),
        (json!({"NotAction": "*"}), false, false),
        (json!({"NotAction": "ec2:*"}), true, true),
    ] {
        let denial = statement(&parts);
        assert_eq!(Asked::action("S3:GetObject").is_met_by(&denial), action, "{parts}");
        assert_eq!(Asked::service("S3").is_met_by(&denial), service, "{parts}");
    }
    for (mut parts, service) in [
        (json!({"Action": "s3:*"}), true),
        (json!({"Action": "*"}), true),
        (json!({"Action": "s3:Get*"}), false),
        (json!({"Action": "ec2:*"}), false),
        (json!({"NotAction": "ec2:*"}), true),
        (json!({"NotAction": "s3:GetObject"}), false),
    ] {
        parts["Effect"] = json!("Allow");
        assert_eq!(Asked::service("s3").is_met_by(&statement(&parts)), service, "{parts}");
    }
}

fn levels(statements: &Value) -> Vec<Level> {
    let policy = Policy::read(&json!({"Version": "2012-10-17", "Statement": statements})).unwrap();
    vec![Level { id: "111111111111".to_owned(), policies: vec![AttachedPolicy { name: "P".to_owned(), policy }] }]
}

#[test]
fn candidates_say_what_their_statements_look_at() {
    let allow = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let deny = |action: &str, resource: &str, condition: Value| json!({"Effect": "Deny", "Action": action, "Resource": resource, "Condition": condition});
    let region = json!({"StringEquals": {"aws:RequestedRegion": "x"}});
    for (statements, keys, heeds_resource, always_allows) in [
        (json!([allow]), vec![], false, true),
        (json!([allow, deny("ec2:*", "*", region.clone())]), vec![], false, true),
        (json!([allow, deny("s3:*", "*", json!({}))]), vec![], false, false),
        (json!([allow, deny("s3:*", "*", region.clone())]), vec!["aws:requestedregion"], false, false),
        (json!([allow, deny("s3:*", "arn:aws:s3:::${aws:username}/*", json!({}))]), vec!["aws:username"], true, false),
        (json!([{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/*"}]), vec![], true, false),
        (
            json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": region}]),
            vec!["aws:requestedregion"],
            false,
            false,
        ),
        (json!([{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]), vec![], false, false),
        (json!([{"Effect": "Allow", "Action": "*", "NotResource": "*"}]), vec![], true, false),
    ] {
        let levels = levels(&statements);
        let candidates = Candidates::new(&levels, &[], "s3:GetObject");
        assert_eq!(candidates.keys(), BTreeSet::from_iter(keys), "{statements}");
        assert_eq!(candidates.heed_resource(), heeds_resource, "{statements}");
        assert_eq!(candidates.always_allow(), always_allows, "{statements}");
    }
    let denying = levels(&json!([deny("*", "*", json!({}))]));
    assert!(!Candidates::new(&[], &denying, "s3:GetObject").always_allow(), "an RCP denies");
    assert!(Candidates::new(&[], &levels(&json!([allow])), "s3:GetObject").always_allow(), "RCPs need not allow");
    assert!(Candidates::new(&[], &[], "s3:GetObject").always_allow());
}

#[test]
fn scps_bind_principals_of_the_account_and_rcps_all_but_service_linked_roles() {
    let deny = levels(&json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]));
    let linked = "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    for (principal, account, by_scp, by_rcp) in [
        ("arn:aws:iam::111111111111:role/x", None, true, true),
        ("arn:aws:iam::111111111111:root", None, true, true),
        ("arn:aws:iam::222222222222:role/x", None, false, true),
        ("arn:aws:iam::222222222222:role/x", Some("111111111111"), false, true),
        ("AROA:jo", Some("111111111111"), true, true),
        ("AROA:jo", Some("222222222222"), false, true),
        ("AROA:jo", None, true, true),
        ("anonymous", None, false, true),
        ("config.amazonaws.com", None, false, true),
        ("config.amazonaws.com.cn", None, false, true),
        (linked, None, false, false),
    ] {
        let mut request = Request::new(principal, "s3:GetObject", None);
        request.account = account.map(str::to_owned);
        let denies = |scps: &[Level], rcps: &[Level]| evaluate(scps, rcps, &request).decision == Decision::Deny;
        assert_eq!(denies(&deny, &[]), by_scp, "SCP {principal} {account:?}");
        assert_eq!(denies(&[], &deny), by_rcp, "RCP {principal} {account:?}");
        request.management_account = true;
        assert_eq!(evaluate(&deny, &[], &request).decision, Decision::Allow, "{principal}");
    }
}

#[test]
fn a_session_is_taken_for_its_role() {
    let request = Request::new("arn:aws-cn:sts::111111111111:assumed-role/Dev/jo", "s3:GetObject", None);
    assert_eq!(request.principal_arn, "arn:aws-cn:iam::111111111111:role/Dev");
    for (key, value) in
        [("aws:principalarn", "arn:aws-cn:iam::111111111111:role/Dev"), ("aws:principalaccount", "111111111111")]
    {
        assert_eq!(request.context.get(key), Held::Values(&[value.to_owned()]));
    }
    let federated = "arn:aws:sts::111111111111:federated-user/ann";
    assert_eq!(Request::new(federated, "s3:GetObject", None).principal_arn, federated);
}

#[test]
fn a_denial_is_reported_before_a_missing_allowance_and_scps_before_rcps() {
    let deny = |sid: &str| json!([{"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*"}]);
    let request = Request::new("arn:aws:iam::111111111111:role/x", "s3:GetObject", None);
    let by = |scps: &[Level], rcps: &[Level]| {
        let decided_by = evaluate(scps, rcps, &request).decided_by.unwrap();
        decided_by.sid.unwrap_or_else(|| "nothing allows".to_owned())
    };
    assert_eq!(by(&levels(&deny("scp")), &levels(&deny("rcp"))), "scp");
    assert_eq!(by(&levels(&json!([])), &levels(&deny("rcp"))), "rcp");
    assert_eq!(by(&levels(&json!([])), &[]), "nothing allows");
}
