use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{FinalizerInterceptorContextRef, InterceptorContext};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_smithy_types::retry::{ErrorKind, RetryConfig};
use tokio::time::Instant;

use super::call::Call;
use super::front::Attempt;
use super::meter::Meter;
use super::new_accounts::{NOT_USABLE, NewAccounts, is_unknown_there, pause};
use super::scope::Awaited;
use super::{scope, service};

/// Attempts of one call, the first included. At one failure in five this many never fail in practice.
const MAX_ATTEMPTS: u32 = 12;

/// How long a write waits while another program changes the organization: Control Tower and stack sets take minutes.
const LOCKED_WITHIN: Duration = Duration::from_secs(10 * 60);

/// The SDK's standard retries: exponential, jittered, bounded.
pub(super) fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(500))
        .with_max_backoff(Duration::from_secs(10))
}

/// What bounds the retries of a client: the attempts and the time of each call. The SDK's own quota of 500 tokens, which
/// all calls to a service share, would fail parallel calls that wait for the same lock.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
pub(super) fn partition() -> RetryPartition {
    RetryPartition::custom("landing").token_bucket(TokenBucket::unlimited()).build()
}

/// What is known that decides whether a failed attempt is repeated.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats {
    pub meter: Arc<Meter>,
    pub new_accounts: Arc<NewAccounts>,
}

/// A refusal that passes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TransientError {
    /// Another program changes the organization.
    Locked,
    /// The account of the call, of which so much time is left, is new.
    NewAccount { account: String, code: String, left: Duration },
}

impl TransientError {
    fn words(&self) -> &'static str {
        match self {
            TransientError::Locked => "another program changes the organization",
            TransientError::NewAccount { .. } => NOT_USABLE,
        }
    }
}

impl Repeats {
    /// Whether what an attempt was answered passes by itself.
    fn passing(&self, response: &HttpResponse) -> Option<TransientError> {
        let call = response.extension::<Call>().filter(|_| response.status().is_client_error())?;
        let code = service::error_code(response)?;
        if call.service == "organizations" && code == CONCURRENT_MODIFICATION {
            return Some(TransientError::Locked);
        }
        let account = call.account().filter(|_| is_unknown_there(&code))?;
        let left = self.new_accounts.patience(account)?;
        Some(TransientError::NewAccount { account: account.to_owned(), code, left })
    }
}

/// Organizations refuses a write while another one is under way.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html#API_AttachPolicy_Errors>
const CONCURRENT_MODIFICATION: &str = "ConcurrentModificationException";

impl ClassifyRetry for Repeats {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().is_some_and(|result| result.is_err());
        if failed && self.meter.endpoint_is_unreachable() {
            // A mistyped endpoint is not a passing failure.
            return RetryAction::RetryForbidden;
        }
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        match self.passing(response) {
            None => RetryAction::NoActionIndicated,
            Some(TransientError::Locked) => RetryAction::retryable_error(ErrorKind::ThrottlingError),
            Some(TransientError::NewAccount { .. }) => {
                let attempts = response.extension::<Attempt>().map_or(1, |attempt| attempt.0);
                RetryAction::retryable_error_with_explicit_delay(ErrorKind::ThrottlingError, pause(attempts))
            }
        }
    }

    fn name(&self) -> &'static str {
        "Repeats"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// How often a call was refused for what passes by itself, and since when. These attempts do not count among
/// [`MAX_ATTEMPTS`].
#[derive(Clone, Copy, Debug)]
struct TransientAttempts {
    attempts: u32,
    since: Instant,
}

impl Storable for TransientAttempts {
    type Storer = StoreReplace<TransientAttempts>;
}

#[dyn_dispatch_hint]
impl Intercept for Repeats {
    fn name(&self) -> &'static str {
        "Repeats"
    }

    /// Before the SDK decides whether there is another attempt.
    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(passing) = context.response().and_then(|response| self.passing(response)) else { return Ok(()) };
        let Some(retries) = config.load::<RetryConfig>().filter(|retries| retries.has_retry()).cloned() else {
            return Ok(());
        };
        let made = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let before = config
            .load::<TransientAttempts>()
            .copied()
            .unwrap_or(TransientAttempts { attempts: 0, since: Instant::now() });
        let so_far = TransientAttempts { attempts: before.attempts + 1, ..before };
        let goes_on = self.goes_on(&passing, so_far.since.elapsed());
        let most = if goes_on { MAX_ATTEMPTS + so_far.attempts } else { made };
        config.interceptor_state().store_put(so_far);
        config.interceptor_state().store_put(retries.with_max_attempts(most));
        Ok(())
    }
}

impl Repeats {
    /// Whether a call is repeated that has been refused for so long; says what it waits for.
    fn goes_on(&self, passing: &TransientError, waited: Duration) -> bool {
        scope::backs_off(Awaited::aws(passing.words()));
        match passing {
            TransientError::Locked => {
                let minutes = LOCKED_WITHIN.as_secs() / 60;
                if waited >= SAY_AFTER {
                    scope::report_wait(format!(
                        "another program changes the organization; waiting for {minutes} min at most"
                    ));
                }
                waited < LOCKED_WITHIN
            }
            TransientError::NewAccount { account, code, left } => {
                self.new_accounts.say(account, code, *left);
                true
            }
        }
    }
}

/// Writes of landing's own meet for moments.
const SAY_AFTER: Duration = Duration::from_secs(5);

/// What a service refuses only for the moment; the SDK does not know it as something to repeat.
#[derive(Debug)]
pub(super) struct RetryableServiceError {
    code: &'static str,
    /// Operations, by what their names begin with, that the code may also show to be done already.
    except: &'static [&'static str],
}

/// Identity Center refuses a write until an earlier one has reached all of it, but also what is there already.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html#API_ProvisionPermissionSet_Errors>
pub(super) const NOT_SETTLED: RetryableServiceError =
    RetryableServiceError { code: "ConflictException", except: &["CreatePermissionSet", "Attach"] };

impl RetryableServiceError {
    fn is_excepted(&self, operation: &str) -> bool {
        self.except.iter().any(|start| operation.starts_with(start))
    }
}

impl ClassifyRetry for RetryableServiceError {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        if response.extension::<Call>().is_some_and(|call| self.is_excepted(&call.operation)) {
            return RetryAction::NoActionIndicated;
        }
        let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        if response.status().is_client_error() && body.contains(self.code) {
            return RetryAction::retryable_error(ErrorKind::ThrottlingError);
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "NotNow"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
