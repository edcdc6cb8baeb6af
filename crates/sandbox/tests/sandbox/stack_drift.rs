//! Drift: found by looking, and repaired by a change set that reverts it.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{
    ChangeSource, DeploymentMode, StackDriftDetectionStatus, StackDriftStatus, StackResourceDrift,
};
use landing_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::stack_support::{BUCKET, changes, create, described, ended, stack, stacks, status, update};
use crate::support::code;

/// The stack's region in the state's resources.
fn edit(sandbox: &Sandbox, change: impl FnOnce(&mut Value)) {
    sandbox.edit(|state| change(&mut state["resources"]["111111111111"]["ap-southeast-2"])).unwrap();
}

fn rename_topics(topics: &mut Value) {
    for topic in topics["AWS::SNS::Topic"].as_object_mut().unwrap().values_mut() {
        topic["properties"]["DisplayName"] = json!("by hand");
    }
}

async fn detect(client: &Client, name: &str) -> StackDriftStatus {
    let begun = client.detect_stack_drift().stack_name(name).send().await.unwrap();
    loop {
        let id = begun.stack_drift_detection_id().unwrap();
        let found = client.describe_stack_drift_detection_status().stack_drift_detection_id(id).send().await.unwrap();
        if found.detection_status() != Some(&StackDriftDetectionStatus::DetectionInProgress) {
            return found.stack_drift_status().unwrap().clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn drifts(client: &Client, name: &str) -> Vec<StackResourceDrift> {
    let found = client.describe_stack_resource_drifts().stack_name(name).send().await.unwrap();
    found.stack_resource_drifts().to_vec()
}

async fn drift_of_stack(client: &Client, name: &str) -> String {
    let stack = stack(client, name).await;
    stack.drift_information().unwrap().stack_drift_status().unwrap().as_str().to_owned()
}

#[tokio::test(start_paused = true)]
async fn what_no_one_touched_is_in_sync() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    assert!(drifts(&client, "logs").await.is_empty());
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::InSync);
    assert_eq!(drift_of_stack(&client, "logs").await, "IN_SYNC");
    assert!(stack(&client, "logs").await.drift_information().unwrap().last_check_timestamp().is_some());
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_or_deleted_by_hand_is_found_with_the_properties() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    edit(&sandbox, |resources| {
        rename_topics(resources);
        resources["AWS::S3::Bucket"] = json!({});
    });
    assert_eq!(drift_of_stack(&client, "logs").await, "NOT_CHECKED");
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::Drifted);
    let found = drifts(&client, "logs").await;
    let status = |drift: &StackResourceDrift| drift.stack_resource_drift_status().unwrap().as_str().to_owned();
    assert_eq!(found.iter().map(status).collect::<Vec<_>>(), ["DELETED", "MODIFIED"]);
    let difference = &found[1].property_differences()[0];
    assert_eq!(difference.property_path(), Some("/DisplayName"));
    assert_eq!(difference.actual_value(), Some("by hand"));
    assert_eq!(difference.difference_type().unwrap().as_str(), "NOT_EQUAL");
}

#[tokio::test(start_paused = true)]
async fn an_ordinary_update_does_not_repair_drift() {
    let (sandbox, client) = stacks();
    let two = BUCKET.replace("\nOutputs", "\n  Second: {Type: AWS::SNS::Topic}\nOutputs");
    create(&client, "logs", BUCKET).await;
    edit(&sandbox, rename_topics);
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::Drifted);
    assert_eq!(status(&update(&client, "logs", &two).await), "UPDATE_COMPLETE");
    assert_eq!(drift_of_stack(&client, "logs").await, "NOT_CHECKED");
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::Drifted);
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_reverts_drift_shows_and_repairs_it() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    edit(&sandbox, rename_topics);
    let create = client.create_change_set().stack_name("logs").use_previous_template(true);
    let revert = create.change_set_name("repair").deployment_mode(DeploymentMode::RevertDrift);
    revert.send().await.unwrap();
    let set = described(&client, "logs", "repair").await;
    assert_eq!(set.stack_drift_status(), Some(&StackDriftStatus::Drifted));
    assert_eq!(changes(&set), ["Modify Topic False"]);
    let change = set.changes()[0].resource_change().unwrap();
    assert_eq!(change.resource_drift_status().unwrap().as_str(), "MODIFIED");
    let detail = &change.details()[0];
    assert_eq!(detail.change_source(), Some(&ChangeSource::NoModification));
    assert_eq!(detail.target().unwrap().drift().unwrap().actual_value(), Some("by hand"));
    client.execute_change_set().stack_name("logs").change_set_name("repair").send().await.unwrap();
    assert_eq!(status(&ended(&client, "logs").await), "UPDATE_COMPLETE");
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::InSync);
}

#[tokio::test(start_paused = true)]
async fn reverting_drift_makes_what_was_deleted_again() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    edit(&sandbox, |resources| resources["AWS::S3::Bucket"] = json!({}));
    let create = client.create_change_set().stack_name("logs").use_previous_template(true).change_set_name("repair");
    create.deployment_mode(DeploymentMode::RevertDrift).send().await.unwrap();
    let set = described(&client, "logs", "repair").await;
    assert_eq!(changes(&set)[0], "Add Bucket");
    client.execute_change_set().stack_name("logs").change_set_name("repair").send().await.unwrap();
    ended(&client, "logs").await;
    assert_eq!(detect(&client, "logs").await, StackDriftStatus::InSync);
    let nothing = client.create_change_set().stack_name("logs").use_previous_template(true).change_set_name("again");
    nothing.deployment_mode(DeploymentMode::RevertDrift).send().await.unwrap();
    assert_eq!(described(&client, "logs", "again").await.status().unwrap().as_str(), "FAILED");
}

#[tokio::test(start_paused = true)]
async fn drift_is_not_looked_for_in_a_stack_that_failed() {
    let (_, client) = stacks();
    create(&client, "logs", "Resources: {R: {Type: AWS::Example::Robot}}").await;
    assert_eq!(code(client.detect_stack_drift().stack_name("logs").send().await), "ValidationError");
}
