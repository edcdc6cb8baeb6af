//! Stacks: created, updated, described, deleted.

use aws_sdk_cloudformation::types::{Capability, StackStatus};

use crate::stack_support::{
    BUCKET, cloudformation, create, ended, events, message, output, parameter, stack, stacks, status, tag, update,
};
use crate::support::code;

#[tokio::test(start_paused = true)]
async fn a_stack_is_created_asynchronously_and_reports_its_resources() {
    let (_, client) = stacks();
    let made = client.create_stack().stack_name("logs").template_body(BUCKET).tags(tag("team", "a")).send();
    let id = made.await.unwrap().stack_id().unwrap().to_owned();
    assert!(id.starts_with("arn:aws:cloudformation:ap-southeast-2:111111111111:stack/logs/"), "{id}");
    assert_eq!(status(&stack(&client, "logs").await), "CREATE_IN_PROGRESS");
    let stack = ended(&client, &id).await;
    assert_eq!(status(&stack), "CREATE_COMPLETE");
    assert_eq!(output(&stack, "Arn"), "arn:aws:s3:::logs-of-everything");
    assert_eq!(stack.tags(), [tag("team", "a")]);
    assert_eq!(stack.drift_information().unwrap().stack_drift_status().unwrap().as_str(), "NOT_CHECKED");
    let resources = client.describe_stack_resources().stack_name("logs").send().await.unwrap();
    let bucket = &resources.stack_resources()[0];
    assert_eq!(bucket.physical_resource_id(), Some("logs-of-everything"));
    assert_eq!(bucket.resource_status().unwrap().as_str(), "CREATE_COMPLETE");
    let expected = [
        "logs CREATE_IN_PROGRESS",
        "Bucket CREATE_IN_PROGRESS",
        "Bucket CREATE_COMPLETE",
        "Topic CREATE_IN_PROGRESS",
        "Topic CREATE_COMPLETE",
        "logs CREATE_COMPLETE",
    ];
    assert_eq!(events(&client, "logs").await, expected);
    let again = client.create_stack().stack_name("logs").template_body(BUCKET).send().await;
    assert_eq!(code(again), "AlreadyExistsException");
}

#[tokio::test(start_paused = true)]
async fn an_update_changes_what_differs_and_one_that_changes_nothing_is_refused() {
    let (sandbox, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let same = client.update_stack().stack_name("logs").use_previous_template(true).send().await;
    assert_eq!(message(same), "No updates are to be performed.");
    let template = BUCKET.replace("!GetAtt Bucket.Arn\nOutputs", "changed\nOutputs");
    let updated = update(&client, "logs", &template).await;
    assert_eq!(status(&updated), "UPDATE_COMPLETE");
    let topics = sandbox.snapshot()["resources"]["111111111111"]["ap-southeast-2"]["AWS::SNS::Topic"].clone();
    let topic = topics.as_object().unwrap().values().next().unwrap();
    assert_eq!(topic["properties"]["DisplayName"], "changed");
    let missing = client.update_stack().stack_name("none").template_body(BUCKET).send().await;
    assert_eq!(message(missing), "Stack [none] does not exist");
}

#[tokio::test(start_paused = true)]
async fn a_deleted_stack_takes_its_resources_along_and_is_known_by_its_id_alone() {
    let (sandbox, client) = stacks();
    let id = create(&client, "logs", BUCKET).await.stack_id().unwrap().to_owned();
    client.delete_stack().stack_name("logs").send().await.unwrap();
    let gone = ended(&client, &id).await;
    assert_eq!(status(&gone), "DELETE_COMPLETE");
    assert_eq!(sandbox.snapshot()["resources"]["111111111111"]["ap-southeast-2"], serde_json::json!({}));
    let missing = client.describe_stacks().stack_name("logs").send().await;
    assert_eq!(message(missing), "Stack with id logs does not exist");
    client.delete_stack().stack_name("logs").send().await.unwrap();
    let listed = client.list_stacks().stack_status_filter(StackStatus::DeleteComplete).send().await.unwrap();
    assert_eq!(listed.stack_summaries().len(), 1);
    assert_eq!(status(&create(&client, "logs", BUCKET).await), "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_protected_stack_is_not_deleted() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let protect =
        |enable| client.update_termination_protection().stack_name("logs").enable_termination_protection(enable);
    protect(true).send().await.unwrap();
    assert_eq!(stack(&client, "logs").await.enable_termination_protection(), Some(true));
    let refused = client.delete_stack().stack_name("logs").send().await;
    assert_eq!(message(refused), "Stack [logs] cannot be deleted while TerminationProtection is enabled");
    protect(false).send().await.unwrap();
    client.delete_stack().stack_name("logs").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn retained_resources_outlive_their_stack() {
    let (sandbox, client) = stacks();
    let template = BUCKET.replace("Type: AWS::S3::Bucket", "Type: AWS::S3::Bucket\n    DeletionPolicy: Retain");
    let id = create(&client, "logs", &template).await.stack_id().unwrap().to_owned();
    client.delete_stack().stack_name("logs").send().await.unwrap();
    ended(&client, &id).await;
    assert!(events(&client, &id).await.contains(&"Bucket DELETE_SKIPPED".to_owned()));
    let left = &sandbox.snapshot()["resources"]["111111111111"]["ap-southeast-2"];
    assert!(left["AWS::S3::Bucket"]["logs-of-everything"].is_object(), "{left}");
    assert_eq!(status(&create(&client, "logs", &template).await), "ROLLBACK_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn stacks_are_of_one_account_and_region_and_listed_by_pages() {
    let (sandbox, client) = stacks();
    let handle = "{\"Resources\": {\"H\": {\"Type\": \"AWS::CloudFormation::WaitConditionHandle\"}}}";
    for number in 0..101 {
        client.create_stack().stack_name(format!("s{number}")).template_body(handle).send().await.unwrap();
    }
    let first = client.describe_stacks().send().await.unwrap();
    assert_eq!(first.stacks().len(), 100);
    let rest = client.describe_stacks().next_token(first.next_token().unwrap()).send().await.unwrap();
    assert_eq!((rest.stacks().len(), rest.next_token()), (1, None));
    let elsewhere = cloudformation(&sandbox, "AKIAMANAGEMENT", "us-east-1");
    assert!(elsewhere.describe_stacks().send().await.unwrap().stacks().is_empty());
    sandbox.edit(|state| state["quotas"]["stacks"] = 101.into()).unwrap();
    let over = client.create_stack().stack_name("over").template_body(handle).send().await;
    assert_eq!(code(over), "LimitExceededException");
}

#[tokio::test(start_paused = true)]
async fn iam_resources_need_their_capability() {
    let (_, client) = stacks();
    let role = |name: &str| {
        format!(
            "{{\"Resources\": {{\"R\": {{\"Type\": \"AWS::IAM::Role\", \"Properties\": {{{name} \
             \"AssumeRolePolicyDocument\": {{\"Statement\": []}}}}}}}}}}"
        )
    };
    let create = |template: String| client.create_stack().stack_name("roles").template_body(template);
    let refused = create(role("")).send().await;
    assert_eq!(message(refused), "Requires capabilities : [CAPABILITY_IAM]");
    let named = create(role("\"RoleName\": \"r\",")).capabilities(Capability::CapabilityIam).send().await;
    assert_eq!(code(named), "InsufficientCapabilitiesException");
    create(role("")).capabilities(Capability::CapabilityIam).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn templates_are_kept_as_submitted_and_summed_up() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let kept = client.get_template().stack_name("logs").send().await.unwrap();
    assert_eq!(kept.template_body(), Some(BUCKET));
    let summary = client.get_template_summary().stack_name("logs").send().await.unwrap();
    assert_eq!(summary.resource_types(), ["AWS::S3::Bucket", "AWS::SNS::Topic"]);
    let long = format!("{BUCKET}#{}", "x".repeat(51_200));
    assert_eq!(code(client.validate_template().template_body(long).send().await), "ValidationError");
    let invalid = client.validate_template().template_body("Resources: {A: {Type: T, DependsOn: B}}").send().await;
    assert_eq!(
        message(invalid),
        "Template format error: Unresolved resource dependencies [B] in the Resources block of the template"
    );
}

#[tokio::test(start_paused = true)]
async fn hidden_parameters_stay_hidden_and_previous_values_stay() {
    let (_, client) = stacks();
    let template = "
Parameters:
  Secret: {Type: String, NoEcho: true}
  Size: {Type: Number, MinValue: 1, Default: 3}
Resources:
  P: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub '${Size}-${Secret}'}}
";
    let create = client.create_stack().stack_name("p").template_body(template);
    assert_eq!(message(create.clone().send().await), "Parameters: [Secret] must have values");
    let wrong = create.clone().parameters(parameter("Secret", "s")).parameters(parameter("Size", "0")).send().await;
    assert_eq!(message(wrong), "Parameter 'Size' must be a number at least 1");
    create.parameters(parameter("Secret", "s")).send().await.unwrap();
    let made = ended(&client, "p").await;
    assert_eq!(made.parameters(), [parameter("Secret", "****"), parameter("Size", "3")]);
    let keep = aws_sdk_cloudformation::types::Parameter::builder().parameter_key("Secret").use_previous_value(true);
    let update = client.update_stack().stack_name("p").use_previous_template(true).parameters(keep.build());
    update.parameters(parameter("Size", "4")).send().await.unwrap();
    assert_eq!(status(&ended(&client, "p").await), "UPDATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn exports_cannot_go_while_they_are_imported() {
    let (_, client) = stacks();
    let exporting = BUCKET.to_owned() + "    Export: {Name: archive}\n";
    create(&client, "logs", &exporting).await;
    let importing = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !ImportValue archive}}}";
    assert_eq!(status(&create(&client, "alarms", importing).await), "CREATE_COMPLETE");
    let exports = client.list_exports().send().await.unwrap();
    assert_eq!(exports.exports()[0].value(), Some("arn:aws:s3:::logs-of-everything"));
    client.delete_stack().stack_name("logs").send().await.unwrap();
    let kept = ended(&client, "logs").await;
    assert_eq!(kept.stack_status_reason(), Some("Export archive cannot be deleted as it is in use by alarms"));
    let other = importing.replace("archive", "nothing");
    assert_eq!(status(&create(&client, "broken", &other).await), "ROLLBACK_COMPLETE");
}
