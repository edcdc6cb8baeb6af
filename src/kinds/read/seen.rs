use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cloud::{AccountAccess, AwsError, Cause, Cloud};

/// What is known of something in an account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen<T> {
    /// What was read.
    #[serde(rename = "there")]
    Open(T),
    /// The caller cannot enter the account, or the region is not enabled there.
    Closed(Shut),
}

/// Why nothing can be seen in an account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shut {
    /// What AWS says.
    pub why: String,
    /// Whether the account was created a moment ago, so that waiting is all that it takes.
    pub is_new: bool,
}

/// Whether an answer says that AWS did not report.
#[must_use]
pub fn is_untold(answer: &Value) -> bool {
    answer.as_object().is_some_and(|answer| answer.len() == 1 && answer.contains_key("closed"))
}

/// Whether an error says that the account has not opted in to the region, or signed up with the service.
pub(in crate::kinds) fn is_disabled(error: &AwsError) -> bool {
    error.is_unknown_there()
}

/// Whether an error says that the caller cannot enter the account, or that it has not opted in to the region.
fn is_shut_out(error: &AwsError) -> bool {
    is_disabled(error) || (error.is_access_denied() && error.operation == "sts:AssumeRole")
}

impl<T> Seen<T> {
    /// What came of asking for something without which the rest can be understood.
    ///
    /// # Errors
    /// All but those by which AWS, or what stands for it, does not show the caller.
    pub fn unless_refused(result: Result<T, AwsError>) -> Result<Seen<T>, AwsError> {
        match result {
            Err(error) if error.is_access_denied() || error.is_unknown_operation() || error.cause == Cause::Unclear => {
                Ok(Seen::Closed(Shut { why: error.to_string(), is_new: false }))
            }
            result => result.map(Seen::Open),
        }
    }

    /// What came of looking there.
    ///
    /// # Errors
    /// All but those by which AWS keeps the caller out.
    pub fn of(cloud: &Cloud, access: &AccountAccess, result: Result<T, AwsError>) -> Result<Seen<T>, AwsError> {
        match result {
            Err(error) if is_shut_out(&error) => {
                let account = access.account.as_deref();
                let is_new = error.is_too_new() && account.is_some_and(|id| cloud.new_accounts.left(id).is_some());
                Ok(Seen::Closed(Shut { why: error.to_string(), is_new }))
            }
            Err(error) => Err(error),
            Ok(there) => Ok(Seen::Open(there)),
        }
    }
}
