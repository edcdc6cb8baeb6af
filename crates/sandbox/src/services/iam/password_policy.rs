//! The password policy of an account's IAM users.

use serde_json::{Map, Value, json};

use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("GetAccountPasswordPolicy", get_account_password_policy),
    operation("UpdateAccountPasswordPolicy", update_account_password_policy),
    operation("DeleteAccountPasswordPolicy", delete_account_password_policy),
];

const FLAGS: [&str; 6] = [
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
    "HardExpiry",
];

/// Numbers with their bounds; what is not given is not limited.
const NUMBERS: [(&str, i64, i64); 2] = [("MaxPasswordAge", 1, 1095), ("PasswordReusePrevention", 1, 24)];

/// Characters of a password, where the request names no length.
const SHORTEST: i64 = 6;

fn missing(request: &Request<'_>) -> ApiError {
    let message = format!("The Password Policy with domain name {} cannot be found.", request.caller.account);
    ApiError::new("NoSuchEntity", message).with_status(404)
}

fn get_account_password_policy(request: &mut Request<'_>) -> Answer {
    let policy = request.state.password_policies.get(&request.caller.account);
    Ok(json!({"PasswordPolicy": policy.ok_or_else(|| missing(request))?}))
}

fn within(request: &Request<'_>, name: &str, least: i64, most: i64) -> Result<Option<i64>, ApiError> {
    let number = request.input.number(name)?;
    if number.is_some_and(|number| !(least..=most).contains(&number)) {
        return Err(request.input.invalid("", format!("{name} must be between {least} and {most}.")));
    }
    Ok(number)
}

/// What is not given goes back to what AWS has without a policy.
fn update_account_password_policy(request: &mut Request<'_>) -> Answer {
    let mut policy = Map::new();
    let length = within(request, "MinimumPasswordLength", 6, 128)?.unwrap_or(SHORTEST);
    policy.insert("MinimumPasswordLength".into(), json!(length));
    for flag in FLAGS {
        policy.insert(flag.into(), json!(request.input.flag(flag)));
    }
    for (name, least, most) in NUMBERS {
        if let Some(number) = within(request, name, least, most)? {
            policy.insert(name.into(), json!(number));
        }
    }
    policy.insert("ExpirePasswords".into(), json!(policy.contains_key("MaxPasswordAge")));
    request.state.password_policies.insert(request.caller.account.clone(), Value::Object(policy));
    Ok(json!({}))
}

fn delete_account_password_policy(request: &mut Request<'_>) -> Answer {
    let account = request.caller.account.clone();
    request.state.password_policies.remove(&account).ok_or_else(|| missing(request))?;
    Ok(json!({}))
}
