//! Service-managed stack sets and their instances.

use aws_sdk_cloudformation::types::{
    AccountFilterType, AutoDeployment, CallAs, DeploymentTargets, ManagedExecution, PermissionModels,
};
use landing_sandbox::Options;
use serde_json::json;

use crate::stack_set_support::{TOPIC, World, at_once, status};
use crate::stack_support::{REGION, cloudformation, message, parameter};
use crate::support::{code, organization, unit};

#[tokio::test(start_paused = true)]
async fn an_instance_is_a_stack_in_every_account_below_the_unit() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let inner = unit(&world.organizations, &world.workloads, "Dev").await;
    world.move_to(&world.b, &inner).await;
    let ended = world.deployed(&world.workloads).await;
    assert_eq!((ended.action().unwrap().as_str(), status(&ended)), ("CREATE", "SUCCEEDED"));
    assert_eq!(world.accounts().await.len(), 2);
    let instance = &world.instances().await[0];
    assert_eq!(instance.status().unwrap().as_str(), "CURRENT");
    assert_eq!(instance.stack_instance_status().unwrap().detailed_status().unwrap().as_str(), "SUCCEEDED");
    assert_eq!(instance.organizational_unit_id(), Some(world.workloads.as_str()));
    assert!(instance.stack_id().unwrap().contains(":stack/StackSet-set-"), "{instance:?}");
    assert_eq!((world.topics(&world.a), world.topics(&world.b)), (1, 1));
    let set = world.client.describe_stack_set().stack_set_name("set").send().await.unwrap();
    let set = set.stack_set().unwrap();
    assert_eq!(
        (set.organizational_unit_ids(), set.regions()),
        ([world.workloads.clone()].as_slice(), [REGION.to_owned()].as_slice())
    );
}

#[tokio::test(start_paused = true)]
async fn the_management_account_has_no_instance() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.root).await;
    assert_eq!(world.accounts().await.len(), 2);
    assert_eq!(world.topics("111111111111"), 0);
}

#[tokio::test(start_paused = true)]
async fn stack_sets_need_trusted_access_and_an_administrator() {
    let (sandbox, _, _) = organization(Options::default()).await;
    let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
    let create = || {
        let create = client.create_stack_set().stack_set_name("set").template_body(TOPIC);
        create.permission_model(PermissionModels::ServiceManaged)
    };
    let refused = message(create().send().await);
    assert_eq!(refused, "You must enable organizations access to operate a service managed stack set");
    client.activate_organizations_access().send().await.unwrap();
    assert!(message(create().call_as(CallAs::DelegatedAdmin).send().await).contains("delegated admin account"));
    create().send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_delegated_administrator_works_with_the_managements_stack_sets() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let change = |state: &mut serde_json::Value| {
        let service = "member.org.stacksets.cloudformation.amazonaws.com";
        state["organization"]["delegated"][&world.a] = json!({service: 0});
        state["principals"]["AKIAADMIN"] = json!({"arn": format!("arn:aws:iam::{}:user/x", world.a)});
    };
    world.sandbox.edit(change).unwrap();
    let member = cloudformation(&world.sandbox, "AKIAADMIN", REGION);
    let list = member.list_stack_sets().call_as(CallAs::DelegatedAdmin).send().await.unwrap();
    assert_eq!(list.summaries().len(), 1);
    assert!(member.list_stack_sets().send().await.unwrap().summaries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_name_is_taken_once_but_the_same_request_may_be_repeated() {
    let world = World::new().await;
    let create = world.create(TOPIC).client_request_token("one");
    let id = create.clone().send().await.unwrap().stack_set_id().unwrap().to_owned();
    assert_eq!(create.send().await.unwrap().stack_set_id(), Some(id.as_str()));
    assert_eq!(code(world.create(TOPIC).send().await), "NameAlreadyExistsException");
    let by_id = world.client.describe_stack_set().stack_set_name(&id).send().await.unwrap();
    assert_eq!(by_id.stack_set().unwrap().stack_set_id(), Some(id.as_str()));
    let none = world.client.describe_stack_set().stack_set_name("none").send().await;
    assert_eq!(code(none), "StackSetNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn retention_is_a_matter_of_automatic_deployment() {
    let world = World::new().await;
    let auto = AutoDeployment::builder().enabled(false).retain_stacks_on_account_removal(true).build();
    assert_eq!(code(world.create(TOPIC).auto_deployment(auto).send().await), "ValidationError");
}

#[tokio::test(start_paused = true)]
async fn only_a_stack_set_without_instances_is_deleted() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.workloads).await;
    let delete = world.client.delete_stack_set().stack_set_name("set");
    assert_eq!(code(delete.clone().send().await), "StackSetNotEmptyException");
    let id = world.withdraw(&world.workloads, false).send().await.unwrap().operation_id().unwrap().to_owned();
    assert_eq!(code(delete.clone().send().await), "OperationInProgressException");
    world.ended(&id).await;
    assert_eq!(world.topics(&world.a), 0);
    delete.send().await.unwrap();
    assert!(world.client.list_stack_sets().send().await.unwrap().summaries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn retained_stacks_outlive_their_instances() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.workloads).await;
    let id = world.withdraw(&world.workloads, true).send().await.unwrap().operation_id().unwrap().to_owned();
    assert_eq!(world.ended(&id).await.retain_stacks(), Some(true));
    assert!(world.instances().await.is_empty());
    assert_eq!(world.topics(&world.a), 1);
}

#[tokio::test(start_paused = true)]
async fn accounts_can_be_chosen_within_units() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let targets = |filter: Option<AccountFilterType>| {
        let targets = DeploymentTargets::builder().organizational_unit_ids(&world.workloads).accounts(&world.a);
        world.deploy(&world.workloads).deployment_targets(targets.set_account_filter_type(filter).build())
    };
    assert_eq!(code(targets(None).send().await), "ValidationError");
    assert_eq!(code(targets(Some(AccountFilterType::Union)).send().await), "ValidationError");
    let begun = targets(Some(AccountFilterType::Difference)).send().await.unwrap();
    world.ended(begun.operation_id().unwrap()).await;
    assert_eq!(world.accounts().await, [world.b.as_str()]);
    let begun = targets(Some(AccountFilterType::Intersection)).send().await.unwrap();
    world.ended(begun.operation_id().unwrap()).await;
    assert_eq!(world.accounts().await.len(), 2);
    let accounts = world.client.create_stack_instances().stack_set_name("set").accounts(&world.a).regions(REGION);
    assert!(message(accounts.send().await).contains("can only have OrganizationalUnit as target"));
    assert_eq!(code(world.deploy("ou-none-00000000").send().await), "ValidationError");
}

#[tokio::test(start_paused = true)]
async fn an_update_reaches_the_instances_and_outdates_those_that_it_leaves_out() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.deployed(&world.workloads).await;
    let update = || {
        let update = world.client.update_stack_set().stack_set_name("set").use_previous_template(true);
        update.operation_preferences(at_once())
    };
    let only = DeploymentTargets::builder().organizational_unit_ids(&world.workloads).accounts(&world.a);
    let only = only.account_filter_type(AccountFilterType::Intersection).build();
    let begun = update().parameters(parameter("Purpose", "alerts")).deployment_targets(only).regions(REGION);
    world.ended(begun.send().await.unwrap().operation_id().unwrap()).await;
    let of = async |account: &str| {
        let one = world.client.describe_stack_instance().stack_set_name("set").stack_instance_account(account);
        let one = one.stack_instance_region(REGION).send().await.unwrap();
        one.stack_instance().unwrap().status().unwrap().as_str().to_owned()
    };
    assert_eq!((of(&world.a).await.as_str(), of(&world.b).await.as_str()), ("CURRENT", "OUTDATED"));
    let begun = update().parameters(parameter("Purpose", "alerts")).send().await.unwrap();
    world.ended(begun.operation_id().unwrap()).await;
    assert_eq!(of(&world.b).await, "CURRENT");
    let state = world.sandbox.snapshot();
    let topics = state["resources"][&world.b][REGION]["AWS::SNS::Topic"].as_object().unwrap();
    assert!(topics.keys().next().unwrap().contains("alerts-"), "{topics:?}");
}

#[tokio::test(start_paused = true)]
async fn instances_may_override_parameters() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    let unknown = world.deploy(&world.workloads).parameter_overrides(parameter("None", "x")).send().await;
    assert_eq!(code(unknown), "ValidationError");
    let begun = world.deploy(&world.workloads).parameter_overrides(parameter("Purpose", "special"));
    world.ended(begun.send().await.unwrap().operation_id().unwrap()).await;
    let one = world.client.describe_stack_instance().stack_set_name("set").stack_instance_account(&world.a);
    let one = one.stack_instance_region(REGION).send().await.unwrap();
    assert_eq!(one.stack_instance().unwrap().parameter_overrides()[0].parameter_value(), Some("special"));
    let state = world.sandbox.snapshot();
    let topics = state["resources"][&world.a][REGION]["AWS::SNS::Topic"].as_object().unwrap();
    assert!(topics.keys().next().unwrap().contains("special-"), "{topics:?}");
}

#[tokio::test(start_paused = true)]
async fn suspended_accounts_are_skipped() {
    let world = World::new().await;
    world.create(TOPIC).send().await.unwrap();
    world.organizations.close_account().account_id(&world.a).send().await.unwrap();
    let ended = world.deployed(&world.workloads).await;
    assert_eq!(status(&ended), "SUCCEEDED");
    let instances = world.instances().await;
    let skipped = instances.iter().find(|instance| instance.account() == Some(&world.a)).unwrap();
    let detailed = skipped.stack_instance_status().unwrap().detailed_status().unwrap();
    assert_eq!(detailed.as_str(), "SKIPPED_SUSPENDED_ACCOUNT");
}

#[tokio::test(start_paused = true)]
async fn what_would_be_too_much_is_refused() {
    let world = World::new().await;
    world.sandbox.edit(|state| state["quotas"]["stack_instances"] = json!(1)).unwrap();
    let managed = ManagedExecution::builder().active(true).build();
    world.create(TOPIC).managed_execution(managed).send().await.unwrap();
    assert_eq!(code(world.deploy(&world.workloads).send().await), "LimitExceededException");
    world.sandbox.edit(|state| state["quotas"]["stack_sets"] = json!(1)).unwrap();
    let another = world.create(TOPIC).stack_set_name("another").send().await;
    assert_eq!(code(another), "LimitExceededException");
}
