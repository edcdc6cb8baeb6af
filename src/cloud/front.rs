//! The door that every AWS call goes through: it knows the operation's name, counts it, waits for its turn
//! and only then hands it to the HTTP client beneath, which is the real one or any other.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, Metadata};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use http_body_util::BodyExt;

use super::meter::Meter;
use super::pace::Pacer;

/// One call's service, by the prefix that IAM gives it, and operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Call {
    pub service: &'static str,
    pub operation: String,
    /// The account and region that it is made in, where that is not the management account: limits hold for each.
    pub site: Option<Arc<str>>,
}

impl Call {
    /// Reads are named Describe, Get, Head or List in every service that landing calls.
    pub fn is_write(&self) -> bool {
        !["Describe", "Get", "Head", "List"].iter().any(|verb| self.operation.starts_with(verb))
    }

    /// Whether it changes what blueprints describe: not the lease, not a session, not where templates wait, not what AWS
    /// knows of drift.
    pub fn changes_the_organization(&self) -> bool {
        self.is_write() && !matches!(self.service, "ssm" | "sts" | "s3") && !self.operation.starts_with("Detect")
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
        "SSM" => "ssm",
        "Account" => "account",
        "Resource Groups Tagging API" => "tag",
        "RAM" => "ram",
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
        }
        Ok(())
    }
}

/// An HTTP client in front of another.
#[derive(Debug)]
pub(super) struct FrontDoor {
    pub inner: SharedHttpClient,
    pub meter: Arc<Meter>,
    pub pacer: Arc<Pacer>,
}

impl HttpClient for FrontDoor {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Doorway {
            inner: self.inner.http_connector(settings, components),
            meter: Arc::clone(&self.meter),
            pacer: Arc::clone(&self.pacer),
        })
    }
}

#[derive(Debug)]
struct Doorway {
    inner: SharedHttpConnector,
    meter: Arc<Meter>,
    pacer: Arc<Pacer>,
}

impl HttpConnector for Doorway {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(call) = request.extension::<Call>().cloned() else {
            return self.inner.call(request);
        };
        let (inner, meter, pacer) = (self.inner.clone(), Arc::clone(&self.meter), Arc::clone(&self.pacer));
        HttpConnectorFuture::new(async move {
            let turn = pacer.turn(&call).await;
            meter.count(&call);
            let answered = tokio::time::timeout(PATIENCE, answer(&inner, request)).await;
            drop(turn);
            let response = answered.unwrap_or_else(|waited| Err(ConnectorError::timeout(waited.into())));
            meter.note_connection(response.as_ref().err());
            let refused = response.as_ref().is_ok_and(|response| response.status().is_client_error());
            if call.changes_the_organization() && !refused {
                meter.count_write();
            }
            let mut response = response?;
            if is_throttled(&response) {
                meter.count_throttled();
                pacer.slow_down(&call);
            }
            // Whoever decides whether to repeat it wants to know what was called.
            response.add_extension(call);
            Ok(response)
        })
    }
}

/// How long one attempt may take from when its turn has come. The SDK's own limits would count the waiting for the
/// turn as well.
const PATIENCE: Duration = Duration::from_secs(60);

async fn answer(inner: &SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    with_its_error(inner.call(request).await?).await
}

/// The response, its body in memory where it says what is wrong: over the network it may still be streaming.
async fn with_its_error(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    if response.status().is_client_error() && response.body().bytes().is_none() {
        let body = response.take_body().collect().await.map_err(ConnectorError::io)?;
        *response.body_mut() = SdkBody::from(body.to_bytes());
    }
    Ok(response)
}

/// Query services name the error in the body alone, and so do most JSON ones; REST services in a header.
fn is_throttled(response: &HttpResponse) -> bool {
    let named = response.headers().get("x-amzn-errortype").unwrap_or_default();
    let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    response.status().as_u16() == 429
        || (response.status().is_client_error()
            && ["Throttling", "TooManyRequests"].iter().any(|word| named.contains(word) || body.contains(word)))
}
