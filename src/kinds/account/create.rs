use std::time::Duration;

use aws_sdk_organizations::types::{CreateAccountState, CreateAccountStatus, IamUserAccessToBilling};
use aws_smithy_types::retry::RetryConfig;
use tokio::time::Instant;

use super::super::{WriteContext, WriteError};
use super::read::Accounts;
use super::resource::Account;
use crate::cloud::{AwsError, Cause, Explain};
use crate::facts::Question;
use crate::kinds::shared::wait::Wait;
use crate::kinds::shared::write::done_already;
use crate::model::{Address, Wanted};

/// How long one account may take, refusals for the moment included. AWS says minutes, and up to an hour in a new
/// organization.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>
pub(super) const PATIENCE: Duration = Duration::from_secs(3600);

/// Until a list shows an account that was just made.
const LISTED_WITHIN: Duration = Duration::from_secs(15);

/// Until what was just made shows in every answer of Organizations, which is eventually consistent.
const SEEN_WITHIN: Duration = Duration::from_secs(120);

/// An account that is to be made.
struct New<'a> {
    address: &'a Address,
    account: Account,
}

/// Makes an account, waits for it and puts it into its place.
///
/// CreateAccount has no idempotency token, so an attempt whose answer was lost is never simply repeated: first
/// nothing with that name may be under way any more, then the email is looked for.
pub(super) async fn create(account: Account, wanted: &Wanted, context: &WriteContext) -> Result<(), WriteError> {
    let address = &wanted.address;
    let new = New { address, account };
    let _slot = context.account_slots.take().await;
    let id = match made_before(context, &new).await? {
        Some(id) => id,
        None => make(context, &new).await?,
    };
    context.cloud.new_accounts.note(&id, Duration::ZERO);
    context.bind(address, id.clone());
    let parent = wanted.parent.clone().unwrap_or_else(Address::root);
    if parent != Address::root() {
        move_new(context, address, &id, &context.id(&parent)?).await?;
    }
    Ok(())
}

/// An account that an earlier run asked for and did not see through.
async fn made_before(context: &WriteContext, new: &New<'_>) -> Result<Option<String>, WriteError> {
    if wait_until_idle(context, new).await? { find(context, new).await } else { Ok(None) }
}

async fn make(context: &WriteContext, new: &New<'_>) -> Result<String, WriteError> {
    let mut wait = Wait::new(context, new.address, PATIENCE);
    loop {
        let why = match ask(context, new).await {
            Ok(status) => match follow(context, new, status).await? {
                Ended::Made(id) => return Ok(id),
                Ended::EmailTaken => return find_taken(context, new).await,
                Ended::TryAgain(reason) => format!("AWS did not create the account ({reason}); trying again"),
            },
            Err(error) if error.cause == Cause::Unclear => {
                wait_until_idle(context, new).await?;
                if let Some(id) = find(context, new).await? {
                    return Ok(id);
                }
                format!("CreateAccount {}; trying again", error.reason())
            }
            Err(error) if is_passing(&error) || lacks_places_yet(context, &error) => {
                format!("AWS is not ready for CreateAccount: {}", error.message)
            }
            Err(error) => return Err(error.into()),
        };
        wait.next(why).await?;
    }
}

/// One request, without the SDK's own repeating.
async fn ask(context: &WriteContext, new: &New<'_>) -> Result<CreateAccountStatus, AwsError> {
    const OPERATION: &str = "organizations:CreateAccount";
    let account = &new.account;
    let role = account.access_role.clone().filter(|role| !role.is_empty());
    let billing = account.iam_user_access_to_billing.as_deref();
    let reply = context
        .cloud
        .organizations
        .create_account()
        .account_name(&account.name)
        .email(&account.email)
        .set_role_name(role)
        .set_iam_user_access_to_billing(billing.map(IamUserAccessToBilling::from))
        .set_tags(Some(context.tags(new.address, &account.tags)))
        .customize()
        .config_override(aws_sdk_organizations::config::Builder::new().retry_config(RetryConfig::disabled()))
        .send()
        .await
        .explain(OPERATION)?;
    reply.create_account_status.ok_or_else(|| AwsError::odd(OPERATION, "no status in the answer"))
}

/// Refusals that pass by themselves: the organization is still being set up, or AWS is busy.
fn is_passing(error: &AwsError) -> bool {
    ["FinalizingOrganizationException", "ConcurrentModificationException", "TooManyRequestsException"]
        .iter()
        .any(|code| error.is(code))
        || error.code().is_some_and(|code| code.contains("Throttl"))
        || error.is_for("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED")
}

/// Whether a new organization refuses an account for which it has a place, as AWS does within its first hour.
pub(super) fn lacks_places_yet(context: &WriteContext, error: &AwsError) -> bool {
    error.is_for("ACCOUNT_NUMBER_LIMIT_EXCEEDED") && context.cloud.new_accounts.is_organization_new()
}

enum Ended {
    Made(String),
    EmailTaken,
    TryAgain(String),
}

/// Waits for the end of one request: as long as AWS says that it is at it.
async fn follow(context: &WriteContext, new: &New<'_>, mut status: CreateAccountStatus) -> Result<Ended, WriteError> {
    let mut wait = Wait::new(context, new.address, PATIENCE).every(poll_every);
    let start = Instant::now();
    loop {
        match status.state() {
            Some(CreateAccountState::Succeeded) => {
                let id = status.account_id().or(status.gov_cloud_account_id()).unwrap_or_default();
                return Ok(Ended::Made(id.to_owned()));
            }
            Some(CreateAccountState::Failed) => return explain(new, &status),
            _ => {}
        }
        wait.next("AWS creates the account").await?;
        match status_of(context, status.id().unwrap_or_default()).await {
            Ok(now) => status = now.unwrap_or(status),
            // A request is not known at once.
            Err(error) if is_unseen(&error) && start.elapsed() < SEEN_WITHIN => {}
            Err(error) => return Err(error.into()),
        }
    }
}

async fn status_of(context: &WriteContext, request: &str) -> Result<Option<CreateAccountStatus>, AwsError> {
    let reply = context.cloud.organizations.describe_create_account_status().create_account_request_id(request);
    let reply = reply.send().await.explain("organizations:DescribeCreateAccountStatus")?;
    Ok(reply.create_account_status)
}

/// What Organizations answers of what it has just made, before all of it knows.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeCreateAccountStatus.html#API_DescribeCreateAccountStatus_Errors>,
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_MoveAccount.html#API_MoveAccount_Errors>
fn is_unseen(error: &AwsError) -> bool {
    ["CreateAccountStatusNotFoundException", "AccountNotFoundException", "ChildNotFoundException"]
        .iter()
        .any(|code| error.is(code))
}

/// Accounts take about a minute; quick looks at first, because emulators are quick.
fn poll_every(nth: u32) -> Duration {
    if nth < 3 { Duration::from_millis(500) } else { Duration::from_secs(3) }
}

fn explain(new: &New<'_>, status: &CreateAccountStatus) -> Result<Ended, WriteError> {
    let reason = status.failure_reason().map(|reason| reason.as_str()).unwrap_or("no reason given");
    match reason {
        "EMAIL_ALREADY_EXISTS" => Ok(Ended::EmailTaken),
        "INTERNAL_FAILURE" | "CONCURRENT_ACCOUNT_MODIFICATION" => Ok(Ended::TryAgain(reason.to_owned())),
        _ => Err(failed(new, reason)),
    }
}

/// What CreateAccount's failure reasons ask of people.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccountStatus.html>
fn failed(new: &New<'_>, reason: &str) -> WriteError {
    let help = match reason {
        "ACCOUNT_LIMIT_EXCEEDED" => "ask for a higher number of accounts in Service Quotas (Organizations, L-E619E033)",
        "INVALID_EMAIL" => "AWS does not take this email: write another one in the blueprint",
        "INVALID_ADDRESS" | "INVALID_PAYMENT_INSTRUMENT" | "MISSING_PAYMENT_INSTRUMENT" => {
            "complete the management account's address and payment method in the Billing console"
        }
        "GOVCLOUD_ACCOUNT_ALREADY_EXISTS" => "the account has a GovCloud account: invite it there",
        _ => "run apply again; if it happens again, ask AWS Support, naming the account",
    };
    WriteError::Failed {
        message: format!("AWS did not make {} ({}): {reason}", new.address, new.account.email),
        help: help.to_owned(),
    }
}

/// Waits while AWS works on accounts of this name, and returns whether there were any.
async fn wait_until_idle(context: &WriteContext, new: &New<'_>) -> Result<bool, WriteError> {
    let mut wait = Wait::new(context, new.address, PATIENCE).every(poll_every);
    let mut waited = false;
    loop {
        let pages = context
            .cloud
            .organizations
            .list_create_account_status()
            .states(CreateAccountState::InProgress)
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListCreateAccountStatus")?;
        let busy = pages
            .iter()
            .flat_map(|page| page.create_account_statuses())
            .any(|status| status.account_name() == Some(new.account.name.as_str()));
        if !busy {
            return Ok(waited);
        }
        waited = true;
        wait.next("AWS works on an earlier request for an account of this name").await?;
    }
}

/// The account with the wanted email.
async fn find(context: &WriteContext, new: &New<'_>) -> Result<Option<String>, WriteError> {
    let email = &new.account.email;
    let accounts = Accounts.ask(&context.cloud).await?;
    let found = accounts.into_iter().find(|account| account.email.eq_ignore_ascii_case(email) && !account.is_closed());
    Ok(found.map(|account| account.id))
}

/// The email is taken: by an earlier attempt of ours, which is well, or by someone.
async fn find_taken(context: &WriteContext, new: &New<'_>) -> Result<String, WriteError> {
    wait_until_idle(context, new).await?;
    // What an earlier attempt made may not be listed yet.
    let mut wait = Wait::new(context, new.address, LISTED_WITHIN);
    loop {
        if let Some(id) = find(context, new).await? {
            return Ok(id);
        }
        if wait.next_silently("AWS does not list the account yet").await.is_err() {
            return Err(email_taken(new));
        }
    }
}

fn email_taken(new: &New<'_>) -> WriteError {
    WriteError::Failed {
        message: format!(
            "AWS did not make {}: an account outside this organization has the email {}",
            new.address, new.account.email
        ),
        help: "write another email in the blueprint, or invite that account by `invite: ACCOUNT-ID`".into(),
    }
}

/// Puts an account that was just made under `parent`, as soon as Organizations knows it.
async fn move_new(context: &WriteContext, address: &Address, id: &str, parent: &str) -> Result<(), WriteError> {
    let mut wait = Wait::new(context, address, SEEN_WITHIN);
    loop {
        match move_to(context, id, parent).await {
            Err(WriteError::Aws(error)) if is_unseen(&error) => {
                let waited = wait.next_silently("Organizations does not know the account yet").await;
                waited.map_err(|_| WriteError::from(error))?;
            }
            other => return other,
        }
    }
}

/// Puts an account under `parent`, wherever it is.
pub(super) async fn move_to(context: &WriteContext, id: &str, parent: &str) -> Result<(), WriteError> {
    let now =
        context.cloud.organizations.list_parents().child_id(id).send().await.explain("organizations:ListParents")?;
    let now = now.parents().first().and_then(|parent| parent.id()).unwrap_or_default();
    if now == parent {
        return Ok(());
    }
    let request =
        context.cloud.organizations.move_account().account_id(id).source_parent_id(now).destination_parent_id(parent);
    let result = request.send().await.explain("organizations:MoveAccount");
    // Asked again after a lost answer, AWS finds the account where it should be.
    Ok(done_already(result, &["DuplicateAccountException", "SourceParentNotFoundException"])?)
}
