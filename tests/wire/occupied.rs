//! What accounts in moto have already, made by boto3, where landing is about to make it.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::boto::{Boto, text};
use super::landing::Landing;
use super::{moto, python};

const HOME: &str = "eu-west-1";

const ORGANIZATION: &str = "
version: 1
name: occupied
organization: {home_region: eu-west-1, regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [work]
";

/// A stack for each type of resources that there can be only one of: its resource, and what is reported in one that is there.
/// moto shows no one that a bucket is another account's.
const STACKS: [(&str, &str, &str); 12] = [
    (
        "recorder",
        "{Type: AWS::Config::ConfigurationRecorder, Properties: {RoleARN: 'arn:aws:iam::111111111111:role/x'}}",
        "AWS Config's recorder theirs",
    ),
    (
        "channel",
        "{Type: AWS::Config::DeliveryChannel, Properties: {S3BucketName: b}}",
        "AWS Config's delivery channel theirs",
    ),
    ("detector", "{Type: AWS::GuardDuty::Detector, Properties: {Enable: true}}", "GuardDuty's detector "),
    ("hub", "{Type: AWS::SecurityHub::Hub}", "Security Hub's hub arn:aws:securityhub:eu-west-1:"),
    (
        "trail",
        "{Type: AWS::CloudTrail::Trail, Properties: {TrailName: theirs, IsLogging: true, S3BucketName: b}}",
        "the trail arn:aws:cloudtrail:eu-west-1:",
    ),
    (
        "own",
        "{Type: AWS::S3::Bucket, Properties: {BucketName: their-bucket}}",
        "the bucket their-bucket is in account/work",
    ),
    ("role", "{Type: AWS::IAM::Role, Properties: {RoleName: theirs, AssumeRolePolicyDocument: {}}}", "the role theirs"),
    (
        "policy",
        "{Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: theirs, PolicyDocument: {}}}",
        ":policy/theirs is in",
    ),
    (
        "provider",
        "{Type: AWS::IAM::OIDCProvider, Properties: {Url: 'https://ci.example.com'}}",
        "oidc-provider/ci.example.com",
    ),
    (
        "linked",
        "{Type: AWS::IAM::ServiceLinkedRole, Properties: {AWSServiceName: config.amazonaws.com}}",
        "the role AWSServiceRoleFor",
    ),
    ("group", "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /theirs}}", "the log group /theirs is in"),
    (
        "alias",
        "{Type: AWS::KMS::Alias, Properties: {AliasName: alias/theirs, TargetKeyId: k}}",
        "the key alias alias/theirs",
    ),
];

/// Makes all of it by hand.
fn occupy(boto: &mut Boto, work: &str) {
    let location = json!({"LocationConstraint": HOME});
    let mut call = |service: &str, operation: &str, parameters: Value| {
        boto.call_in((Some(work), HOME), service, operation, parameters)
    };
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
    write("landing.yaml", ORGANIZATION);
    let blueprint = folder.join("landing.yaml");
    landing.applied(&blueprint);
    let stacks = STACKS.map(|(name, resource, _)| {
        write(&format!("{name}.yaml"), &format!("Resources: {{It: {resource}}}\n"));
        format!("  {name}: {{template: ./{name}.yaml, in: [work]}}\n")
    });
    write("landing.yaml", &format!("{ORGANIZATION}stacks:\n{}", stacks.concat()));
    let plan = landing.planned(&blueprint);
    assert_eq!((&plan.refusals[..], &plan.undetected[..]), (&[][..], &[][..]), "nothing is there yet");

    let mut boto = Boto::connect(environment, &moto.url);
    let work = boto.account("work");
    occupy(&mut boto, &work);
    let plan = landing.planned(&blueprint);
    assert!(plan.undetected.is_empty(), "{:?}", plan.undetected);
    for (name, _, reported) in STACKS {
        let begin = format!("the stack {name} would make what is there already: ");
        let refusal = plan.refusals.iter().find(|refusal| refusal.message.starts_with(&begin));
        let message = refusal.map(|refusal| refusal.message.as_str());
        assert!(
            message.is_some_and(|message| message.contains(reported)),
            "{name}: {message:?} in {:#?}",
            plan.refusals
        );
    }
}
