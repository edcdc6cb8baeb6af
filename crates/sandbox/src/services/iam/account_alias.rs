//! The alias of an account.

use serde_json::json;

use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListAccountAliases", list_account_aliases),
    operation("CreateAccountAlias", create_account_alias),
    operation("DeleteAccountAlias", delete_account_alias),
];

fn list_account_aliases(request: &mut Request<'_>) -> Answer {
    let alias = request.state.account_aliases.get(&request.caller.account);
    Ok(json!({"AccountAliases": alias.into_iter().collect::<Vec<_>>(), "IsTruncated": false}))
}

/// `^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`
fn alias(request: &Request<'_>) -> Result<String, ApiError> {
    let alias = request.input.bounded("AccountAlias", 3, 63)?;
    let is_of_these = alias.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    let is_odd = alias.starts_with('-') || alias.ends_with('-') || alias.contains("--");
    let invalid = || request.input.invalid("", "The specified value for accountAlias is invalid.");
    (is_of_these && !is_odd).then(|| alias.to_owned()).ok_or_else(invalid)
}

/// No two accounts have one alias, in whatever organization they are. A new one takes the place of the account's own.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-alias.html>
fn create_account_alias(request: &mut Request<'_>) -> Answer {
    let alias = alias(request)?;
    if request.state.account_aliases.values().any(|taken| *taken == alias) {
        let message = format!("The account alias {alias} already exists.");
        return Err(ApiError::new("EntityAlreadyExists", message).with_status(409));
    }
    request.state.account_aliases.insert(request.caller.account.clone(), alias);
    Ok(json!({}))
}

fn delete_account_alias(request: &mut Request<'_>) -> Answer {
    let alias = alias(request)?;
    let account = request.caller.account.clone();
    if request.state.account_aliases.get(&account) != Some(&alias) {
        let message = format!("The account alias {alias} cannot be found.");
        return Err(ApiError::new("NoSuchEntity", message).with_status(404));
    }
    request.state.account_aliases.remove(&account);
    Ok(json!({}))
}
