use serde::{Deserialize, Serialize};

use crate::cloud::AwsError;

/// What is known of something in an account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seen<T> {
    /// What is there.
    There(T),
    /// The caller cannot enter the account, or the region is not enabled there: what AWS says.
    Closed(String),
}

/// What AWS says of credentials in a region that the account has not opted in to.
const REGION_DISABLED: [&str; 4] =
    ["UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired", "AuthFailure"];

/// Whether an error says that the account has not opted in to the region.
pub(in crate::kinds) fn is_disabled(error: &AwsError) -> bool {
    REGION_DISABLED.iter().any(|code| error.is(code))
}

impl<T> Seen<T> {
    /// What came of looking there.
    ///
    /// # Errors
    /// All but those by which AWS keeps the caller out.
    pub fn of(result: Result<T, AwsError>) -> Result<Seen<T>, AwsError> {
        let is_shut_out =
            |error: &AwsError| (error.is_access_denied() && error.operation == "sts:AssumeRole") || is_disabled(error);
        match result {
            Err(error) if is_shut_out(&error) => Ok(Seen::Closed(error.to_string())),
            Err(error) => Err(error),
            Ok(there) => Ok(Seen::There(there)),
        }
    }
}
