//! What is wrong with the policies that accounts come to have along their paths. Nothing is merged here: what is invalid is
//! written into the state.

use serde_json::{Value, json};

use super::accounts::existing;
use super::errors::invalid;
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListAccountsWithInvalidEffectivePolicy", list_accounts),
    operation("ListEffectivePolicyValidationErrors", list_errors),
];

/// The type that the request names, which must be one that has effective policies.
fn policy_type(request: &Request<'_>) -> Result<String, ApiError> {
    let name = request.input.text("PolicyType")?;
    match name {
        "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY" => {
            Err(invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type string."))
        }
        _ => Ok(name.to_owned()),
    }
}

fn list_accounts(request: &mut Request<'_>) -> Answer {
    let name = policy_type(request)?;
    let organization = request.organization_view()?;
    let accounts = organization.invalid_policies.get(&name).into_iter().flat_map(|accounts| accounts.keys());
    let accounts: Vec<&String> = accounts.filter(|id| organization.accounts.contains_key(*id)).collect();
    let mut answer = PAGES.page(request, "Accounts", &accounts, |id| organization.show_account(id))?;
    answer["PolicyType"] = name.into();
    Ok(answer)
}

fn list_errors(request: &mut Request<'_>) -> Answer {
    let (name, account) = (policy_type(request)?, existing(request)?);
    let invalid = request.organization_view()?.invalid_policies.get(&name);
    let errors: &[Value] = invalid.and_then(|accounts| accounts.get(&account)).map_or(&[], Vec::as_slice);
    let mut answer = PAGES.page(request, "EffectivePolicyValidationErrors", errors, Value::clone)?;
    answer["PolicyType"] = name.into();
    answer["AccountId"] = json!(account);
    Ok(answer)
}
