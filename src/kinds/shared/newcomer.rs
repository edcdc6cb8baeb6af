//! Members that joined the organization lately. Services learn of them one after another: what they refuse at first they allow
//! half an hour later.

use std::time::{Duration, SystemTime};

use crate::cloud::{AwsError, Explain};
use crate::kinds::WriteContext;

/// How long after an account has joined a service may not know that it is a member. 10 to 20 minutes are reported for
/// `aws:PrincipalOrgID`.
const UNAWARE: Duration = Duration::from_secs(3_600);

/// Whether an account joined so lately that a refusal may pass.
///
/// # Errors
/// When AWS does not describe the account.
pub(in crate::kinds) async fn joined_lately(context: &WriteContext, account: &str) -> Result<bool, AwsError> {
    let request = context.cloud.organizations.describe_account().account_id(account);
    let reply = request.send().await.explain("organizations:DescribeAccount")?;
    let joined = reply.account().and_then(|account| account.joined_timestamp()).copied();
    let joined = joined.and_then(|joined| SystemTime::try_from(joined).ok());
    Ok(joined.is_some_and(|joined| is_late(joined, SystemTime::now())))
}

/// A clock that is behind AWS's sees it join in the future.
fn is_late(joined: SystemTime, now: SystemTime) -> bool {
    now.duration_since(joined).map_or(true, |since| since < UNAWARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_new_for_an_hour() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100_000);
        assert!(is_late(now - Duration::from_secs(3_599), now));
        assert!(!is_late(now - Duration::from_secs(3_600), now));
        assert!(is_late(now + Duration::from_secs(5), now));
    }
}
