//! Resource control policies in replays: they bind by whose the resource is.

use std::collections::HashMap;

use landing_policy::{
    AccountPolicies, AttachedPolicy, Level, Policy, Replay, ReplayPolicies, Sides, read_replay_policies,
};
use serde_json::{Value, json};

use super::event::event;
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

/// What a new RCP with a condition decides.
fn decided(condition: &Value, changes: &Value) -> &'static str {
    let found = replayed(&policies(&json!([]), &rcp(condition)), changes);
    match (found["denied"] != json!([]), found["undecided"] != json!([])) {
        (true, _) => "denied",
        (_, true) => "unknown",
        _ => "allowed",
    }
}

#[test]
fn principals_outside_are_of_another_organization_or_of_none() {
    let one = |operator: &str, key: &str, value: &str| json!({operator: {key: value}});
    let id = |operator: &str, value: &str| one(operator, "aws:PrincipalOrgID", value);
    let path = |operator: &str, value: &str| one(operator, "aws:PrincipalOrgPaths", value);
    let outside = json!({"userIdentity": of_account(OUTSIDE)});
    for (condition, expected_outside, expected_own) in [
        (id("StringNotEquals", ORGANIZATION), "denied", "allowed"),
        (id("StringNotEqualsIfExists", ORGANIZATION), "denied", "allowed"),
        (id("StringEquals", ORGANIZATION), "allowed", "denied"),
        (id("StringLike", "o-*"), "unknown", "denied"),
        (id("StringNotEquals", "o-partner"), "unknown", "denied"),
        (json!({"StringNotEquals": {"aws:PrincipalOrgID": [ORGANIZATION, "o-partner"]}}), "unknown", "allowed"),
        (id("StringEqualsIfExists", ORGANIZATION), "unknown", "denied"),
        (id("Null", "true"), "unknown", "allowed"),
        (path("ForAnyValue:StringLike", "o-exampleorg/*"), "allowed", "unknown"),
        (path("ForAllValues:StringNotLike", "o-exampleorg/*"), "denied", "unknown"),
        (path("ForAnyValue:StringLike", "o-partner/*"), "unknown", "unknown"),
        (one("StringNotEquals", "aws:PrincipalAccount", ACCOUNT), "denied", "allowed"),
        (one("Bool", "aws:PrincipalIsAWSService", "false"), "denied", "denied"),
        (one("StringNotEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"), "denied", "allowed"),
    ] {
        let resource = json!([{"accountId": ACCOUNT, "ARN": "arn:aws:s3:::corp"}]);
        let mut changes = outside.clone();
        changes["resources"] = resource.clone();
        assert_eq!(decided(&condition, &changes), expected_outside, "outside {condition}");
        assert_eq!(decided(&condition, &json!({"resources": resource})), expected_own, "own {condition}");
    }
}

#[test]
fn services_and_anonymous_requests_belong_to_no_organization() {
    let one = |operator: &str, key: &str, value: &str| json!({operator: {key: value}});
    let service = json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"});
    let anonymous = json!({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"});
    for (condition, of_service, of_no_one) in [
        (one("StringNotEquals", "aws:PrincipalOrgID", ORGANIZATION), "denied", "denied"),
        (one("StringEquals", "aws:PrincipalOrgID", ORGANIZATION), "allowed", "allowed"),
        (one("Null", "aws:PrincipalOrgID", "true"), "denied", "denied"),
        (one("Null", "aws:PrincipalOrgPaths", "true"), "denied", "denied"),
        (one("Null", "aws:PrincipalArn", "true"), "denied", "denied"),
        (one("Null", "aws:username", "true"), "denied", "denied"),
        (one("Bool", "aws:PrincipalIsAWSService", "true"), "denied", "allowed"),
        (one("BoolIfExists", "aws:PrincipalIsAWSService", "false"), "allowed", "denied"),
        (one("Bool", "aws:ViaAWSService", "false"), "denied", "denied"),
        (one("StringEquals", "aws:PrincipalServiceName", "cloudtrail.amazonaws.com"), "denied", "unknown"),
        (one("StringEquals", "aws:PrincipalAccount", ACCOUNT), "unknown", "unknown"),
        (one("StringEquals", "aws:RequestedRegion", "eu-west-1"), "denied", "denied"),
        (one("IpAddress", "aws:SourceIp", "203.0.113.9"), "unknown", "denied"),
    ] {
        assert_eq!(decided(&condition, &json!({"userIdentity": service})), of_service, "service {condition}");
        assert_eq!(decided(&condition, &json!({"userIdentity": anonymous})), of_no_one, "anonymous {condition}");
    }
    let denied = denied_by_a_new_rcp(&json!({"userIdentity": service}));
    assert_eq!((&denied[0]["principal"], &denied[0]["account"]), (&json!("cloudtrail.amazonaws.com"), &json!("")));
}

#[test]
fn services_that_no_rcp_binds_are_left_out() {
    let service = json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"});
    let elsewhere = json!({"userIdentity": service, "recipientAccountId": OUTSIDE});
    let found = replayed(&policies(&json!([]), &rcp(&json!({}))), &elsewhere);
    assert_eq!(found["skipped"], json!({"service": 1}));
    let of_itself = json!({"userIdentity": service, "eventType": "AwsServiceEvent"});
    assert_eq!(denied_by_a_new_rcp(&of_itself), json!([]));
}

#[test]
fn paths_are_known_where_levels_go_by_ids() {
    let way = |ids: &[&str]| {
        ids.iter()
            .map(|id| json!({"id": id, "policies": [{"name": "Full", "policy": full_access()}]}))
            .collect::<Value>()
    };
    let ids = ["r-ab12", "ou-ab12-11111111", ACCOUNT];
    let condition =
        json!({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-exampleorg/r-ab12/ou-ab12-11111111/"}});
    for (before, after, expected) in [
        (way(&ids), way(&ids), "denied"),
        (way(&["r-ab12", ACCOUNT]), way(&ids), "unknown"),
        (way(&[ACCOUNT]), way(&[ACCOUNT]), "unknown"),
        (way(&["root", "ou/Work", ACCOUNT]), way(&["root", "ou/Work", ACCOUNT]), "unknown"),
        (way(&["r-ab12", "ou/Work", ACCOUNT]), way(&["r-ab12", "ou/Work", ACCOUNT]), "unknown"),
    ] {
        let account = json!({"before": before, "after": after, "rcpBefore": [], "rcpAfter": rcp(&condition)});
        let file = json!({"organization": ORGANIZATION, "accounts": {ACCOUNT: account}});
        let found = replayed(&file, &json!({}));
        let decided = if found["denied"] == json!([]) { "unknown" } else { "denied" };
        assert_eq!(decided, expected, "{before} {after}");
    }
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

#[test]
fn resources_outside_are_of_another_organization_or_of_none() {
    let full = json!({"name": "FullAWSAccess", "policy": full_access()});
    let condition = json!({"StringNotEqualsIfExists": {"aws:ResourceOrgID": ORGANIZATION}});
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    let guard = json!({"name": "Guard", "policy": {"Version": "2012-10-17", "Statement": statement}});
    let account =
        json!({"before": [{"id": ACCOUNT, "policies": [full]}], "after": [{"id": ACCOUNT, "policies": [full, guard]}]});
    let file = json!({"management_account": MANAGEMENT, "organization": ORGANIZATION, "accounts": {ACCOUNT: account}});
    for (owner, denied, undecided) in [
        (json!([{"accountId": OUTSIDE}]), 1, 0),
        (json!([{"accountId": ACCOUNT}]), 0, 0),
        (json!([{"accountId": MANAGEMENT}]), 0, 0),
        (json!([{"accountId": "none"}]), 0, 1),
        (json!([]), 0, 1),
    ] {
        let found = replayed(&file, &json!({"resources": owner}));
        let count = |kind: &str| found[kind].as_array().map_or(0, Vec::len);
        assert_eq!((count("denied"), count("undecided")), (denied, undecided), "{owner}");
    }
}
