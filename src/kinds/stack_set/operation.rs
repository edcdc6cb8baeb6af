use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{
    OperationResultFilter, OperationResultFilterName, Parameter, StackSetOperationPreferences,
    StackSetOperationResultStatus, StackSetOperationResultSummary,
};
use serde_json::json;

use super::super::read::PAGE;
use super::super::{WriteContext, WriteError};
use super::ended::{Ended, Failure, is_done};
use super::progress::{Described, Watch, is_under_way, pause};
use super::resource::{StackSet, Values};
use super::targets::Targets;
use crate::cloud::{AccountAccess, AwsError, Explain, Request, Service};
use crate::kinds::shared::deployment::{capabilities_of, parameters_of, tags_of};
use crate::kinds::shared::lag;
use crate::kinds::shared::template_source::TemplateSource;
use crate::kinds::shared::wait::Wait;
use crate::model::{Address, Tags};

/// How often AWS is asked for an operation that has just begun and that it does not know yet.
const NOT_KNOWN_YET: u32 = 5;

/// How long AWS may work on an operation, in hundreds of accounts one after another; and how long operations that others
/// began may keep a change from beginning its own.
const PATIENCE: Duration = Duration::from_secs(12 * 3600);

/// A stack set that is being changed.
pub(super) struct Set<'a> {
    pub client: Client,
    pub address: &'a Address,
    pub context: &'a WriteContext,
    pub preferences: StackSetOperationPreferences,
    /// About how many accounts it is for.
    pub accounts: usize,
}

/// What AWS does in many accounts, one operation of a stack set after another.
pub(super) enum Operation<'a> {
    /// Gives the set, and with it all of its stacks, what is wanted.
    Update { says: &'a StackSet, template: &'a TemplateSource, tags: &'a Tags },
    /// Makes stacks in units, which are targets from then on, or in some of their accounts, with values of their own.
    Deploy { targets: &'a Targets, overrides: &'a Values },
    /// Gives stacks values of their own and no others.
    Override { targets: &'a Targets, overrides: &'a Values },
    /// Takes stacks away from units, which are no targets any more, or from some of their accounts.
    Withdraw { targets: &'a Targets, retain: bool },
    /// Tries again where it failed.
    Retry(&'a Targets),
}

impl Set<'_> {
    /// As [`Set::carry_out`], without another try.
    pub(super) async fn carry_out_once(&self, operation: &Operation<'_>) -> Result<Ended, WriteError> {
        let mut wait = self.wait();
        loop {
            match self.begin(operation).await {
                // AWS follows an account that came or left, or others have begun an operation.
                Err(error) if error.is("OperationInProgressException") || error.is("StaleRequestException") => {
                    self.give_way(&mut wait).await?;
                }
                begun => return self.follow(&begun?).await,
            }
        }
    }

    /// Waits until no operation is under way, regardless of who began it.
    ///
    /// # Errors
    /// When AWS refuses to say, or the time is over.
    pub async fn wait_until_done(&self) -> Result<(), WriteError> {
        self.settle_within(&mut self.wait()).await
    }

    /// Waits after AWS has refused a call because another operation is under way. One wait for all refusals of a call
    /// bounds them together.
    pub async fn give_way(&self, wait: &mut Wait<'_>) -> Result<(), WriteError> {
        wait.next("another operation of the stack set is under way").await?;
        self.settle_within(wait).await
    }

    /// A wait for operations of this stack set.
    pub fn wait(&self) -> Wait<'_> {
        Wait::new(self.context, self.address, PATIENCE).every(pause)
    }

    async fn settle_within(&self, wait: &mut Wait<'_>) -> Result<(), WriteError> {
        const OPERATION: &str = "cloudformation:ListStackSetOperations";
        loop {
            // The newest come first, so those that are not over are on the first page.
            let reply = self.client.list_stack_set_operations().stack_set_name(self.name()).send().await;
            let reply = reply.explain(OPERATION)?;
            let under_way = reply.summaries().iter().find(|operation| is_under_way(operation.status()));
            let Some(id) = under_way.and_then(|operation| operation.operation_id()) else { return Ok(()) };
            self.until_over(id, "an earlier operation: ", wait).await?;
            wait.next_silently("others begin one operation after another").await?;
        }
    }

    pub fn name(&self) -> String {
        self.address.name()
    }

    async fn begin(&self, operation: &Operation<'_>) -> Result<String, AwsError> {
        let preferences = self.preferences.clone();
        let (id, name) = match operation {
            Operation::Update { says, template, tags } => {
                let request = self.client.update_stack_set().stack_set_name(self.name());
                let request = request.set_template_body(template.body()).set_template_url(template.url());
                let request = request.set_use_previous_template(template.is_kept());
                let request =
                    request.set_parameters(Some(parameters_of(&says.parameters))).set_tags(Some(tags_of(tags)));
                let request = request.set_capabilities(Some(capabilities_of(&says.template)));
                let request = request
                    .auto_deployment(self.auto_deployment(&says.auto_deployment))
                    .operation_preferences(preferences);
                let name = "cloudformation:UpdateStackSet";
                (request.send().await.explain(name)?.operation_id, name)
            }
            Operation::Deploy { targets, overrides } => {
                let request = self.client.create_stack_instances().stack_set_name(self.name());
                let request = request.deployment_targets(targets.deployment());
                let request = request.set_parameter_overrides(given(overrides));
                let request = request.set_regions(Some(targets.regions.clone())).operation_preferences(preferences);
                let name = "cloudformation:CreateStackInstances";
                (request.send().await.explain(name)?.operation_id, name)
            }
            Operation::Withdraw { targets, retain } => {
                let request = self.client.delete_stack_instances().stack_set_name(self.name());
                let request = request.deployment_targets(targets.deployment()).retain_stacks(*retain);
                let request = request.set_regions(Some(targets.regions.clone())).operation_preferences(preferences);
                let name = "cloudformation:DeleteStackInstances";
                (request.send().await.explain(name)?.operation_id, name)
            }
            Operation::Override { targets, overrides } => {
                let request = self.client.update_stack_instances().stack_set_name(self.name());
                let request = request.deployment_targets(targets.deployment());
                let request = request.set_parameter_overrides(given(overrides));
                let request = request.set_regions(Some(targets.regions.clone())).operation_preferences(preferences);
                let name = "cloudformation:UpdateStackInstances";
                (request.send().await.explain(name)?.operation_id, name)
            }
            Operation::Retry(targets) => {
                let request = self.client.update_stack_instances().stack_set_name(self.name());
                let request = request.deployment_targets(targets.deployment());
                let request = request.set_regions(Some(targets.regions.clone())).operation_preferences(preferences);
                let name = "cloudformation:UpdateStackInstances";
                (request.send().await.explain(name)?.operation_id, name)
            }
        };
        id.ok_or_else(|| AwsError::odd(name, "no operation"))
    }

    async fn follow(&self, id: &str) -> Result<Ended, WriteError> {
        let over = self.until_over(id, "", &mut self.wait()).await?;
        if is_done(&over) {
            return Ok(Ended::default());
        }
        let mut results = self.results(id, Some(StackSetOperationResultStatus::Failed)).await?;
        results.extend(self.results(id, Some(StackSetOperationResultStatus::Cancelled)).await?);
        Ok(Ended::of(&over, &results, |result| self.failure(result)))
    }

    fn failure(&self, result: &StackSetOperationResultSummary) -> Failure {
        let reason = result.status_reason().unwrap_or_default();
        Failure { text: self.describe(result), passes: lag::of_failure(self.context, result.account(), reason) }
    }

    /// The operation once it is over; `whose` begins what is said of it.
    async fn until_over(&self, id: &str, whose: &str, wait: &mut Wait<'_>) -> Result<Described, WriteError> {
        let (mut unknown, mut watch) = (0, Watch::new(self.accounts));
        loop {
            match self.described(id).await {
                Err(error) if error.is("OperationNotFoundException") && unknown < NOT_KNOWN_YET => {
                    unknown += 1;
                    wait.next_silently("AWS does not know the operation yet").await?;
                }
                described => {
                    let described = described?;
                    if !described.is_under_way() {
                        return Ok(described);
                    }
                    if described.progress.is_none() && watch.is_due() {
                        watch.listed(&self.results(id, None).await?);
                    }
                    wait.next(format!("{whose}{}", watch.words(&described))).await?;
                }
            }
        }
    }

    /// The operation as one call describes it. The answer has counts that the SDK's client does not know.
    async fn described(&self, id: &str) -> Result<Described, AwsError> {
        const OPERATION: &str = "DescribeStackSetOperation";
        let input = json!({"StackSetName": self.name(), "OperationId": id});
        let request = Request::new(Service::CLOUDFORMATION, OPERATION, input);
        let cloud = &self.context.cloud;
        let reply = cloud.call(&AccountAccess::own(), &cloud.region, request).await?;
        match &reply["StackSetOperation"] {
            operation if operation.is_object() => Ok(Described::of(operation)),
            _ => Err(AwsError::odd(&format!("cloudformation:{OPERATION}"), "no operation")),
        }
    }

    /// What became of single stacks, of those with one status or of all.
    async fn results(
        &self,
        id: &str,
        status: Option<StackSetOperationResultStatus>,
    ) -> Result<Vec<StackSetOperationResultSummary>, AwsError> {
        let filter = status.as_ref().map(|status| {
            let filter = OperationResultFilter::builder().name(OperationResultFilterName::OperationResultStatus);
            filter.values(status.as_str()).build()
        });
        let request = self.client.list_stack_set_operation_results().stack_set_name(self.name()).operation_id(id);
        let request = request.set_filters(filter.map(|filter| vec![filter])).max_results(PAGE);
        let results = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        match results.explain("cloudformation:ListStackSetOperationResults") {
            Err(error) if error.is("OperationNotFoundException") => Ok(Vec::new()),
            // An emulator may not know the filter.
            results => {
                let is_asked =
                    |result: &StackSetOperationResultSummary| status.is_none() || result.status() == status.as_ref();
                Ok(results?.into_iter().filter(is_asked).collect())
            }
        }
    }

    fn describe(&self, result: &StackSetOperationResultSummary) -> String {
        let id = result.account().unwrap_or_default();
        let account = self.context.address_of(id).map_or_else(|| id.to_owned(), |account| format!("{account} ({id})"));
        let (region, reason) = (result.region().unwrap_or_default(), result.status_reason().unwrap_or("no reason"));
        format!("{account} in {region}: {reason}")
    }
}

/// AWS leaves the values as they are where it is given no list.
fn given(overrides: &Values) -> Option<Vec<Parameter>> {
    (!overrides.is_empty()).then(|| parameters_of(overrides))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_sdk_cloudformation::config::{BehaviorVersion, Config};
    use tokio::time::Instant;

    use super::*;
    use crate::cloud::{Cloud, Connection};
    use crate::model::{Bindings, Desired};

    #[tokio::test(start_paused = true)]
    async fn operations_are_waited_for_12_hours_at_most() {
        let connection = Connection { region: Some("eu-west-1".into()), ..Connection::default() };
        let cloud = Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await);
        let context =
            WriteContext::new(cloud, Arc::new(Desired::default()), "1", Bindings::default(), |_: &Address, _| {});
        let address = Address::stack_set("base");
        let client = Client::from_conf(Config::builder().behavior_version(BehaviorVersion::latest()).build());
        let preferences = StackSetOperationPreferences::builder().build();
        let set = Set { client, address: &address, context: &context, preferences, accounts: 12 };
        assert_eq!(set.name(), "base");
        let failed = result("222222222222", "FAILED");
        assert_eq!(set.describe(&failed), "222222222222 in : no reason");
        let (start, mut wait) = (Instant::now(), set.wait());
        let error = loop {
            if let Err(error) = wait.next("3 of 12 stacks are done").await {
                break error;
            }
        };
        let waited = start.elapsed().as_secs();
        assert!((12 * 3600..12 * 3600 + 30).contains(&waited), "{waited}");
        let WriteError::Failed { message, help } = error else { panic!("{error:?}") };
        assert_eq!(message, "stack-set/base: timed out after 12 h: 3 of 12 stacks are done");
        assert!(help.contains("run apply again"));
    }

    fn result(account: &str, status: &str) -> StackSetOperationResultSummary {
        StackSetOperationResultSummary::builder()
            .account(account)
            .status(StackSetOperationResultStatus::from(status))
            .build()
    }
}
