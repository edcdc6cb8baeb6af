//! Mending one stack of a stack set by its own template.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html>

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{Change, ChangeSetType, DeploymentMode, Parameter, Stack};

use super::super::{WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::kinds::shared::change_set::{Effect, effect, wait_for_it, worked_out};
use crate::kinds::shared::deployment::unused_change_set_name;
use crate::kinds::shared::drift::Place;
use crate::kinds::shared::wait::Wait;
use crate::model::Address;

/// How long CloudFormation may work on one stack, as for stacks outside of sets.
const PATIENCE: Duration = Duration::from_secs(3 * 3600);

/// One stack whose resources are to be as its template says.
pub(super) struct Revert<'a> {
    pub context: &'a WriteContext,
    /// The stack set.
    pub address: &'a Address,
    pub place: Place<'a>,
    /// The logical ids of what the plan showed.
    pub resources: BTreeSet<&'a str>,
}

impl Revert<'_> {
    /// Makes the resources anew, and waits for it.
    ///
    /// # Errors
    /// When AWS refuses, when CloudFormation would do more than the plan showed, and when something is left.
    pub async fn carry_out(&self) -> Result<(), WriteError> {
        let client = self.context.cloud.cloudformation(self.place.access, self.place.region).await?;
        let reverted = self.revert(&client).await;
        reverted.map_err(|error| match error {
            WriteError::Aws(error) => WriteError::Aws(self.place.access.in_account(error)),
            other => other,
        })?;
        self.place.confirm_repaired(self.context, self.address).await
    }

    async fn revert(&self, client: &Client) -> Result<(), WriteError> {
        let name = unused_change_set_name();
        self.order(client, &name).await?;
        let Some(changes) = self.worked_out(client, &name).await? else { return Ok(()) };
        let unseen = unshown(&changes, &self.resources);
        if unseen.is_empty() {
            let request = client.execute_change_set().stack_name(self.place.id).change_set_name(&name);
            request.send().await.explain("cloudformation:ExecuteChangeSet")?;
            return self.until_at_rest(client).await;
        }
        let request = client.delete_change_set().stack_name(self.place.id).change_set_name(&name);
        request.send().await.explain("cloudformation:DeleteChangeSet")?;
        Err(WriteError::Refused {
            message: format!("mending {} CloudFormation would also touch {}", self.place.id, unseen.join(", ")),
            help: "look for drift anew with `landing drift`, and apply again".into(),
        })
    }

    /// The same template, parameters and tags once more, but with what is there compared as well.
    async fn order(&self, client: &Client, name: &str) -> Result<(), AwsError> {
        let stack = self.stack(client).await?;
        let previous = |it: &Parameter| {
            let parameter = Parameter::builder().set_parameter_key(it.parameter_key().map(str::to_owned));
            parameter.use_previous_value(true).build()
        };
        let request = client.create_change_set().stack_name(self.place.id).change_set_name(name);
        let request = request.change_set_type(ChangeSetType::Update).use_previous_template(true);
        let request = request.set_parameters(Some(stack.parameters().iter().map(previous).collect()));
        let request = request.set_capabilities(Some(stack.capabilities().to_vec()));
        let request = request.deployment_mode(DeploymentMode::RevertDrift).send().await;
        match request.explain("cloudformation:CreateChangeSet") {
            // The SDK has repeated a call whose answer was lost.
            Err(error) if error.is("AlreadyExistsException") => Ok(()),
            made => made.map(drop),
        }
    }

    /// What a change set would do; nothing where there is nothing to do.
    async fn worked_out(&self, client: &Client, name: &str) -> Result<Option<Vec<Change>>, WriteError> {
        let set = worked_out(client, self.place.id, name, wait_for_it(self.context, self.address)).await?;
        // Where it failed, the resources are as the template says by now. What else may be wrong shows when AWS looks again.
        Ok(set.is_ready().then_some(set.changes))
    }

    async fn until_at_rest(&self, client: &Client) -> Result<(), WriteError> {
        let mut wait = Wait::new(self.context, self.address, PATIENCE);
        loop {
            let stack = self.stack(client).await?;
            let status = stack.stack_status().map_or("", |status| status.as_str());
            match status {
                "UPDATE_COMPLETE" => return Ok(()),
                _ if status.ends_with("_IN_PROGRESS") => {
                    wait.next(format!("{} is {status}", self.place.id)).await?;
                }
                _ => {
                    let reason = stack.stack_status_reason().unwrap_or("AWS gives no reason");
                    return Err(WriteError::Failed {
                        message: format!("mending {} ended as {status}: {reason}", self.place.id),
                        help: "look at the stack's events, fix what CloudFormation reports, then run apply again"
                            .into(),
                    });
                }
            }
        }
    }

    async fn stack(&self, client: &Client) -> Result<Stack, AwsError> {
        const OPERATION: &str = "cloudformation:DescribeStacks";
        let reply = client.describe_stacks().stack_name(self.place.id).send().await.explain(OPERATION)?;
        reply.stacks().first().cloned().ok_or_else(|| AwsError::odd(OPERATION, "the stack is not there"))
    }
}

/// The resources that a change set would touch and the plan did not show, or would do more to than change them.
fn unshown(changes: &[Change], resources: &BTreeSet<&str>) -> Vec<String> {
    let is_shown = |change: &Change| {
        let change = change.resource_change().filter(|change| effect(change) == Effect::Harmless);
        change.and_then(|change| change.logical_resource_id()).is_some_and(|id| resources.contains(id))
    };
    let name = |change: &Change| {
        let id = change.resource_change().and_then(|change| change.logical_resource_id());
        id.unwrap_or("something that has no name").to_owned()
    };
    changes.iter().filter(|change| !is_shown(change)).map(name).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{ChangeAction, Replacement, ResourceChange};

    use super::*;

    fn change(action: ChangeAction, id: &str, replacement: Replacement) -> Change {
        let change = ResourceChange::builder().action(action).logical_resource_id(id).replacement(replacement);
        Change::builder().resource_change(change.build()).build()
    }

    #[test]
    fn only_what_the_plan_showed_is_changed_and_nothing_is_removed_or_replaced() {
        let shown = BTreeSet::from(["A"]);
        let of = |changes: &[Change]| unshown(changes, &shown);
        assert_eq!(of(&[change(ChangeAction::Modify, "A", Replacement::False)]), [""; 0]);
        assert_eq!(of(&[change(ChangeAction::Add, "A", Replacement::False)]), [""; 0]);
        assert_eq!(of(&[change(ChangeAction::Modify, "B", Replacement::False)]), ["B"]);
        for replacement in [Replacement::True, Replacement::Conditional] {
            assert_eq!(of(&[change(ChangeAction::Modify, "A", replacement)]), ["A"]);
        }
        assert_eq!(of(&[change(ChangeAction::Remove, "A", Replacement::False)]), ["A"]);
        assert_eq!(of(&[Change::builder().build()]), ["something that has no name"]);
    }
}
