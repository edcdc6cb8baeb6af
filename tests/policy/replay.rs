//! CloudTrail's events through the policies before and after.

use landing::policy::{Replay, Tally, read_replay_policies};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::shared_cases::shared;
use super::world::{ACCOUNT, full_access};

const ROLE: &str = "arn:aws:iam::111111111111:role/app/Deployer";

/// An account with FullAWSAccess and a policy of these statements.
fn levels(statements: &Value) -> Value {
    let guard = json!({"Version": "2012-10-17", "Statement": statements});
    json!([{"id": ACCOUNT, "policies": [
        {"name": "FullAWSAccess", "policy": full_access()},
        {"name": "Guard", "policy": guard},
    ]}])
}

fn replay(before: &Value, after: &Value, log: &[u8]) -> Tally {
    let file = json!({"management_account": "999999999999",
                      "accounts": {ACCOUNT: {"before": levels(before), "after": levels(after)}}});
    let policies = read_replay_policies(&file).expect("policies");
    let mut replay = Replay::new(&policies);
    replay.read(log).expect("a log");
    replay.finish()
}

fn replayed(before: &Value, after: &Value, events: &Value) -> Value {
    replay(before, after, json!({"Records": events}).to_string().as_bytes()).to_json()
}

/// A call by a session of the role, with some members changed.
pub fn event(changes: &Value) -> Value {
    let mut event = json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROA:ci", "accountId": ACCOUNT,
            "arn": "arn:aws:sts::111111111111:assumed-role/Deployer/ci",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": ROLE, "accountId": ACCOUNT},
                "attributes": {"mfaAuthenticated": "false"},
            },
        },
        "eventTime": "2026-11-01T12:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
        "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.9", "userAgent": "aws-cli",
        "requestParameters": {"bucketName": "corp", "key": "a/b"}, "eventID": "e-1", "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT, "tlsDetails": {"tlsVersion": "TLSv1.3"},
    });
    for (name, value) in changes.as_object().expect("changes") {
        event[name] = value.clone();
    }
    event
}

fn deny(condition: &Value) -> Value {
    json!([{"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}])
}

#[test]
fn calls_that_would_be_denied_are_grouped_with_a_count_and_an_example() {
    let events =
        json!([event(&json!({"eventID": "e-2"})), event(&json!({})), event(&json!({"eventName": "PutObject"}))]);
    let found = replayed(&json!([]), &deny(&json!({})), &events);
    assert_eq!((&found["events"], &found["evaluated"]), (&json!(3), &json!(3)));
    let decided_by = json!({"level": ACCOUNT, "policy": "Guard", "statement": 0, "sid": "No", "kind": "explicit"});
    assert_eq!(
        found["denied"],
        json!([
            {"account": ACCOUNT, "principal": ROLE, "action": "s3:GetObject", "decided_by": decided_by, "count": 2,
             "example": "e-1"},
            {"account": ACCOUNT, "principal": ROLE, "action": "s3:PutObject", "decided_by": decided_by, "count": 1,
             "example": "e-1"},
        ])
    );
    assert_eq!((&found["allowed"], &found["undecided"]), (&json!([]), &json!([])));
}

#[test]
fn calls_that_were_denied_and_would_be_allowed_are_told() {
    let found = replayed(&deny(&json!({})), &json!([]), &json!([event(&json!({}))]));
    assert_eq!(found["allowed"][0]["action"], "s3:GetObject");
    assert_eq!(found["denied"], json!([]));
}

#[test]
fn what_was_denied_before_as_well_is_not_new() {
    let found = replayed(
        &deny(&json!({})),
        &json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]),
        &json!([event(&json!({}))]),
    );
    assert_eq!((&found["denied"], &found["allowed"]), (&json!([]), &json!([])));
}

#[test]
fn events_tell_many_keys() {
    for (condition, is_denied) in [
        (json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}), true),
        (json!({"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/app/*"}}), true),
        (json!({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), true),
        (json!({"Bool": {"aws:ViaAWSService": "true"}}), false),
        (json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}), true),
        (json!({"Bool": {"aws:SecureTransport": "false"}}), false),
        (json!({"Null": {"aws:SourceVpce": "true", "aws:username": "true", "aws:CalledVia": "true"}}), true),
        (json!({"DateLessThan": {"aws:CurrentTime": "2026-11-02"}}), true),
        (json!({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}), true),
    ] {
        let found = replayed(&json!([]), &deny(&condition), &json!([event(&json!({}))]));
        assert_eq!(found["denied"] != json!([]), is_denied, "{condition}: {found}");
        assert_eq!(found["undecided"], json!([]), "{condition}");
    }
}

#[test]
fn keys_that_events_do_not_tell_leave_calls_undecided() {
    let condition = json!({"StringNotEquals": {"aws:PrincipalTag/team": "red"}});
    let found = replayed(&json!([]), &deny(&condition), &json!([event(&json!({}))]));
    assert_eq!(
        found["undecided"],
        json!([{"missing": ["aws:PrincipalTag/team"], "action": "s3:GetObject", "count": 1, "example": "e-1"}])
    );
}

#[test]
fn a_statement_that_let_calls_pass_before_lets_them_pass_after() {
    let condition = json!({"StringNotEquals": {"aws:PrincipalTag/team": "red"}});
    let mut after = deny(&condition);
    after.as_array_mut().expect("a list").push(json!({"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}));
    let found = replayed(&deny(&condition), &after, &json!([event(&json!({}))]));
    assert_eq!(found["undecided"], json!([]));
}

#[test]
fn resources_are_known_where_events_name_them() {
    let on = |arn: &str| json!([{"Effect": "Deny", "Action": "*", "Resource": arn}]);
    let role = json!({"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
                      "requestParameters": {"roleArn": "arn:aws:iam::2:role/x"}});
    let key = json!({"eventSource": "kms.amazonaws.com", "eventName": "Decrypt", "requestParameters": null,
                     "resources": [{"ARN": "arn:aws:kms:eu-west-1:1:key/k", "type": "AWS::KMS::Key"}]});
    let vpc = json!({"eventSource": "ec2.amazonaws.com", "eventName": "CreateVpc"});
    for (changes, arn, expected) in [
        (json!({}), "arn:aws:s3:::corp/a/*", "denied"),
        (json!({}), "arn:aws:s3:::corp", "none"),
        (role, "arn:aws:iam::2:role/x", "denied"),
        (key, "arn:aws:kms:*:*:key/k", "denied"),
        (vpc, "arn:aws:ec2:*:*:vpc/v", "undecided"),
    ] {
        let found = replayed(&json!([]), &on(arn), &json!([event(&changes)]));
        for kind in ["denied", "undecided"] {
            assert_eq!(found[kind] != json!([]), kind == expected, "{arn} {kind}: {found}");
        }
    }
}

#[test]
fn what_policies_do_not_decide_is_left_out_and_counted() {
    let identity = |identity: Value| json!({"userIdentity": identity});
    let linked = "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    let events = json!([
        event(&json!({"errorCode": "AccessDenied"})),
        event(&json!({"eventType": "AwsServiceEvent"})),
        event(&identity(json!({"type": "AWSService", "invokedBy": "rds.amazonaws.com"}))),
        event(&identity(json!({"type": "AssumedRole", "accountId": ACCOUNT,
                               "sessionContext": {"sessionIssuer": {"arn": linked}}}))),
        event(&identity(
            json!({"type": "IAMUser", "accountId": "999999999999", "arn": "arn:aws:iam::999999999999:user/x"})
        )),
        event(&identity(
            json!({"type": "IAMUser", "accountId": "222222222222", "arn": "arn:aws:iam::222222222222:user/x"})
        )),
        event(&json!({"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin"})),
        event(&json!({"eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity"})),
        event(&json!({"eventName": "ListBuckets", "requestParameters": {"Host": "s3"}})),
    ]);
    let found = replayed(&json!([]), &json!([{"Effect": "Deny", "Action": "*", "Resource": "*"}]), &events);
    assert_eq!(
        found["skipped"],
        json!({"error": 1, "service": 2, "service_linked_role": 1, "management_account": 1, "unknown_account": 1})
    );
    assert_eq!(
        found["unmapped"],
        json!([{"event_source": "signin.amazonaws.com", "event_name": "ConsoleLogin", "count": 1}])
    );
    assert_eq!((&found["events"], &found["evaluated"]), (&json!(9), &json!(2)));
    assert_eq!(found["denied"].as_array().map(Vec::len), Some(1), "nobody needs a permission for GetCallerIdentity");
    assert_eq!(found["denied"][0]["action"], "s3:ListAllMyBuckets");
}

#[test]
fn logs_may_be_lists_lines_and_digests() {
    let all = deny(&json!({}));
    let one = event(&json!({}));
    for (log, events) in [
        (json!([one, one]).to_string(), 2),
        (format!("{one}\n{one}\n{one}"), 3),
        (format!("\u{feff} {{ \"Records\" : [{one}], \"more\": {{}}}}"), 1),
        (json!({"awsAccountId": "1", "digestStartTime": "x", "logFiles": []}).to_string(), 1),
        (String::new(), 0),
    ] {
        let found = replay(&json!([]), &all, log.as_bytes());
        assert_eq!(found.events, events, "{log}");
    }
    let digest = replay(&json!([]), &all, br#"{"digestStartTime": "x"}"#);
    assert_eq!(digest.to_json()["skipped"], json!({"digest": 1}));
}

#[test]
fn logged_denials_check_the_policies_before() {
    let message = "User is not authorized to perform s3:GetObject with an explicit deny in a service control policy";
    let denied = event(&json!({"errorCode": "AccessDenied", "errorMessage": message}));
    let found = replayed(&deny(&json!({})), &json!([]), &json!([denied]));
    assert_eq!(found["logged_denials"], json!({"total": 1, "explained": 1, "contradicted": 0}));
    let found = replayed(&json!([]), &json!([]), &json!([denied]));
    assert_eq!(found["logged_denials"], json!({"total": 1, "explained": 0, "contradicted": 1}));
}

#[test]
fn replaying_in_parts_finds_the_same() {
    let events: Vec<Value> = (0..20)
        .map(|number| {
            let name = ["GetObject", "PutObject", "ListBuckets"][number % 3];
            event(&json!({"eventID": format!("e-{number}"), "eventName": name}))
        })
        .collect();
    let part =
        |events: &[Value]| replay(&json!([]), &deny(&json!({})), json!({"Records": events}).to_string().as_bytes());
    let whole = part(&events);
    let mut added = part(&events[12..]);
    added.add(&part(&events[..12]));
    assert_eq!(added.to_json(), whole.to_json());
}

/// Events of a published log that no action is known for: signing in, and a call of the console to itself.
const WITHOUT_ACTION: [(&str, &str); 3] = [
    ("signin.amazonaws.com", "ConsoleLogin"),
    ("signin.amazonaws.com", "CheckMfa"),
    ("s3.amazonaws.com", "GetStorageLensDashboardDataInternal"),
];

#[test]
fn every_event_of_a_published_log_has_an_action_or_is_known_to_have_none() {
    let Some(folder) = shared("cloudtrail/invictus") else { return };
    let mut files = Vec::new();
    super::corpus::json_files(&folder, &mut files);
    let account = "123837392027";
    let level = json!([{"id": account, "policies": [{"name": "Full", "policy": full_access()}]}]);
    let file = json!({"accounts": {account: {"before": level, "after": level}}});
    let policies = read_replay_policies(&file).expect("policies");
    let mut replay = Replay::new(&policies);
    for file in files {
        replay.read(&std::fs::read(file).expect("readable")).expect("a log");
    }
    let found = replay.finish();
    assert_eq!(found.events, 2_900);
    for event in found.unmapped.keys() {
        assert!(WITHOUT_ACTION.contains(&(event.event_source.as_str(), event.event_name.as_str())), "{event:?}");
    }
}

proptest! {
    #[test]
    fn no_log_makes_anything_panic(cut in 0_usize..900, byte in any::<u8>(), at in 0_usize..900) {
        let mut log = json!({"Records": [event(&json!({}))]}).to_string().into_bytes();
        let at = at % log.len();
        log[at] = byte;
        log.truncate(log.len() - cut.min(log.len()));
        let file = json!({"accounts": {ACCOUNT: {"before": levels(&json!([])), "after": levels(&deny(&json!({})))}}});
        let policies = read_replay_policies(&file).expect("policies");
        let mut replay = Replay::new(&policies);
        let _ = replay.read(&log);
        let _ = replay.finish().to_json();
    }

    #[test]
    fn members_of_any_form_are_read_past(
        name in prop::sample::select(vec![
            "userIdentity", "requestParameters", "resources", "errorCode", "eventSource", "eventName", "awsRegion",
            "tlsDetails", "sourceIPAddress", "eventID",
        ]),
        value in prop::sample::select(vec![
            json!(null), json!(1), json!(true), json!("x"), json!([]), json!([1]), json!({}), json!({"a": [1]}),
        ]),
    ) {
        let log = json!({"Records": [event(&json!({name: value}))]}).to_string();
        let file = json!({"accounts": {ACCOUNT: {"before": levels(&json!([])), "after": levels(&deny(&json!({})))}}});
        let policies = read_replay_policies(&file).expect("policies");
        let mut replay = Replay::new(&policies);
        let _ = replay.read(log.as_bytes());
    }
}
