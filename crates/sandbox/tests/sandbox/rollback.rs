//! Stacks whose creation, update or deletion fails.

use aws_sdk_cloudformation::types::OnFailure;

use crate::stack_support::{BUCKET, create, ended, events, message, stacks, status, update};

const UNKNOWN: &str = "\n  Robot: {Type: AWS::Example::Robot, DependsOn: Bucket}\nOutputs";

#[tokio::test(start_paused = true)]
async fn a_failed_creation_rolls_back_and_only_deletion_is_left() {
    let (sandbox, client) = stacks();
    let failing = BUCKET.replace("\nOutputs", UNKNOWN);
    let failed = create(&client, "logs", &failing).await;
    assert_eq!(status(&failed), "ROLLBACK_COMPLETE");
    let events = client.describe_stack_events().stack_name("logs").send().await.unwrap();
    let first =
        events.stack_events().iter().rev().find(|event| event.resource_status().unwrap().as_str() == "CREATE_FAILED");
    let first = first.unwrap();
    assert_eq!(first.logical_resource_id(), Some("Robot"));
    assert_eq!(first.resource_status_reason(), Some("not simulated: AWS::Example::Robot"));
    let left = &sandbox.snapshot()["resources"]["111111111111"]["ap-southeast-2"];
    assert_eq!(*left, serde_json::json!({}));
    let id = failed.stack_id().unwrap();
    let refused = client.update_stack().stack_name("logs").template_body(BUCKET).send().await;
    assert_eq!(message(refused), format!("Stack:{id} is in ROLLBACK_COMPLETE state and can not be updated."));
    let refused = client.create_stack().stack_name("logs").template_body(BUCKET).send().await;
    assert_eq!(message(refused), "Stack [logs] already exists");
    client.delete_stack().stack_name("logs").send().await.unwrap();
    ended(&client, id).await;
    assert_eq!(status(&create(&client, "logs", BUCKET).await), "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_leaves_everything_as_it_was() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let before = sandbox.snapshot()["resources"].clone();
    let failing = BUCKET.replace("DisplayName: !GetAtt Bucket.Arn", "DisplayName: other").replace("\nOutputs", UNKNOWN);
    let failed = update(&client, "logs", &failing).await;
    assert_eq!(status(&failed), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(sandbox.snapshot()["resources"], before);
    let reported = events(&client, "logs").await;
    assert!(reported.contains(&"Robot CREATE_FAILED".to_owned()), "{reported:?}");
    assert!(reported.contains(&"logs UPDATE_ROLLBACK_IN_PROGRESS".to_owned()), "{reported:?}");
    let mended =
        update(&client, "logs", &BUCKET.replace("DisplayName: !GetAtt Bucket.Arn", "DisplayName: other")).await;
    assert_eq!(status(&mended), "UPDATE_COMPLETE");
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html>
#[tokio::test(start_paused = true)]
async fn what_a_key_was_made_with_cannot_be_changed() {
    let (sandbox, client) = stacks();
    let template = "Resources: {Key: {Type: AWS::KMS::Key, Properties: {Description: a, KeyUsage: ENCRYPT_DECRYPT}}}";
    create(&client, "keys", template).await;
    let before = sandbox.snapshot()["resources"].clone();
    let failed = update(&client, "keys", &template.replace("ENCRYPT_DECRYPT", "SIGN_VERIFY")).await;
    assert_eq!(status(&failed), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(sandbox.snapshot()["resources"], before);
    let changed = update(&client, "keys", &template.replace("Description: a", "Description: b")).await;
    assert_eq!(status(&changed), "UPDATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn bucket_names_are_taken_in_every_account_and_region() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let elsewhere = crate::stack_support::cloudformation(&sandbox, "AKIAMANAGEMENT", "us-east-1");
    let taken = create(&elsewhere, "logs", BUCKET).await;
    assert_eq!(status(&taken), "ROLLBACK_COMPLETE");
    let events = elsewhere.describe_stack_events().stack_name("logs").send().await.unwrap();
    let reasons: Vec<_> = events.stack_events().iter().filter_map(|event| event.resource_status_reason()).collect();
    assert!(reasons.iter().any(|reason| reason.starts_with("logs-of-everything already exists")), "{reasons:?}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_creation_may_stay_or_go_instead() {
    let (_, client) = stacks();
    let failing = BUCKET.replace("\nOutputs", UNKNOWN);
    let create = |name: &str, what| client.create_stack().stack_name(name).template_body(&failing).on_failure(what);
    create("stays", OnFailure::DoNothing).send().await.unwrap();
    assert_eq!(status(&ended(&client, "stays").await), "CREATE_FAILED");
    let id = create("goes", OnFailure::Delete).send().await.unwrap().stack_id().unwrap().to_owned();
    assert_eq!(status(&ended(&client, &id).await), "DELETE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_fixed_name_cannot_be_replaced_by_itself() {
    let (_, client) = stacks();
    let policy = |description: &str| {
        format!(
            "Resources: {{P: {{Type: AWS::IAM::ManagedPolicy, Properties: {{ManagedPolicyName: p, Description: \
             {description}, PolicyDocument: {{}}}}}}}}"
        )
    };
    create(&client, "policies", &policy("one")).await;
    let failed = update(&client, "policies", &policy("two")).await;
    assert_eq!(status(&failed), "UPDATE_ROLLBACK_COMPLETE");
    let events = client.describe_stack_events().stack_name("policies").send().await.unwrap();
    let reasons: Vec<_> = events.stack_events().iter().filter_map(|event| event.resource_status_reason()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("custom-named resource requires replacing")), "{reasons:?}");
}
