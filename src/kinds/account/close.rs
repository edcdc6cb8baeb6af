use std::time::Duration;

use super::super::{Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::kinds::shared::wait::Wait;
use crate::model::{TAG_ADDRESS, TAG_BLUEPRINT};

/// How long AWS may take to close an account, those that it closes first included. AWS says minutes.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>
const PATIENCE: Duration = Duration::from_secs(3600);

/// Closes an account where the blueprint says so; one that it only no longer has is released from management.
pub(super) async fn close_or_release(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let id = step.id()?;
    if step.wanted.is_none() {
        let keys = [TAG_BLUEPRINT, TAG_ADDRESS].map(str::to_owned).to_vec();
        return Ok(context.untag(id, keys).await?);
    }
    // While it is open: what guardrails say of its unit holds until it is closed.
    if let (Some(_), Some(parent)) = (step.change.field("parent"), &step.wanted()?.parent) {
        super::create::move_to(context, id, &context.id(parent)?).await?;
    }
    let _slot = context.closure_slots.take().await;
    close(step, context, id).await
}

/// What an account that is to be closed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// AWS is closing it.
    Closing,
    Closed,
}

/// Asks for the closure and waits for its end. AWS goes on with it by itself.
async fn close(step: &Step, context: &WriteContext, id: &str) -> Result<(), WriteError> {
    let mut wait = Wait::new(context, &step.change.address, PATIENCE);
    let mut state = State::Open;
    loop {
        let what = match state {
            State::Closed => return Ok(()),
            State::Closing => "AWS closes the account",
            State::Open => match ask(context, id).await? {
                Asked::Begun => "AWS closes the account",
                Asked::Closed => return Ok(()),
                Asked::Busy => "AWS closes three accounts already",
            },
        };
        if !wait.next_unless_stopped(what).await? {
            return Ok(());
        }
        state = look(context, id).await?;
    }
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Begun,
    Closed,
    /// As many are being closed as AWS takes at once.
    Busy,
}

async fn ask(context: &WriteContext, id: &str) -> Result<Asked, AwsError> {
    let request = context.cloud.organizations.close_account().account_id(id);
    match request.send().await.explain("organizations:CloseAccount") {
        Ok(_) => Ok(Asked::Begun),
        // Asked again after a lost answer, AWS says that it is closed or being closed.
        Err(error) if error.is("ConflictException") => Ok(Asked::Begun),
        Err(error) if error.is("AccountAlreadyClosedException") => Ok(Asked::Closed),
        Err(error) if error.is_for("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED") => Ok(Asked::Busy),
        Err(error) => Err(error),
    }
}

/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
async fn look(context: &WriteContext, id: &str) -> Result<State, AwsError> {
    let request = context.cloud.organizations.describe_account().account_id(id);
    let account = match request.send().await.explain("organizations:DescribeAccount") {
        // It left the organization meanwhile.
        Err(error) if error.is("AccountNotFoundException") => return Ok(State::Closed),
        other => other?.account,
    };
    let state = account.as_ref().and_then(|account| account.state()).map(|state| state.as_str());
    // Emulators may still say `Status`, which AWS retired.
    let status = account.as_ref().and_then(|account| account.status()).map(|status| status.as_str());
    Ok(match state.or(status) {
        Some("PENDING_CLOSURE") => State::Closing,
        Some("SUSPENDED" | "CLOSED") => State::Closed,
        _ => State::Open,
    })
}
