//! What CloudFormation makes in the sandbox, seen by the AWS CLI and boto3.

use serde_json::json;

use super::aws_cli::{Aws, text};
use super::boto::Boto;
use super::{python, sandbox};

const NETWORK: &str = r#"
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: templates-of-ours}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.20.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 1, 12]]}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sts:AssumeRole}]}
"#;

const TOPIC: &str = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}}";

#[test]
fn the_aws_cli_sees_what_a_stack_made_and_templates_come_from_its_bucket() {
    let Some(environment) = python::environment() else { return };
    let server = sandbox::serve(&[]);
    let aws = Aws { environment, url: &server.url };
    let capability = ["--template-body", NETWORK, "--capabilities", "CAPABILITY_NAMED_IAM"];
    aws.run_with("cloudformation create-stack --stack-name network", &capability);
    let status = || aws.run("cloudformation describe-stacks --stack-name network")["Stacks"][0]["StackStatus"].clone();
    while status() == "CREATE_IN_PROGRESS" {}
    assert_eq!(status(), "CREATE_COMPLETE");
    let subnets = aws.run("ec2 describe-subnets");
    assert_eq!(subnets["Subnets"][0]["CidrBlock"], "10.20.0.0/20");
    let vpcs = aws.run("ec2 describe-vpcs");
    assert_eq!(vpcs["Vpcs"][0]["VpcId"], subnets["Subnets"][0]["VpcId"]);
    assert_eq!(
        text(&aws.run("iam get-role --role-name reader")["Role"]["Arn"]),
        "arn:aws:iam::111111111111:role/reader"
    );
    assert_eq!(aws.run("iam list-roles")["Roles"].as_array().map(Vec::len), Some(1));
    assert_eq!(aws.run("s3api list-buckets")["Buckets"][0]["Name"], "templates-of-ours");

    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("wire-topic.yaml");
    std::fs::write(&file, TOPIC).expect("the folder is there");
    let body = ["--body", file.to_str().expect("the path is text")];
    aws.run_with("s3api put-object --bucket templates-of-ours --key a/topic.yaml", &body);
    let listed = aws.run("s3api list-objects-v2 --bucket templates-of-ours");
    assert_eq!(listed["Contents"][0]["Key"], "a/topic.yaml");
    for (name, url) in [
        ("path", "https://s3.us-east-1.amazonaws.com/templates-of-ours/a/topic.yaml"),
        ("host", "https://templates-of-ours.s3.us-east-1.amazonaws.com/a/topic.yaml"),
    ] {
        let changes = ["--template-url", url, "--change-set-type", "CREATE"];
        aws.run_with(&format!("cloudformation create-change-set --stack-name {name} --change-set-name c"), &changes);
        let describe = format!("cloudformation describe-change-set --stack-name {name} --change-set-name c");
        let mut set = aws.run(&describe);
        while set["Status"] == "CREATE_IN_PROGRESS" {
            set = aws.run(&describe);
        }
        assert_eq!(set["Changes"][0]["ResourceChange"]["Action"], "Add");
    }
    let missing =
        "cloudformation create-stack --stack-name x --template-url https://s3.amazonaws.com/templates-of-ours/none";
    assert_eq!(aws.refusal(missing), "ValidationError");
}

#[test]
fn boto3_reads_objects_back_as_they_were_put() {
    let Some(environment) = python::environment() else { return };
    let server = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &server.url);
    let template = "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: b-b-b}}}";
    boto.call("cloudformation", "CreateStack", json!({"StackName": "b", "TemplateBody": template}));
    while boto.call("cloudformation", "DescribeStacks", json!({}))["Stacks"][0]["StackStatus"] != "CREATE_COMPLETE" {}
    boto.call("s3", "PutObject", json!({"Bucket": "b-b-b", "Key": "k l", "Body": "<text>"}));
    boto.call("s3", "HeadBucket", json!({"Bucket": "b-b-b"}));
    let listed = boto.call("s3", "ListObjectsV2", json!({"Bucket": "b-b-b"}));
    assert_eq!(listed["Contents"][0]["Size"], 6);
    let refused = boto.ask("s3", "GetObject", json!({"Bucket": "b-b-b", "Key": "none"})).expect_err("it is not there");
    assert_eq!(refused.code, "NoSuchKey");
    boto.call("cloudformation", "DeleteStack", json!({"StackName": "b"}));
    while boto.call("cloudformation", "DescribeStacks", json!({}))["Stacks"][0]["StackStatus"] != "DELETE_FAILED" {}
}
