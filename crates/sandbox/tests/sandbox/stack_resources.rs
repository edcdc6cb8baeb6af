//! What stacks make is there for the services that it belongs to, and refused as they refuse it.

use landing_sandbox::{Options, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stack_support::{REGION, cloudformation, create, ended, reason, stacks, status, update};
use crate::support::{account_id, code, credentials, organization, served, unit};

fn sts(sandbox: &Sandbox, key: &str) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(aws_sdk_sts::config::Region::new(REGION))
        .credentials_provider(credentials(key, None))
        .http_client(sandbox.http_client());
    aws_sdk_sts::Client::from_conf(config.build())
}

#[tokio::test(start_paused = true)]
async fn a_role_can_be_assumed_by_those_whom_it_trusts_as_long_as_it_is_there() {
    let (sandbox, client) = stacks();
    let role = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: landing-plan
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {AWS: '111111111111'}, Action: sts:AssumeRole}]
";
    let id = create(&client, "roles", role).await.stack_id().unwrap().to_owned();
    let arn = "arn:aws:iam::111111111111:role/landing-plan";
    let assume = || sts(&sandbox, "AKIAMANAGEMENT").assume_role().role_arn(arn).role_session_name("test").send();
    assert!(assume().await.is_ok());
    let stranger = serde_json::json!({"arn": "arn:aws:iam::333333333333:user/x"});
    sandbox.edit(|state| state["principals"]["AKIASTRANGER"] = stranger).unwrap();
    let refused = sts(&sandbox, "AKIASTRANGER").assume_role().role_arn(arn).role_session_name("test").send().await;
    assert_eq!(code(refused), "AccessDenied");
    update(&client, "roles", &role.replace("'111111111111'", "'333333333333'")).await;
    assert_eq!(code(assume().await), "AccessDenied");
    client.delete_stack().stack_name("roles").send().await.unwrap();
    ended(&client, &id).await;
    assert_eq!(code(assume().await), "AccessDenied");
}

const TRAIL: &str = "
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: trail-archive}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Bucket, PolicyDocument: {Statement: [{Principal: {Service: cloudtrail.amazonaws.com}}]}}
  Trail:
    Type: AWS::CloudTrail::Trail
    DependsOn: Policy
    Properties: {S3BucketName: !Ref Bucket, IsLogging: true, IsOrganizationTrail: true}
";

#[tokio::test(start_paused = true)]
async fn an_organization_trail_needs_its_bucket_trusted_access_and_the_right_account() {
    let (sandbox, organizations, _) = organization(Options::default()).await;
    let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    create(&client, "early", TRAIL).await;
    assert!(reason(&client, "early").await.contains("CloudTrailAccessNotEnabledException"));
    organizations.enable_aws_service_access().service_principal("cloudtrail.amazonaws.com").send().await.unwrap();
    let nowhere = TRAIL.replace("S3BucketName: !Ref Bucket", "S3BucketName: nowhere");
    create(&client, "nowhere", &nowhere).await;
    assert!(reason(&client, "nowhere").await.contains("nowhere does not exist"));
    let silent = TRAIL.replace("Service: cloudtrail.amazonaws.com", "Service: config.amazonaws.com");
    create(&client, "silent", &silent).await;
    assert!(reason(&client, "silent").await.contains("InsufficientS3BucketPolicyException"));
    let member = account_id(&organizations, "member").await;
    let user = serde_json::json!({"arn": format!("arn:aws:iam::{member}:user/x")});
    sandbox.edit(|state| state["principals"]["AKIAMEMBER"] = user).unwrap();
    let members = cloudformation(&sandbox, "AKIAMEMBER", REGION);
    create(&members, "trail", TRAIL).await;
    assert!(reason(&members, "trail").await.contains("NotOrganizationMasterAccountException"));
    assert_eq!(status(&create(&client, "trail", TRAIL).await), "CREATE_COMPLETE");
}

const SHARE: &str = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/20}}
  Share:
    Type: AWS::RAM::ResourceShare
    Properties:
      Name: network
      AllowExternalPrincipals: false
      Principals: [PRINCIPAL]
      ResourceArns: [!Sub 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:subnet/${Subnet}']
";

fn ram(sandbox: &Sandbox, key: &str) -> aws_sdk_ram::Client {
    let config = aws_sdk_ram::Config::builder()
        .behavior_version(aws_sdk_ram::config::BehaviorVersion::latest())
        .region(aws_sdk_ram::config::Region::new(REGION))
        .credentials_provider(credentials(key, None))
        .http_client(sandbox.http_client());
    aws_sdk_ram::Client::from_conf(config.build())
}

#[tokio::test(start_paused = true)]
async fn a_share_reaches_the_accounts_of_a_unit_once_sharing_is_enabled() {
    let (sandbox, organizations, root) = organization(Options::default()).await;
    let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    let unit = unit(&organizations, &root, "Workloads").await;
    let described = organizations.describe_organizational_unit().organizational_unit_id(&unit).send().await.unwrap();
    let template = SHARE.replace("PRINCIPAL", described.organizational_unit().unwrap().arn().unwrap());
    create(&client, "early", &template).await;
    assert!(reason(&client, "early").await.contains("UnknownResourceException"));
    ram(&sandbox, "AKIAMANAGEMENT").enable_sharing_with_aws_organization().send().await.unwrap();
    assert_eq!(status(&create(&client, "network", &template).await), "CREATE_COMPLETE");
    create(&client, "stranger", &SHARE.replace("PRINCIPAL", "'999999999999'")).await;
    assert!(reason(&client, "stranger").await.contains("OperationNotPermittedException"));

    let member = account_id(&organizations, "member").await;
    let user = serde_json::json!({"arn": format!("arn:aws:iam::{member}:user/x")});
    sandbox.edit(|state| state["principals"]["AKIAMEMBER"] = user).unwrap();
    let others = aws_sdk_ram::types::ResourceOwner::OtherAccounts;
    let shares = || ram(&sandbox, "AKIAMEMBER").get_resource_shares().resource_owner(others.clone()).send();
    assert!(shares().await.unwrap().resource_shares().is_empty());
    organizations
        .move_account()
        .account_id(&member)
        .source_parent_id(&root)
        .destination_parent_id(&unit)
        .send()
        .await
        .unwrap();
    assert_eq!(shares().await.unwrap().resource_shares()[0].name(), Some("network"));
    let resources = ram(&sandbox, "AKIAMEMBER").list_resources().resource_owner(others.clone()).send().await.unwrap();
    assert_eq!(resources.resources()[0].r#type(), Some("ec2:Subnet"));
}

#[tokio::test(start_paused = true)]
async fn networks_are_checked_as_ec2_checks_them() {
    let (_, client) = stacks();
    let network = |cidr: &str, second: &str| {
        format!(
            "Resources:\n  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {cidr}}}}}\n  \
             A: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/20}}}}\n  \
             B: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: {second}}}}}\n"
        )
    };
    create(&client, "wide", &network("10.0.0.0/8", "10.0.16.0/20")).await;
    assert!(reason(&client, "wide").await.contains("InvalidVpc.Range"));
    create(&client, "overlap", &network("10.0.0.0/16", "10.0.8.0/24")).await;
    assert!(reason(&client, "overlap").await.contains("conflicts with another subnet"));
    create(&client, "outside", &network("10.0.0.0/16", "10.1.0.0/24")).await;
    assert!(reason(&client, "outside").await.contains("InvalidSubnet.Range"));
    assert_eq!(status(&create(&client, "fits", &network("10.0.0.0/16", "10.0.16.0/20")).await), "CREATE_COMPLETE");
    let lost = "Resources: {R: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-none}}}";
    create(&client, "lost", lost).await;
    assert_eq!(reason(&client, "lost").await, "VPC 'vpc-none' of VpcId does not exist");
}

#[tokio::test(start_paused = true)]
async fn a_parameter_is_in_parameter_store_and_templates_read_it_there() {
    let (_, client) = stacks();
    let stored =
        "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /team, Type: String, Value: platform}}}";
    create(&client, "stored", stored).await;
    let reading = "
Parameters: {Team: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /team}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Team}}}
";
    create(&client, "reading", reading).await;
    let resources = client.list_stack_resources().stack_name("reading").send().await.unwrap();
    let topic = resources.stack_resource_summaries()[0].physical_resource_id();
    assert_eq!(topic, Some("arn:aws:sns:ap-southeast-2:111111111111:platform"));
}

/// What EC2 answers to an access key over plain HTTP.
async fn ec2(sandbox: &Sandbox, key: &str, action: &str) -> String {
    let body = format!("Action={action}&Version=2016-11-15");
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={key}/20261123/{REGION}/ec2/aws4_request, Signature=0\r\n\r\n{body}",
        body.len()
    );
    let talk = async |address| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    served(sandbox, talk).await
}

#[tokio::test]
async fn a_shared_subnet_and_its_vpc_are_seen_by_the_consumer_and_by_no_one_else() {
    let (sandbox, organizations, _) = organization(Options::default()).await;
    let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    let member = account_id(&organizations, "member").await;
    sandbox
        .edit(|state| {
            state["principals"]["AKIAMEMBER"] = serde_json::json!({"arn": format!("arn:aws:iam::{member}:user/x")});
            state["principals"]["AKIAOTHER"] = serde_json::json!({"arn": "arn:aws:iam::333333333333:user/x"});
        })
        .unwrap();
    create(&client, "network", &SHARE.replace("PRINCIPAL", &format!("'{member}'"))).await;
    for (action, what) in [("DescribeSubnets", "<subnetId>"), ("DescribeVpcs", "<vpcId>")] {
        for (key, times) in [("AKIAMANAGEMENT", 1), ("AKIAMEMBER", 1), ("AKIAOTHER", 0)] {
            let answer = ec2(&sandbox, key, action).await;
            assert_eq!(answer.matches(what).count(), times, "{key} {answer}");
        }
    }
    assert!(ec2(&sandbox, "AKIAMEMBER", "DescribeSubnets").await.contains("<ownerId>111111111111</ownerId>"));
}
