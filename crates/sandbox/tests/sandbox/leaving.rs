//! Accounts that close and accounts that leave.

use std::time::Duration;

use aws_sdk_organizations::types::AccountState;
use landing_sandbox::Options;
use serde_json::json;

use crate::support::{account_id, code, organization};

#[tokio::test(start_paused = true)]
async fn a_closed_account_stays_listed_as_suspended() {
    let (_, client, _) = organization(Options::default()).await;
    let dev = account_id(&client, "dev").await;
    let close = client.close_account().account_id(&dev);
    close.clone().send().await.unwrap();
    let state = || async {
        let account = client.describe_account().account_id(&dev).send().await.unwrap();
        account.account().unwrap().state().unwrap().clone()
    };
    assert_eq!(state().await, AccountState::PendingClosure);
    assert_eq!(code(close.clone().send().await), "ConflictException");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(state().await, AccountState::Suspended);
    assert_eq!(code(close.send().await), "AccountAlreadyClosedException");
    assert_eq!(code(client.close_account().account_id("111111111111").send().await), "ConstraintViolationException");
}

#[tokio::test(start_paused = true)]
async fn three_accounts_close_at_once_and_no_more_than_the_quota_in_thirty_days() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let mut accounts = Vec::new();
    for number in 0..5 {
        accounts.push(account_id(&client, &format!("account-{number}")).await);
    }
    let close = |id: &str| client.close_account().account_id(id).send();
    for id in &accounts[..3] {
        close(id).await.unwrap();
    }
    let refused = format!("{:?}", close(&accounts[3]).await.unwrap_err());
    assert!(refused.contains("CloseAccountRequestsLimitExceeded"), "{refused}");
    tokio::time::advance(Duration::from_secs(1)).await;
    sandbox.edit(|state| state["quotas"]["closures_per_month"] = json!(3)).unwrap();
    let refused = format!("{:?}", close(&accounts[3]).await.unwrap_err());
    assert!(refused.contains("CloseAccountQuotaExceeded"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn created_accounts_cannot_leave_and_the_management_account_never() {
    let (_, client, _) = organization(Options::default()).await;
    let dev = account_id(&client, "dev").await;
    let remove = |id: &str| client.remove_account_from_organization().account_id(id).send();
    assert_eq!(code(remove(&dev).await), "ConstraintViolationException");
    assert_eq!(code(remove("111111111111").await), "MasterCannotLeaveOrganizationException");
}
