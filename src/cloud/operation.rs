//! Requests to services that have no client here: theirs take up to minutes to compile, and landing makes few of their
//! calls. They are made from the parts that every client is made of, and so go the same way: signed, paced, counted,
//! repeated and explained.

use std::fmt;
use std::sync::Arc;

use aws_config::{Region, SdkConfig};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::front::NameCalls;
use super::retry::{Repeats, partition, retries};

/// Where a request goes and how it is signed.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    /// The credentials, the HTTP client and its limits in time.
    pub shared: SdkConfig,
    /// The service by the prefix of its actions in IAM policies, for which requests are signed too.
    pub service: &'static str,
    pub operation: &'static str,
    /// Without the path.
    pub endpoint: String,
    /// The region that it is signed for.
    pub region: String,
    /// The account and region that it is made in, where that is not the management account.
    pub site: Option<Arc<str>>,
    pub repeats: Repeats,
}

impl Destination {
    /// An operation there, which writes a request from `I` and reads its answer into `O`.
    pub fn operation<I, O>(
        self,
        request: impl Fn(I) -> Result<HttpRequest, BoxError> + Send + Sync + 'static,
        answer: impl Fn(&HttpResponse) -> Result<O, OrchestratorError<Refused>> + Send + Sync + 'static,
    ) -> Operation<I, O, Refused>
    where
        I: fmt::Debug + Send + Sync + 'static,
        O: fmt::Debug + Send + Sync + 'static,
    {
        let mut operation = Operation::builder()
            .service_name(self.service)
            .operation_name(self.operation)
            .endpoint_url(&self.endpoint)
            .standard_retry(&retries())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(self.repeats.clone())
            .interceptor(self.repeats.clone())
            .interceptor(NameCalls { service: Some(self.service), site: self.site.clone() })
            .runtime_plugin(self.signing())
            .serializer(request)
            .deserializer(answer);
        if let Some(client) = self.shared.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(timeouts) = self.shared.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        operation.build()
    }

    fn signing(&self) -> StaticRuntimePlugin {
        let mut layer = Layer::new(self.service);
        layer.store_put(partition());
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(SigV4OperationSigningConfig {
            region: Some(Region::new(self.region.clone()).into()),
            name: Some(self.service.into()),
            signing_options: signing_options(self.service),
            ..SigV4OperationSigningConfig::default()
        });
        let mut components = RuntimeComponentsBuilder::new(self.service);
        components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
        components.push_auth_scheme(SigV4AuthScheme::new());
        components.set_identity_cache(self.shared.identity_cache());
        if let Some(credentials) = self.shared.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

/// S3 takes the path as it is, and the body's digest in a header.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
fn signing_options(service: &str) -> SigningOptions {
    let mut options = SigningOptions::default();
    if service == "s3" {
        options.double_uri_encode = false;
        options.normalize_uri_path = false;
        options.content_sha256_header = true;
    }
    options
}

/// What a service says instead of doing what it is asked.
#[derive(Debug)]
pub(super) struct Refused(ErrorMetadata);

impl Refused {
    /// `code` as AWS calls the error; without one, the HTTP status takes its place.
    pub fn error(code: Option<String>, message: Option<String>, status: u16) -> OrchestratorError<Refused> {
        let code = code.unwrap_or_else(|| format!("HTTP {status}"));
        let metadata = ErrorMetadata::builder().code(code).message(message.unwrap_or_default()).build();
        OrchestratorError::operation(Refused(metadata))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}
