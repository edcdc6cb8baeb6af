//! Accounts that were created a moment ago. AWS calls an account created before it can be used: for up to some minutes its
//! role cannot be assumed, then services do not know its credentials, or do not count it as signed up.
//!
//! AWS's pages do not list the codes; users of other programs report them:
//! RegionDisabledException <https://github.com/org-formation/org-formation-cli/issues/465>,
//! OptInRequired <https://github.com/awslabs/aws-service-catalog-products/issues/47>,
//! SubscriptionRequiredException <https://github.com/awslabs/aws-deployment-framework/issues/243>.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::clock::time_of_day;
use super::{AwsError, scope};

/// An account older than this can be used, or there is another reason why not.
const USABLE_WITHIN: Duration = Duration::from_secs(15 * 60);

/// "If you get this exception immediately after creating the organization, wait one hour and try again."
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>
const FULL_PLACES_WITHIN: Duration = Duration::from_secs(3600);

/// What services answer to the credentials of an account that they do not know yet, or that has not signed up with them
/// yet, by protocol and service.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>,
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
const UNKNOWN_THERE: [&str; 8] = [
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "InvalidAccessKeyId",
    "OptInRequired",
    "SubscriptionRequiredException",
    "NotSignedUp",
    "PendingVerification",
];

/// Why a change waits for a new account.
pub(super) const NOT_USABLE: &str = "a new account cannot be used yet";

/// Whether a service answers with this code where it does not know the account of the credentials.
pub(super) fn is_unknown_there(code: &str) -> bool {
    UNKNOWN_THERE.contains(&code)
}

/// The code in a text by which a service says that it does not know the account of the credentials.
pub(crate) fn unknown_there_in(text: &str) -> Option<&'static str> {
    UNKNOWN_THERE.into_iter().find(|code| text.contains(code))
}

/// Whether the error may mean that the account which was to be entered or used is too new. Denials that name a policy which
/// denies do not pass by themselves.
pub(super) fn is_too_new(error: &AwsError) -> bool {
    let Some(code) = error.code() else { return false };
    if error.operation != "sts:AssumeRole" {
        return is_unknown_there(code);
    }
    let is_denied = error.is_access_denied() && !error.message.contains("explicit deny");
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
    is_denied || code == "RegionDisabledException"
}

/// Which accounts are new, and whether calls wait until they can be used.
#[derive(Debug, Default)]
pub struct NewAccounts {
    /// Until when each may be unusable because it is new.
    until: Mutex<HashMap<String, Instant>>,
    is_waited_for: AtomicBool,
    /// Until when the organization may refuse accounts because it is new.
    organization: Mutex<Option<Instant>>,
    /// What was said last, and when.
    said: Mutex<Option<(String, Instant)>>,
}

impl NewAccounts {
    /// Notes an account that was created so long ago.
    pub fn note(&self, account: &str, age: Duration) {
        let Some(left) = USABLE_WITHIN.checked_sub(age).filter(|left| !left.is_zero()) else { return };
        let until = Instant::now() + left;
        let mut known = locked(&self.until);
        let known = known.entry(account.to_owned()).or_insert(until);
        *known = (*known).max(until);
    }

    /// Notes that the organization was created so long ago.
    pub fn note_organization(&self, age: Duration) {
        let left = FULL_PLACES_WITHIN.checked_sub(age).filter(|left| !left.is_zero());
        *locked(&self.organization) = left.map(|left| Instant::now() + left);
    }

    /// Whether the organization is so new that AWS may refuse accounts for which it has places.
    pub fn is_organization_new(&self) -> bool {
        locked(&self.organization).is_some_and(|until| until > Instant::now())
    }

    /// From now on calls wait until new accounts can be used; before, they fail.
    pub fn wait_for_them(&self) {
        self.is_waited_for.store(true, Ordering::SeqCst);
    }

    /// How much longer an account may be unusable because it is new.
    pub fn left(&self, account: &str) -> Option<Duration> {
        let left = locked(&self.until).get(account)?.saturating_duration_since(Instant::now());
        Some(left).filter(|left| !left.is_zero())
    }

    /// How much longer calls are repeated until the account can be used; nothing where they are not.
    pub(super) fn patience(&self, account: &str) -> Option<Duration> {
        if self.is_waited_for.load(Ordering::SeqCst) { self.left(account) } else { None }
    }

    /// Says what is waited for: to the change that the call belongs to, and to who watches the reading.
    pub(super) fn say(&self, account: &str, why: &str, left: Duration) {
        let until = time_of_day(SystemTime::now() + left);
        let text = format!("account {account} is new and cannot be used yet ({why}); waiting until {until} at most");
        *locked(&self.said) = Some((text.clone(), Instant::now()));
        scope::report_wait(text);
    }

    /// What calls wait for at the moment.
    pub fn waiting(&self) -> Option<String> {
        let said = locked(&self.said).clone()?;
        (said.1.elapsed() < 2 * longest_pause()).then_some(said.0)
    }

    /// Says what is waited for, and pauses before the next attempt to enter an account, of which there were so many. Gives
    /// whether there is time for one.
    pub(super) async fn pause(&self, account: &str, error: &AwsError, attempts: u32) -> bool {
        let Some(left) = self.patience(account).filter(|_| is_too_new(error)) else { return false };
        self.say(account, error.code().unwrap_or_default(), left);
        scope::waiting(|| scope::Awaited::aws(NOT_USABLE), tokio::time::sleep(pause(attempts))).await;
        true
    }
}

/// Between two attempts: short at first, because emulators are quick.
pub(super) fn pause(attempts: u32) -> Duration {
    let seconds = [1, 2, 3, 5];
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(seconds.len() - 1);
    Duration::from_secs(seconds[index])
}

fn longest_pause() -> Duration {
    pause(u32::MAX)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept is replaced whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::Cause;
    use super::*;

    fn error(operation: &str, code: &str, message: &str) -> AwsError {
        AwsError { cause: Cause::Refused(code.into()), ..AwsError::odd(operation, message) }
    }

    const fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_is_new_for_fifteen_minutes() {
        let accounts = NewAccounts::default();
        accounts.note("1", Duration::ZERO);
        accounts.note("2", seconds(600));
        accounts.note("3", seconds(900));
        // A list that says when it was created does not shorten what is known better.
        accounts.note("1", seconds(60));
        let left = |account| accounts.left(account);
        assert_eq!((left("1"), left("2"), left("3"), left("4")), (Some(seconds(900)), Some(seconds(300)), None, None));
        tokio::time::advance(seconds(300)).await;
        assert_eq!((left("1"), left("2")), (Some(seconds(600)), None));
        assert_eq!(accounts.patience("1"), None, "nothing waits before it is reported to");
        accounts.wait_for_them();
        assert_eq!((accounts.patience("1"), accounts.patience("2")), (Some(seconds(600)), None));
    }

    #[tokio::test(start_paused = true)]
    async fn an_organization_is_new_for_an_hour() {
        let accounts = NewAccounts::default();
        assert!(!accounts.is_organization_new());
        accounts.note_organization(seconds(3000));
        assert!(accounts.is_organization_new());
        tokio::time::advance(seconds(600)).await;
        assert!(!accounts.is_organization_new());
        accounts.note_organization(seconds(3600));
        assert!(!accounts.is_organization_new());
    }

    #[test]
    fn what_a_new_account_answers_is_known_by_its_code() {
        let assume = |code, message| is_too_new(&error("sts:AssumeRole", code, message));
        assert!(assume("AccessDenied", "User: x is not authorized to perform: sts:AssumeRole on resource: y"));
        assert!(assume("RegionDisabledException", "STS is not activated in this region for account:1."));
        assert!(!assume("AccessDenied", "… with an explicit deny in a service control policy"));
        assert!(!assume("InvalidClientTokenId", "these are the caller's own credentials"));
        for code in ["InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "OptInRequired"] {
            assert!(is_too_new(&error("cloudformation:DescribeStacks", code, "no")), "{code}");
        }
        assert!(is_too_new(&error("ssm:GetParameter", "SubscriptionRequiredException", "no")));
        assert!(!is_too_new(&error("cloudformation:DescribeStacks", "AccessDenied", "no")));
        assert!(!is_too_new(&AwsError::odd("sts:AssumeRole", "no clear answer")));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_ends_with_the_time_that_an_account_is_new() {
        let accounts = NewAccounts::default();
        accounts.note("1", seconds(890));
        accounts.wait_for_them();
        let denied = error("sts:AssumeRole", "AccessDenied", "no");
        assert!(!accounts.pause("2", &denied, 1).await, "it is not new");
        assert!(!accounts.pause("1", &error("sts:AssumeRole", "ExpiredToken", "no"), 1).await);
        assert_eq!(accounts.waiting(), None);
        let start = Instant::now();
        let mut attempts = 1;
        while accounts.pause("1", &denied, attempts).await {
            attempts += 1;
        }
        assert_eq!((attempts, start.elapsed()), (5, seconds(11)));
        let said = accounts.waiting().unwrap();
        assert!(said.starts_with("account 1 is new and cannot be used yet (AccessDenied); waiting until "), "{said}");
        tokio::time::advance(seconds(10)).await;
        assert_eq!(accounts.waiting(), None);
    }
}
