//! Requests to services that have no client here: theirs take up to minutes to compile, and landing makes few of their
//! calls. They are made from the parts that every client is made of, and so go the same way: signed, paced, counted,
//! repeated and explained.

use std::fmt;
use std::sync::Arc;

use aws_config::{Region, SdkConfig};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
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
use aws_types::service_config::ServiceConfigKey;

use super::front::{MarkForTheLease, NameCalls};
use super::retry::{Repeats, partition, retries};
use super::service::{Hosts, Service};

/// Where a request goes and how it is signed.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    /// The credentials, the HTTP client and its limits in time.
    pub shared: SdkConfig,
    pub service: Service,
    pub operation: &'static str,
    /// Without the path.
    pub endpoint: String,
    /// The region that it is signed for.
    pub region: String,
    /// The account and region that it is made in, where that is not the management account.
    pub site: Option<Arc<str>>,
    pub repeats: Repeats,
    /// Whether a request is one attempt, whatever comes of it.
    pub is_once: bool,
    /// Whether requests read or write the lease.
    pub is_for_the_lease: bool,
}

/// Where requests for a service go that the user says: all requests, or those for this service.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
pub(super) fn configured_endpoint(shared: &SdkConfig, service: &Service) -> Option<String> {
    let of_all = || shared.endpoint_url().map(str::to_owned);
    if shared.get_origin("endpoint_url").is_client_config() {
        return of_all();
    }
    let key = ServiceConfigKey::builder().service_id(service.id).env("AWS_ENDPOINT_URL").profile("endpoint_url");
    key.build().ok().and_then(|key| shared.service_config()?.load_config(key)).or_else(of_all)
}

/// Which of AWS's hosts requests go to.
pub(super) fn hosts(shared: &SdkConfig) -> Hosts {
    Hosts { fips: shared.use_fips().unwrap_or_default(), dual_stack: shared.use_dual_stack().unwrap_or_default() }
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
        let builder = Operation::builder()
            .service_name(self.service.name)
            .operation_name(self.operation)
            .endpoint_url(&self.endpoint);
        let builder = if self.is_once { builder.no_retry() } else { builder.standard_retry(&retries()) };
        let mut operation = builder
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(self.repeats.clone())
            .interceptor(self.repeats.clone())
            .interceptor(NameCalls { service: Some(self.service.name), site: self.site.clone() })
            .runtime_plugin(self.signing())
            .serializer(request)
            .deserializer(answer);
        if self.is_for_the_lease {
            operation = operation.interceptor(MarkForTheLease);
        }
        if let Some(client) = self.shared.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(timeouts) = self.shared.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        operation.build()
    }

    /// How a request is signed, and says who made it.
    fn signing(&self) -> StaticRuntimePlugin {
        let mut layer = Layer::new(self.service.name);
        layer.store_put(partition());
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(ApiMetadata::new(self.service.name, env!("CARGO_PKG_VERSION")));
        if let Some(name) = self.shared.app_name() {
            layer.store_put(name.clone());
        }
        layer.store_put(SigV4OperationSigningConfig {
            region: Some(Region::new(self.region.clone()).into()),
            name: Some(self.service.signed_for.into()),
            signing_options: signing_options(self.service.name),
            ..SigV4OperationSigningConfig::default()
        });
        let mut components = RuntimeComponentsBuilder::new(self.service.name);
        components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
        components.push_auth_scheme(SigV4AuthScheme::new());
        // CloudTrail's events say by the user agent which calls were landing's own.
        components.push_interceptor(UserAgentInterceptor::new());
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

#[cfg(test)]
mod tests {
    use aws_types::service_config::LoadServiceConfig;

    use super::*;

    /// `AWS_ENDPOINT_URL_SSM` in the environment.
    #[derive(Debug)]
    struct OfSsm;

    impl LoadServiceConfig for OfSsm {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            let is_its = (key.service_id(), key.env(), key.profile()) == ("SSM", "AWS_ENDPOINT_URL", "endpoint_url");
            is_its.then(|| "http://ssm".to_owned())
        }
    }

    #[test]
    fn an_endpoint_of_one_service_takes_the_place_of_that_for_all() {
        let config = |url: Option<&str>| {
            let mut config = SdkConfig::builder().service_config(OfSsm);
            config.set_endpoint_url(url.map(str::to_owned));
            config.build()
        };
        let of = |url: Option<&str>| [Service::SSM, Service::IAM].map(|it| configured_endpoint(&config(url), &it));
        assert_eq!(of(None), [Some("http://ssm".into()), None]);
        assert_eq!(of(Some("http://all")), [Some("http://ssm".into()), Some("http://all".into())]);
    }

    #[test]
    fn hosts_of_fips_are_called_where_the_settings_say_so() {
        let config = SdkConfig::builder().use_fips(true).build();
        assert_eq!(hosts(&config), Hosts { fips: true, dual_stack: false });
        assert_eq!(Service::IAM.endpoint("eu-west-1", hosts(&config)), "https://iam-fips.amazonaws.com");
    }
}
