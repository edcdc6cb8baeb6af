//! Clients of CloudFormation and small templates.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::{BehaviorVersion, Region};
use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, Parameter, ResourceChange, Stack, Tag,
};
use landing_sandbox::{Options, Sandbox};

use crate::support::credentials;

pub const REGION: &str = "ap-southeast-2";

/// A sandbox and the management account's client in [`REGION`].
pub fn stacks() -> (Sandbox, Client) {
    let sandbox = Sandbox::new(Options::default());
    let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    (sandbox, client)
}

/// A client for the access key `key`, which never repeats a call.
pub fn cloudformation(sandbox: &Sandbox, key: &str, region: &str) -> Client {
    let config = aws_sdk_cloudformation::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(credentials(key, None))
        .retry_config(aws_sdk_cloudformation::config::retry::RetryConfig::disabled())
        .http_client(sandbox.http_client());
    Client::from_conf(config.build())
}

/// Creates a stack and waits for its end.
pub async fn create(client: &Client, name: &str, template: &str) -> Stack {
    client
        .create_stack()
        .stack_name(name)
        .template_body(template)
        .capabilities(Capability::CapabilityNamedIam)
        .send()
        .await
        .unwrap();
    ended(client, name).await
}

/// Updates a stack and waits for its end.
pub async fn update(client: &Client, name: &str, template: &str) -> Stack {
    client
        .update_stack()
        .stack_name(name)
        .template_body(template)
        .capabilities(Capability::CapabilityNamedIam)
        .send()
        .await
        .unwrap();
    ended(client, name).await
}

/// Why the first resource of a stack failed.
pub async fn reason(client: &Client, name: &str) -> String {
    let events = client.describe_stack_events().stack_name(name).send().await.unwrap();
    let failed =
        events.stack_events().iter().rev().find(|event| event.resource_status().unwrap().as_str().ends_with("_FAILED"));
    failed.unwrap().resource_status_reason().unwrap().to_owned()
}

pub async fn stack(client: &Client, name: &str) -> Stack {
    let found = client.describe_stacks().stack_name(name).send().await.unwrap();
    found.stacks()[0].clone()
}

pub fn status(stack: &Stack) -> &str {
    stack.stack_status().unwrap().as_str()
}

/// Waits until a stack is no longer in progress.
pub async fn ended(client: &Client, name: &str) -> Stack {
    loop {
        let stack = stack(client, name).await;
        if !status(&stack).ends_with("_IN_PROGRESS") {
            return stack;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Makes a change set called `change` and waits for it.
pub async fn change_set(client: &Client, name: &str, kind: ChangeSetType, template: &str) -> DescribeChangeSetOutput {
    let made = client.create_change_set().stack_name(name).change_set_name("change").change_set_type(kind);
    made.template_body(template).capabilities(Capability::CapabilityNamedIam).send().await.unwrap();
    described(client, name, "change").await
}

/// Waits for a change set.
pub async fn described(client: &Client, name: &str, change_set: &str) -> DescribeChangeSetOutput {
    loop {
        let describe = client.describe_change_set().stack_name(name).change_set_name(change_set);
        let found = describe.include_property_values(true).send().await.unwrap();
        if !matches!(found.status(), Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress)) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The changes of a change set as `Action LogicalId Replacement`.
pub fn changes(set: &DescribeChangeSetOutput) -> Vec<String> {
    let row = |change: &ResourceChange| {
        let replacement = change.replacement().map(|replacement| format!(" {}", replacement.as_str()));
        let (action, logical) = (change.action().unwrap().as_str(), change.logical_resource_id().unwrap());
        format!("{action} {logical}{}", replacement.unwrap_or_default())
    };
    set.changes().iter().map(|change| row(change.resource_change().unwrap())).collect()
}

/// The value of an output.
pub fn output<'a>(stack: &'a Stack, key: &str) -> &'a str {
    let mut outputs = stack.outputs().iter();
    let found = outputs.find(|output| output.output_key() == Some(key));
    found.and_then(|output| output.output_value()).unwrap_or_else(|| panic!("no output {key}: {stack:?}"))
}

/// Every event of a stack, the oldest first, as `LogicalId STATUS`.
pub async fn events(client: &Client, name: &str) -> Vec<String> {
    let events = client.describe_stack_events().stack_name(name).send().await.unwrap();
    let row = |event: &aws_sdk_cloudformation::types::StackEvent| {
        format!("{} {}", event.logical_resource_id().unwrap(), event.resource_status().unwrap().as_str())
    };
    events.stack_events().iter().rev().map(row).collect()
}

/// The message of a call that must fail.
pub fn message<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    result: Result<T, aws_sdk_cloudformation::error::SdkError<E, R>>,
) -> String {
    let error = result.expect_err("the call must be refused");
    let message = error.as_service_error().and_then(ProvideErrorMetadata::message);
    message.unwrap_or_else(|| panic!("no answer: {error:?}")).to_owned()
}

pub fn parameter(key: &str, value: &str) -> Parameter {
    Parameter::builder().parameter_key(key).parameter_value(value).build()
}

pub fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

/// A bucket and a topic.
pub const BUCKET: &str = "
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: logs-of-everything
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Bucket.Arn
Outputs:
  Arn:
    Value: !GetAtt Bucket.Arn
";
