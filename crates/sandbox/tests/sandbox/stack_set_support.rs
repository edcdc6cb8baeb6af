//! An organization whose units have stack sets.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::operation::create_stack_instances::builders::CreateStackInstancesFluentBuilder;
use aws_sdk_cloudformation::operation::create_stack_set::builders::CreateStackSetFluentBuilder;
use aws_sdk_cloudformation::operation::delete_stack_instances::builders::DeleteStackInstancesFluentBuilder;
use aws_sdk_cloudformation::types::{
    AutoDeployment, Capability, DeploymentTargets, PermissionModels, StackInstanceSummary, StackSetOperation,
    StackSetOperationPreferences,
};
use landing_sandbox::{Options, Sandbox};

use crate::stack_support::{REGION, cloudformation};
use crate::support::{account_id, organization, unit};

/// A topic whose name differs in every account.
pub const TOPIC: &str = "
Parameters:
  Purpose: {Type: String, Default: alarms}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub ${Purpose}-${AWS::AccountId}
";

/// A bucket whose name only the first account can have.
pub const ONE_BUCKET: &str = "
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: only-one-of-this-name
";

/// An organization in which stack sets are trusted, with the unit `Workloads` and the accounts `a` and `b` in it.
pub struct World {
    pub sandbox: Sandbox,
    pub organizations: aws_sdk_organizations::Client,
    pub client: Client,
    pub root: String,
    pub workloads: String,
    pub a: String,
    pub b: String,
}

impl World {
    pub async fn new() -> Self {
        let (sandbox, organizations, root) = organization(Options::default()).await;
        let client = cloudformation(&sandbox, "AKIAMANAGEMENT", REGION);
        client.activate_organizations_access().send().await.unwrap();
        let workloads = unit(&organizations, &root, "Workloads").await;
        let (a, b) = (account_id(&organizations, "a").await, account_id(&organizations, "b").await);
        let world = Self { sandbox, organizations, client, root, workloads, a, b };
        world.move_to(&world.a, &world.workloads).await;
        world.move_to(&world.b, &world.workloads).await;
        world
    }

    /// Moves an account from wherever it is.
    pub async fn move_to(&self, account: &str, destination: &str) {
        let parents = self.organizations.list_parents().child_id(account).send().await.unwrap();
        let source = parents.parents()[0].id().unwrap();
        let moving = self.organizations.move_account().account_id(account).source_parent_id(source);
        moving.destination_parent_id(destination).send().await.unwrap();
    }

    /// The request for a service-managed stack set called `set`.
    pub fn create(&self, template: &str) -> CreateStackSetFluentBuilder {
        let create = self.client.create_stack_set().stack_set_name("set").template_body(template);
        create.permission_model(PermissionModels::ServiceManaged).capabilities(Capability::CapabilityNamedIam)
    }

    /// Makes the stack set, which follows accounts, and keeps the stacks of those that leave if it is to `retain`.
    pub async fn following(&self, template: &str, retain: bool) {
        let auto = AutoDeployment::builder().enabled(true).retain_stacks_on_account_removal(retain).build();
        self.create(template).auto_deployment(auto).send().await.unwrap();
    }

    /// The request to deploy it to a unit in [`REGION`], five accounts at once whatever fails.
    pub fn deploy(&self, unit: &str) -> CreateStackInstancesFluentBuilder {
        let targets = DeploymentTargets::builder().organizational_unit_ids(unit).build();
        let add = self.client.create_stack_instances().stack_set_name("set").deployment_targets(targets);
        add.regions(REGION).operation_preferences(at_once())
    }

    /// The request to remove it from a unit in [`REGION`].
    pub fn withdraw(&self, unit: &str, retain: bool) -> DeleteStackInstancesFluentBuilder {
        let targets = DeploymentTargets::builder().organizational_unit_ids(unit).build();
        let remove = self.client.delete_stack_instances().stack_set_name("set").deployment_targets(targets);
        remove.regions(REGION).retain_stacks(retain).operation_preferences(at_once())
    }

    /// Deploys it to a unit and answers how that ended.
    pub async fn deployed(&self, unit: &str) -> StackSetOperation {
        let id = self.deploy(unit).send().await.unwrap().operation_id().unwrap().to_owned();
        self.ended(&id).await
    }

    /// How an operation ended.
    pub async fn ended(&self, id: &str) -> StackSetOperation {
        loop {
            let found = self.client.describe_stack_set_operation().stack_set_name("set").operation_id(id);
            let found = found.send().await.unwrap().stack_set_operation().unwrap().clone();
            if found.end_timestamp().is_some() {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Waits until no operation is under way.
    pub async fn rest(&self) {
        loop {
            let all = self.client.list_stack_set_operations().stack_set_name("set").send().await.unwrap();
            if all.summaries().iter().all(|operation| operation.end_timestamp().is_some()) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    pub async fn instances(&self) -> Vec<StackInstanceSummary> {
        let all = self.client.list_stack_instances().stack_set_name("set").send().await.unwrap();
        all.summaries().to_vec()
    }

    /// The accounts that have an instance.
    pub async fn accounts(&self) -> Vec<String> {
        self.instances().await.iter().map(|instance| instance.account().unwrap().to_owned()).collect()
    }

    /// How many topics an account really has.
    pub fn topics(&self, account: &str) -> usize {
        let state = self.sandbox.snapshot();
        state["resources"][account][REGION]["AWS::SNS::Topic"].as_object().map_or(0, serde_json::Map::len)
    }
}

pub fn at_once() -> StackSetOperationPreferences {
    StackSetOperationPreferences::builder().max_concurrent_count(5).failure_tolerance_count(5).build()
}

/// The status of an operation.
pub fn status(operation: &StackSetOperation) -> &str {
    operation.status().unwrap().as_str()
}
