//! What looks and shows is made by stacks as its services allow, and refused as they refuse it.

use aws_sdk_cloudformation::Client;
use landing_sandbox::Sandbox;

use crate::stack_support::{REGION, cloudformation, create, reason, stacks, status};
use crate::support::{account_id, organization};

/// An organization that trusts a service, whose account `member` administers it, and that account's client.
async fn administered(service: &str) -> (Sandbox, Client, String) {
    let (sandbox, organizations, _) = organization(landing_sandbox::Options::default()).await;
    let member = account_id(&organizations, "member").await;
    organizations.enable_aws_service_access().service_principal(service).send().await.unwrap();
    let register = organizations.register_delegated_administrator().account_id(&member).service_principal(service);
    register.send().await.unwrap();
    let user = serde_json::json!({"arn": format!("arn:aws:iam::{member}:user/x")});
    sandbox.edit(|state| state["principals"]["AKIAMEMBER"] = user).unwrap();
    let client = cloudformation(&sandbox, "AKIAMEMBER", REGION);
    (sandbox, client, member)
}

const RECORDER: &str = "
Resources:
  Recorder:
    Type: AWS::Config::ConfigurationRecorder
    Properties: {Name: NAME, RoleARN: 'arn:aws:iam::111111111111:role/x'}
";
const RULE: &str = "
Resources:
  Rule: {Type: AWS::Config::ConfigRule, Properties: {Source: {Owner: AWS, SourceIdentifier: X}}}
";

#[tokio::test(start_paused = true)]
async fn an_account_has_one_recorder_in_a_region_and_rules_need_it() {
    let (_, client) = stacks();
    create(&client, "early", RULE).await;
    assert!(reason(&client, "early").await.contains("NoAvailableConfigurationRecorderException"));
    assert_eq!(status(&create(&client, "one", &RECORDER.replace("NAME", "default")).await), "CREATE_COMPLETE");
    assert_eq!(status(&create(&client, "rule", RULE).await), "CREATE_COMPLETE");
    create(&client, "two", &RECORDER.replace("NAME", "other")).await;
    assert!(reason(&client, "two").await.contains("MaxNumberOfConfigurationRecordersExceededException"));
}

const CHANNEL: &str = "
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: config-archive LOCK}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Bucket, PolicyDocument: {Statement: [{Principal: {Service: SERVICE}}]}}
  Channel:
    Type: AWS::Config::DeliveryChannel
    DependsOn: Policy
    Properties: {S3BucketName: !Ref Bucket}
";

#[tokio::test(start_paused = true)]
async fn config_delivers_where_it_may_write_and_nothing_is_locked() {
    let (_, client) = stacks();
    let template = |service: &str, lock: &str| CHANNEL.replace("SERVICE", service).replace(" LOCK", lock);
    create(&client, "silent", &template("cloudtrail.amazonaws.com", "")).await;
    assert!(reason(&client, "silent").await.contains("InsufficientDeliveryPolicyException"));
    let lock = ", ObjectLockEnabled: true, ObjectLockConfiguration: {Rule: {DefaultRetention: {Days: 1}}}";
    create(&client, "locked", &template("config.amazonaws.com", lock)).await;
    assert!(reason(&client, "locked").await.contains("InsufficientDeliveryPolicyException"));
    let done = create(&client, "done", &template("config.amazonaws.com", "")).await;
    assert_eq!(status(&done), "CREATE_COMPLETE");
}

const ANALYZER: &str = "
Resources:
  Analyzer: {Type: AWS::AccessAnalyzer::Analyzer, Properties: {Type: ORGANIZATION}}
";
const ROLE: &str = "
Resources:
  Role: {Type: AWS::IAM::ServiceLinkedRole, Properties: {AWSServiceName: access-analyzer.amazonaws.com}}
";

#[tokio::test(start_paused = true)]
async fn an_analyzer_of_the_organization_needs_the_administration_and_a_role_in_the_management_account() {
    let (_, client) = stacks();
    create(&client, "alone", ANALYZER).await;
    assert!(reason(&client, "alone").await.contains("AccessDeniedException"));
    let (sandbox, member, _) = administered("access-analyzer.amazonaws.com").await;
    create(&member, "early", ANALYZER).await;
    assert!(reason(&member, "early").await.contains("Service Linked Role is not in"));
    create(&cloudformation(&sandbox, "AKIAMANAGEMENT", REGION), "role", ROLE).await;
    assert_eq!(status(&create(&member, "done", ANALYZER).await), "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn an_account_has_one_detector_in_a_region() {
    let (_, client) = stacks();
    let detector = "Resources: {Detector: {Type: AWS::GuardDuty::Detector, Properties: {Enable: true}}}";
    assert_eq!(status(&create(&client, "one", detector).await), "CREATE_COMPLETE");
    create(&client, "two", detector).await;
    assert!(reason(&client, "two").await.contains("a detector already exists"));
}

const ADMINISTRATOR: &str = "
Resources:
  Administrator: {Type: AWS::SecurityHub::DelegatedAdmin, Properties: {AdminAccountId: 'ACCOUNT'}}
";
const HUB: &str = "Resources: {Hub: {Type: AWS::SecurityHub::Hub}}";
const CENTRAL: &str = "
Resources:
  Configuration:
    Type: AWS::SecurityHub::OrganizationConfiguration
    DependsOn: Aggregator
    Properties: {AutoEnable: false, ConfigurationType: CENTRAL}
  Aggregator: {Type: AWS::SecurityHub::FindingAggregator, Properties: {RegionLinkingMode: ALL_REGIONS}}
";

#[tokio::test(start_paused = true)]
async fn the_designated_administrator_has_a_hub_and_alone_configures_the_organization() {
    let (sandbox, member, id) = administered("securityhub.amazonaws.com").await;
    create(&member, "early", CENTRAL).await;
    assert!(reason(&member, "early").await.contains("not subscribed"));
    let administrator = ADMINISTRATOR.replace("ACCOUNT", &id);
    create(&member, "presumed", &administrator).await;
    assert!(reason(&member, "presumed").await.contains("InvalidInputException"));
    let management = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    assert_eq!(status(&create(&management, "administrator", &administrator).await), "CREATE_COMPLETE");
    create(&member, "hub", HUB).await;
    assert!(reason(&member, "hub").await.contains("already exists"));
    assert_eq!(status(&create(&member, "central", CENTRAL).await), "CREATE_COMPLETE");
    create(&management, "hub", HUB).await;
    create(&management, "central", CENTRAL).await;
    assert!(reason(&management, "central").await.contains("is not an administrator"));
}

#[tokio::test(start_paused = true)]
async fn a_rule_needs_its_bus() {
    let (_, client) = stacks();
    let rule = "
Resources:
  Rule: {Type: AWS::Events::Rule, Properties: {EventBusName: nowhere, EventPattern: {source: [aws.s3]}}}
";
    create(&client, "rule", rule).await;
    assert!(reason(&client, "rule").await.contains("Event bus nowhere does not exist"));
}

const HOOK: &str = "
Resources:
  Hook:
    Type: AWS::CloudFormation::TypeActivation
    Properties: {Type: HOOK, TypeName: AWS::ControlTower::Hook, PublisherId: PUBLISHER, TypeNameAlias: 'Our::Own::Hook'}
  Configuration:
    Type: AWS::CloudFormation::HookTypeConfig
    Properties: {TypeArn: !Ref Hook, Configuration: 'CONFIGURATION'}
";

#[tokio::test(start_paused = true)]
async fn a_hook_of_aws_is_activated_once_under_a_name_and_then_configured() {
    let (_, client) = stacks();
    let hook = |publisher: &str, controls: &str| {
        let configuration = serde_json::json!({"CloudFormationConfiguration": {"HookConfiguration": {
            "TargetOperations": ["RESOURCE"], "FailureMode": "FAIL", "Properties": {"ControlsToApply": controls},
        }}});
        HOOK.replace("PUBLISHER", publisher).replace("CONFIGURATION", &configuration.to_string())
    };
    create(&client, "unknown", &hook("someone", "CT.S3.PR.1")).await;
    assert!(reason(&client, "unknown").await.contains("TypeNotFoundException"));
    create(&client, "silent", &hook("aws-hooks", "")).await;
    assert!(reason(&client, "silent").await.contains("Configuration is invalid"));
    assert_eq!(status(&create(&client, "one", &hook("aws-hooks", "CT.S3.PR.1")).await), "CREATE_COMPLETE");
    create(&client, "two", &hook("aws-hooks", "CT.S3.PR.1")).await;
    assert!(reason(&client, "two").await.contains("already exists"));
}
