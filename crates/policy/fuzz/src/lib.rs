//! What is done with inputs that anyone may have written: nothing may make it panic.
//!
//! The fuzz targets call these functions, and so does a test of the main package, so that they stay in use.

use std::sync::LazyLock;

use landing_policy::{
    OrganizationContext, PolicyType, Quotas, Replay, ReplayPolicies, SourceText, answer, canonical, check, inflated,
    lint, packed, read_cases, read_denied, read_levels, read_replay_policies, shortened, statement_diff,
};
use serde_json::{Value, json};

/// A text that may be a policy: read with its places, checked, compared, linted and shortened.
pub fn policy(input: &[u8]) {
    let Ok(source) = SourceText::read("input", String::from_utf8_lossy(input).into_owned()) else { return };
    let document = source.value();
    for policy_type in [PolicyType::ServiceControl, PolicyType::ResourceControl, PolicyType::Tag] {
        let problems = check(document, policy_type, &Quotas::default());
        let findings = lint(document, policy_type, &OrganizationContext::default());
        let paths = problems.iter().map(|problem| &problem.path).chain(findings.iter().map(|finding| &finding.path));
        for path in paths {
            let _ = source.position(source.value_at(path).start);
        }
        let _ = canonical(document, policy_type);
    }
    let _ = statement_diff(document, &Value::Null);
    let _ = shortened(document, PolicyType::ServiceControl);
    let _ = packed(&[document.clone(), document.clone()], PolicyType::ServiceControl, 200);
}

/// A text that may be cases for `simulate`, levels, or the policies of a replay: read and decided.
pub fn cases(input: &[u8]) {
    let Ok(file) = serde_json::from_slice::<Value>(input) else { return };
    for case in read_cases(&file).unwrap_or_default() {
        let _ = answer(&case).to_json();
    }
    let _ = (read_levels(&file), read_replay_policies(&file));
}

/// Policies that ask for everything that events show.
static CURIOUS: LazyLock<ReplayPolicies> = LazyLock::new(|| {
    let deny = |condition: &Value| json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition});
    let level = |statements: Value| json!([{"id": "111111111111", "policies": [{"name": "p", "policy": {"Version": "2012-10-17", "Statement": statements}}]}]);
    let about_principal = json!({"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/${aws:username}*"},
                                 "StringNotLike": {"aws:userid": "A*:?", "aws:PrincipalType": "User"},
                                 "Bool": {"aws:MultiFactorAuthPresent": "false", "aws:ViaAWSService": "true"}});
    let about_call = json!({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "DateLessThan": {"aws:CurrentTime": "2030"},
                            "StringEquals": {"aws:RequestedRegion": "eu-west-1", "aws:ResourceAccount": "1"},
                            "Null": {"aws:SourceVpce": "true", "aws:CalledVia": "true"}});
    let after = json!([
        {"Effect": "Deny", "Action": "*", "Resource": "arn:*:s3:::*/a", "Condition": about_principal},
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "Condition": about_call},
    ]);
    let file = json!({"management_account": "999999999999", "organization": "o-1", "accounts": {"111111111111": {
        "before": level(json!([])), "after": level(after), "rcpAfter": level(json!([deny(&about_call)])),
    }}});
    read_replay_policies(&file).expect("they are valid")
});

/// Bytes that may be a log, compressed or not: inflated and replayed.
pub fn log(input: &[u8]) {
    let mut replay = Replay::new(&CURIOUS);
    let _ = inflated(input).map(|log| replay.read_log("log", log));
    let _ = replay.finish().to_json();
}

/// A text that may report denials: a message, an event, or what AWS explains of one.
pub fn denied(input: &[u8]) {
    let _ = read_denied(input);
}
