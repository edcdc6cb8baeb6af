use std::time::Duration;

use aws_sdk_cloudformation::Client;

use super::super::read::{ContentsOf, StackFacts, stack_facts};
use super::super::{Step, WriteContext, WriteError};
use super::change_set::{ChangeSet, Order};
use super::failure::first_failure;
use super::lag;
use super::leftover::{LEFTOVER, LeftoverAction, fate, is_leftover, owner_of};
use super::recovery::{Recovery, recovery, way_out};
use super::resource::Stack;
use super::{is_at_rest, outputs};
use crate::cloud::{AccountAccess, Explain};
use crate::facts::Question;
use crate::kinds::shared::drift::{self, Place as StackLocation};
use crate::kinds::shared::lag::{PATIENCE, TRY_EVERY};
use crate::kinds::shared::ownership::owner;
use crate::kinds::shared::wait::Wait;
use crate::model::{Action, Address, Owner};

/// How long CloudFormation may work on a stack: custom resources alone may take an hour each.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>
const STACK_PATIENCE: Duration = Duration::from_secs(3 * 3600);

/// One stack in its account and region.
struct Place<'a> {
    client: Client,
    access: AccountAccess,
    region: String,
    step: &'a Step,
    context: &'a WriteContext,
    /// The stack's name.
    name: String,
}

/// Makes the stack as it is wanted, and waits for it; again where it was refused for a while only.
pub(super) async fn put(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let mut wait = Wait::new(context, &step.change.address, PATIENCE).every(|_| TRY_EVERY);
    loop {
        let Err(error) = put_once(step, context).await else { return Ok(()) };
        let Some(words) = lag::of(&error, step, context).await? else { return Err(error) };
        // On the limit, AWS's own error says more.
        wait.next(words).await.map_err(|_| error)?;
    }
}

async fn put_once(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let says: Stack = step.complete(context)?;
    let place = enter(step, context, &says).await?;
    let there = place.settled().await?;
    if let Some(stack) = &there {
        place.check(stack)?;
    }
    let order = Order {
        client: &place.client,
        context,
        stack: there.as_ref().map_or(place.name.as_str(), |stack| stack.id.as_str()),
        is_new: there.is_none(),
        corrects_drift: drift::corrects(&step.change),
        says: &says,
        template: if there.is_some() {
            context.hand_over_for(&step.change, &says.template).await?
        } else {
            context.hand_over(&says.template).await?
        },
        tags: tags(context, &wanted.address, &says),
    };
    let placed = order.place(step).await.map_err(|error| place.in_account(error))?;
    let stack = match placed {
        Some(set) => place.carry_out(&set, there.is_some()).await?,
        None => place.look().await?.ok_or_else(|| place.failed("it is gone", None))?,
    };
    place.protect(&stack, says.termination_protection).await?;
    if order.corrects_drift {
        let looked = StackLocation { access: &place.access, region: &place.region, id: &stack.id };
        looked.confirm_repaired(context, &wanted.address).await?;
    }
    context.bind(&wanted.address, &stack.id);
    give(context, &wanted.address, &stack, &says)
}

/// Gives the stack's outputs to others.
///
/// # Errors
/// When one that something in the blueprint takes is not what it stands for.
fn give(context: &WriteContext, address: &Address, stack: &StackFacts, says: &Stack) -> Result<(), WriteError> {
    let checked = outputs::checked(stack, says);
    context.bind_outputs(address, &checked.usable);
    let taken = outputs::taken(&context.desired);
    let mut faults = checked.faults.iter().map(|(name, fault)| (name, address.output_named(name), fault));
    let Some((name, output, fault)) = faults.find(|(_, output, _)| taken.contains(output)) else { return Ok(()) };
    let value = stack.outputs.get(name).map_or("", String::as_str);
    let (message, help) = outputs::refused(&output, value, fault);
    Err(WriteError::Refused { message, help })
}

/// Deletes the stack, and waits until it is gone.
pub(super) async fn delete(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let found: Stack = step.found()?.ok_or_else(|| step.senseless("nothing was found"))?;
    let place = enter(step, context, &found).await?;
    if let Some(stack) = place.settled().await? {
        place.check(&stack)?;
        place.protect(&stack, false).await?;
        place.take_away(&stack).await?;
    }
    context.unbind(&step.change.address);
    Ok(())
}

fn tags(context: &WriteContext, address: &Address, says: &Stack) -> crate::model::Tags {
    let mut tags = says.tags.clone();
    tags.extend(context.ownership(address).pairs());
    tags
}

async fn enter<'a>(step: &'a Step, context: &'a WriteContext, says: &Stack) -> Result<Place<'a>, WriteError> {
    let account = step.change.parent.clone().unwrap_or_else(Address::management);
    let access = context.access(&account)?;
    let (region, name) = (says.region.clone(), says.name.clone());
    let client = context.cloud.cloudformation(&access, &region).await?;
    Ok(Place { client, access, region, step, context, name })
}

impl Place<'_> {
    /// The stack as it is; `None` where there is none.
    async fn look(&self) -> Result<Option<StackFacts>, WriteError> {
        self.look_at(&self.name).await
    }

    async fn look_at(&self, stack: &str) -> Result<Option<StackFacts>, WriteError> {
        let reply = self.client.describe_stacks().stack_name(stack).send().await;
        match reply.explain("cloudformation:DescribeStacks") {
            Err(error) if error.is("ValidationError") && error.message.contains("does not exist") => Ok(None),
            Err(error) => Err(self.access.in_account(error).into()),
            Ok(reply) => Ok(reply.stacks().first().map(stack_facts).filter(|it| it.status != "DELETE_COMPLETE")),
        }
    }

    /// Whether the stack is the one that was planned with, or an earlier attempt of this plan's: it bears our tags.
    fn check(&self, stack: &StackFacts) -> Result<(), WriteError> {
        let planned = self.step.found.as_ref().map(|found| found.id.as_str());
        match expected(planned, &stack.id, &self.owner(stack)) {
            true => Ok(()),
            false => Err(self.unplanned(stack)),
        }
    }

    fn owner(&self, stack: &StackFacts) -> Owner {
        owner(&self.context.desired, &self.step.change.address, stack.tags.clone()).0
    }

    fn unplanned(&self, stack: &StackFacts) -> WriteError {
        WriteError::Refused {
            message: format!("{} is not the stack that the plan was made with: {}", self.step.change.address, stack.id),
            help: "plan again: it shows what becomes of this stack".into(),
        }
    }

    /// Deletes what is left of an operation that failed, as far as it is ours and empty or the plan showed it.
    async fn clear(&self, stack: &StackFacts) -> Result<(), WriteError> {
        let question = ContentsOf { access: self.access.clone(), region: self.region.clone(), id: stack.id.clone() };
        let contents = question.ask(&self.context.cloud).await?;
        let address = &self.step.change.address;
        let owner = owner_of(&self.context.desired, address, (&stack.status, self.owner(stack)), &contents);
        let change = &self.step.change;
        if !may_clear(&fate(&owner, &contents), change.field(LEFTOVER).is_some(), change.action) {
            return Err(self.unplanned(stack));
        }
        self.context.report_progress(address, "deleting the failed stack left by an earlier attempt");
        self.protect(stack, false).await?;
        self.take_away(stack).await
    }

    /// The stack once nothing is under way with it; what can only be deleted is deleted as far as the plan allows it.
    async fn settled(&self) -> Result<Option<StackFacts>, WriteError> {
        let mut wait = self.wait();
        let mut is_recovered = false;
        loop {
            let Some(stack) = self.look().await? else { return Ok(None) };
            if is_leftover(&stack.status) {
                self.clear(&stack).await?;
                return Ok(None);
            }
            if stack.status.ends_with("_IN_PROGRESS") {
                wait.next(is(&stack)).await?;
                continue;
            }
            match recovery(&stack.status) {
                // CloudFormation deletes it as it is.
                Some(_) if self.step.change.action == Action::Delete => return Ok(Some(stack)),
                Some(recovery) if !is_recovered => {
                    self.check(&stack)?;
                    self.recover(&stack, recovery).await?;
                    is_recovered = true;
                }
                Some(_) => return Err(self.failed(&stack.status, stack.reason)),
                None if stack.status == "IMPORT_ROLLBACK_FAILED" && self.step.change.action != Action::Delete => {
                    return Err(self.failed(&stack.status, stack.reason));
                }
                None => return Ok(Some(stack)),
            }
        }
    }

    /// Begins to bring the stack back to a state that CloudFormation updates.
    async fn recover(&self, stack: &StackFacts, recovery: Recovery) -> Result<(), WriteError> {
        self.context.report_progress(&self.step.change.address, recovery.reason());
        let begun = match recovery {
            Recovery::ContinueRollback => {
                let reply = self.client.continue_update_rollback().stack_name(&stack.id).send().await;
                reply.map(drop).explain("cloudformation:ContinueUpdateRollback")
            }
            Recovery::RollBack => {
                let reply = self.client.rollback_stack().stack_name(&stack.id).send().await;
                reply.map(drop).explain("cloudformation:RollbackStack")
            }
        };
        begun.map_err(|error| self.access.in_account(error).into())
    }

    /// Carries a change set out and waits; what fails is explained, and a new stack that holds nothing is deleted.
    async fn carry_out(&self, set: &ChangeSet, existed: bool) -> Result<StackFacts, WriteError> {
        let request = self.client.execute_change_set().change_set_name(&set.id);
        let executed = request.send().await.explain("cloudformation:ExecuteChangeSet");
        if let Err(error) = executed
            // A lost answer: it is being carried out already.
            && !error.is("InvalidChangeSetStatus")
            && !error.is("ChangeSetNotFound")
        {
            return Err(self.access.in_account(error).into());
        }
        let mut wait = self.wait();
        loop {
            let stack = self.look_at(&set.stack).await?.ok_or_else(|| self.failed("it is gone", None))?;
            if stack.status.ends_with("_IN_PROGRESS") {
                wait.next(is(&stack)).await?;
                continue;
            }
            let rolled_back = stack.status.contains("ROLLBACK") || stack.status.contains("FAILED");
            if is_at_rest(&stack.status) && !rolled_back {
                return Ok(stack);
            }
            let failure =
                first_failure(&self.client, &set.stack).await.map_err(|error| self.access.in_account(error))?;
            // Nothing is left in it but its name.
            if !existed && stack.status == "ROLLBACK_COMPLETE" {
                self.take_away(&stack).await?;
            }
            return Err(self.failed(&stack.status, failure.or(stack.reason)));
        }
    }

    async fn take_away(&self, stack: &StackFacts) -> Result<(), WriteError> {
        let request = self.client.delete_stack().stack_name(&stack.id);
        let result = request.send().await.explain("cloudformation:DeleteStack");
        result.map_err(|error| self.access.in_account(error))?;
        let mut wait = self.wait();
        loop {
            match self.look_at(&stack.id).await? {
                None => return Ok(()),
                Some(stack) if stack.status == "DELETE_FAILED" => {
                    let failure = first_failure(&self.client, &stack.id).await?;
                    return Err(self.failed(&stack.status, failure.or(stack.reason)));
                }
                Some(stack) => wait.next(is(&stack)).await?,
            }
        }
    }

    async fn protect(&self, stack: &StackFacts, protected: bool) -> Result<(), WriteError> {
        if stack.termination_protection == protected {
            return Ok(());
        }
        let request = self.client.update_termination_protection().stack_name(&stack.id);
        let result = request.enable_termination_protection(protected).send().await;
        let result = result.explain("cloudformation:UpdateTerminationProtection");
        result.map(drop).map_err(|error| self.access.in_account(error).into())
    }

    fn wait(&self) -> Wait<'_> {
        Wait::new(self.context, &self.step.change.address, STACK_PATIENCE)
    }

    fn in_account(&self, error: WriteError) -> WriteError {
        match error {
            WriteError::Aws(error) => WriteError::Aws(self.access.in_account(error)),
            other => other,
        }
    }

    fn failed(&self, status: &str, why: Option<String>) -> WriteError {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        WriteError::Failed {
            message: format!("{} ended as {status}{why}", self.step.change.address),
            help: way_out(status, &self.name, &self.region),
        }
    }
}

fn is(stack: &StackFacts) -> String {
    format!("the stack is {}", stack.status)
}

/// Whether a stack is the one that was planned with. Where none was, it is an earlier attempt if it is ours.
fn expected(planned: Option<&str>, found: &str, owner: &Owner) -> bool {
    planned == Some(found) || matches!(owner, Owner::This { stale: None })
}

/// Whether what is left of a failed operation may be deleted. `is_shown` says that the plan showed what it holds.
fn may_clear(fate: &LeftoverAction, is_shown: bool, action: Action) -> bool {
    match fate {
        LeftoverAction::Deleted => true,
        LeftoverAction::Shown(_) => is_shown || action == Action::Delete,
        LeftoverAction::Stays => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_planned_stack_or_one_of_ours_is_written_to() {
        let (ours, stale) = (Owner::This { stale: None }, Owner::This { stale: Some("stack/x/y/z".into()) });
        assert!(expected(Some("a"), "a", &Owner::Unmanaged));
        assert!(expected(None, "a", &ours));
        assert!(expected(Some("b"), "a", &ours));
        for owner in [Owner::Unmanaged, stale, Owner::Other("x".into()), Owner::ControlTower] {
            assert!(!expected(None, "a", &owner), "{owner:?}");
            assert!(!expected(Some("b"), "a", &owner), "{owner:?}");
        }
    }

    #[test]
    fn what_holds_resources_is_deleted_only_as_the_plan_showed() {
        let holds = LeftoverAction::Shown(vec!["A".into()]);
        assert!(may_clear(&LeftoverAction::Deleted, false, Action::Create));
        assert!(may_clear(&holds, true, Action::Update));
        assert!(may_clear(&holds, false, Action::Delete));
        assert!(!may_clear(&holds, false, Action::Create));
        assert!(!may_clear(&holds, false, Action::Update));
        for action in [Action::Create, Action::Update, Action::Delete] {
            assert!(!may_clear(&LeftoverAction::Stays, true, action), "{action:?}");
        }
    }
}
