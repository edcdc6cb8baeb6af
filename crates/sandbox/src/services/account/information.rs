//! An account's name, state and age.

use aws_smithy_types::DateTime;
use serde_json::json;

use super::subject::subject;
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::request::Request;
use crate::service::{Operation, rest_operation};
use crate::state::AccountOwner;

pub(super) const OPERATIONS: &[Operation] = &[
    rest_operation("GetAccountInformation", "/getAccountInformation", get_account_information),
    rest_operation("PutAccountName", "/putAccountName", put_account_name),
];

fn get_account_information(request: &mut Request<'_>) -> Answer {
    let id = subject(request)?;
    let organization = request.state.organization.as_ref();
    let member = organization.and_then(|organization| organization.accounts.get(&id));
    let (name, state, created) = match member {
        Some(account) => (account.name.clone(), account.state.as_str(), account.joined),
        None => (owner(request, &id).name.clone(), "ACTIVE", 0),
    };
    Ok(json!({
        "AccountId": id,
        "AccountName": name,
        "AccountState": state,
        "AccountCreatedDate": DateTime::from_secs(created.cast_signed()).to_string(),
    }))
}

/// The owner of an account that is in no organization.
fn owner<'a>(request: &'a mut Request<'_>, id: &str) -> &'a mut AccountOwner {
    let state = &mut *request.state;
    state.standalone_accounts.get_mut(id).unwrap_or(&mut state.management)
}

/// <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html>
fn account_name(input: &Input) -> Result<String, ApiError> {
    let name = input.bounded("AccountName", 1, 50)?;
    let is_plain = name.chars().all(|c| (' '..='~').contains(&c) && c != '<' && c != '>');
    let not_plain = || input.invalid("fieldValidationFailed", "AccountName has a character that it must not have.");
    is_plain.then(|| name.to_owned()).ok_or_else(not_plain)
}

fn put_account_name(request: &mut Request<'_>) -> Answer {
    let id = subject(request)?;
    let name = account_name(&request.input)?;
    let organization = request.state.organization.as_mut();
    let member = organization.and_then(|organization| organization.accounts.get_mut(&id));
    match member {
        Some(account) => account.name = name,
        None => owner(request, &id).name = name,
    }
    Ok(json!({}))
}
