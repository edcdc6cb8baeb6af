use std::time::Duration;

use aws_sdk_cloudformation::Client;
use tokio::time::Instant;

use super::super::drift::{self, Place as Looked};
use super::super::read::{StackFacts, stack_facts};
use super::super::write::pause;
use super::super::{Step, Workshop, WriteError};
use super::change_set::{ChangeSet, Order};
use super::failure::first_failure;
use super::{is_at_rest, is_stillborn};
use crate::cloud::{Entrance, Explain};
use crate::model::{Address, Body, body_tags};

/// The role of a new account can be assumed only some time after the account is there.
const ACCOUNT_PATIENCE: Duration = Duration::from_secs(600);
const TRY_EVERY: Duration = Duration::from_secs(10);

/// One stack in its account and region.
struct Place<'a> {
    client: Client,
    entrance: Entrance,
    region: String,
    step: &'a Step,
    shop: &'a Workshop,
    /// The stack's name.
    name: String,
}

/// Makes the stack as it is wanted, and waits for it.
pub(super) async fn put(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let body = shop.resolved(wanted)?;
    let place = enter(step, shop, &body).await?;
    let there = place.settled().await?;
    let order = Order {
        client: &place.client,
        stack: there.as_ref().map_or(place.name.as_str(), |stack| stack.id.as_str()),
        is_new: there.is_none(),
        mends_drift: drift::mends(&step.change),
        body: &body,
        template: shop.hand_over(&body["template"]).await?,
        tags: tags(shop, &wanted.address, &body),
    };
    let placed = order.place(step).await.map_err(|error| place.blame(error))?;
    let stack = match placed {
        Some(set) => place.carry_out(&set, there.is_some()).await?,
        None => place.look().await?.ok_or_else(|| place.failed("it is gone", None))?,
    };
    place.protect(&stack, body.get("termination_protection").is_some_and(|wanted| wanted == true)).await?;
    if order.mends_drift {
        let looked = Looked { entrance: &place.entrance, region: &place.region, id: &stack.id };
        looked.confirm_mended(shop, &wanted.address).await?;
    }
    shop.bind(&wanted.address, &stack.id);
    shop.bind_outputs(&wanted.address, &stack.outputs);
    Ok(())
}

/// Deletes the stack, and waits until it is gone.
pub(super) async fn delete(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let body = step.found.as_ref().map(|found| found.body.clone()).unwrap_or_default();
    let place = enter(step, shop, &body).await?;
    if let Some(stack) = place.settled().await? {
        place.protect(&stack, false).await?;
        place.take_away(&stack).await?;
    }
    shop.unbind(&step.change.address);
    Ok(())
}

fn tags(shop: &Workshop, address: &Address, body: &Body) -> crate::model::Tags {
    let mut tags = body_tags(body);
    tags.extend(shop.ownership(address).pairs());
    tags
}

async fn enter<'a>(step: &'a Step, shop: &'a Workshop, body: &Body) -> Result<Place<'a>, WriteError> {
    let text = |key: &str| body.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let account = step.change.parent.clone().unwrap_or_else(Address::management);
    let entrance = shop.entrance(&account)?;
    let (region, name) = (text("region"), text("name"));
    let start = Instant::now();
    loop {
        match shop.cloud.cloudformation(&entrance, &region).await {
            Ok(client) => return Ok(Place { client, entrance, region, step, shop, name }),
            Err(error) if error.is_access_denied() && start.elapsed() < ACCOUNT_PATIENCE && step.found.is_none() => {
                shop.tell(&step.change.address, format!("{account} cannot be entered yet"));
                tokio::time::sleep(TRY_EVERY).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
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
            Err(error) => Err(self.entrance.blame(error).into()),
            Ok(reply) => Ok(reply.stacks().first().map(stack_facts).filter(|it| it.status != "DELETE_COMPLETE")),
        }
    }

    /// The stack once nothing is under way with it; what never came to be is taken away.
    async fn settled(&self) -> Result<Option<StackFacts>, WriteError> {
        let mut nth = 0;
        loop {
            let Some(stack) = self.look().await? else { return Ok(None) };
            if is_stillborn(&stack.status) {
                self.shop.tell(&self.step.change.address, "what is left of an earlier attempt is taken away");
                self.take_away(&stack).await?;
                return Ok(None);
            }
            if !stack.status.ends_with("_IN_PROGRESS") {
                return Ok(Some(stack));
            }
            self.tell(&stack);
            pause(nth).await;
            nth += 1;
        }
    }

    /// Carries a change set out and waits; what fails is explained, and a stack that never came to be is taken away.
    async fn carry_out(&self, set: &ChangeSet, existed: bool) -> Result<StackFacts, WriteError> {
        let request = self.client.execute_change_set().change_set_name(&set.id);
        let executed = request.send().await.explain("cloudformation:ExecuteChangeSet");
        if let Err(error) = executed
            // A lost answer: it is being carried out already.
            && !error.is("InvalidChangeSetStatus")
            && !error.is("InvalidChangeSetStatusException")
            && !error.is("ChangeSetNotFound")
        {
            return Err(self.entrance.blame(error).into());
        }
        let mut nth = 0;
        loop {
            let stack = self.look_at(&set.stack).await?.ok_or_else(|| self.failed("it is gone", None))?;
            if stack.status.ends_with("_IN_PROGRESS") {
                self.tell(&stack);
                pause(nth).await;
                nth += 1;
                continue;
            }
            let rolled_back = stack.status.contains("ROLLBACK") || stack.status.contains("FAILED");
            if is_at_rest(&stack.status) && !rolled_back {
                return Ok(stack);
            }
            let failure = first_failure(&self.client, &set.stack).await.map_err(|error| self.entrance.blame(error))?;
            if !existed && is_stillborn(&stack.status) {
                self.take_away(&stack).await?;
            }
            return Err(self.failed(&stack.status, failure.or(stack.reason)));
        }
    }

    async fn take_away(&self, stack: &StackFacts) -> Result<(), WriteError> {
        let request = self.client.delete_stack().stack_name(&stack.id);
        let result = request.send().await.explain("cloudformation:DeleteStack");
        result.map_err(|error| self.entrance.blame(error))?;
        let mut nth = 0;
        loop {
            match self.look_at(&stack.id).await? {
                None => return Ok(()),
                Some(stack) if stack.status == "DELETE_FAILED" => {
                    let failure = first_failure(&self.client, &stack.id).await?;
                    return Err(self.failed(&stack.status, failure.or(stack.reason)));
                }
                Some(stack) => self.tell(&stack),
            }
            pause(nth).await;
            nth += 1;
        }
    }

    async fn protect(&self, stack: &StackFacts, protected: bool) -> Result<(), WriteError> {
        if stack.termination_protection == protected {
            return Ok(());
        }
        let request = self.client.update_termination_protection().stack_name(&stack.id);
        let result = request.enable_termination_protection(protected).send().await;
        let result = result.explain("cloudformation:UpdateTerminationProtection");
        result.map(drop).map_err(|error| self.entrance.blame(error).into())
    }

    fn tell(&self, stack: &StackFacts) {
        self.shop.tell(&self.step.change.address, format!("the stack is {}", stack.status));
    }

    fn blame(&self, error: WriteError) -> WriteError {
        match error {
            WriteError::Aws(error) => WriteError::Aws(self.entrance.blame(error)),
            other => other,
        }
    }

    fn failed(&self, status: &str, why: Option<String>) -> WriteError {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        WriteError::Failed {
            message: format!("{} ended as {status}{why}", self.step.change.address),
            help: "mend what the first failing resource complains of, then run apply again".into(),
        }
    }
}
