use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_types::retry::{ErrorKind, RetryConfig};

use super::front::Call;
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

/// What a service refuses only for the moment; the SDK does not know it as something to repeat.
#[derive(Debug)]
pub(super) struct NotNow {
    code: &'static str,
    /// Operations, by what their names begin with, that the code may also tell to be done already.
    except: &'static [&'static str],
}

/// Organizations refuses a write while another one is under way.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html#API_AttachPolicy_Errors>
pub(super) const CONCURRENT_MODIFICATION: NotNow = NotNow { code: "ConcurrentModificationException", except: &[] };

/// Identity Center refuses a write until an earlier one has reached all of it, but also what is there already.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html#API_ProvisionPermissionSet_Errors>
pub(super) const NOT_SETTLED: NotNow = NotNow { code: "ConflictException", except: &["CreatePermissionSet", "Attach"] };

impl NotNow {
    fn is_excepted(&self, operation: &str) -> bool {
        self.except.iter().any(|start| operation.starts_with(start))
    }
}

impl ClassifyRetry for NotNow {
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
