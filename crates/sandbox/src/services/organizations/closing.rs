//! CloseAccount, which AWS answers before it is done.

use serde_json::json;

use super::accounts;
use super::errors::{account_not_found, constraint};
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::{Organization, PENDING_CLOSURE};
use crate::options::Timings;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::{Quotas, State};

pub(super) const OPERATIONS: &[Operation] = &[operation("CloseAccount", close_account)];

const SUSPENDED: &str = "SUSPENDED";
/// In seconds.
const THIRTY_DAYS: u64 = 30 * 24 * 60 * 60;
/// However large the organization is, no more accounts than this may be closed in 30 days.
const MOST_CLOSURES: usize = 1_000;

fn close_account(request: &mut Request<'_>) -> Answer {
    let id = accounts::existing(request)?;
    let (now, quotas) = (request.now, request.state.quotas);
    let organization = request.organization()?;
    check_account(organization, &id)?;
    check_quotas(organization, &quotas, now)?;
    organization.closures.push(now);
    let account = organization.accounts.get_mut(&id).ok_or_else(account_not_found)?;
    account.state = PENDING_CLOSURE.into();
    Ok(json!({}))
}

fn check_account(organization: &Organization, id: &str) -> Result<(), ApiError> {
    if id == organization.management {
        return Err(constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account."));
    }
    if organization.delegated.contains_key(id) {
        let message = "You can't close an account that is a delegated administrator.";
        return Err(constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", message));
    }
    match organization.accounts.get(id).map(|account| account.state.as_str()) {
        Some(PENDING_CLOSURE) => {
            Err(ApiError::new("ConflictException", "The account is already being closed.").with_status(409))
        }
        Some(SUSPENDED) => Err(ApiError::new("AccountAlreadyClosedException", "The account is already closed.")),
        _ => Ok(()),
    }
}

fn check_quotas(organization: &Organization, quotas: &Quotas, now: u64) -> Result<(), ApiError> {
    let pending = organization.accounts.open().filter(|(_, account)| account.state == PENDING_CLOSURE);
    if pending.count() >= quotas.account_closures {
        let message = "You have exceeded the number of accounts that you can close at a time.";
        return Err(constraint("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", message));
    }
    let recent = organization.closures.iter().filter(|closed| now.saturating_sub(**closed) < THIRTY_DAYS);
    let members = organization.accounts.len() - 1;
    let most = quotas.closures_per_month.max(members / 5).min(MOST_CLOSURES);
    if recent.count() >= most {
        let message = "You have exceeded close account quota for the past 30 days.";
        return Err(constraint("CLOSE_ACCOUNT_QUOTA_EXCEEDED", message));
    }
    Ok(())
}

/// Suspends the accounts whose closure is done. They stay in the organization.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings) -> bool {
    let Some(organization) = &mut state.organization else { return false };
    let mut settled = false;
    organization.accounts.go_on(|id, account| {
        if account.state == PENDING_CLOSURE && progress.is_due(&format!("close {id}"), timings.close_account) {
            account.state = SUSPENDED.into();
            settled = true;
        }
    });
    settled
}
