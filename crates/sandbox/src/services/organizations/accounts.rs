//! Accounts and their places.

use serde_json::json;

use super::errors::account_not_found;
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("DescribeAccount", describe_account),
    operation("ListAccounts", list_accounts),
    operation("MoveAccount", move_account),
];

/// The account that the request names in `AccountId`.
pub(super) fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("AccountId")?;
    let known = request.organization_view()?.accounts.get(id).is_some_and(|account| !account.unseen);
    known.then(|| id.to_owned()).ok_or_else(account_not_found)
}

fn describe_account(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    Ok(json!({"Account": request.organization()?.show_account(&id)}))
}

fn list_accounts(request: &mut Request<'_>) -> Answer {
    let organization = request.organization_view()?;
    let accounts = organization.accounts.iter().filter(|(_, account)| !account.unseen);
    let accounts: Vec<&String> = accounts.map(|(id, _)| id).collect();
    PAGES.page(request, "Accounts", &accounts, |id| organization.show_account(id))
}

fn move_account(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let source = request.input.text("SourceParentId")?.to_owned();
    let destination = request.input.text("DestinationParentId")?.to_owned();
    let organization = request.organization()?;
    if !organization.is_parent(&destination) {
        let message = "You specified a destination container that doesn't exist.";
        return Err(ApiError::new("DestinationParentNotFoundException", message));
    }
    let account = organization.accounts.get_mut(&id).ok_or_else(account_not_found)?;
    if account.parent == destination {
        let message = "The account is already in the specified destination.";
        return Err(ApiError::new("DuplicateAccountException", message));
    }
    if account.parent != source {
        let message = "The account isn't in the source container that you specified.";
        return Err(ApiError::new("SourceParentNotFoundException", message));
    }
    account.parent = destination;
    Ok(json!({}))
}
