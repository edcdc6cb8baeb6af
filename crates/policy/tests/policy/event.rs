//! What CloudTrail writes.

use serde_json::{Value, json};

use super::world::ACCOUNT;

pub const ROLE: &str = "arn:aws:iam::111111111111:role/app/Deployer";

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
