//! Which uploads the bucket for customers' data takes.

use landing_policy::{AttachedPolicy, Context, Decision, Level, Request, Unlisted, evaluate};
use serde_json::{Value, json};

use super::rendered;

const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/this";

/// A value of a template once CloudFormation has filled it in.
fn filled(value: &Value) -> Value {
    match value {
        Value::Object(map) => match map.iter().next() {
            Some((name, of)) if name == "Ref" => match of.as_str() {
                Some("KeyArn") => KEY.into(),
                Some("OrganizationId") => "o-aa111bb222".into(),
                other => panic!("{other:?}"),
            },
            Some((name, _)) if name == "Fn::GetAtt" => "arn:aws:s3:::data".into(),
            Some((name, _)) if name == "Fn::Sub" => "arn:aws:s3:::data/*".into(),
            _ => Value::Object(map.iter().map(|(key, value)| (key.clone(), filled(value))).collect()),
        },
        Value::Array(items) => items.iter().map(filled).collect(),
        other => other.clone(),
    }
}

/// Whether the bucket's policy denies an upload with these headers: the encryption, and the key.
fn denies(given: Value, encryption: Option<&str>, key: Option<&str>) -> bool {
    let template = rendered("customer-data-bucket", given);
    let document = &template["Resources"]["DataBucketPolicy"]["Properties"]["PolicyDocument"];
    let statements = document["Statement"].as_array().expect("a list");
    let denying: Vec<Value> = statements.iter().filter(|it| it["Effect"] == "Deny").map(filled).collect();
    let policy = json!({"Version": "2012-10-17", "Statement": denying});
    let policy = serde_json::from_value(policy).expect("it is a policy");
    let level = Level { id: "bucket".into(), policies: vec![AttachedPolicy { name: "bucket".into(), policy }] };
    let mut request = Request::new("arn:aws:iam::111111111111:role/r", "s3:PutObject", Some("arn:aws:s3:::data/1"));
    request.context = Context::default()
        .with_unlisted(Unlisted::Absent)
        .with("aws:SecureTransport", ["true"])
        .with("s3:TlsVersion", ["1.3"])
        .with("aws:PrincipalOrgID", ["o-aa111bb222"])
        .with("aws:PrincipalIsAWSService", ["false"])
        .with("s3:x-amz-server-side-encryption", encryption)
        .with("s3:x-amz-server-side-encryption-aws-kms-key-id", key);
    match evaluate(&[], &[level], &request).decision {
        Decision::Deny => true,
        Decision::Allow => false,
        Decision::Undecided => panic!("it is not decided"),
    }
}

#[test]
fn uploads_get_the_buckets_key_whether_they_name_it_or_nothing() {
    let denies = |encryption, key| denies(json!({}), encryption, key);
    assert!(!denies(None, None), "the bucket encrypts it");
    assert!(!denies(Some("aws:kms"), Some(KEY)));
    assert!(denies(Some("AES256"), None));
    assert!(denies(Some("aws:kms"), None), "that is AWS's own key");
    assert!(denies(Some("aws:kms"), Some("arn:aws:kms:eu-west-1:111111111111:key/other")));
    assert!(denies(Some("aws:kms:dsse"), Some(KEY)));
}

#[test]
fn uploads_must_name_their_encryption_where_the_blueprint_says_so() {
    let denies = |encryption, key| denies(json!({"encryption_header": true}), encryption, key);
    assert!(denies(None, None));
    assert!(!denies(Some("aws:kms"), Some(KEY)));
}
