//! The fuzz targets' inputs, damaged in ways that are the same in every run.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::event::event;
use super::inputs;
use super::random::Random;

/// How many damaged inputs each good one gives.
const MUTATIONS: usize = 150;
/// What parsers and readers may stumble over.
const BITS: [&[u8]; 16] = [
    b"{",
    b"]",
    b"\"",
    b"\\",
    b"null",
    b"${",
    b"*",
    b":",
    b"-1",
    b"1e999",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"111111111111",
    b"Statement",
    b"[[[[[[[[",
];

fn mutate(random: &mut Random, good: &[u8]) -> Vec<u8> {
    let mut input = good.to_vec();
    for _ in 0..=random.below(3) {
        let start = random.below(input.len() + 1);
        let end = (start + random.below(40)).min(input.len());
        match random.below(5) {
            0 => input.truncate(start),
            1 => drop(input.drain(start..end)),
            2 => input.extend_from_within(start..end),
            3 => drop(input.splice(start..start, random.one(&BITS).iter().copied())),
            _ => input[start..end].iter_mut().for_each(|byte| *byte ^= 1 << random.below(8)),
        }
    }
    input
}

fn run(target: fn(&[u8]), seeds: &[Vec<u8>]) {
    let mut random = Random::new(4);
    for seed in seeds {
        target(seed);
        for _ in 0..MUTATIONS {
            target(&mutate(&mut random, seed));
        }
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

/// The policies that landing carries.
fn policies() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wire/medium/policies");
    let files = fs::read_dir(folder).expect("there are policies").map(|entry| entry.expect("a file").path());
    files.map(|path| fs::read(path).expect("it can be read")).collect()
}

fn conditions() -> Vec<u8> {
    let statement = json!({"Sid": "A", "Effect": "Deny", "NotAction": ["iam:*", "s?s:Get*"], "Resource": "arn:aws:s3:::${aws:username, 'x'}/*",
        "Condition": {"ForAllValues:StringNotLikeIfExists": {"aws:TagKeys": ["a*", "b"]}, "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
                      "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "Null": {"aws:x": true}}});
    json!({"Version": "2012-10-17", "Statement": [statement, {"Effect": "Allow", "Action": "*", "Resource": "*"}]})
        .to_string()
        .into_bytes()
}

#[test]
fn no_damaged_policy_makes_anything_panic() {
    let mut seeds = policies();
    seeds.push(conditions());
    run(inputs::policy, &seeds);
}

#[test]
fn no_damaged_case_makes_anything_panic() {
    let policy: serde_json::Value = serde_json::from_slice(&conditions()).expect("it is JSON");
    let levels = json!([{"id": "r-ab12", "policies": [{"name": "p", "policy": policy}]}, {"id": "111111111111", "policies": []}]);
    let request = json!({"principal": "arn:aws:iam::111111111111:role/x", "account": "111111111111", "action": "s3:GetObject",
                         "resource": "arn:aws:s3:::x/y", "context": {"aws:TagKeys": ["a", "c"], "aws:SourceIp": "10.0.0.1", "aws:x": null}});
    let case =
        json!([{"id": "1", "levels": levels, "rcpLevels": [], "before": levels, "request": request, "expect": "Deny"}]);
    let replayed = json!({"management_account": "9", "accounts": {"111111111111": {"before": levels, "after": levels, "rcpAfter": []}}});
    run(inputs::cases, &[case.to_string().into_bytes(), replayed.to_string().into_bytes()]);
}

#[test]
fn no_damaged_log_makes_anything_panic() {
    let sts = json!({"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
                     "requestParameters": {"roleArn": "arn:aws:iam::111111111111:role/x"},
                     "resources": [{"ARN": "arn:aws:iam::111111111111:role/x", "accountId": "111111111111"}]});
    let file = json!({"Records": [event(&json!({})), event(&sts)]}).to_string().into_bytes();
    let lines = format!("{}\n{}", event(&json!({"userAgent": "é\"\\"})), event(&sts)).into_bytes();
    run(inputs::log, &[gzip(&file), file, lines]);
}

#[test]
fn no_damaged_denial_makes_anything_panic() {
    let message = "╷\n│ Error: api error AccessDenied: User: arn:aws:sts::111111111111:assumed-role/x/y is not authorized to perform:\n\
                   │ s3:GetObject on resource: \"arn:aws:s3:::é/k\" with an explicit deny in a service control policy, with policy ARN: \
                   arn:aws:organizations::111111111111:policy/o-1/service_control_policy/p-1. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/abc \
                   or call the API with the following authorization id: abc. Encoded authorization failure message: x-_\n╵";
    let console = "User: arn:aws:iam::111111111111:user/xService: iamAction: ListUsersOn resource(s): *Context: no identity-based policy allows the action";
    let conditions = json!({"items": [{"key": "aws:Region", "values": {"items": [{"value": "us-east-1"}]}}]});
    let decoded = json!({"allowed": false, "explicitDeny": true, "matchedStatements": {"items": [{"statementId": "A", "effect": "DENY"}]},
                         "context": {"principal": {"arn": "arn:aws:iam::111111111111:user/x"}, "action": "RunInstances", "resource": "arn:aws:ec2:::x", "conditions": conditions}});
    let details = json!({"requestContext": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/x"}, "policies": [],
                         "evaluations": [{"action": "iam:GetRole", "resource": "", "context": {"a": [1, true]}, "evaluatedEffect": "IMPLICIT_DENY", "checks": [
                            {"checkType": "PRINCIPAL", "evaluatedEffect": "IMPLICIT_DENY", "matchedPolicies": [{"uri": "arn:x", "matchedStatements": [{"sid": "a", "evaluatedEffect": "DENY"}]}]}]}]});
    let event = event(&json!({"errorCode": "AccessDenied", "errorMessage": message}));
    let texts = [
        message.to_owned(),
        console.to_owned(),
        decoded.to_string(),
        json!({"DecodedMessage": decoded.to_string()}).to_string(),
        details.to_string(),
        event.to_string(),
    ];
    run(inputs::denied, &texts.map(String::into_bytes));
}
