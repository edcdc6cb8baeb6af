//! Accounts: asynchronous creation, moving, closing, roles.

use std::time::Duration;

use aws_sdk_organizations::types::{AccountState, CreateAccountFailureReason, CreateAccountState};
use landing_sandbox::{Options, Timings};
use serde_json::json;

use crate::support::{account, account_id, code, finished, organization, unit};

fn slow_creation() -> Options {
    let timings = Timings { create_account: Duration::from_secs(2), ..Timings::default() };
    Options { timings, ..Options::default() }
}

#[tokio::test(start_paused = true)]
async fn an_account_is_in_progress_until_it_is_made() {
    let (_, client, _) = organization(slow_creation()).await;
    let begun = client.create_account().account_name("dev").email("dev@example.com").send().await.unwrap();
    let begun = begun.create_account_status().unwrap().clone();
    assert_eq!(begun.state(), Some(&CreateAccountState::InProgress));
    assert_eq!(client.list_accounts().send().await.unwrap().accounts().len(), 1);
    tokio::time::advance(Duration::from_secs(2)).await;
    let done = finished(&client, begun.id().unwrap()).await;
    assert_eq!(done.state(), Some(&CreateAccountState::Succeeded));
    let described = client.describe_account().account_id(done.account_id().unwrap()).send().await.unwrap();
    let described = described.account().unwrap();
    assert_eq!(described.name(), Some("dev"));
    assert_eq!(described.state(), Some(&AccountState::Active));
    assert_eq!(described.status(), None, "AWS retired Status in September 2026");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_made_under_a_name_of_printable_ascii_alone() {
    let (_, client, _) = organization(Options::default()).await;
    let create = |name: &str| client.create_account().account_name(name).email("dev@example.com").send();
    for name in ["会計", "Café", "a\tb", &"x".repeat(51)] {
        assert_eq!(code(create(name).await), "InvalidInputException", "{name}");
    }
    create("<R&D>").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn asking_twice_makes_two_attempts_and_the_second_finds_the_email_taken() {
    let (_, client, _) = organization(Options::default()).await;
    let create = client.create_account().account_name("dev").email("dev@example.com");
    let (first, second) = (create.clone().send().await.unwrap(), create.send().await.unwrap());
    let id = |begun: &aws_sdk_organizations::operation::create_account::CreateAccountOutput| {
        begun.create_account_status().unwrap().id().unwrap().to_owned()
    };
    let mut states = [finished(&client, &id(&first)).await, finished(&client, &id(&second)).await];
    states.sort_by_key(|status| status.failure_reason().is_some());
    assert_eq!(states[0].state(), Some(&CreateAccountState::Succeeded));
    assert_eq!(states[1].failure_reason(), Some(&CreateAccountFailureReason::EmailAlreadyExists));
    assert_eq!(client.list_accounts().send().await.unwrap().accounts().len(), 2);
    let failed = client.list_create_account_status().states(CreateAccountState::Failed).send().await.unwrap();
    assert_eq!(failed.create_account_statuses().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_management_accounts_and_suspended_accounts_emails_stay_taken() {
    let (_, client, _) = organization(Options::default()).await;
    assert!(account(&client, "management").await.failure_reason().is_some());
    let closed = account_id(&client, "closed").await;
    client.close_account().account_id(&closed).send().await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let again = account(&client, "closed").await;
    assert_eq!(again.failure_reason(), Some(&CreateAccountFailureReason::EmailAlreadyExists));
}

#[tokio::test(start_paused = true)]
async fn five_accounts_are_created_at_once_and_no_more() {
    let (_, client, _) = organization(slow_creation()).await;
    let create = |number: usize| {
        let email = format!("account-{number}@example.com");
        client.create_account().account_name(format!("account-{number}")).email(email).send()
    };
    for number in 0..5 {
        create(number).await.unwrap();
    }
    let sixth = create(5).await.unwrap_err().into_service_error();
    let constraint = match &sixth {
        aws_sdk_organizations::operation::create_account::CreateAccountError::ConstraintViolationException(error) => {
            error.reason().map(|reason| reason.as_str())
        }
        _ => None,
    };
    assert_eq!(constraint, Some("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED"));
    tokio::time::advance(Duration::from_secs(2)).await;
    create(5).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_quota_of_accounts_fails_the_creation_later() {
    let (sandbox, client, _) = organization(Options::default()).await;
    sandbox.edit(|state| state["quotas"]["accounts"] = json!(2)).unwrap();
    account_id(&client, "first").await;
    let second = account(&client, "second").await;
    assert_eq!(second.failure_reason(), Some(&CreateAccountFailureReason::AccountLimitExceeded));
}

#[tokio::test(start_paused = true)]
async fn a_new_organization_is_finalized_before_it_takes_accounts() {
    let timings = Timings { finalizing: Duration::from_secs(3600), ..Timings::default() };
    let (_, client, _) = organization(Options { timings, ..Options::default() }).await;
    let create = client.create_account().account_name("dev").email("dev@example.com");
    assert_eq!(code(create.clone().send().await), "FinalizingOrganizationException");
    tokio::time::advance(Duration::from_secs(3600)).await;
    create.send().await.unwrap();
}

#[tokio::test]
async fn names_and_emails_are_checked_when_asked_for() {
    let (_, client, _) = organization(Options::default()).await;
    let create = |name: &str, email: &str| client.create_account().account_name(name).email(email).send();
    for (name, email) in
        [("", "dev@example.com"), ("dev", "a@b.c"), ("dev", "no-at.example.com"), ("dev", "a b@example.com")]
    {
        assert_eq!(code(create(name, email).await), "InvalidInputException", "{name} {email}");
    }
    let long = format!("{}@example.com", "x".repeat(60));
    assert_eq!(code(create("dev", &long).await), "InvalidInputException");
}

#[tokio::test]
async fn accounts_are_not_created_in_govcloud_nor_for_it_without_a_linked_account() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let for_govcloud = client.create_gov_cloud_account().account_name("gov").email("gov@example.com").send().await;
    assert_eq!(code(for_govcloud), "ConstraintViolationException");
    sandbox.edit(|state| state["partition"] = json!("aws-us-gov")).unwrap();
    let in_govcloud = client.create_account().account_name("gov").email("gov@example.com").send().await;
    assert_eq!(code(in_govcloud), "UnsupportedAPIEndpointException");
}

#[tokio::test(start_paused = true)]
async fn an_account_moves_only_from_where_it_is_to_where_it_is_not() {
    let (_, client, root) = organization(Options::default()).await;
    let dev = account_id(&client, "dev").await;
    let (from, to) = (unit(&client, &root, "From").await, unit(&client, &root, "To").await);
    let move_account = |source: &str, destination: &str| {
        client.move_account().account_id(&dev).source_parent_id(source).destination_parent_id(destination).send()
    };
    move_account(&root, &from).await.unwrap();
    assert_eq!(code(move_account(&root, &to).await), "SourceParentNotFoundException");
    assert_eq!(code(move_account(&root, &from).await), "DuplicateAccountException");
    assert_eq!(code(move_account(&from, "ou-none-00000000").await), "DestinationParentNotFoundException");
    let children = client.list_accounts_for_parent().parent_id(&from).send().await.unwrap();
    assert_eq!(children.accounts()[0].id(), Some(dev.as_str()));
}

#[tokio::test(start_paused = true)]
async fn accounts_and_units_say_where_they_are() {
    let (sandbox, client, root) = organization(Options::default()).await;
    let unit = unit(&client, &root, "Workloads").await;
    let dev = account_id(&client, "dev").await;
    let move_account = client.move_account().account_id(&dev).source_parent_id(&root);
    move_account.destination_parent_id(&unit).send().await.unwrap();
    let organization = sandbox.snapshot()["organization"]["id"].as_str().unwrap().to_owned();
    let accounts = client.list_accounts().send().await.unwrap();
    let account = accounts.accounts().iter().find(|account| account.id() == Some(&dev)).unwrap();
    assert_eq!(account.paths(), [format!("{organization}/{root}/{unit}/{dev}/")]);
    let units = client.list_organizational_units_for_parent().parent_id(&root).send().await.unwrap();
    assert_eq!(units.organizational_units()[0].path(), Some(format!("{organization}/{root}/{unit}/").as_str()));
}
