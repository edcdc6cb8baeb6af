//! The door that every AWS call goes through: it knows the operation's name, counts it, waits for its turn
//! and only then hands it to the HTTP client beneath, which is the real one or any other.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, Metadata};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::time::Instant;

use super::answer::{self, AnswerLimits};
use super::call::Call;
use super::error::{chain, is_unreachable};
use super::fence::{Fence, is_held_back};
use super::meter::Meter;
use super::pace::{Pacer, Permits};
use super::scope::{Awaited, admit, backs_off, count_wait, stop_without_lease};
use super::throttle::{is_throttled, pause_asked};

/// Which attempt of its call a request is; the first is 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt(pub u32);

/// On a request that reads or writes the lease itself: it waits for no turn behind other calls, and is not fenced.
#[derive(Clone, Copy, Debug)]
struct ForTheLease;

/// Marks the requests of the lease.
#[derive(Debug)]
pub(super) struct MarkForTheLease;

#[dyn_dispatch_hint]
impl Intercept for MarkForTheLease {
    fn name(&self) -> &'static str {
        "MarkForTheLease"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().add_extension(ForTheLease);
        Ok(())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.operation)
    }
}

/// The SDK's service ids beside the prefixes that IAM policies use.
fn iam_prefix(service_id: &str) -> &'static str {
    match service_id {
        "Organizations" => "organizations",
        "STS" => "sts",
        "CloudFormation" => "cloudformation",
        "SSO" | "SSO OIDC" | "SSO Admin" => "sso",
        "identitystore" => "identitystore",
        _ => "other",
    }
}

/// Writes the operation's name on the request, where the door can read it.
#[derive(Debug, Default)]
pub(super) struct NameCalls {
    /// The service by its IAM prefix, where it is not one of the SDK's clients that calls.
    pub service: Option<&'static str>,
    /// The account and region of the client, where it is not one of the management account's.
    pub site: Option<Arc<str>>,
}

#[dyn_dispatch_hint]
impl Intercept for NameCalls {
    fn name(&self) -> &'static str {
        "NameCalls"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = config.load::<Metadata>() {
            let service = self.service.unwrap_or_else(|| iam_prefix(metadata.service()));
            let operation = metadata.name().to_owned();
            let call = Call { service, operation, site: self.site.clone() };
            context.request_mut().add_extension(call);
            let attempt = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
            context.request_mut().add_extension(Attempt(attempt));
        }
        Ok(())
    }
}

/// What the door does its work with.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub meter: Arc<Meter>,
    pub pacer: Arc<Pacer>,
    pub fence: Arc<Fence>,
    pub limits: AnswerLimits,
}

/// An HTTP client in front of another.
#[derive(Debug)]
pub(super) struct GatedHttpClient {
    pub inner: SharedHttpClient,
    pub post: Post,
}

impl HttpClient for GatedHttpClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(GatedConnector { inner, post: self.post.clone() })
    }
}

#[derive(Clone, Debug)]
struct GatedConnector {
    inner: SharedHttpConnector,
    post: Post,
}

impl HttpConnector for GatedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(call) = request.extension::<Call>().cloned() else {
            return self.inner.call(request);
        };
        HttpConnectorFuture::new(self.clone().pass(call, request))
    }
}

impl GatedConnector {
    async fn pass(self, call: Call, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let pacer = &self.post.pacer;
        let attempt = request.extension::<Attempt>().copied();
        let is_for_the_lease = request.extension::<ForTheLease>().is_some();
        let asked = Instant::now();
        let turn = if is_for_the_lease { None } else { Some(pacer.turn(&call).await) };
        count_wait(asked.elapsed());
        let sent = Instant::now();
        let answered = if call.takes_the_lease() && !is_for_the_lease {
            // Each attempt by itself: what is repeated may be repeated too late.
            let guarded = self.post.fence.guard(self.attempt(&call, request)).await;
            if guarded.as_ref().is_err_and(is_held_back) {
                stop_without_lease().await;
            }
            guarded
        } else {
            self.attempt(&call, request).await
        };
        if let Ok(response) = &answered {
            self.follow(&call, response, turn.as_ref(), sent);
        }
        drop(turn);
        let mut response = answered?;
        // The code that decides whether to repeat it needs to know what was called.
        response.add_extension(call);
        if let Some(attempt) = attempt {
            response.add_extension(attempt);
        }
        Ok(response)
    }

    /// Has the pace follow an answer.
    fn follow(&self, call: &Call, response: &HttpResponse, turn: Option<&Permits>, sent: Instant) {
        let Post { meter, pacer, .. } = &self.post;
        if is_throttled(response) {
            meter.count_throttled();
            pacer.slow_down(call, sent, pause_asked(response, SystemTime::now()));
            backs_off(Awaited::rate(call, pacer.interval(call)));
        } else if let Some(turn) = turn {
            pacer.answered(call, turn);
        }
    }

    async fn attempt(&self, call: &Call, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Post { meter, limits, .. } = &self.post;
        let nth = request.extension::<Attempt>().map_or(1, |attempt| attempt.0);
        let admitted = admit(call).await;
        meter.count(call);
        // An attempt that is dropped may have been made.
        meter.count_write(call);
        let answered = answer::answer(&self.inner, request, *limits).await;
        let response = answered.map_err(|error| if nth < limits.timed_out { error } else { not_again(error) });
        meter.note_connection(response.as_ref().err());
        if response.as_ref().err().is_some_and(|error| is_unreachable(&chain(Some(error)))) {
            admitted.refused();
            return response;
        }
        let response = response?;
        if response.status().is_client_error() {
            meter.uncount_write(call);
            admitted.refused();
        }
        answer::check(call, &response).map_err(|error| ConnectorError::user(error.into()))?;
        Ok(response)
    }
}

/// What took too long is repeated by the SDK; this is not.
fn not_again(error: ConnectorError) -> ConnectorError {
    if error.is_timeout() { ConnectorError::other(error.into_source(), None) } else { error }
}
