//! What accounts in moto have already, made by boto3, where landing is about to make it.

use std::path::PathBuf;
use std::{fs, thread};

use serde_json::{Value, json};

use super::boto::{Boto, text};
use super::landing::Landing;
use super::{moto, python};

const HOME: &str = "eu-west-1";

const ORGANIZATION: &str = "
version: 1
name: occupied
organization: {home_region: eu-west-1, regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [work, other]
";

/// One stack that takes everything that landing asks about.
const TEMPLATE: &str = "
Resources:
  Recorder: {Type: AWS::Config::ConfigurationRecorder, Properties: {RoleARN: 'arn:aws:iam::111111111111:role/x'}}
  Channel: {Type: AWS::Config::DeliveryChannel, Properties: {S3BucketName: b}}
  Detector: {Type: AWS::GuardDuty::Detector, Properties: {Enable: true}}
  Hub: {Type: AWS::SecurityHub::Hub}
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {TrailName: theirs, IsLogging: true, S3BucketName: their-bucket}}
  Own: {Type: AWS::S3::Bucket, Properties: {BucketName: their-bucket}}
  Foreign: {Type: AWS::S3::Bucket, Properties: {BucketName: somebody-elses-bucket}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: theirs, AssumeRolePolicyDocument: {Statement: []}}}
  Policy: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: theirs, PolicyDocument: {Statement: []}}}
  Provider: {Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://ci.example.com'}}
  Linked: {Type: AWS::IAM::ServiceLinkedRole, Properties: {AWSServiceName: config.amazonaws.com}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /theirs}}
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: []}}}
  Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/theirs, TargetKeyId: !Ref Key}}
";

/// Makes all of it by hand.
fn occupy(boto: &mut Boto, work: &str, other: &str) {
    let location = json!({"LocationConstraint": HOME});
    let elsewhere = json!({"Bucket": "somebody-elses-bucket", "CreateBucketConfiguration": location});
    boto.call_in((Some(other), HOME), "s3", "CreateBucket", elsewhere);
    let mut call =
        |service: &str, operation: &str, parameters: Value| boto.call_in((Some(work), HOME), service, operation, parameters);
    call("s3", "CreateBucket", json!({"Bucket": "their-bucket", "CreateBucketConfiguration": location}));
    let role = format!("arn:aws:iam::{work}:role/theirs");
    let recorder = json!({"ConfigurationRecorder": {"name": "theirs", "roleARN": role}});
    call("config", "PutConfigurationRecorder", recorder);
    let channel = json!({"DeliveryChannel": {"name": "theirs", "s3BucketName": "their-bucket"}});
    call("config", "PutDeliveryChannel", channel);
    call("guardduty", "CreateDetector", json!({"Enable": true}));
    call("securityhub", "EnableSecurityHub", json!({}));
    call("cloudtrail", "CreateTrail", json!({"Name": "theirs", "S3BucketName": "their-bucket"}));
    let nothing = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}]});
    call("iam", "CreateRole", json!({"RoleName": "theirs", "AssumeRolePolicyDocument": nothing.to_string()}));
    call("iam", "CreatePolicy", json!({"PolicyName": "theirs", "PolicyDocument": nothing.to_string()}));
    let thumbprints = json!(["0123456789012345678901234567890123456789"]);
    let provider = json!({"Url": "https://ci.example.com", "ThumbprintList": thumbprints});
    call("iam", "CreateOpenIDConnectProvider", provider);
    call("iam", "CreateServiceLinkedRole", json!({"AWSServiceName": "config.amazonaws.com"}));
    call("logs", "CreateLogGroup", json!({"logGroupName": "/theirs"}));
    call("logs", "CreateLogGroup", json!({"logGroupName": "/theirs-too"}));
    let key = text(&call("kms", "CreateKey", json!({}))["KeyMetadata"]["KeyId"]);
    call("kms", "CreateAlias", json!({"AliasName": "alias/theirs", "TargetKeyId": key}));
}

#[test]
fn all_that_an_account_in_moto_has_already_is_seen_and_nothing_where_it_has_nothing() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::with_stacks(environment);
    let landing = Landing { url: &moto.url };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wire-occupied");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the folder can be written");
    write("all.yaml", TEMPLATE);
    write("landing.yaml", ORGANIZATION);
    let blueprint = folder.join("landing.yaml");
    landing.applied(&blueprint);
    let stack = "stacks: {all: {template: ./all.yaml, in: [ACCOUNT]}}\n";
    write("landing.yaml", &format!("{ORGANIZATION}{}", stack.replace("ACCOUNT", "work")));
    let plan = landing.refused_plan(&blueprint);
    assert_eq!((&plan.refusals[..], &plan.undetected[..]), (&[][..], &[][..]), "nothing is there yet");

    let mut boto = Boto::connect(environment, &moto.url);
    let (work, other) = (boto.account("work"), boto.account("other"));
    occupy(&mut boto, &work, &other);
    let plan = landing.refused_plan(&blueprint);
    assert!(plan.undetected.is_empty(), "{:?}", plan.undetected);
    let [refusal] = plan.refusals.try_into().expect("there is one refusal");
    for free in [
        "delete-configuration-recorder --configuration-recorder-name theirs",
        "delete-delivery-channel --delivery-channel-name theirs",
        "guardduty delete-detector --detector-id",
        "securityhub disable-security-hub",
    ] {
        assert!(refusal.help.contains(free), "{free} is not in: {}", refusal.help);
    }
    drop(thread::current());
}
