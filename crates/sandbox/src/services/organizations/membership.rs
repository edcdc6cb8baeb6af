//! How accounts leave the organization.

use serde_json::json;

use super::accounts;
use super::errors::{account_not_found, constraint};
use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::AccountOwner;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("RemoveAccountFromOrganization", remove_account_from_organization),
    operation("LeaveOrganization", leave_organization),
];

fn remove_account_from_organization(request: &mut Request<'_>) -> Answer {
    let id = accounts::existing(request)?;
    leave(request, &id)
}

fn leave_organization(request: &mut Request<'_>) -> Answer {
    let id = request.caller.account.clone();
    leave(request, &id)
}

/// Accounts that were invited may leave. Created ones lack what a stand-alone account needs, a payment method first of
/// all, which no API can give them.
fn leave(request: &mut Request<'_>, id: &str) -> Answer {
    let organization = request.organization()?;
    if id == organization.management {
        let message = "You can't remove the management account from an organization.";
        return Err(ApiError::new("MasterCannotLeaveOrganizationException", message));
    }
    if organization.delegated.contains_key(id) {
        let message = "You can't remove an account that is a delegated administrator.";
        return Err(constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", message));
    }
    let account = organization.accounts.get(id).ok_or_else(account_not_found)?;
    if account.joined_method == "CREATED" {
        let message = "The account lacks the payment method that a stand-alone account needs.";
        return Err(constraint("MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", message));
    }
    let owner = AccountOwner { id: id.to_owned(), name: account.name.clone(), email: account.email.clone() };
    organization.accounts.remove(id);
    organization.forget(id);
    request.state.standalone_accounts.insert(id.to_owned(), owner);
    Ok(json!({}))
}
