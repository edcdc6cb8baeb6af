//! Resource control policies in replays: they bind by whose the resource is.

use std::collections::HashMap;

use landing::policy::{
    AccountPolicies, AttachedPolicy, Level, Policy, Replay, ReplayPolicies, Sides, read_replay_policies,
};
use serde_json::{Value, json};

use super::replay::event;
use super::world::{ACCOUNT, full_access};

const OUTSIDE: &str = "333333333333";
const MANAGEMENT: &str = "999999999999";
const ORGANIZATION: &str = "o-exampleorg";

fn rcp(condition: &Value) -> Value {
    let statement = json!({"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
                           "Condition": condition});
    json!([{"id": ACCOUNT, "policies": [{"name": "Perimeter", "policy": {"Version": "2012-10-17", "Statement": [statement]}}]}])
}

/// Policies of an organization whose only change are the RCPs on the way to the account.
fn policies(before: &Value, after: &Value) -> Value {
    let scps = json!([{"id": ACCOUNT, "policies": [{"name": "FullAWSAccess", "policy": full_access()}]}]);
    let account = json!({"before": scps, "after": scps, "rcpBefore": before, "rcpAfter": after});
    json!({"management_account": MANAGEMENT, "organization": ORGANIZATION,
           "accounts": {ACCOUNT: account, MANAGEMENT: account, "222222222222": {"before": scps, "after": scps}}})
}

fn replayed(policies: &Value, changes: &Value) -> Value {
    let policies = read_replay_policies(policies).expect("policies");
    let mut replay = Replay::new(&policies);
    replay.read(event(changes).to_string().as_bytes()).expect("a log");
    replay.finish().to_json()
}

fn of_account(id: &str) -> Value {
    json!({"type": "IAMUser", "accountId": id, "arn": format!("arn:aws:iam::{id}:user/x"), "userName": "x"})
}

/// What denies when an RCP that denies everything comes.
fn denied_by_a_new_rcp(changes: &Value) -> Value {
    replayed(&policies(&json!([]), &rcp(&json!({}))), changes)["denied"].clone()
}

#[test]
fn principals_of_other_organizations_are_bound() {
    let denied = denied_by_a_new_rcp(&json!({"userIdentity": of_account(OUTSIDE)}));
    let decided_by = json!({"level": ACCOUNT, "policy": "Perimeter", "statement": 0, "sid": "Own", "kind": "explicit"});
    assert_eq!(
        denied,
        json!([{"account": OUTSIDE, "principal": "arn:aws:iam::333333333333:user/x", "action": "s3:GetObject",
                "decided_by": decided_by, "count": 1, "example": "e-1"}])
    );
}

#[test]
fn so_are_those_of_other_members_and_of_the_management_account() {
    for id in ["222222222222", MANAGEMENT] {
        let denied = denied_by_a_new_rcp(&json!({"userIdentity": of_account(id)}));
        assert_eq!(denied[0]["account"], id);
    }
}

#[test]
fn the_resource_is_of_the_account_that_the_event_names_else_of_its_arn_else_of_the_recipient() {
    let queue = |resources: Value, recipient: &str| {
        json!({"eventSource": "sqs.amazonaws.com", "eventName": "SendMessage", "resources": resources,
               "recipientAccountId": recipient})
    };
    let arn = |id: &str| format!("arn:aws:sqs:eu-west-1:{id}:q");
    for (changes, is_bound) in [
        (queue(json!([{"accountId": ACCOUNT, "ARN": arn(OUTSIDE)}]), OUTSIDE), true),
        (queue(json!([{"accountId": OUTSIDE, "ARN": arn(ACCOUNT)}]), ACCOUNT), false),
        (queue(json!([{"ARN": arn(ACCOUNT)}]), OUTSIDE), true),
        (queue(json!([{"ARN": arn(OUTSIDE)}]), ACCOUNT), false),
        (queue(Value::Null, ACCOUNT), true),
        (queue(Value::Null, OUTSIDE), false),
        (queue(json!("none"), ACCOUNT), true),
    ] {
        assert_eq!(denied_by_a_new_rcp(&changes) != json!([]), is_bound, "{changes}");
    }
}

#[test]
fn resources_of_the_management_account_are_never_bound() {
    let own = json!({"recipientAccountId": MANAGEMENT, "userIdentity": of_account(MANAGEMENT)});
    let found = replayed(&policies(&json!([]), &rcp(&json!({}))), &own);
    assert_eq!((&found["denied"], &found["skipped"]), (&json!([]), &json!({"management_account": 1})));
}

#[test]
fn services_that_rcps_do_not_reach_are_left_alone() {
    let changes = json!({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"});
    assert_eq!(denied_by_a_new_rcp(&changes), json!([]));
    let outside = json!({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances",
                         "userIdentity": of_account(OUTSIDE)});
    let found = replayed(&policies(&json!([]), &rcp(&json!({}))), &outside);
    assert_eq!(found["skipped"], json!({"unknown_account": 1}));
}

#[test]
fn service_linked_roles_are_left_alone() {
    let linked = "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    let identity =
        json!({"type": "AssumedRole", "accountId": ACCOUNT, "sessionContext": {"sessionIssuer": {"arn": linked}}});
    assert_eq!(denied_by_a_new_rcp(&json!({"userIdentity": identity})), json!([]));
}

#[test]
fn what_an_rcp_denied_before_is_not_new_and_is_allowed_once_it_is_gone() {
    let all = rcp(&json!({}));
    let stays = replayed(&policies(&all, &all), &json!({}));
    assert_eq!((&stays["denied"], &stays["allowed"]), (&json!([]), &json!([])));
    let goes = replayed(&policies(&all, &json!([])), &json!({}));
    assert_eq!((&goes["denied"], &goes["allowed"][0]["action"]), (&json!([]), &json!("s3:GetObject")));
}

#[test]
fn the_organization_of_members_is_told_and_that_of_others_is_not() {
    let condition = json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}});
    let perimeter = policies(&json!([]), &rcp(&condition));
    let own = replayed(&perimeter, &json!({}));
    assert_eq!((&own["denied"], &own["undecided"]), (&json!([]), &json!([])));
    let outside = replayed(&perimeter, &json!({"userIdentity": of_account(OUTSIDE)}));
    assert_eq!(outside["undecided"][0]["missing"], json!(["aws:PrincipalOrgID"]));
}

#[test]
fn a_logged_denial_that_names_an_rcp_is_checked_against_those_before() {
    let denied = json!({"errorCode": "AccessDenied",
                        "errorMessage": "not authorized with an explicit deny in a resource control policy"});
    let found = replayed(&policies(&rcp(&json!({})), &json!([])), &denied);
    assert_eq!(found["logged_denials"], json!({"total": 1, "explained": 1, "contradicted": 0}));
}

#[test]
fn rcps_may_be_missing_and_must_be_rcps() {
    let without = json!({"accounts": {ACCOUNT: {"before": [], "after": []}}});
    assert!(read_replay_policies(&without).is_ok());
    let wrong =
        policies(&json!([]), &json!([{"id": ACCOUNT, "policies": [{"name": "x", "policy": {"Statement": 1}}]}]));
    let problems = read_replay_policies(&wrong).expect_err("a statement is no number");
    assert!(problems[0].path.contains("/rcpAfter/"), "{}", problems[0].path);
}

#[test]
fn policies_can_be_put_together_from_values() {
    let deny = json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}});
    let policy = Policy::read(&deny).expect("a policy");
    let attached = AttachedPolicy { name: "No".to_owned(), policy };
    let level = Level { id: ACCOUNT.to_owned(), policies: vec![attached] };
    let account = AccountPolicies { rcps: Sides::new(Vec::new(), vec![level]), ..AccountPolicies::default() };
    let policies = ReplayPolicies::new(Some(MANAGEMENT.to_owned()), HashMap::from([(ACCOUNT.to_owned(), account)]));
    let mut replay = Replay::new(&policies);
    replay.read(event(&json!({})).to_string().as_bytes()).expect("a log");
    assert_eq!(replay.finish().denied.len(), 1);
}
