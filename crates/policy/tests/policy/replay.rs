//! CloudTrail's events through the policies before and after.

use landing_policy::{Replay, Tally, read_replay_policies};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::event::{ROLE, event};
use super::shared_cases::shared;
use super::world::{ACCOUNT, full_access};

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
fn calls_that_were_denied_and_would_be_allowed_are_reported() {
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
fn events_show_many_keys() {
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
fn keys_that_events_do_not_show_leave_calls_undecided() {
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
        json!([{"event_source": "signin.amazonaws.com", "event_name": "ConsoleLogin", "could_be_denied": false, "count": 1}])
    );
    assert_eq!((&found["events"], &found["evaluated"]), (&json!(9), &json!(2)));
    assert_eq!(found["denied"].as_array().map(Vec::len), Some(1), "no one needs a permission for GetCallerIdentity");
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
    ] {
        let found = replay(&json!([]), &all, log.as_bytes());
        assert_eq!(found.events, events, "{log}");
    }
    let digest = replay(&json!([]), &all, br#"{"digestStartTime": "x"}"#);
    assert_eq!(digest.to_json()["skipped"], json!({"digest": 1}));
}

#[test]
fn a_log_without_events_is_refused_and_other_parts_of_a_log_are_counted() {
    let file = json!({"accounts": {ACCOUNT: {"before": levels(&json!([])), "after": levels(&json!([]))}}});
    let policies = read_replay_policies(&file).expect("policies");
    for (log, why) in [
        (String::new(), "is empty"),
        (json!({"Records": []}).to_string(), "is empty"),
        (json!({"a": 1}).to_string(), "it looks like JSON with a"),
        ("hello".to_owned(), "it looks like text"),
    ] {
        let error = Replay::new(&policies).read(log.as_bytes()).expect_err("no event is in it").to_string();
        assert!(error.contains(why), "{error}");
    }
    let mut replay = Replay::new(&policies);
    let log = json!({"Records": [event(&json!({})), {"a": 1}, {"a": 2}]}).to_string();
    replay.read_log("some.json", log.as_bytes()).expect("it has an event");
    let tally = replay.finish();
    assert!(tally.has_findings(), "what was not read could be denied");
    let found = tally.to_json();
    assert_eq!((&found["events"], &found["evaluated"]), (&json!(1), &json!(1)));
    assert_eq!(found["unread"], json!([{"log": "some.json", "looks_like": "JSON with a", "count": 2}]));
}

/// The actions of what would be denied, and of what cannot be reported.
fn changed(found: &Value) -> (Vec<&str>, Vec<&str>) {
    let actions = |kind: &str| {
        let all = found[kind].as_array().expect("a list").iter();
        let mut actions: Vec<&str> = all.map(|it| it["action"].as_str().expect("an action")).collect();
        actions.sort_unstable();
        actions
    };
    (actions("denied"), actions("undecided"))
}

#[test]
fn events_are_decided_as_all_actions_that_they_need() {
    let deny = |actions: &[&str]| json!([{"Sid": "No", "Effect": "Deny", "Action": actions, "Resource": "*"}]);
    let call = |source: &str, name: &str, parameters: Value| json!({"eventSource": format!("{source}.amazonaws.com"), "eventName": name, "requestParameters": parameters});
    let items = json!({"transactItems": [{"put": {}}, {"update": {}}]});
    for (changes, actions, denied, undecided) in [
        (call("bedrock", "Converse", json!({})), vec!["bedrock:InvokeModel"], vec!["bedrock:InvokeModel"], vec![]),
        (call("bedrock", "ConverseStream", json!({})), vec!["bedrock:InvokeModel"], vec![], vec![]),
        (call("kms", "ReEncrypt", json!(null)), vec!["kms:ReEncryptTo"], vec!["kms:ReEncryptTo"], vec![]),
        (call("amazonmq", "CreateBroker", json!({})), vec!["mq:*"], vec!["mq:CreateBroker"], vec![]),
        (call("apigateway", "CreateRestApi", json!({})), vec!["apigateway:*"], vec!["apigateway:POST"], vec![]),
        (
            call("cloudfront", "UpdateDistribution2020_05_31", json!({})),
            vec!["cloudfront:*"],
            vec!["cloudfront:UpdateDistribution"],
            vec![],
        ),
        (
            call("dynamodb", "TransactWriteItems", items.clone()),
            vec!["dynamodb:PutItem"],
            vec!["dynamodb:PutItem"],
            vec![],
        ),
        (call("dynamodb", "TransactWriteItems", items), vec!["dynamodb:DeleteItem"], vec![], vec![]),
        (
            call("dynamodb", "TransactWriteItems", json!({})),
            vec!["dynamodb:*Item"],
            vec![],
            vec!["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        ),
        (
            call("s3", "CopyObject", json!({"bucketName": "a", "key": "k", "x-amz-copy-source": "b/c"})),
            vec!["s3:*"],
            vec!["s3:GetObject", "s3:PutObject"],
            vec![],
        ),
        (
            call("s3", "GetObject", json!({"bucketName": "a", "key": "k", "versionId": "v"})),
            vec!["s3:GetObject"],
            vec![],
            vec![],
        ),
    ] {
        let found = replayed(&json!([]), &deny(&actions), &json!([event(&changes)]));
        assert_eq!(changed(&found), (denied, undecided), "{changes} {found}");
        assert_eq!(found["evaluated"], 1, "one event is evaluated once");
    }
}

#[test]
fn what_may_need_an_action_is_not_reported_to_be_allowed_now() {
    let all = json!([{"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}]);
    let transaction = event(&json!({"eventSource": "dynamodb.amazonaws.com", "eventName": "TransactWriteItems"}));
    let found = replayed(&all, &json!([]), &json!([transaction]));
    assert_eq!((&found["allowed"], &found["undecided"]), (&json!([]), &json!([])));
}

#[test]
fn events_without_a_known_action_could_be_denied_where_something_new_denies_actions_of_their_service() {
    let statement = |effect: &str, element: &str, actions: &str, condition: Value| json!([{"Effect": effect, element: actions, "Resource": "*", "Condition": condition}]);
    let deny = |actions: &str| statement("Deny", "Action", actions, json!({}));
    let region = |region: &str| json!({"StringEquals": {"aws:RequestedRegion": region}});
    let unknown =
        |source: &str| event(&json!({"eventSource": format!("{source}.amazonaws.com"), "eventName": "NoSuchCall"}));
    for (source, after, could) in [
        ("ec2", deny("ec2:*"), true),
        ("ec2", deny("*"), true),
        ("ec2", deny("ec2:Run*"), true),
        ("ec2", deny("s3:*"), false),
        ("ec2", statement("Deny", "NotAction", "s3:*", json!({})), true),
        ("ec2", statement("Deny", "NotAction", "ec2:*", json!({})), false),
        ("ec2", statement("Deny", "NotAction", "ec2:Run*", json!({})), true),
        ("ec2", statement("Deny", "Action", "*", region("eu-west-1")), true),
        ("ec2", statement("Deny", "Action", "*", region("us-east-1")), false),
        ("ec2", statement("Deny", "Action", "*", json!({"StringEquals": {"aws:PrincipalTag/a": "b"}})), true),
        ("unheard-of", deny("unheard-of:*"), true),
        ("unheard-of", deny("s3:*"), false),
        ("monitoring", deny("cloudwatch:*"), true),
        ("signin", deny("signin:*"), true),
    ] {
        let tally = replay(&json!([]), &after, json!({"Records": [unknown(source)]}).to_string().as_bytes());
        assert_eq!(tally.has_findings(), could, "{source} {after}");
        let unmapped = &tally.to_json()["unmapped"];
        assert_eq!(
            (&unmapped[0]["could_be_denied"], &unmapped[0]["count"]),
            (&json!(could), &json!(1)),
            "{source} {after}"
        );
    }
    let login = event(&json!({"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin"}));
    let tally = replay(&json!([]), &deny("*"), json!([login]).to_string().as_bytes());
    assert!(!tally.has_findings(), "no one needs a permission to sign in");
}

#[test]
fn unknown_actions_could_be_denied_where_an_allow_list_takes_the_place_of_allowing_everything() {
    let level = |actions: &str| {
        let policy = json!({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]});
        json!([{"id": ACCOUNT, "policies": [{"name": "List", "policy": policy}]}])
    };
    let log = json!([event(&json!({"eventSource": "ec2.amazonaws.com", "eventName": "NoSuchCall"}))]).to_string();
    for (after, could) in [("ec2:*", false), ("*", false), ("ec2:Run*", true), ("s3:*", true)] {
        let file = json!({"accounts": {ACCOUNT: {"before": level("*"), "after": level(after)}}});
        let policies = read_replay_policies(&file).expect("policies");
        let mut replay = Replay::new(&policies);
        replay.read(log.as_bytes()).expect("a log");
        assert_eq!(replay.finish().has_findings(), could, "{after}");
    }
}

/// What is decided about a call of an identity if a condition denies.
fn decided(identity: &Value, condition: &Value) -> &'static str {
    let found = replayed(&json!([]), &deny(condition), &json!([event(&json!({"userIdentity": identity}))]));
    match (found["denied"] != json!([]), found["undecided"] != json!([])) {
        (true, _) => "denied",
        (_, true) => "unknown",
        _ => "allowed",
    }
}

#[test]
fn principals_are_what_aws_takes_as_their_arn() {
    let of = |kind: &str, arn: &str, issuer: Value| json!({"type": kind, "arn": arn, "accountId": ACCOUNT, "principalId": "X:y", "sessionContext": {"sessionIssuer": issuer}});
    let role = json!({"type": "Role", "arn": ROLE});
    let user = json!({"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/jo"});
    for (identity, arn) in [
        (of("IAMUser", "arn:aws:iam::111111111111:user/a/jo", json!({})), Some("arn:aws:iam::111111111111:user/a/jo")),
        (of("Root", "arn:aws:iam::111111111111:root", json!({})), Some("arn:aws:iam::111111111111:root")),
        (of("AssumedRole", "arn:aws:sts::111111111111:assumed-role/Deployer/ci", role.clone()), Some(ROLE)),
        (of("AssumedRole", "arn:aws:sts::111111111111:assumed-role/Deployer/ci", json!(null)), None),
        (of("Role", ROLE, json!(null)), Some(ROLE)),
        (
            of("FederatedUser", "arn:aws:sts::111111111111:federated-user/ann", user),
            Some("arn:aws:sts::111111111111:federated-user/ann"),
        ),
        (json!({"type": "IdentityCenterUser", "accountId": ACCOUNT, "principalId": "x"}), None),
        (json!({"type": "Directory", "accountId": ACCOUNT, "principalId": "x"}), None),
        (json!({"type": "Unknown", "accountId": ACCOUNT, "principalId": "x"}), None),
        (json!({"type": "AWSAccount", "accountId": ACCOUNT, "principalId": "x"}), None),
    ] {
        let is = |arn: &str| decided(&identity, &json!({"StringEquals": {"aws:PrincipalArn": arn}}));
        match arn {
            Some(arn) => {
                assert_eq!((is(arn), is("arn:aws:iam::111111111111:role/Other")), ("denied", "allowed"), "{identity}")
            }
            None => assert_eq!(is("arn:aws:iam::111111111111:role/Other"), "unknown", "{identity}"),
        }
    }
    let of_arn = json!({"type": "IAMUser", "arn": "arn:aws:iam::111111111111:user/jo"});
    assert_eq!(decided(&of_arn, &json!({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})), "denied");
}

#[test]
fn whether_a_call_came_by_tls_is_known_only_where_the_event_says_it() {
    let denied_and_undecided = |details: Value| {
        let condition = json!({"Bool": {"aws:SecureTransport": "true"}});
        let found = replayed(&json!([]), &deny(&condition), &json!([event(&json!({"tlsDetails": details}))]));
        (found["denied"] != json!([]), found["undecided"] != json!([]))
    };
    assert_eq!(denied_and_undecided(json!({"tlsVersion": "TLSv1.3"})), (true, false));
    assert_eq!(denied_and_undecided(json!(null)), (false, true));
}

#[test]
fn types_of_principals_and_second_factors_are_those_that_policies_ask_for() {
    let of = |kind: &str, mfa: Value| {
        json!({"type": kind, "arn": "arn:aws:iam::111111111111:user/jo", "accountId": ACCOUNT,
               "sessionContext": {"attributes": {"mfaAuthenticated": mfa}}})
    };
    let types = ["Account", "User", "AssumedRole", "FederatedUser"];
    for (kind, own) in ["Root", "IAMUser", "AssumedRole", "FederatedUser"].into_iter().zip(types) {
        for asked in types {
            let expected = if asked == own { "denied" } else { "allowed" };
            let condition = json!({"StringEquals": {"aws:PrincipalType": asked}});
            assert_eq!(decided(&of(kind, json!("false")), &condition), expected, "{kind} {asked}");
        }
    }
    for (mfa, expected) in [(json!("true"), "denied"), (json!("false"), "allowed")] {
        let condition = json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
        assert_eq!(decided(&of("FederatedUser", mfa.clone()), &condition), expected, "{mfa}");
    }
}

#[test]
fn sign_ins_and_anonymous_requests_have_no_principal_that_scps_bind() {
    for identity in [
        json!({"type": "SAMLUser", "principalId": "x:jo", "userName": "jo", "identityProvider": "x"}),
        json!({"type": "WebIdentityUser", "principalId": "x:y:jo", "userName": "jo", "identityProvider": "accounts.google.com"}),
        json!({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}),
        json!({"type": "AWSAccount", "principalId": "ANONYMOUS_PRINCIPAL"}),
        json!({"type": "Unknown", "accountId": "anonymous"}),
    ] {
        let found = replayed(&json!([]), &deny(&json!({})), &json!([event(&json!({"userIdentity": identity}))]));
        assert_eq!(found["skipped"], json!({"no_principal": 1}), "{identity}");
    }
}

#[test]
fn addresses_are_those_that_aws_compares_with() {
    let key = |key: &str, value: &str| match key {
        "aws:SourceIp" | "aws:VpcSourceIp" => json!({"IpAddress": {key: value}}),
        _ => json!({"StringEquals": {key: value}}),
    };
    let absent = |key: &str| json!({"Null": {key: "true"}});
    let direct = json!({});
    let endpoint = json!({"sourceIPAddress": "10.0.0.7", "vpcEndpointId": "vpce-1", "vpcEndpointAccountId": ACCOUNT});
    let public_by_endpoint = json!({"vpcEndpointId": "vpce-1"});
    let private = json!({"sourceIPAddress": "10.0.0.7"});
    let internal = json!({"sourceIPAddress": "AWS Internal"});
    let service = json!({"sourceIPAddress": "athena.amazonaws.com"});
    for (changes, condition, expected) in [
        (&direct, key("aws:SourceIp", "203.0.113.9/32"), "denied"),
        (&direct, absent("aws:SourceVpce"), "denied"),
        (&direct, absent("aws:SourceVpc"), "denied"),
        (&direct, absent("aws:VpcSourceIp"), "denied"),
        (&endpoint, absent("aws:SourceIp"), "denied"),
        (&endpoint, key("aws:SourceIp", "10.0.0.0/8"), "allowed"),
        (&endpoint, key("aws:VpcSourceIp", "10.0.0.0/8"), "denied"),
        (&endpoint, key("aws:SourceVpce", "vpce-1"), "denied"),
        (&endpoint, key("aws:VpceAccount", ACCOUNT), "denied"),
        (&endpoint, key("aws:SourceVpc", "vpc-1"), "unknown"),
        (&public_by_endpoint, absent("aws:SourceIp"), "denied"),
        (&private, key("aws:SourceIp", "10.0.0.0/8"), "unknown"),
        (&private, absent("aws:SourceVpce"), "unknown"),
        (&internal, key("aws:SourceIp", "203.0.113.9/32"), "unknown"),
        (&internal, absent("aws:SourceVpce"), "unknown"),
        (&service, key("aws:SourceIp", "203.0.113.9/32"), "unknown"),
    ] {
        let found = replayed(&json!([]), &deny(&condition), &json!([event(changes)]));
        let decided = match (found["denied"] != json!([]), found["undecided"] != json!([])) {
            (true, _) => "denied",
            (_, true) => "unknown",
            _ => "allowed",
        };
        assert_eq!(decided, expected, "{changes} {condition}");
    }
    for private in [
        "192.168.1.1",
        "172.16.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "100.127.9.9",
        "0.0.0.0",
        "fd00::1",
        "fe80::1",
        "::1",
        "::",
    ] {
        let found = replayed(
            &json!([]),
            &deny(&absent("aws:SourceVpce")),
            &json!([event(&json!({"sourceIPAddress": private}))]),
        );
        assert_eq!(found["denied"], json!([]), "{private}");
    }
    for public in ["100.63.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1"] {
        let found = replayed(
            &json!([]),
            &deny(&absent("aws:SourceVpce")),
            &json!([event(&json!({"sourceIPAddress": public}))]),
        );
        assert_eq!(found["undecided"], json!([]), "{public}");
    }
}

#[test]
fn calls_that_services_make_for_a_principal_show_no_address() {
    let mut identity = event(&json!({}))["userIdentity"].clone();
    identity["invokedBy"] = json!("athena.amazonaws.com");
    for (condition, expected) in [
        (json!({"Bool": {"aws:ViaAWSService": "true"}}), "denied"),
        (json!({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "unknown"),
        (json!({"Null": {"aws:SourceVpce": "true"}}), "unknown"),
        (json!({"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}), "unknown"),
        (json!({"ArnEquals": {"aws:PrincipalArn": ROLE}}), "denied"),
    ] {
        assert_eq!(decided(&identity, &condition), expected, "{condition}");
    }
}

#[test]
fn objects_of_s3_are_the_resources_of_calls_for_objects_alone() {
    let on = |arn: &str| json!([{"Effect": "Deny", "Action": "*", "Resource": arn}]);
    let call = |name: &str, parameters: Value| json!({"eventName": name, "requestParameters": parameters});
    let copy = |source: &str| call("CopyObject", json!({"bucketName": "a", "key": "k", "x-amz-copy-source": source}));
    let all = call("DeleteObjects", json!({"bucketName": "corp"}));
    for (changes, arn, denied, undecided) in [
        (all.clone(), "arn:aws:s3:::corp/*", 0, 1),
        (all, "arn:aws:s3:::corp", 0, 1),
        (call("ListObjects", json!({"bucketName": "corp", "key": "x"})), "arn:aws:s3:::corp", 1, 0),
        (call("GetObject", json!({"bucketName": "corp", "key": "x"})), "arn:aws:s3:::corp/x", 1, 0),
        (
            call("GetObject", json!({"bucketName": "arn:aws:s3:eu-west-1:1:accesspoint/p", "key": "x"})),
            "arn:aws:s3:::corp/x",
            0,
            1,
        ),
        (copy("/b/c/d?versionId=v"), "arn:aws:s3:::b/c/d", 1, 0),
        (copy("b/c"), "arn:aws:s3:::b/c", 1, 0),
        (copy("b/c"), "arn:aws:s3:::a/k", 1, 0),
        (copy("b/%20c"), "arn:aws:s3:::b/x", 0, 1),
        (copy("arn:aws:s3:eu-west-1:1:accesspoint/p/object/k"), "arn:aws:s3:::b/x", 0, 1),
    ] {
        let found = replayed(&json!([]), &on(arn), &json!([event(&changes)]));
        let count = |kind: &str| found[kind].as_array().map_or(0, Vec::len);
        assert_eq!((count("denied"), count("undecided")), (denied, undecided), "{changes} {arn} {found}");
    }
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
