use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_types::retry::{ErrorKind, RetryConfig};

use super::meter::Meter;

/// Attempts of one call, the first included. At one failure in five this many never fail in practice.
const MAX_ATTEMPTS: u32 = 12;

/// The SDK's standard retries: exponential, jittered, bounded.
pub(super) fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(500))
        .with_max_backoff(Duration::from_secs(10))
}

/// Gives up early where nobody ever answered: a mistyped endpoint is not a passing failure.
#[derive(Debug)]
pub(super) struct NobodyThere(pub Arc<Meter>);

impl ClassifyRetry for NobodyThere {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().is_some_and(|result| result.is_err());
        if failed && self.0.is_nobody_there() { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "NobodyThere"
    }
}

/// Organizations refuses a write while another one is under way, for the moment only; the SDK does not know
/// that as something to repeat.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html#API_AttachPolicy_Errors>
const NOT_NOW: &str = "ConcurrentModificationException";

/// Has the SDK repeat what Organizations refuses only for the moment.
#[derive(Debug)]
pub(super) struct ConcurrentModification;

impl ClassifyRetry for ConcurrentModification {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        if response.status().is_client_error() && body.contains(NOT_NOW) {
            return RetryAction::retryable_error(ErrorKind::ThrottlingError);
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "ConcurrentModification"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
