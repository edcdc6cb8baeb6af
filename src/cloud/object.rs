//! Objects in S3. landing writes one sort of them and reads none, and S3's own client takes minutes to compile: the one
//! request is made from the parts that every client is made of.

use std::fmt;
use std::sync::Arc;

use aws_config::{Region, SdkConfig};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::front::NameCalls;
use super::meter::Meter;
use super::retry::{NobodyThere, retries};
use super::{AwsError, Cloud, Explain};

/// S3 in one region.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    shared: SdkConfig,
    region: String,
    meter: Arc<Meter>,
}

impl Objects {
    pub fn new(shared: &SdkConfig, region: &str, meter: &Arc<Meter>) -> Objects {
        Objects { shared: shared.clone(), region: region.to_owned(), meter: Arc::clone(meter) }
    }

    /// Where a bucket is, as CloudFormation takes it too. No bucket's name has a dot: TLS would not know the host.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
    fn address(&self, bucket: &str) -> String {
        let china = crate::model::partition_of(&self.region) == "aws-cn";
        let suffix = if china { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://{bucket}.s3.{}.{suffix}", self.region)
    }

    /// Where requests for a bucket go: other endpoints than AWS's have no host for each.
    fn endpoint(&self, bucket: &str) -> String {
        match self.shared.endpoint_url() {
            Some(url) => format!("{}/{bucket}", url.trim_end_matches('/')),
            None => self.address(bucket),
        }
    }

    fn put(&self, bucket: &str) -> Operation<Object, (), Refused> {
        let mut operation = Operation::builder()
            .service_name("S3")
            .operation_name("PutObject")
            .endpoint_url(&self.endpoint(bucket))
            .standard_retry(&retries())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(NobodyThere(Arc::clone(&self.meter)))
            .interceptor(NameCalls::default())
            .runtime_plugin(self.signing())
            .serializer(Object::request)
            .deserializer(accepted);
        if let Some(client) = self.shared.http_client() {
            operation = operation.http_client(client);
        }
        if let Some(timeouts) = self.shared.timeout_config() {
            operation = operation.timeout_config(timeouts.clone());
        }
        operation.build()
    }

    /// Signs as S3 has it: the path as it is, and the body's digest in a header.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
    fn signing(&self) -> StaticRuntimePlugin {
        let mut options = SigningOptions::default();
        options.double_uri_encode = false;
        options.normalize_uri_path = false;
        options.content_sha256_header = true;
        let mut layer = Layer::new("S3");
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(SigV4OperationSigningConfig {
            region: Some(Region::new(self.region.clone()).into()),
            name: Some("s3".into()),
            signing_options: options,
            ..SigV4OperationSigningConfig::default()
        });
        let mut components = RuntimeComponentsBuilder::new("S3");
        components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])));
        components.push_auth_scheme(SigV4AuthScheme::new());
        components.set_identity_cache(self.shared.identity_cache());
        if let Some(credentials) = self.shared.credentials_provider() {
            components.set_identity_resolver(SCHEME_ID, credentials);
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

impl Cloud {
    /// Puts a text as an object into a bucket of the home region, over an earlier one of that key, and tells where it is.
    /// `key` is made of characters that stand for themselves in a URL.
    ///
    /// # Errors
    /// When AWS refuses, as where the bucket is somebody else's.
    pub async fn put_object(&self, bucket: &str, key: &str, text: String) -> Result<String, AwsError> {
        let object = Object { key: key.to_owned(), text };
        self.objects.put(bucket).invoke(object).await.explain("s3:PutObject")?;
        Ok(format!("{}/{key}", self.objects.address(bucket)))
    }
}

#[derive(Debug)]
struct Object {
    key: String,
    text: String,
}

impl Object {
    fn request(self) -> Result<HttpRequest, aws_smithy_runtime_api::box_error::BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.text));
        request.set_method("PUT")?;
        request.set_uri(format!("/{}", self.key))?;
        request.headers_mut().insert("content-type", "application/json");
        Ok(request)
    }
}

/// What S3 says instead of taking an object.
#[derive(Debug)]
struct Refused(ErrorMetadata);

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

fn accepted(response: &HttpResponse) -> Result<(), OrchestratorError<Refused>> {
    if response.status().is_success() {
        return Ok(());
    }
    let body = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    Err(OrchestratorError::operation(Refused(error_in(&body, response.status().as_u16()))))
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
fn error_in(body: &str, status: u16) -> ErrorMetadata {
    let inside = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(text, _)| text.to_owned())
    };
    let code = inside("Code").unwrap_or_else(|| format!("HTTP {status}"));
    ErrorMetadata::builder().code(code).message(inside("Message").unwrap_or_default()).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_s3_refuses_with_is_read() {
        let said =
            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchBucket</Code><Message>It is not there</Message></Error>";
        let error = error_in(said, 404);
        assert_eq!((error.code(), error.message()), (Some("NoSuchBucket"), Some("It is not there")));
        assert_eq!(error_in("", 301).code(), Some("HTTP 301"));
    }

    #[test]
    fn buckets_are_hosts_at_aws_and_paths_elsewhere() {
        let objects = |url: Option<&str>, region: &str| {
            let mut shared = SdkConfig::builder();
            shared.set_endpoint_url(url.map(str::to_owned));
            Objects::new(&shared.build(), region, &Arc::default())
        };
        assert_eq!(objects(None, "eu-west-1").endpoint("b"), "https://b.s3.eu-west-1.amazonaws.com");
        assert_eq!(objects(None, "cn-north-1").endpoint("b"), "https://b.s3.cn-north-1.amazonaws.com.cn");
        assert_eq!(objects(Some("http://127.0.0.1:1/"), "eu-west-1").endpoint("b"), "http://127.0.0.1:1/b");
    }
}
