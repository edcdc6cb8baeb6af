//! What policies an organization has before and after a change of its guardrails.

use landing_policy::{ReplayPolicies, read_replay_policies};
use serde_json::{Value, json};

use super::events::{ACCOUNTS, account};

fn policy(name: &str, statements: &Value) -> Value {
    json!({"name": name, "policy": {"Version": "2012-10-17", "Statement": statements}})
}

fn full_access() -> Value {
    policy("FullAWSAccess", &json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]))
}

/// Calls of global services, which answer in one region, are left alone.
fn regions(allowed: &Value) -> Value {
    policy(
        "regions",
        &json!([{
            "Sid": "Regions", "Effect": "Deny", "Resource": "*",
            "NotAction": ["iam:*", "sts:*", "organizations:*", "route53:*", "cloudfront:*", "support:*", "budgets:*", "globalaccelerator:*"],
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": allowed},
                          "ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/BreakGlass", "arn:aws:iam::*:role/landing-*"]}},
        }]),
    )
}

fn trail() -> Value {
    policy(
        "trail",
        &json!([{"Sid": "Trail", "Effect": "Deny", "Resource": "*",
        "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors"]}]),
    )
}

fn buckets() -> Value {
    policy(
        "buckets",
        &json!([
            {"Sid": "Visibility", "Effect": "Deny", "Action": ["s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPublicAccessBlock"], "Resource": "*",
             "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/landing-*"}}},
            {"Sid": "Tls", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        ]),
    )
}

/// What is new: no large instances, no secrets of others, keys and objects only of the company's own.
fn perimeter() -> Value {
    policy(
        "perimeter",
        &json!([
            {"Sid": "Instances", "Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:instance/*",
             "Condition": {"StringNotLike": {"ec2:InstanceType": ["t3.*", "m7i.*"]}}},
            {"Sid": "Secrets", "Effect": "Deny", "Action": "ssm:GetParameter*", "Resource": "arn:aws:ssm:*:*:parameter/teams/team-1/*",
             "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/teams/workload-1"}}},
            {"Sid": "Keys", "Effect": "Deny", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
             "Condition": {"NotIpAddressIfExists": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]},
                           "BoolIfExists": {"aws:ViaAWSService": "false"}}},
        ]),
    )
}

fn level(id: &str, policies: &[Value]) -> Value {
    let all: Vec<Value> = std::iter::once(full_access()).chain(policies.iter().cloned()).collect();
    json!({"id": id, "policies": all})
}

/// All accounts lie three units deep.
fn levels(account: &str, allowed: &Value, more: &[Value]) -> Value {
    let workloads: Vec<Value> = std::iter::once(buckets()).chain(more.iter().cloned()).collect();
    json!([
        level("r-ab12", &[regions(allowed), trail()]),
        level("ou-ab12-workloads", &workloads),
        level("ou-ab12-prod", &[]),
        level("ou-ab12-data", &[]),
        level(account, &[]),
    ])
}

/// What the way to an account has before the change: all three regions are allowed.
fn levels_before(account: &str) -> Value {
    levels(account, &json!(["eu-west-1", "eu-central-1", "us-east-1"]), &[])
}

/// What it has after: the third region goes, and a perimeter comes.
pub fn levels_after(account: &str) -> Value {
    levels(account, &json!(["eu-west-1", "eu-central-1"]), &[perimeter()])
}

/// Before and after in the accounts that events are drawn for, and some more.
pub fn policies(more_accounts: &[&str]) -> ReplayPolicies {
    let drawn = (0..ACCOUNTS).map(account);
    let accounts = drawn.chain(more_accounts.iter().map(|&id| id.to_owned())).map(|id| {
        let sides = json!({"before": levels_before(&id), "after": levels_after(&id)});
        (id, sides)
    });
    let file = json!({"management_account": "999999999999", "accounts": accounts.collect::<serde_json::Map<_, _>>()});
    read_replay_policies(&file).expect("they are valid")
}
