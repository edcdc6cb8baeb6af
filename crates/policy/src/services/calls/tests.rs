use super::*;
use crate::services::services;

/// The actions that an event needs, those that it may need with a `?`; `-` where it needs none, nothing where none is known.
fn needed(source: &str, event: &str) -> String {
    match services().needs_of_event(&format!("{source}.amazonaws.com"), event) {
        Needs::Unknown => String::new(),
        Needs::Nothing => "-".to_owned(),
        Needs::Actions(needs) => {
            let written = |need: &Need| format!("{}{}", if need.is_certain { "" } else { "?" }, need.action);
            needs.iter().map(written).collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn events_need_the_actions_of_their_service() {
    for (source, event, actions) in [
        ("ec2", "RunInstances", "ec2:RunInstances"),
        ("ec2", "runinstances", "ec2:RunInstances"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "GetBucketReplication", "s3:GetReplicationConfiguration"),
        ("s3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
        ("s3", "HeadObject", "s3:GetObject"),
        ("s3", "ListObjectsV2", "s3:ListBucket"),
        ("budgets", "DescribeBudgets", "budgets:ViewBudget"),
        ("sqs", "SendMessageBatch", "sqs:SendMessage"),
        ("sns", "PublishBatch", "sns:Publish"),
        ("dynamodb", "BatchWriteItem", "dynamodb:BatchWriteItem"),
        ("s3express", "PutObject", "s3express:CreateSession"),
        ("ec2", "NoSuchCall", ""),
        ("nowhere", "RunInstances", ""),
    ] {
        assert_eq!(needed(source, event), actions, "{source} {event}");
    }
}

#[test]
fn event_sources_that_are_named_otherwise_are_known() {
    for (source, event, actions) in [
        ("monitoring", "DescribeAlarms", "cloudwatch:DescribeAlarms"),
        ("amazonmq", "CreateBroker", "mq:CreateBroker"),
        ("email", "SendEmail", "ses:SendEmail"),
        ("ses", "SendEmail", "ses:SendEmail"),
        ("tagging", "GetResources", "tag:GetResources"),
        ("states", "StartExecution", "states:StartExecution"),
        ("logs", "CreateLogGroup", "logs:CreateLogGroup"),
        ("pinpoint", "CreateApp", "mobiletargeting:CreateApp"),
        ("cloudcontrolapi", "CreateResource", "cloudformation:CreateResource"),
        ("appconfigdata", "GetLatestConfiguration", "appconfig:GetLatestConfiguration"),
        ("rdsdata", "ExecuteStatement", "rds-data:ExecuteStatement"),
        ("elasticloadbalancing", "CreateLoadBalancer", "elasticloadbalancing:CreateLoadBalancer"),
        ("cognito-idp", "CreateUserPool", "cognito-idp:CreateUserPool"),
    ] {
        assert_eq!(needed(source, event), actions, "{source} {event}");
    }
    let chinese = services().needs_of_event("monitoring.amazonaws.com.cn", "DescribeAlarms");
    assert_eq!(chinese, Needs::Actions(vec![Need::of("cloudwatch:DescribeAlarms")]));
}

#[test]
fn events_need_all_actions_that_their_call_is_made_of() {
    for (source, event, actions) in [
        ("kms", "ReEncrypt", "kms:ReEncryptFrom kms:ReEncryptTo"),
        ("s3", "CopyObject", "s3:GetObject s3:PutObject"),
        ("s3", "UploadPartCopy", "s3:GetObject s3:PutObject"),
        ("bedrock", "Converse", "bedrock:InvokeModel"),
        ("bedrock", "ConverseStream", "bedrock:InvokeModelWithResponseStream"),
        ("cloudfront", "CreateDistributionWithTags2020_05_31", "cloudfront:CreateDistribution cloudfront:TagResource"),
        (
            "dynamodb",
            "TransactWriteItems",
            "?dynamodb:PutItem ?dynamodb:UpdateItem ?dynamodb:DeleteItem ?dynamodb:ConditionCheckItem",
        ),
        (
            "dynamodb",
            "ExecuteStatement",
            "?dynamodb:PartiQLSelect ?dynamodb:PartiQLInsert ?dynamodb:PartiQLUpdate ?dynamodb:PartiQLDelete",
        ),
    ] {
        assert_eq!(needed(source, event), actions, "{source} {event}");
    }
}

#[test]
fn actions_of_api_gateway_are_methods() {
    for (event, actions) in [
        ("CreateRestApi", "apigateway:POST"),
        ("CreateApi", "apigateway:POST"),
        ("GetRestApis", "apigateway:GET"),
        ("UpdateStage", "apigateway:PATCH"),
        ("PutMethod", "apigateway:PUT"),
        ("ImportRestApi", "apigateway:POST"),
        ("ImportApi", "apigateway:PUT"),
        ("ReimportApi", "apigateway:PUT"),
        ("DeleteRestApi", "apigateway:DELETE"),
        ("FlushStageCache", "apigateway:DELETE"),
        ("TagResource", "?apigateway:PUT ?apigateway:POST"),
        ("UntagResource", "apigateway:DELETE"),
        ("CreatePortal", "apigateway:CreatePortal"),
        ("Invoke", ""),
    ] {
        assert_eq!(needed("apigateway", event), actions, "{event}");
    }
}

#[test]
fn signing_in_and_asking_who_one_is_need_no_permission() {
    assert_eq!(needed("signin", "ConsoleLogin"), "-");
    assert_eq!(needed("sts", "GetCallerIdentity"), "-");
    assert_eq!(needed("signin", "CreateOAuth2Token"), "signin:CreateOAuth2Token");
}

#[test]
fn versions_of_an_api_are_cut_off_names() {
    for (source, event, actions) in [
        ("lambda", "ListFunctions20150331", "lambda:ListFunctions"),
        ("lambda", "CreateFunction20150331", "lambda:CreateFunction"),
        ("lambda", "AddPermission20150331v2", "lambda:AddPermission"),
        ("lambda", "Invoke20150331", "lambda:InvokeFunction"),
        ("cloudfront", "UpdateDistribution2020_05_31", "cloudfront:UpdateDistribution"),
        ("cloudfront", "CreateInvalidation2020_05_31", "cloudfront:CreateInvalidation"),
    ] {
        assert_eq!(needed(source, event), actions, "{source} {event}");
    }
    for (event, bare) in [
        ("GetFunction20150331v2", "GetFunction"),
        ("DescribeVpcs", "DescribeVpcs"),
        ("ListObjectsV2", "ListObjectsV2"),
        ("Route53", "Route53"),
        ("X120150331", "X120150331"),
        ("X2020_05_3", "X2020_05_3"),
        ("X2020-05-31", "X2020-05-31"),
        ("20150331", ""),
        ("é20150331v", "é20150331v"),
        ("é2020_05_31", "é"),
    ] {
        assert_eq!(without_date(event), bare);
    }
}

#[test]
fn every_action_of_the_table_exists() {
    let services = services();
    for written in services.events.values().flat_map(|actions| actions.split(' ')) {
        let action = Need::read(written).action;
        let (prefix, name) = action.split_once(':').unwrap();
        let known = services.get(prefix).and_then(|service| service.action(name));
        assert_eq!(known.map(|action| action.name.as_str()), Some(name), "{action}");
    }
    for prefix in services.prefixes.values() {
        assert!(services.get(prefix).is_some(), "{prefix}");
    }
}
