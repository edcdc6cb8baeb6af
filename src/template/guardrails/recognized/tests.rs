use super::*;

fn scp(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn held(statements: Value) -> Vec<&'static str> {
    guardrails_denying(&scp(statements), PolicyType::ServiceControl)
}

#[test]
fn a_policy_holds_the_guardrail_of_which_it_denies_everything() {
    let leaving =
        json!({"Sid": "MyOwn", "Effect": "Deny", "Action": ["organizations:LeaveOrganization"], "Resource": ["*"]});
    assert_eq!(held(json!(leaving)), ["no-leaving"]);
    let more = json!([leaving, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::mine"}]);
    assert_eq!(held(more), ["no-leaving"]);
    let wider = json!([{"Effect": "Deny", "Action": "organizations:*", "Resource": "*"}]);
    assert_eq!(held(wider), ["no-leaving"]);
}

#[test]
fn a_policy_that_denies_less_holds_nothing() {
    for statement in [
        json!({"Effect": "Allow", "Action": "organizations:LeaveOrganization", "Resource": "*"}),
        json!({"Effect": "Deny", "Action": "organizations:DescribeOrganization", "Resource": "*"}),
        json!({"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}}),
    ] {
        assert_eq!(held(json!([statement])), [""; 0], "{statement}");
    }
}

fn no_iam_users(condition: Value) -> Value {
    let mut statement =
        json!({"Effect": "Deny", "Action": ["iam:Create*", "iam:UpdateLoginProfile", "iam:Upload*"], "Resource": "*"});
    statement["Condition"] = condition;
    json!([statement])
}

#[test]
fn a_policy_may_exempt_roles_as_guardrails_may() {
    assert_eq!(held(no_iam_users(json!({}))), ["no-iam-users"]);
    let exempting = json!({"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/admin"]}});
    assert_eq!(held(no_iam_users(exempting)), ["no-iam-users"]);
    let only = json!({"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/admin"]}});
    assert_eq!(held(no_iam_users(only)), [""; 0]);
}

#[test]
fn regions_are_those_that_the_policy_names() {
    let guardrail = crate::template::guardrail("region-restriction").expect("it is built in");
    let around =
        around(&scp(json!({"Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-north-1", "eu-west-1"]}}})));
    assert_eq!(around["regions"], json!(["eu-north-1", "eu-west-1"]));
    let (_, mut document) = guardrail.document(&Map::new(), &around).expect("it is a policy");
    assert_eq!(guardrails_denying(&document, PolicyType::ServiceControl), ["region-restriction"]);
    document["Statement"][0]["NotAction"] = json!(["iam:*", "s3:*", "rds:*"]);
    assert_eq!(guardrails_denying(&document, PolicyType::ServiceControl), [""; 0], "it leaves RDS out");
    document["Statement"][0]["NotAction"] = json!(["iam:*"]);
    assert_eq!(guardrails_denying(&document, PolicyType::ServiceControl), ["region-restriction"], "it denies more");
}

#[test]
fn a_policy_of_another_type_is_a_guardrail_where_it_says_the_same() {
    let guardrail = crate::template::guardrail("no-ai-training").expect("it is built in");
    let (of, document) = guardrail.document(&Map::new(), &Map::new()).expect("it is a policy");
    assert_eq!(guardrails_denying(&document, of), ["no-ai-training"]);
    assert_eq!(guardrails_denying(&document, PolicyType::Tag), [""; 0]);
    assert_eq!(guardrails_denying(&json!({"services": {}}), of), [""; 0]);
}

#[test]
fn a_policy_is_said_to_be_a_guardrail_only_where_both_decide_alike() {
    let is = |statements: Value| guardrail_saying(&scp(statements), PolicyType::ServiceControl, &around(&Value::Null));
    let leaving = |effect: &str| json!({"Sid": "Mine", "Effect": effect, "Action": ["organizations:leaveorganization"], "Resource": ["*"]});
    assert_eq!(is(leaving("Deny")), Some("no-leaving"));
    assert_eq!(is(json!([leaving("Deny"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}])), None);
    assert_eq!(guardrail_saying(&scp(leaving("Deny")), PolicyType::ResourceControl, &around(&Value::Null)), None);
}

#[test]
fn whatever_the_policy_is_nothing_is_made_up() {
    for odd in [
        Value::Null,
        json!([]),
        json!({"Statement": 5}),
        scp(json!([null, {"Effect": "Deny"}])),
        scp(json!({"Effect": "Deny", "Action": [], "Resource": "*"})),
    ] {
        assert_eq!(guardrails_denying(&odd, PolicyType::ServiceControl), [""; 0], "{odd}");
    }
}

#[test]
fn what_is_partly_of_another_partition_is_looked_at_in_its_own() {
    assert_eq!(partition(&json!({"a": "arn:aws-cn:iam::*:root"})), "aws-cn");
    assert_eq!(partition(&json!({"a": "arn:aws:iam::*:root"})), "aws");
}
