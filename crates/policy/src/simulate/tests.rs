use serde_json::{Value, json};

use super::*;
use crate::{Decision, Problem};

fn level(id: &str, statements: &Value) -> Value {
    let full = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    json!({"id": id, "policies": [
        {"name": "FullAWSAccess", "policy": full},
        {"name": "Guard", "policy": {"Version": "2012-10-17", "Statement": statements}},
    ]})
}

fn denying(action: &str) -> Value {
    json!([level("111111111111", &json!([{"Effect": "Deny", "Action": action, "Resource": "*"}]))])
}

fn case(levels: &Value) -> Value {
    json!({"levels": levels, "request": {
        "principal": "arn:aws:iam::111111111111:role/x", "account": "111111111111", "action": "s3:GetObject",
    }})
}

fn problems(file: &Value) -> Vec<Problem> {
    read_cases(file).expect_err("the file is wrong")
}

#[test]
fn cases_may_stand_in_a_list_or_under_their_name() {
    let one = case(&denying("ec2:*"));
    assert_eq!(read_cases(&json!([one])).unwrap().len(), 1);
    assert_eq!(read_cases(&json!({"cases": [one, one]})).unwrap()[1].id, "2");
}

#[test]
fn an_answer_compares_with_the_policies_before() {
    let mut case = case(&denying("s3:*"));
    case["before"] = denying("ec2:*");
    let cases = read_cases(&json!([case])).unwrap();
    let answer = answer(&cases[0]);
    assert!(answer.is_changed());
    let json = answer.to_json();
    assert_eq!((json["decision"].as_str(), json["before"]["decision"].as_str()), (Some("Deny"), Some("Allow")));
    assert_eq!(json["decided_by"]["policy"], "Guard");
}

#[test]
fn resource_control_policies_are_compared_too() {
    let mut case = case(&denying("ec2:*"));
    let rcps = |action: &str| {
        let statement = json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"});
        json!([{"id": "222222222222", "policies": [{"name": "Perimeter", "policy": {"Version": "2012-10-17", "Statement": [statement]}}]}])
    };
    let before = |case: &Value| {
        let answer = answer(&read_cases(&json!([case])).unwrap()[0]);
        (answer.verdict.decision, answer.before.map(|before| before.decision))
    };
    case["rcpLevels"] = rcps("s3:*");
    assert_eq!(before(&case), (Decision::Deny, None));
    case["rcpBefore"] = rcps("sqs:*");
    assert_eq!(before(&case), (Decision::Deny, Some(Decision::Allow)), "the SCPs stay as they are");
    case["before"] = denying("s3:*");
    assert_eq!(before(&case), (Decision::Deny, Some(Decision::Deny)));
    case.as_object_mut().unwrap().remove("rcpBefore");
    case["before"] = denying("ec2:*");
    assert_eq!(before(&case), (Decision::Deny, Some(Decision::Deny)), "the RCPs stay as they are");
    case["rcpBefore"] = json!([{"id": "222222222222", "policies": [{"name": "Wrong", "policy": {
        "Version": "2012-10-17", "Statement": [{"Effect": "Deny", "NotPrincipal": "*", "Action": "s3:*", "Resource": "*"}]}}]}]);
    assert_eq!(problems(&json!([case]))[0].path, "/0/rcpBefore/0/policies/0/policy/Statement/0/NotPrincipal");
}

#[test]
fn a_key_that_is_null_is_not_known() {
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}}});
    let mut case = case(&json!([level("111111111111", &json!([statement]))]));
    for (held, expected) in
        [(json!(null), Decision::Undecided), (json!([]), Decision::Allow), (json!(true), Decision::Deny)]
    {
        case["request"]["context"] = json!({"a:b": held});
        let cases = read_cases(&json!([case])).unwrap();
        assert_eq!(answer(&cases[0]).verdict.decision, expected, "{held}");
    }
}

#[test]
fn rcps_of_the_management_account_s_own_resources_do_not_exist() {
    let mut case = case(&json!([level("111111111111", &json!([]))]));
    case["rcpLevels"] = denying("s3:*");
    case["exempt"] = json!("management");
    case["request"]["resourceAccount"] = json!("222222222222");
    let decide = |case: &Value| answer(&read_cases(&json!([case])).unwrap()[0]).verdict.decision;
    assert_eq!(decide(&case), Decision::Deny);
    case["request"]["resourceAccount"] = json!("111111111111");
    assert_eq!(decide(&case), Decision::Allow);
}

#[test]
fn principals_in_a_service_control_policy_are_refused_at_their_place() {
    for name in ["Principal", "NotPrincipal"] {
        let statement = json!({"Effect": "Deny", name: "*", "Action": "*", "Resource": "*"});
        let found = problems(&json!([case(&json!([level("r-ab12", &json!([statement]))]))]));
        assert_eq!(found[0].path, format!("/0/levels/0/policies/1/policy/Statement/0/{name}"));
    }
}

#[test]
fn all_mistakes_are_found_at_once() {
    let file = json!([
        {"levels": [{"policies": [{"policy": {"Statement": [{"Effect": "No"}]}}]}], "request": {"action": 1}},
        {"levels": 1, "exempt": "root", "request": {"principal": "a", "action": "b", "context": {"k": {}}}, "expect": 1},
        {},
    ]);
    let found: Vec<String> = problems(&file).iter().map(|problem| problem.path.clone()).collect();
    assert_eq!(
        found,
        [
            "/0/levels/0",
            "/0/levels/0/policies/0",
            "/0/levels/0/policies/0/policy/Statement/0/Effect",
            "/0/request",
            "/0/request/action",
            "/1/exempt",
            "/1/levels",
            "/1/request/context/k",
            "/1/expect",
            "/2",
            "/2",
        ]
    );
}

#[test]
fn what_follows_from_a_request_is_known_and_the_rest_is_not() {
    let asking = Asking {
        principal: "arn:aws:sts::111111111111:assumed-role/x/session".to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: Some("arn:aws:sqs:eu-west-1:222222222222:q".to_owned()),
        region: Some("eu-west-1".to_owned()),
        context: vec![("aws:PrincipalTag/team".to_owned(), vec![])],
    };
    let statement =
        |condition: &Value| json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    for (condition, expected) in [
        (json!({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/x"}}), Decision::Deny),
        (json!({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}), Decision::Deny),
        (json!({"StringEquals": {"aws:ResourceAccount": "222222222222"}}), Decision::Deny),
        (json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}), Decision::Deny),
        (json!({"Bool": {"aws:ViaAWSService": "true"}}), Decision::Allow),
        (json!({"Null": {"aws:PrincipalTag/team": "true"}}), Decision::Deny),
        (json!({"Null": {"aws:PrincipalOrgID": "true"}}), Decision::Undecided),
    ] {
        let levels = read_levels(&json!([level("111111111111", &json!([statement(&condition)]))])).unwrap();
        let case = Case { id: String::new(), path: String::new(), levels, request: asking.request(), expect: None };
        assert_eq!(answer(&case).verdict.decision, expected, "{condition}");
    }
}
