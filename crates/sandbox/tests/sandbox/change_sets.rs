//! Change sets: exactly what would change.

use aws_sdk_cloudformation::types::{ChangeSetStatus, ChangeSetType, ChangeSource, EvaluationType, RequiresRecreation};

use crate::stack_support::{
    BUCKET, change_set, changes, create, described, ended, message, parameter, stack, stacks, status,
};
use crate::support::code;

#[tokio::test(start_paused = true)]
async fn a_change_set_that_creates_leaves_a_stack_in_review_until_it_is_executed() {
    let (_, client) = stacks();
    let set = change_set(&client, "logs", ChangeSetType::Create, BUCKET).await;
    assert_eq!(changes(&set), ["Add Bucket", "Add Topic"]);
    assert_eq!(status(&stack(&client, "logs").await), "REVIEW_IN_PROGRESS");
    client.execute_change_set().stack_name("logs").change_set_name("change").send().await.unwrap();
    assert_eq!(status(&stack(&client, "logs").await), "CREATE_IN_PROGRESS");
    assert_eq!(status(&ended(&client, "logs").await), "CREATE_COMPLETE");
    let again = client.execute_change_set().stack_name("logs").change_set_name("change").send().await;
    assert_eq!(code(again), "InvalidChangeSetStatus");
    let second = client.create_change_set().stack_name("logs").change_set_name("c").template_body(BUCKET);
    assert_eq!(code(second.change_set_type(ChangeSetType::Create).send().await), "ValidationError");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_of_nothing_fails_and_says_so() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let set = change_set(&client, "logs", ChangeSetType::Update, BUCKET).await;
    assert_eq!(set.status(), Some(&ChangeSetStatus::Failed));
    assert!(set.status_reason().unwrap().starts_with("The submitted information didn't contain changes."));
    client.delete_change_set().stack_name("logs").change_set_name("change").send().await.unwrap();
    let reformatted =
        change_set(&client, "logs", ChangeSetType::Update, &format!("Description: the same\n{BUCKET}")).await;
    assert_eq!(reformatted.status_reason(), Some("No updates are to be performed."));
    let execute = client.execute_change_set().stack_name("logs").change_set_name("change").send().await;
    assert_eq!(code(execute), "InvalidChangeSetStatus");
    assert_eq!(status(&stack(&client, "logs").await), "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn a_replacement_reaches_what_refers_to_it() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let renamed = BUCKET.replace("logs-of-everything", "logs-of-nothing");
    let set = change_set(&client, "logs", ChangeSetType::Update, &renamed).await;
    assert_eq!(changes(&set), ["Modify Bucket True", "Modify Topic False"]);
    let bucket = &set.changes()[0].resource_change().unwrap().details()[0];
    let target = bucket.target().unwrap();
    assert_eq!((target.name(), target.requires_recreation()), (Some("BucketName"), Some(&RequiresRecreation::Always)));
    assert_eq!((target.before_value(), target.after_value()), (Some("logs-of-everything"), Some("logs-of-nothing")));
    assert_eq!(bucket.change_source(), Some(&ChangeSource::DirectModification));
    let topic = &set.changes()[1].resource_change().unwrap().details()[0];
    assert_eq!(topic.evaluation(), Some(&EvaluationType::Dynamic));
    assert_eq!(topic.causing_entity(), Some("Bucket.Arn"));
    client.execute_change_set().stack_name("logs").change_set_name("change").send().await.unwrap();
    let done = ended(&client, "logs").await;
    assert_eq!(done.outputs()[0].output_value(), Some("arn:aws:s3:::logs-of-nothing"));
}

#[tokio::test(start_paused = true)]
async fn a_name_behind_a_replaced_resource_is_replaced_conditionally() {
    let (_, client) = stacks();
    let template = "
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}
  Rule: {Type: AWS::Events::Rule, Properties: {Name: !GetAtt Topic.TopicName, ScheduleExpression: rate(1 day)}}
";
    create(&client, "rules", template).await;
    let set = change_set(&client, "rules", ChangeSetType::Update, &template.replace("one", "two")).await;
    assert_eq!(changes(&set), ["Modify Topic True", "Modify Rule Conditional"]);
}

#[tokio::test(start_paused = true)]
async fn a_parameter_is_named_as_the_cause_and_removed_resources_are_listed() {
    let (_, client) = stacks();
    let template = "
Parameters: {Name: {Type: String, Default: a}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}
  Old: {Type: AWS::SNS::Topic, DeletionPolicy: Retain}
";
    create(&client, "topics", template).await;
    let without = template.replace("  Old: {Type: AWS::SNS::Topic, DeletionPolicy: Retain}\n", "");
    let made = client.create_change_set().stack_name("topics").change_set_name("c").template_body(without);
    made.parameters(parameter("Name", "b")).send().await.unwrap();
    let set = described(&client, "topics", "c").await;
    assert_eq!(changes(&set), ["Modify Topic False", "Remove Old"]);
    let detail = &set.changes()[0].resource_change().unwrap().details()[0];
    assert_eq!(detail.change_source(), Some(&ChangeSource::ParameterReference));
    assert_eq!(detail.causing_entity(), Some("Name"));
    assert_eq!(set.changes()[1].resource_change().unwrap().policy_action().unwrap().as_str(), "Retain");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_is_not_there_is_not_found() {
    let (_, client) = stacks();
    create(&client, "logs", BUCKET).await;
    let missing = client.describe_change_set().stack_name("logs").change_set_name("none").send().await;
    assert_eq!(code(missing), "ChangeSetNotFound");
    client.delete_change_set().stack_name("logs").change_set_name("none").send().await.unwrap();
    let update = client.create_change_set().stack_name("none").change_set_name("c").template_body(BUCKET).send().await;
    assert_eq!(message(update), "Stack [none] does not exist");
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_replaced_by_another_name_but_not_by_another_limit() {
    let (_, client) = stacks();
    let budget = |name: &str, limit: u32| {
        format!(
            "Resources: {{B: {{Type: AWS::Budgets::Budget, Properties: {{Budget: {{BudgetName: {name}, BudgetType: COST, \
             TimeUnit: MONTHLY, BudgetLimit: {{Amount: {limit}, Unit: USD}}}}}}}}}}"
        )
    };
    create(&client, "budget", &budget("a", 1)).await;
    let limit = change_set(&client, "budget", ChangeSetType::Update, &budget("a", 2)).await;
    assert_eq!(changes(&limit), ["Modify B False"]);
    client.delete_change_set().stack_name("budget").change_set_name("change").send().await.unwrap();
    let name = change_set(&client, "budget", ChangeSetType::Update, &budget("b", 1)).await;
    assert_eq!(changes(&name), ["Modify B True"]);
}
