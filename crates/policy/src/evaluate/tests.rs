mod plain;

use serde_json::{Value, json};

use super::*;
use crate::Policy;

const ROLE: &str = "arn:aws:iam::111111111111:role/app/Deployer";

fn level(id: &str, policies: &[(&str, Value)]) -> Level {
    let attached = policies.iter().map(|(name, statements)| AttachedPolicy {
        name: (*name).to_owned(),
        policy: Policy::read(&json!({"Version": "2012-10-17", "Statement": statements})).unwrap(),
    });
    Level { id: id.to_owned(), policies: attached.collect() }
}

fn full_access() -> (&'static str, Value) {
    ("FullAWSAccess", json!({"Effect": "Allow", "Action": "*", "Resource": "*"}))
}

/// A root that denies what `statement` says, and an account that allows everything.
fn denying(statement: &Value) -> Vec<Level> {
    let mut statement = statement.clone();
    statement["Effect"] = json!("Deny");
    vec![level("r-ab12", &[full_access(), ("Guard", statement)]), level("111111111111", &[full_access()])]
}

fn request() -> Request {
    Request::new(ROLE, "s3:GetObject", Some("arn:aws:s3:::b/k")).in_region("eu-west-1")
}

fn decide(scps: &[Level], request: &Request) -> Decision {
    evaluate(scps, &[], request).decision
}

fn with_condition(condition: &Value, context: Context) -> Verdict {
    let levels = denying(&json!({"Action": "*", "Resource": "*", "Condition": condition}));
    evaluate(&levels, &[], &Request { context, ..request() })
}

fn denied_when(condition: &Value, key: &str, values: &[&str]) -> bool {
    let verdict = with_condition(condition, Context::default().with(key, values.iter().copied()));
    assert_ne!(verdict.decision, Decision::Undecided, "{condition} {values:?}");
    verdict.decision == Decision::Deny
}

#[test]
fn the_deciding_statement_is_named() {
    let levels = vec![
        level("r-ab12", &[full_access()]),
        level(
            "ou-ab12-1",
            &[
                full_access(),
                (
                    "Two",
                    json!([
                        {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"},
                        {"Sid": "NoReads", "Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}
                    ]),
                ),
            ],
        ),
        level("111111111111", &[full_access()]),
    ];
    let verdict = evaluate(&levels, &[], &request());
    assert_eq!(
        serde_json::to_value(verdict).unwrap(),
        json!({"decision": "Deny", "missing": [], "decided_by": {
            "level": "ou-ab12-1", "policy": "Two", "statement": 1, "sid": "NoReads", "kind": "explicit"
        }})
    );
}

#[test]
fn a_level_without_an_allowance_is_named() {
    let levels = vec![level("r-ab12", &[full_access()]), level("111111111111", &[])];
    let decided_by = evaluate(&levels, &[], &request()).decided_by.unwrap();
    assert_eq!((decided_by.level.as_str(), decided_by.kind), ("111111111111", DecisionKind::Implicit));
    assert_eq!((decided_by.policy, decided_by.statement), (None, None));
}

#[test]
fn an_unknown_key_leaves_the_request_undecided_and_is_named() {
    let condition = json!({"StringEquals": {"aws:PrincipalTag/team": "red", "aws:PrincipalOrgID": "o-1"}});
    let verdict = with_condition(&condition, Context::default().with_unlisted(Unlisted::Unknown));
    assert_eq!(verdict.decision, Decision::Undecided);
    assert_eq!(verdict.missing, ["aws:PrincipalOrgID", "aws:PrincipalTag/team"]);
    assert_eq!(verdict.decided_by.unwrap().policy.as_deref(), Some("Guard"));
}

#[test]
fn an_unknown_key_does_not_matter_where_something_else_decides() {
    let unknown = Context::default().with("aws:PrincipalOrgID", ["o-2"]).with_unknown("aws:PrincipalTag/team");
    let both = json!({"StringEquals": {"aws:PrincipalTag/team": "red", "aws:PrincipalOrgID": "o-1"}});
    assert_eq!(with_condition(&both, unknown).decision, Decision::Allow);

    let mut levels = denying(&json!({"Action": "*", "Resource": "*", "Condition": {"Null": {"a:b": "true"}}}));
    levels[1].policies.extend(denying(&json!({"Action": "s3:*", "Resource": "*"}))[0].policies.clone());
    let undecidable_first = Request { context: Context::default().with_unknown("a:b"), ..request() };
    let verdict = evaluate(&levels, &[], &undecidable_first);
    assert_eq!(verdict.decided_by.unwrap().level, "111111111111");
}

#[test]
fn an_unknown_resource_matters_only_to_statements_that_ask_for_one() {
    let anywhere = Request { resource: None, ..request() };
    assert_eq!(decide(&denying(&json!({"Action": "s3:*", "Resource": "*"})), &anywhere), Decision::Deny);
    let one_bucket = denying(&json!({"Action": "s3:*", "Resource": "arn:aws:s3:::a/*"}));
    assert_eq!(evaluate(&one_bucket, &[], &anywhere).missing, ["resource"]);
    let other_service = denying(&json!({"Action": "ec2:*", "Resource": "arn:aws:s3:::a/*"}));
    assert_eq!(decide(&other_service, &anywhere), Decision::Allow);
}

#[test]
fn principals_that_scps_do_not_bind_pass() {
    let nothing = denying(&json!({"Action": "*", "Resource": "*"}));
    assert_eq!(decide(&nothing, &request()), Decision::Deny);
    assert_eq!(decide(&nothing, &Request { management_account: true, ..request() }), Decision::Allow);
    for principal in [
        "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
        "arn:aws:iam::222222222222:role/Other",
        "cloudtrail.amazonaws.com",
    ] {
        let other = Request { principal_arn: principal.to_owned(), ..request() };
        assert_eq!(decide(&nothing, &other), Decision::Allow, "{principal}");
    }
}

#[test]
fn resource_control_policies_bind_principals_of_other_accounts_too() {
    let rcps = denying(&json!({"Action": "s3:*", "Resource": "*", "Principal": "*"}));
    let stranger = Request::new("arn:aws:iam::999999999999:role/x", "s3:GetObject", Some("arn:aws:s3:::b/k"));
    assert_eq!(evaluate(&[], &rcps, &stranger).decision, Decision::Deny);
    let no_policies = [level("r-ab12", &[]), level("111111111111", &[])];
    assert_eq!(evaluate(&[], &no_policies, &stranger).decision, Decision::Allow);
}

#[test]
fn positive_operators_hold_where_one_value_matches_and_negated_ones_where_none_does() {
    for (operator, wanted, key, matching, other) in [
        ("StringEquals", "Red", "a:b", "Red", "red"),
        ("StringEqualsIgnoreCase", "Red", "a:b", "rED", "blue"),
        ("StringLike", "R?d*", "a:b", "Rodent", "rod"),
        ("NumericEquals", "10", "a:b", "10.0", "11"),
        ("DateEquals", "2026-01-01", "a:b", "2026-01-01T00:00:00Z", "2026-01-02"),
        ("IpAddress", "10.0.0.0/8", "a:b", "10.1.2.3", "11.1.2.3"),
        ("ArnEquals", "arn:aws:iam::*:role/a*", "a:b", "arn:aws:iam::1:role/a/b", "arn:aws:iam::1:user/a"),
    ] {
        let decoy = if operator == "ArnEquals" { "arn:aws:iam::9:role/z" } else { "0.0.0.0/32" };
        let negated = match operator {
            "IpAddress" => "NotIpAddress".to_owned(),
            "StringLike" => "StringNotLike".to_owned(),
            _ => operator.replacen("Equals", "NotEquals", 1),
        };
        for (operator, expected) in [(operator, true), (&negated, false)] {
            let condition = json!({operator: {key: [decoy, wanted]}});
            assert_eq!(denied_when(&condition, key, &[matching]), expected, "{operator} {matching}");
            assert_eq!(denied_when(&condition, key, &[other]), !expected, "{operator} {other}");
        }
    }
}

#[test]
fn ordered_operators_compare_the_request_with_the_condition() {
    for (operator, less, equal, greater) in [
        ("LessThan", true, false, false),
        ("LessThanEquals", true, true, false),
        ("GreaterThan", false, false, true),
        ("GreaterThanEquals", false, true, true),
    ] {
        for (kind, wanted, values) in
            [("Numeric", "10", ["9.5", "10", "100"]), ("Date", "2026", ["2025", "2026-01-01T00:00Z", "2027"])]
        {
            let condition = json!({format!("{kind}{operator}"): {"a:b": wanted}});
            for (value, expected) in values.into_iter().zip([less, equal, greater]) {
                assert_eq!(denied_when(&condition, "a:b", &[value]), expected, "{kind}{operator} {value}");
            }
        }
    }
}

#[test]
fn bool_ignores_case_and_takes_nothing_else() {
    assert!(denied_when(&json!({"Bool": {"a:b": true}}), "a:b", &["True"]));
    assert!(!denied_when(&json!({"Bool": {"a:b": "true"}}), "a:b", &["false"]));
    assert!(!denied_when(&json!({"Bool": {"a:b": "yes"}}), "a:b", &["yes"]));
}

#[test]
fn values_of_another_type_do_not_match() {
    assert!(!denied_when(&json!({"NumericLessThan": {"a:b": "10"}}), "a:b", &["few"]));
    assert!(!denied_when(&json!({"DateLessThan": {"a:b": "2026"}}), "a:b", &["soon"]));
    assert!(!denied_when(&json!({"ArnLike": {"a:b": "arn:aws:iam::*:*"}}), "a:b", &["*"]));
}

#[test]
fn set_operators_ask_for_all_or_any_value_of_the_request() {
    let all = json!({"ForAllValues:StringEquals": {"a:b": ["x", "y"]}});
    let any = json!({"ForAnyValue:StringEquals": {"a:b": ["x", "y"]}});
    let all_others = json!({"ForAllValues:StringNotEquals": {"a:b": ["x", "y"]}});
    for (values, expected) in [
        (&["x", "y"][..], (true, true, false)),
        (&["x", "z"], (false, true, false)),
        (&["z"], (false, false, true)),
        (&[], (true, false, true)),
    ] {
        let found = [&all, &any, &all_others].map(|condition| denied_when(condition, "a:b", values));
        assert_eq!(found, <[bool; 3]>::from(expected), "{values:?}");
    }
}

#[test]
fn an_absent_key_decides_by_operator() {
    for (operator, expected) in [
        ("StringEquals", false),
        ("StringNotEquals", true),
        ("StringEqualsIfExists", true),
        ("StringNotEqualsIfExists", true),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("NotIpAddress", true),
        ("ArnNotLike", true),
        ("DateNotEquals", true),
        ("NumericNotEquals", true),
        ("Bool", false),
    ] {
        assert_eq!(denied_when(&json!({operator: {"a:b": "true"}}), "a:b", &[]), expected, "{operator}");
    }
}

#[test]
fn null_asks_for_the_key_itself() {
    for (wanted, values, expected) in
        [("true", &[][..], true), ("true", &["x"], false), ("false", &[], false), ("false", &["x"], true)]
    {
        assert_eq!(denied_when(&json!({"Null": {"a:b": wanted}}), "a:b", values), expected, "{wanted} {values:?}");
    }
}

#[test]
fn arns_are_compared_part_by_part() {
    let condition = json!({"ArnLike": {"a:b": "arn:aws:sns:*:1:t"}});
    assert!(denied_when(&condition, "a:b", &["arn:aws:sns:eu-west-1:1:t"]));
    assert!(!denied_when(&condition, "a:b", &["arn:aws:sns:eu-west-1:2:1:t"]));
}

#[test]
fn what_aws_leaves_open_is_not_guessed() {
    let partial = with_condition(
        &json!({"ArnNotLike": {"a:b": "arn:aws:iam::*"}}),
        Context::default().with("a:b", ["arn:aws:iam::1:root"]),
    );
    assert_eq!((partial.decision, partial.missing), (Decision::Undecided, vec!["a:b".to_owned()]));

    let variable = json!({"StringNotEquals": {"a:b": "${aws:PrincipalTag/team}"}});
    let negated = with_condition(&variable, Context::default().with("a:b", ["x"]));
    assert_eq!((negated.decision, negated.missing), (Decision::Undecided, vec!["aws:PrincipalTag/team".to_owned()]));

    let exempt = denying(&json!({"Action": "*", "NotResource": "arn:aws:s3:::${aws:username}/*"}));
    assert_eq!(decide(&exempt, &request()), Decision::Undecided);
}

#[test]
fn a_variable_without_a_value_matches_nothing() {
    let levels = denying(&json!({"Action": "*", "Resource": "arn:aws:s3:::${aws:username}/*"}));
    assert_eq!(decide(&levels, &request()), Decision::Allow);
    let variable = json!({"StringLike": {"a:b": "${aws:username}"}});
    assert!(!denied_when(&variable, "a:b", &["${aws:username}"]));
}

#[test]
fn before_version_2012_variables_are_plain_text() {
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}/*"});
    let mut levels = denying(&json!({"Action": "ec2:*", "Resource": "*"}));
    levels[0].policies[1].policy = Policy::read(&json!({"Version": "2008-10-17", "Statement": statement})).unwrap();
    let literal = Request { resource: Some("arn:aws:s3:::${aws:username}/k".to_owned()), ..request() };
    assert_eq!(decide(&levels, &literal), Decision::Deny);
}

#[test]
fn an_accounts_id_has_twelve_digits() {
    use crate::evaluate::request::is_account_id;
    assert!(is_account_id("012345678901"));
    for other in ["01234567890", "0123456789012", "01234567890a", "abcdefghijkl", ""] {
        assert!(!is_account_id(other), "{other}");
    }
}
